"""The cards of the chosen losses: formula, meaning, inputs, properties, source and the lines to copy."""

import streamlit as st

import losscore
from losscore import Loss
from losscore.cost import costs
from losscore.examples import example
from losscore.figures.labels import label
from losscore.reference import shape
from losscore.traits import TRAITS, traits
from pages.ui import loss_controls
from pages.ui.controls import Values


def cards(values: Values) -> None:
    """The chosen losses beside each other; their lines to copy hold the numbers that the sliders hold."""
    settings = loss_controls.params(values["cards"], values)
    for column, key in zip(st.columns(len(values["cards"])), values["cards"], strict=True):
        with column, st.container(border=True):
            _card(losscore.get(key), settings[key])


def _card(loss: Loss, params: Values) -> None:
    st.markdown(f"### {loss.title}", anchors=False)
    st.latex(loss.latex)
    st.markdown(loss.insight)
    if loss.trap:
        st.markdown(f"**Mind:** {loss.trap}")
    if loss.infinite:
        st.markdown(f"**Infinite:** {loss.infinite}")
    takes = [f"- `{name}`: {shape(kind)}" for name, kind in loss.inputs.items()]
    sets = [f"- `{name}`{_letter(loss.params[name])}: {loss.params[name].meaning}" for name in loss.params]
    st.markdown("\n".join([*takes, *sets]))
    st.markdown(" ".join(f":gray-badge[{TRAITS[key].name}]" for key in traits(loss)))
    also = f" Also called {', '.join(loss.aliases)}." if loss.aliases else ""
    form = f" A form of {label(loss.variant_of)}." if loss.variant_of else ""
    st.caption(
        f"`losscore.get({loss.key!r})`.{also}{form} Source: {loss.source}."
        f" Cost: {costs().of(loss.key):g} times MSE ({costs().date})."
    )
    _where(loss)
    with st.expander("PyTorch, to copy"):
        st.code(loss.snippet(**params), language="python")
        st.caption(f"Prints {loss(*example(loss), **params).item():.4g}: the mean over this whole example.")


def _letter(param: object) -> str:
    """How the formula writes a parameter, where it has a letter for it."""
    symbol = getattr(param, "symbol", "")
    return f" (${symbol}$)" if symbol else ""


def _where(loss: Loss) -> None:
    from pages.table import link  # the table names the catalogue too

    place = link(loss.key)
    if place and place[0].path != "catalogue":
        entry, query = place
        st.page_link(entry.streamlit(), label=f"See it live: {entry.title}", icon=entry.icon, query_params=query)
