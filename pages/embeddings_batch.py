"""A batch of nine: which pairs a loss picks out of it."""

from losscore.explore.batch_terms import FORMULAS
from losscore.explore.ties import MINED, WITH_TEMPERATURE
from losscore.figures.batch_ties import SIDES, batch_ties
from losscore.typeset import names as symbols
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.page import Part
from pages.ui.views import View

NAMES = {
    "triplet_batch_hard": "Triplet, batch hard",
    "triplet_semi_hard_all": "Triplet, semi-hard",
    "supcon": "Supervised contrastive",
    "nt_xent": "NT-Xent",
    "info_nce_symmetric": "InfoNCE, symmetric",
    "n_pair": "N-pair",
    "proxy_nca": "Proxy-NCA",
    "proxy_nca_softmax": "Proxy-NCA, softmax",
}
_NOTE = (
    "Arrows: where each goes. Lines: pairs whose tie is at least 5 % of the strongest, thick from 35 %. Tie: what the "
    "one has in the other's step downhill, times their distance. NT-Xent, InfoNCE and N-pair take two of each class "
    "for a pair, the moved one among them. Stars are proxies, one learned point for each class, here at rest."
)


def _has(keys: tuple[str, ...], values: Values) -> bool:
    return any(values[f"batch_{side}"] in keys for side in SIDES)


_SUM = "what the moved one adds, and the others; for semi-hard triplets, their distances and margins"


def _written(key: str, side: str) -> str:
    """The loss with the numbers of the moment."""
    return reading.worked(FORMULAS[key], {s: f"batch.{side}.{s}" for s in symbols(FORMULAS[key])}, f"batch.{side}.loss")


def _reading(values: Values) -> str:
    parts = ("loss", "pulled", "pushed", "moved", "share")
    rows = [
        [reading.swatch(values[f"batch_{side}"], f"{NAMES[values[f'batch_{side}']]}, {side}")]
        + [reading.slot(f"batch.{side}.{part}") for part in parts]
        for side in SIDES
    ]
    heads = ["", "loss", "pairs pulled", "pairs pushed", "pull on the moved one", "its part of all ties"]
    formulas = [[row[0], _written(values[f"batch_{side}"], side)] for row, side in zip(rows, SIDES, strict=True)]
    return reading.table(heads, rows) + reading.table(["", _SUM], formulas) + reading.note(_NOTE)


VIEW = View(
    "embeddings/batch",
    (
        Slider("batch_x", "The moved one, across", -2, 2, -1.0, steps=41),
        Slider("batch_y", "The moved one, up", -2, 2, 0.8, steps=41),
        Choice("batch_left", "Loss on the left", NAMES, "triplet_batch_hard", folded=True),
        Choice("batch_right", "Loss on the right", NAMES, "triplet_semi_hard_all", folded=True),
        Slider(
            "batch_margin", "Margin of triplets", 0, 2, 0.1, steps=41, shown=lambda values: _has(MINED, values),
            help="By how much farther than the positive the negative has to be.",
        ),
        Slider(
            "batch_temperature", "Temperature", 0.05, 1, 0.2, steps=41, log=True,
            shown=lambda values: _has(WITH_TEMPERATURE, values), help="The cosines are divided by it.",
        ),
    ),
    lambda v: batch_ties(
        {key: v[f"batch_{key}"] for key in ("x", "y", "margin", "temperature")}, [v[f"batch_{side}"] for side in SIDES],
        NAMES,
    ),
    _reading,
)  # fmt: skip

BATCH = Part("batch", "A batch", "One of nine lies among strangers. Which loss minds it?", VIEW)
