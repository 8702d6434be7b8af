"""A page's settings in its address: read before the widgets are made, written after them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import presenter
from pages.ui.controls import Control, Values, nearest, read, write
from pages.ui.views import View

SWEEP = "sweep"  # the setting that names the slider whose steps the view is drawn over
TOUR = ("tour", "step", "answers")  # where a tour has come to, which goes along with whatever is set
_WRITTEN = "_written"  # (page, query) as this session wrote it last
_HEEDED = "_heeded"  # whether the next run takes the address for what it says
_SEEN = "_seen"  # what the widgets said when this session ran last
_SWEPT = "_swept"  # view -> its values when it was drawn last, and the slider that was swept


def same(page: str) -> bool:
    """Whether the address is the one that this page wrote, so that the widgets know better than it."""
    return bool(st.session_state.get(_WRITTEN) == (page, st.query_params.to_dict()))


def heed() -> None:
    """The whole page is run: by a link, by the browser's buttons, or by a widget beside the stage.

    What a hand does at the stage runs the stage alone. An address that comes along then is never news, only old: the
    hand was faster than what the server wrote, or came back to where it had been before the server had looked.
    """
    st.session_state[_HEEDED] = True


def turned(page: str) -> bool:
    """Whether another page wrote the address last, or none."""
    return bool(st.session_state.get(_WRITTEN, ("", {}))[0] != page)


def moved(controls: tuple[Control, ...]) -> bool:
    """Whether a hand moved a widget since the last run. A fast hand moves it before its address has come back."""
    seen = st.session_state.get(_SEEN, {})
    return any(key in seen and seen[key] != value for key, value in values_of(controls).items())


def note(controls: tuple[Control, ...]) -> None:
    """Remember what the widgets say."""
    st.session_state.setdefault(_SEEN, {}).update(values_of(controls))


def arrive(page: str, view: View, kept: Mapping[str, str]) -> str:
    """Take the settings from the address if it changed from outside; a line on what could not be taken as it stands.

    It changes from outside by a link or the browser's back button. A page that one returns to inside the app without
    settings in its link keeps those it had.
    """
    query = st.query_params.to_dict()
    away, heeded = turned(page), st.session_state.pop(_HEEDED, False)
    fresh = {key: text for key, text in query.items() if key not in kept and key not in ("part", presenter.KEY)}
    if not heeded or same(page) or (away and not fresh) or (not away and moved(view.settings)):
        for control in view.settings:
            st.session_state.setdefault(control.key, control.default)
        return ""
    st.session_state[_WRITTEN] = (page, query)  # it stands in the browser, whoever wrote it
    values, unread = read(view.settings, query)
    for control in view.settings:
        st.session_state[control.key] = values[control.key]
    swept = query.get(SWEEP, "")
    if swept and not _sweeps(view, values, swept):
        swept, unread = "", [*unread, "the swept slider"]
    sweep(view, values, swept)
    lines = [f"The link could not be read whole; at its default: {', '.join(unread)}."] if unread else []
    return " ".join([*lines, *nearest(view.settings, query)])


def leave(page: str, view: View, values: Values, kept: Mapping[str, str]) -> None:
    """Write the settings that differ from their defaults, and what the page itself keeps in the address (`kept`)."""
    swept = st.session_state[_SWEPT][view.key][1]
    over = {SWEEP: swept} if swept != view.first(values) else {}
    settle(page, dict(kept) | write(view.settings, values) | over)
    note(view.settings)


def settle(page: str, settings: dict[str, str]) -> None:
    """Write these settings into the address, and remember that this page did."""
    before = st.query_params.to_dict()
    held = {key: text for key, text in before.items() if key.startswith("embed") or key in TOUR}
    if presenter.on():
        held[presenter.KEY] = "1"
    query = held | settings
    # A fast hand is back before what was written for it has come to the browser: that is then to be written over.
    late = st.session_state.get(_WRITTEN, (page, query)) not in ((page, query), (page, before))
    if before != query or late:
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = (page, query)


def values_of(controls: tuple[Control, ...]) -> Values:
    """What the widgets say; a control that is not shown keeps its last value."""
    found: dict[str, Any] = {}
    for control in controls:
        value = st.session_state.get(control.key, control.default)
        found[control.key] = control.default if value is None or value == [] else value
    return found


def swept(view: View, values: Values) -> str:
    """The live slider that moved last, or else the one that link or preset named, or else the view's first."""
    before, kept = st.session_state.get(_SWEPT, {}).get(view.key, ({}, ""))
    moved = [key for key in view.sliders if _sweeps(view, values, key) and before.get(key, values[key]) != values[key]]
    return sweep(view, values, moved[0] if moved else kept)


def sweep(view: View, values: Values, slider: str) -> str:
    """Remember that this slider is swept at these values; the slider, or the view's first where it cannot be swept."""
    swept = slider if _sweeps(view, values, slider) else view.first(values)
    st.session_state.setdefault(_SWEPT, {})[view.key] = (dict(values), swept)
    return swept


def drop(view: View, swept: str, dropped: Any) -> None:
    """Set the sliders to where something was dropped in the figure, as texts by their keys, before the next run.

    The figure stays drawn over the slider it was drawn over, so that nothing jumps.
    """
    for key, text in dropped.items() if isinstance(dropped, dict) else ():
        if key in view.sliders:
            try:
                st.session_state[key] = view.sliders[key].read(str(text))
            except ValueError:
                continue  # no number that the slider has: it stays where it is
    sweep(view, values_of(view.controls), swept)


def _sweeps(view: View, values: Values, slider: str) -> bool:
    return slider in view.sliders and view.sliders[slider].shown(values)
