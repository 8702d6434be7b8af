"""Direction, not length: a vector turned and stretched away from the true one."""

from losscore.figures.turned_vector import turned_vector
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

NAMES = {"cosine_proximity": "Cosine", "mse": "MSE", "mae": "MAE"}


def _direction_reading(_: Values) -> str:
    rows = [
        [reading.swatch(key, name), *(reading.slot(f"{key}.{part}") for part in ("value", "along", "across"))]
        for key, name in NAMES.items()
    ]
    note = "The true vector is (3, 4). In the figure, a ring farther out is ten times as long."
    return reading.table(["", "loss", "gradient along the vector", "across it"], rows) + reading.note(note)


DIRECTION = View(
    "distributions/direction",
    (
        Slider("vector_stretch", "Length, times the true one", 0.01, 100, 100, steps=61, log=True),
        Slider("vector_angle", "Angle to the true one", -180, 180, 0, steps=73, unit="degrees"),
        Choice("vector_losses", "Losses", NAMES, ["cosine_proximity", "mse"], several=True),
    ),
    lambda v: turned_vector({name: v[f"vector_{name}"] for name in ("stretch", "angle")}, v["vector_losses"], NAMES),
    _direction_reading,
)
