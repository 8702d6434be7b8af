"""One neuron that unlearns a wrong answer: its output and its pull, step by step, under squared error and BCE."""

import torch
from torch import Tensor

import losscore
from losscore.explore.neuron import learn
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels

STEPS = 300
# key -> (name, the factor before the loss): textbooks halve the squared error
COSTS = {"brier_binary": ("½ squared error", 0.5), "bce_with_logits": ("BCE", 1.0)}


def one_neuron(step: float | Tensor, start: float | Tensor, rate: float | Tensor) -> Film:
    """Output and pull of a neuron over STEPS steps, and a marker at `step`; weight and bias begin at `start`.

    One of the three may be a tensor of steps (S,). Slots: <key>.output and <key>.pull.
    """
    at = torch.as_tensor(step, dtype=torch.float32).reshape(-1)
    begin, speed = (torch.as_tensor(number, dtype=torch.float32).reshape(-1) for number in (start, rate))
    panels = Panels(["Output of the neuron; the truth is 0", "How hard it is pulled"], height=400)
    count = max(len(at), len(begin), len(speed))
    film = Film(panels.figure, count, "A neuron's output and gradient over its steps, for two losses.", panels.narrow)
    panels.narrow["showlegend"] = False  # the table's rows begin with their lines
    across = torch.arange(STEPS + 1.0)
    for key, (name, share) in COSTS.items():
        paths = learn(losscore.get(key), begin, speed, STEPS, share=share)
        for panel, (slot, path) in enumerate(zip(("output", "pull"), paths, strict=True)):
            now = path.gather(1, at.long()[None].expand(len(path), -1)).reshape(-1)
            marked_curve(panels, film, panel, key, name, (across, path), (at, now))
            film.say(f"{key}.{slot}", now)
        _write(film, key, at, begin, speed)
    steps = {"title": {"text": "step of gradient descent"}, "range": [-6, STEPS + 6]}
    panels.axes(0, steps, {"title": {"text": "output, a probability"}, "range": [-0.03, 1.04]})
    panels.axes(1, steps, {"title": {"text": "gradient d cost / d z"}, "range": [-0.03, 1.04]})
    told = zip(*(film.slots[f"{key}.output"].tolist() for key in COSTS), at.expand(count).tolist(), strict=True)
    film.speak([f"Step {n:g}: {short(one)} under squared error, {short(two)} under BCE" for one, two, n in told])
    return film


def _write(film: Film, key: str, at: Tensor, begin: Tensor, speed: Tensor) -> None:
    """The lines that train the neuron and give its output."""
    cost = {
        "brier_binary": "z.sigmoid().square() / 2",
        "bce_with_logits": "F.binary_cross_entropy_with_logits(z, torch.tensor(0.0))",
    }[key]

    def lines(step: int) -> str:
        return (
            f"weights = torch.tensor([{pick(begin, step)}] * 2)  # weight and bias; the input is 1\n"
            f"for _ in range({pick(at, step):.0f}):\n"
            "    z = weights.sum().requires_grad_()\n"
            f"    (slope,) = torch.autograd.grad({cost}, z)\n"
            f"    weights = weights - {pick(speed, step)} * slope\n"
            "print(weights.sum().sigmoid())"
        )

    film.written(f"{key}.output", key, lines)
