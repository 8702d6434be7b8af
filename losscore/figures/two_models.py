"""Two models, two objects: what each finds of them, and the means of two scores that may not agree on the better."""

from collections.abc import Sequence

import torch
from torch import Tensor

import losscore
from losscore.explore.masks import reported
from losscore.figures import theme
from losscore.figures.film import Film, pick
from losscore.figures.marked_curve import Look, walked_curve
from losscore.figures.mask_overlay import draw_mosaic, shades
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, in_step, second_legend, swept, wider
from losscore.scenes.masks import rectangle

SIDE = 20  # px of each object, a square
HALF = 10  # columns of each that model A finds
SCORES = {"metric_iou": "IoU", "metric_dice": "Dice"}
_DASHES = {"metric_iou": ("solid", "circle"), "metric_dice": ("dash", "diamond")}
_INKS = {"a": theme.TRUTH, "b": theme.PREDICTION}
_MARGIN = 5  # px around an object
_HEIGHT, _NARROW = 390, 280
_TITLES = {"first": "columns of the first object that B finds", "second": "columns of the second object that B finds"}


def two_models(first: Number, second: Number, ranked: Sequence[str]) -> Film:
    """Model A finds 10 columns of each object, model B `first` and `second`; one of them may be a tensor (S,).

    ranked: those of SCORES that have curves. Slots, behind each of SCORES: a1, a2, b1, b2 (the score of each object), a
    and b (their means), ahead (b less a).
    """
    name, steps = swept({"first": first, "second": second})
    now = in_step({"first": first, "second": second}, len(steps))
    half = torch.full_like(now["first"], HALF)
    found = torch.stack([half, half, now["first"], now["second"]], -1).round().long()
    corner, side, whole = torch.tensor(_MARGIN), torch.tensor(SIDE), SIDE + 2 * _MARGIN
    truth = rectangle(corner, corner, side, side, whole).double()
    masks = rectangle(corner, corner, side, found, whole).double()
    scores = reported(masks, truth, SCORES)

    panels = Panels(
        ["What A and B find of two objects", "Mean score of the two objects"],
        weights=[0.9, 1.1], height=_HEIGHT, narrow_height=_NARROW,
    )  # fmt: skip
    alt = "Two objects, each as model A and as model B finds it; the mean scores of both models."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    draw_mosaic(panels, film, 0, shades(masks.flatten(0, 1), truth).unflatten(0, (-1, 4)), truth.expand(4, -1, -1))
    for place, text in enumerate(("A, first", "A, second", "B, first", "B, second")):
        panels.figure.add_annotation(
            text=f"<b>{text}</b>", x=whole * (place % 2) + whole / 2, y=whole * (place // 2) + 2.4, xref="x", yref="y",
            showarrow=False, font={"size": 13},
        )  # fmt: skip
    for key, score in scores.items():
        for model, mean in _means(score).items():
            film.say(f"{key}.{model}", mean)
            _write(film, f"{key}.{model}", key, *((HALF, HALF) if model == "a" else (first, second)))
            if key in ranked:
                look, over = Look(_INKS[model], *_DASHES[key]), (now[name], mean)
                walked_curve(panels, film, 1, f"{model.upper()}, {SCORES[key]}", look, over, legend="legend2")
        for place, which in enumerate(("a1", "a2", "b1", "b2")):
            film.say(f"{key}.{which}", score[:, place])
        film.say(f"{key}.ahead", _means(score)["b"] - _means(score)["a"], text=_ahead)
    across = {"title": {"text": _TITLES[name]}, "range": wider(float(steps.min()), float(steps.max()))}
    panels.axes(1, across, {"title": {"text": "mean score"}, "range": [0, 1.04]})
    second_legend(panels, 1, _NARROW, 2)
    spoken = zip(*(film.slots[f"{key}.ahead"].tolist() for key in SCORES), strict=True)
    film.speak([f"Ahead by mean IoU: {_ahead(iou)}; by mean Dice: {_ahead(dice)}; 2 objects" for iou, dice in spoken])
    return film


def _means(score: Tensor) -> dict[str, Tensor]:
    """The mean of each model's two objects, (S,), of the four scores (S, 4)."""
    return {"a": score[:, :2].mean(-1), "b": score[:, 2:].mean(-1)}


def _ahead(lead: float) -> str:
    return "neither" if abs(lead) < 1e-9 else f"{'B' if lead > 0 else 'A'} by {short(abs(lead))}"


def _write(film: Film, slot: str, key: str, first: Number, second: Number) -> None:
    """The lines that give the mean score of masks which hold so many columns of each object."""

    def lines(step: int) -> str:
        columns = (round(pick(found, step)) for found in (first, second))
        marked = "".join(f"pred[{number}, :, :{count}] = 1\n" for number, count in enumerate(columns))
        size = f"(2, {SIDE}, {SIDE})"
        return f"truth = torch.ones{size}\npred = torch.zeros{size}\n{marked}print({key}(pred, truth).mean())"

    film.written(slot, key, lines, losscore.get(key))
