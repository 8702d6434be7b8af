"""Home: what a loss is, the way to every family, and a search."""

from pathlib import Path

import streamlit as st

import losscore
from losscore.figures.first_line import first_line
from losscore.figures.labels import label
from losscore.search import search
from pages.ui import page, reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

_CARDS = Path(__file__).parents[1] / "assets" / "cards"
_ROW = 5  # cards at most beside each other
_LOSSES = {"mse": "MSE", "mae": "MAE", "huber": "Huber"}


def _reading(values: Values) -> str:
    title = losscore.get(values["loss"]).title
    numbers = [reading.slot(f"home.{name}") for name in ("slope", "loss", "gradient")]
    head = ["Loss", "slope w", "loss now", "gradient: uphill if positive"]
    return reading.table(head, [[reading.swatch(values["loss"], title), *numbers]])


LINE = View(
    "home/line",
    (
        Slider("w", "Slope of the line", -0.5, 4.0, 2.5, steps=91, help="Move the line and watch its errors."),
        Choice("loss", "Loss", _LOSSES, "mse"),
    ),
    lambda values: first_line(values["loss"], values["w"]),
    _reading,
)
VIEWS = (LINE,)


def _name(loss: losscore.Loss) -> str:
    """What the pages call it, and its title where that is another."""
    return " · ".join(dict.fromkeys((label(loss.key), loss.title)))


def draw() -> None:
    from pages.table import PAGES, link  # the table names this page too

    st.title("Loss Explorer", anchor=False)
    page.bench("home", "A loss turns all errors into one number. Which slope makes it smallest?", LINE)

    st.header("Find a loss", anchor=False)
    asked = st.text_input(
        "Name, nickname or what it is for", key="find", placeholder="dice, L1, class imbalance …", max_chars=80
    )
    if asked:
        found = [(loss, place) for loss in search(asked) if (place := link(loss.key))]
        for loss, (where, query) in found:
            said = f"**{_name(loss)}** — {loss.insight}"
            st.page_link(where.streamlit(), label=said, icon=where.icon, query_params=query)
        if not found:
            st.caption(f"Nothing by that name. Try one of: {', '.join(losscore.families())}.")

    st.header("Families", anchor=False)
    families = [entry for entry in PAGES if entry.about]
    rows = -(-len(families) // _ROW)  # as few as hold them, and as even as can be
    wide = max(3, -(-len(families) // rows))
    for first in range(0, len(families), wide):
        for column, entry in zip(st.columns(wide), families[first : first + wide], strict=False):
            with column, st.container(border=True, height="stretch"):
                st.image(_CARDS / f"{entry.path}.png", width="stretch")
                st.page_link(entry.streamlit(), label=f"**{entry.title}**", icon=entry.icon)
                st.caption(entry.about)
