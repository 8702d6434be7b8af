"""A short list: what its order costs, and what one step makes of it."""

from losscore.figures.ranked_list import ITEMS, SPAN, ranked_list
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

NAMES = {"margin_ranking": "Margin ranking", "logistic_margin": "Pairwise logistic"}
_START = {"A": 0.2, "B": 1.1, "C": 0.8, "D": 0.5, "E": -0.6}
_NOTE = (
    "A should be on top, E at the bottom. Both losses are means over the ten pairs. Pull: minus the derivative by the "
    "score; an arrow is the pull times the step size."
)


def _score(item: str) -> Slider:
    key = f"rank_{item.lower()}"
    return Slider(key, f"Score of {item}", -SPAN, SPAN, _START[item], steps=41, more=item != "A")


def _reading(values: Values) -> str:
    drawn = values["rank_losses"]
    rows = [[reading.swatch(key, NAMES[key]), *(reading.slot(f"rank.{key}.{item}") for item in ITEMS)] for key in drawn]
    steps = [
        [reading.swatch(key, NAMES[key])]
        + [reading.slot(f"rank.{name}") for name in (key, f"{key}.after", "misplaced", f"{key}.misplaced")]
        for key in drawn
    ]
    scores = [["now", *(reading.slot(f"rank.{item}") for item in ITEMS)]]
    return (
        reading.table(["Pull on", *ITEMS], rows)
        + reading.table(["One step", "loss before", "after", "misplaced pairs before", "after"], steps)
        + reading.table(["Score of", *ITEMS], scores) + reading.note(_NOTE)
    )  # fmt: skip


VIEW = View(
    "embeddings/ranking",
    (
        Slider("rank_rate", "Step size", 0, 8, 2, steps=41, help="One step of gradient descent."),
        _score("A"),
        Slider(
            "rank_margin", "Margin", 0, 2, 0.2, steps=41, shown=lambda v: "margin_ranking" in v["rank_losses"],
            help="By how much the better of a pair has to lead.",
        ),
        Choice("rank_losses", "Losses", NAMES, list(NAMES), several=True, most=2),
        *(_score(item) for item in ITEMS[1:]),
    ),
    lambda v: ranked_list(
        {item: v[f"rank_{item.lower()}"] for item in ITEMS}, v["rank_rate"], v["rank_margin"], NAMES, v["rank_losses"]
    ),
    _reading,
)  # fmt: skip

RANKING = Part("ranking", "Ranking", "The best of five is fourth. Who is moved, and how far?", VIEW)
