"""Catalogue: every loss, to be found, filtered, compared and copied."""

import streamlit as st

import losscore
from losscore.cost import costs
from losscore.figures.labels import label
from losscore.figures.loss_walk import loss_walk, settable
from losscore.search import search
from losscore.traits import TRAITS, traits
from pages.catalogue_cards import cards
from pages.ui import loss_controls, page, reading
from pages.ui.controls import Choice, Control, Slider, Text, Values
from pages.ui.views import View

MOST = 3  # losses side by side
_KEYS = [loss.key for loss in losscore.losses()]
_TRAITS = {key: f"{trait.name}: {trait.meaning}" for key, trait in TRAITS.items()}
_ORDERS = {"teaching": "Teaching order", "name": "Name", "cost": "Cheapest first"}


def _parameters() -> tuple[Control, ...]:
    """A control for every parameter; of losses with large samples the figure waits for the release."""
    made = loss_controls.sliders(_KEYS, "cards", more=False)
    late = {control.key for key in _KEYS if not settable(key) for control in loss_controls.sliders([key], "cards")}
    return tuple(c if c.key not in late else loss_controls.on_release([c])[0] for c in made)


def _reading(values: Values) -> str:
    rows = [
        [reading.swatch(key, label(key)), *(reading.slot(f"{key}.{name}") for name in ("at", "loss", "slope"))]
        for key in values["cards"]
    ]
    return reading.table(["Loss", "place", "value", "slope along the walk"], rows)


CARD = View(
    "catalogue/card",
    (
        Choice("cards", "Losses, up to three", {key: label(key) for key in _KEYS}, ["cauchy"], several=True, most=MOST),
        Slider(
            "place", "Place on the walk", 0, 100, 85, steps=101, unit="%",
            help="How far one input has moved; the axis under the curve says along what.",
        ),
        *_parameters(),
    ),
    lambda v: loss_walk(v["cards"], v["place"], loss_controls.params(v["cards"], v)),
    _reading,
    aside=(
        Text("q", "Search", hint="dice, outlier, ranking, L1 …"),
        Choice("family", "Families", {f: f.capitalize() for f in losscore.families()}, [], several=True, most=20),
        Choice("traits", "Properties", _TRAITS, [], several=True, most=10),
        Choice("order", "Order", _ORDERS, "teaching", folded=True),
    ),
)  # fmt: skip
VIEWS = (CARD,)
QUESTION = "Which losses pull less, the farther off you are?"


def draw() -> None:
    page.head("catalogue", "Catalogue")
    page.bench("catalogue", QUESTION, CARD, below=_below)


def _below(values: Values) -> None:
    st.markdown("## All losses", anchors=False)
    _browse(values)
    cards(values)


def _listed(values: Values) -> list[losscore.Loss]:
    """The losses that pass search and filters, in the chosen order."""
    found = search(values["q"], limit=len(_KEYS)) if values["q"].strip() else losscore.losses()
    wanted = set(values["traits"])
    kept = [
        loss
        for loss in found
        if (not values["family"] or loss.family in values["family"]) and wanted <= set(traits(loss))
    ]
    if values["order"] == "name":
        return sorted(kept, key=lambda loss: label(loss.key).lower())
    return sorted(kept, key=lambda loss: costs().of(loss.key)) if values["order"] == "cost" else kept


def _browse(values: Values) -> None:
    """Search, filters and the table; choosing rows puts their losses side by side."""
    for column, control in zip(st.columns([0.28, 0.28, 0.28, 0.16]), CARD.aside, strict=True):
        with column:
            page.widget(control)
    listed = _listed(values)
    if not listed:
        hint = "Take away a property or a family." if values["family"] or values["traits"] else "Try another name."
        st.caption(f"No loss fits all of this. {hint}")
        return
    more = " More than that are chosen: the first ones are shown." if st.session_state.pop("_beyond", False) else ""
    st.caption(f"{len(listed)} of {len(_KEYS)}. Choose up to {MOST} rows to see them side by side.{more}")
    ticked = [at for at, loss in enumerate(listed) if loss.key in values["cards"]]
    state = st.session_state
    if state.get("_ticked") != values["cards"]:  # not by the table: a new one shows what is chosen
        state["_ticked"], state["_tables"] = values["cards"], state.get("_tables", 0) + 1
    shown = "-".join([values["q"], *values["family"], *values["traits"], values["order"]])
    name = f"losses-{state['_tables']}-{shown}"

    def choose() -> None:
        rows = state[name].selection.rows
        if rows:
            state["cards"] = [listed[row].key for row in rows[:MOST]]
            state["_beyond"] = len(rows) > MOST
            state["_ticked"] = state["cards"] if len(rows) <= MOST else None

    table = {
        "Loss": [label(loss.key) for loss in listed],
        "What to know": [loss.insight for loss in listed],
        "Cost": [costs().of(loss.key) for loss in listed],
        "Properties": [[TRAITS[key].name for key in traits(loss)] for loss in listed],
        "Family": [loss.family.capitalize() for loss in listed],
    }
    said = f"Time of value and gradient, MSE = 1. Measured {costs().date}: {costs().machine}."
    st.dataframe(
        table, key=name, on_select=choose, selection_mode="multi-row", height=318, hide_index=True,
        selection_default={"selection": {"rows": ticked}},
        column_config={
            "Cost": st.column_config.NumberColumn("× MSE", format="%.3g", help=said, width="small"),
            "What to know": st.column_config.TextColumn(width="large"),
            "Properties": st.column_config.ListColumn(width="medium"),
        },
        alt="The losses that fit, with their cost and their properties; choose rows to see them side by side.",
    )  # fmt: skip
