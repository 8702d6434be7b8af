"""The frame of a page: question, parts, controls beside the stage, the why under it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.ui import address, stage
from pages.ui.controls import Choice, Control, Slider, Switch, Values
from pages.ui.views import View


@dataclass(frozen=True)
class Part:
    """One section of a page: a question, a view that answers it, and why it is so.

    presets: name -> (settings, what it shows); `why` is Markdown.
    """

    key: str
    title: str
    question: str
    view: View
    why: str
    presets: Mapping[str, tuple[Values, str]] = field(default_factory=dict)


def run(page: str, title: str, parts: list[Part]) -> None:
    """Draw a page of parts; the address says which one and how it is set."""
    st.title(title)
    chosen = Choice(f"{page}_part", "What to look at", {part.key: part.title for part in parts}, parts[0].key)
    asked = st.query_params.get("part", parts[0].key)
    if not address.same(page):
        st.session_state[chosen.key] = asked if asked in chosen.options else parts[0].key
    name = st.segmented_control(
        chosen.label, list(chosen.options), format_func=chosen.options.__getitem__, key=chosen.key, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    part = next(part for part in parts if part.key == name)
    _bench(page, part, {} if part is parts[0] else {"part": part.key})
    with st.expander("Why"):
        st.markdown(part.why)


@st.fragment
def _bench(page: str, part: Part, kept: dict[str, str]) -> None:
    controls = part.view.controls
    unread = address.arrive(page, controls, kept)
    st.markdown(f"##### {part.question}")
    if unread:
        st.caption(f"The link could not be read whole; at its default: {', '.join(unread)}.")
    left, right = st.columns([0.72, 0.28], gap="medium")
    with right:
        if part.presets:
            _presets(part)
        values = address.values_of(controls)
        for control in controls:
            if not control.more and control.shown(values):
                _widget(control)
        folded = [control for control in controls if control.more and control.shown(values)]
        if folded:
            with st.expander("More"):
                for control in folded:
                    _widget(control)
    values = address.values_of(controls)
    with left:
        stage.show(part.view, values)
    address.leave(page, controls, values, kept)


def _presets(part: Part) -> None:
    def apply(settings: Values) -> Callable[[], None]:
        def set_all() -> None:
            for control in part.view.controls:
                st.session_state[control.key] = settings.get(control.key, control.default)

        return set_all

    with st.popover("Presets", width="stretch"):
        for name, (settings, shows) in part.presets.items():
            st.button(name, on_click=apply(settings), key=f"preset-{part.view.key}-{name}", width="stretch")
            st.caption(shows)


def _widget(control: Control) -> Any:
    """The native Streamlit widget of a control; its value lives in the session under the control's key."""
    common: dict[str, Any] = {"key": control.key, "help": control.help or None, "persist_state": "session"}
    if isinstance(control, Switch):
        return st.toggle(control.label, **common)
    if isinstance(control, Slider):
        label = control.label + (f" ({control.unit})" if control.unit else "") + ("" if control.live else " · on release")
        if control.log:
            return st.select_slider(label, control.values, format_func=lambda value: f"{value:g}", **common)
        step = round((control.high - control.low) / (control.steps - 1), 6)
        return st.slider(label, float(control.low), float(control.high), step=step, **common)
    options = {"format_func": control.options.__getitem__} | common
    if control.several:
        return st.multiselect(control.label, list(control.options), max_selections=control.most, **options)
    if control.folded:
        return st.selectbox(control.label, list(control.options), **options)
    return st.segmented_control(control.label, list(control.options), required=True, **options)
