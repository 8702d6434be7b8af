"""A walk through the inputs of any loss, from its record alone: what it costs, and how it pulls, on the way."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.examples import example
from losscore.inputs import Input
from losscore.record import Loss

SURE = 4.0  # the score that stands for "certainly" where the target is a label
REACH = 6.0  # how far a lone number walks to both sides
FROM_EXAMPLE = "from the example (0) to the {target} (1)"
FROM_WRONG = "from a wrong class (0) to the right one (1)"
TO_MEANS = "from the example (0) to the means of equal labels (1)"
# Numbers of the moved input held at a time: what autograd keeps of a large picture is many times the picture.
_AT_ONCE = 2**16
SHIFT = 8.0  # how far the scores of fakes are pushed


@dataclass(frozen=True)
class Walk:
    """One sample of a loss, in which one input moves along a line.

    moved: the input that moves. title: what a place on the line means. low, high: its ends.
    still: every input, unmoved; start + place * way is the moved one.
    """

    loss: Loss
    moved: str
    title: str
    low: float
    high: float
    still: tuple[Tensor, ...]
    start: Tensor
    way: Tensor

    def inputs(self, places: Tensor) -> tuple[Tensor, ...]:
        """The loss's inputs at each place, (..., dims) for places of shape (...)."""
        kind = self.loss.inputs[self.moved]
        steps = places.reshape(places.shape + (1,) * len(kind.dims))
        moved = (self.start + steps * self.way).clamp(kind.low, kind.high)
        return tuple(
            moved if name == self.moved else still.expand(places.shape + still.shape)
            for name, still in zip(self.loss.inputs, self.still, strict=True)
        )

    def costs(self, places: Tensor, params: Mapping[str, Any]) -> tuple[Tensor, Tensor, Tensor]:
        """At each place (P,): the loss, its slope along the walk, and the gradient of each entry of the moved input.

        A parameter that is a tensor (S,) gives (S, P), (S, P) and (S, P, dims).
        """
        few = max(1, _AT_ONCE // self.start.numel())
        if len(places) > few and not any(isinstance(value, Tensor) and value.ndim for value in params.values()):
            parts = [self.costs(some, params) for some in places.split(few)]
            value, along, pull = (torch.cat(part) for part in zip(*parts, strict=True))
            return value, along, pull
        swept = {n: v[:, None] if isinstance(v, Tensor) and v.ndim else v for n, v in params.items()}
        counts = [len(v) for v in swept.values() if isinstance(v, Tensor) and v.ndim]
        inputs = self.inputs(places.expand(*counts[:1], *places.shape))
        value = self.loss(*inputs, reduction="none", **swept)
        pull = self.loss.gradient(*inputs, wrt=self.moved, reduction="sum", **swept)
        along = (pull * self.way).flatten(value.ndim).sum(-1) if pull.ndim > value.ndim else pull * self.way
        return value, along, pull


def walk(loss: Loss) -> Walk:
    """The most telling line through this loss's inputs that its record allows.

    A lone number walks over its range; a prediction goes from a bad place to its target; scores of fakes are shifted;
    anything else is scaled.
    """
    still = tuple(_one(x, kind) for x, kind in zip(example(loss), loss.inputs.values(), strict=True))
    names, kinds = list(loss.inputs), list(loss.inputs.values())
    if names[:2] == ["real", "fake"]:
        lows, highs = kinds[1].low - still[1].min().item(), kinds[1].high - still[1].max().item()
        ends = max(-SHIFT, lows), min(SHIFT, highs)
        return Walk(loss, "fake", "shift of the fake scores", *ends, still, still[1], torch.ones_like(still[1]))
    if not kinds[0].dims:
        return _number(loss, still)
    known = _ends(kinds, still)
    if known is not None:
        start, goal, words = known
        title = words.format(target=names[1].replace("_", " "))
        return Walk(loss, names[0], title, 0.0, 1.0, still, start, goal - start)
    most = min(2.0, kinds[0].high / still[0].abs().max().item())
    title = f"the example's {names[0].replace('_', ' ')}, times"
    return Walk(loss, names[0], title, 0.0, most, still, torch.zeros_like(still[0]), still[0])


def _one(tensor: Tensor, kind: Input) -> Tensor:
    """The first sample of an example, in float64 where it is not labels."""
    first = tensor[0] if tensor.ndim > len(kind.dims) else tensor
    return first if kind.integer else first.double()


def _number(loss: Loss, still: tuple[Tensor, ...]) -> Walk:
    """A loss of a lone number: the target is fixed at the clearest value it can have."""
    name, kind = next(iter(loss.inputs.items()))
    low = -REACH if math.isinf(kind.low) else kind.low + (1e-3 if kind.open_low else 0.0)
    high = REACH if math.isinf(kind.high) else kind.high
    fixed, title = list(still), name
    for at, (other, its) in enumerate(loss.inputs.items()):
        if at == 0 or its.integer:
            continue
        if its.only or (its.low, its.high) == (0, 1):
            fixed[at] = torch.tensor(1.0, dtype=torch.float64)
        elif math.isinf(its.low):
            fixed[at] = torch.tensor(0.0, dtype=torch.float64)
        if at == 1:
            title = f"{name}, where {other} is {fixed[at].item():.3g}"
    zero = torch.zeros((), dtype=torch.float64)
    return Walk(loss, name, title, low, high, tuple(fixed), zero, torch.ones_like(zero))


def _ends(kinds: list[Input], still: tuple[Tensor, ...]) -> tuple[Tensor, Tensor, str] | None:
    """Where the first input starts and which one is best, if the others tell, and both in words."""
    pred, target = kinds[0], kinds[1] if len(kinds) > 1 else kinds[0]
    if kinds[-1].integer and len(kinds) > 1 and pred.dims[-1:] == ("D",):
        return _towards_class(kinds, still)
    if len(kinds) < 2 or target.only:
        return None
    scores = math.isinf(pred.low) and math.isinf(pred.high)
    if target.integer:
        if target.labels_of is None or set(pred.dims) != {target.labels_of, *target.dims}:
            return None
        axis = pred.dims.index(target.labels_of)
        count = still[0].shape[axis]
        right, wrong = (_answer(labels % count, count, axis, scores=scores) for labels in (still[1], still[1] + 1))
        return (still[0], right, FROM_EXAMPLE) if target.dims else (wrong, right, FROM_WRONG)
    if pred.dims != target.dims or not (pred.kind == target.kind or (target.low, target.high) == (0, 1)):
        return None
    best = SURE * (2 * still[1] - 1) if scores and (target.low, target.high) == (0, 1) else still[1]
    return still[0], best, FROM_EXAMPLE


def _answer(labels: Tensor, count: int, axis: int, *, scores: bool) -> Tensor:
    """Scores, or shares, that leave hardly a doubt about these labels, the classes along this axis."""
    ones = F.one_hot(labels, count).movedim(-1, axis).double()
    return SURE * (2 * ones - 1) if scores else 0.02 / count + 0.98 * ones


def _towards_class(kinds: list[Input], still: tuple[Tensor, ...]) -> tuple[Tensor, Tensor, str] | None:
    """An embedding goes from a wrong class's vector to the right one's; a batch, to the means of its labels."""
    vectors, labels = still[0], still[-1]
    if len(kinds) == 3 and not labels.ndim:
        return still[1][(labels + 1) % len(still[1])], still[1][labels], FROM_WRONG
    if len(kinds) == 2 and labels.ndim == 1:
        same = (labels[:, None] == labels).double()
        return vectors, same @ vectors / same.sum(-1, keepdim=True), TO_MEANS
    return None
