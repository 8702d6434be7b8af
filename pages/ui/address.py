"""A page's settings in its address: read before the widgets are made, written after them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.controls import Control, Values, read, write

_WRITTEN = "_written"  # (page, query) as this session wrote it last
_SEEN = "_seen"  # what the widgets said when this session ran last


def same(page: str) -> bool:
    """Whether the address is the one that this page wrote, so that the widgets know better than it."""
    return bool(st.session_state.get(_WRITTEN) == (page, st.query_params.to_dict()))


def moved(controls: tuple[Control, ...]) -> bool:
    """Whether a hand moved a widget since the last run. A fast hand moves it before its address has come back."""
    seen = st.session_state.get(_SEEN, {})
    return any(key in seen and seen[key] != value for key, value in values_of(controls).items())


def note(controls: tuple[Control, ...]) -> None:
    """Remember what the widgets say."""
    st.session_state.setdefault(_SEEN, {}).update(values_of(controls))


def arrive(page: str, controls: tuple[Control, ...], kept: Mapping[str, str]) -> list[str]:
    """Take the settings from the address if it changed from outside; the labels of what could not be read.

    It changes from outside by a link or the browser's back button. A page that one returns to inside the app without
    settings in its link keeps those it had.
    """
    query = st.query_params.to_dict()
    turned = st.session_state.get(_WRITTEN, ("", {}))[0] != page
    fresh = {key: text for key, text in query.items() if key not in kept and key != "part"}
    if same(page) or (turned and not fresh) or (not turned and moved(controls)):
        for control in controls:
            st.session_state.setdefault(control.key, control.default)
        return []
    values, unread = read(controls, query)
    for control in controls:
        st.session_state[control.key] = values[control.key]
    return unread


def leave(page: str, controls: tuple[Control, ...], values: Values, kept: Mapping[str, str]) -> None:
    """Write the settings that differ from their defaults, and what the page itself keeps in the address (`kept`)."""
    before = st.query_params.to_dict()
    embed = {key: text for key, text in before.items() if key.startswith("embed")}
    query = embed | dict(kept) | write(controls, values)
    if before != query:
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = (page, query)
    note(controls)


def values_of(controls: tuple[Control, ...]) -> Values:
    """What the widgets say; a control that is not shown keeps its last value."""
    found: dict[str, Any] = {}
    for control in controls:
        value = st.session_state.get(control.key, control.default)
        found[control.key] = control.default if value is None or value == [] else value
    return found
