"""Home: what a loss is, the way to every family, and a search."""

from pathlib import Path

import streamlit as st

import losscore
from losscore.figures.first_line import first_line
from losscore.figures.labels import label
from losscore.search import search
from pages.ui import page, reading, tour
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

_CARDS = Path(__file__).parents[1] / "assets" / "cards"
_ROW = 4  # cards beside each other
_LOSSES = {"mse": "MSE", "mae": "MAE", "huber": "Huber"}


def _reading(values: Values) -> str:
    numbers = [reading.slot(f"home.{name}") for name in ("slope", "loss", "gradient")]
    head = ["Loss", "slope w", "loss now", "gradient"]
    return reading.table(head, [[reading.swatch(values["loss"], _LOSSES[values["loss"]]), *numbers]])


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
QUESTION = "A loss turns all errors into one number. Which slope makes it smallest?"


def _name(loss: losscore.Loss) -> str:
    """What the pages call it, and its title where that is another."""
    return " · ".join(dict.fromkeys((label(loss.key), loss.title)))


def draw() -> None:
    from pages.table import link, sections  # the table names this page too

    st.title("Loss Explorer", anchor=False)
    page.bench("home", QUESTION, LINE)

    st.header("Tours: answer, see, why", anchor=False)
    tour.offer()

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

    for section, entries in sections().items():
        st.header(section or "Ways in", anchor=False)
        cards = [entry for entry in entries if entry.about]
        columns = [column for _ in range(0, len(cards), _ROW) for column in st.columns(_ROW)]
        for column, entry in zip(columns, cards, strict=False):
            with column, st.container(border=True, height="stretch"):
                st.image(_CARDS / f"{entry.path}.png", width="stretch", alt=f"A figure of the page {entry.title}")
                st.page_link(entry.streamlit(), label=f"**{entry.title}**", icon=entry.icon)
                st.caption(entry.about)
