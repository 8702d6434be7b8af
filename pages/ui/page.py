"""The frame of a page: question, parts, controls beside the stage, the why under it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui import address, lesson, stage
from pages.ui.controls import Choice, Control, Slider, Switch, Values
from pages.ui.views import View

Presets = Mapping[str, tuple[Values, str]]  # name -> (settings, what they show)


@dataclass(frozen=True)
class Part:
    """One section of a page: a question and a view that answers it; what to notice and why stand in assets/lessons."""

    key: str
    title: str
    question: str
    view: View
    presets: Presets | None = None


def run(page: str, title: str, parts: list[Part]) -> None:
    """Draw a page of parts; the address says which one and how it is set."""
    st.title(title)
    chosen = Choice(f"{page}_part", "What to look at", {part.key: part.title for part in parts}, parts[0].key)
    known = address.same(page) or address.moved((chosen,))
    if not known and (len(st.query_params) or chosen.key not in st.session_state):
        asked = st.query_params.get("part", parts[0].key)
        st.session_state[chosen.key] = asked if asked in chosen.options else parts[0].key
        if asked not in chosen.options:
            st.caption("The link names a part that is not here; this is the first one.")
    name = st.segmented_control(
        chosen.label, list(chosen.options), format_func=chosen.options.__getitem__, key=chosen.key, required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    address.note((chosen,))
    part = next(part for part in parts if part.key == name)
    bench(page, part.question, part.view, part.presets, {} if part is parts[0] else {"part": part.key})
    lesson.tell(part.view.key)


@st.fragment
def bench(
    page: str, question: str, view: View, presets: Presets | None = None, kept: Mapping[str, str] | None = None
) -> None:
    """The question, the stage and its controls; `kept` is what the page itself holds in the address."""
    kept = kept or {}
    unread = address.arrive(page, view.controls, kept)
    st.markdown(f"##### {question}")
    if unread:
        st.caption(f"The link could not be read whole; at its default: {', '.join(unread)}.")
    left, right = st.columns([0.72, 0.28], gap="medium")
    with right:
        if presets:
            _presets(view, presets)
        values = address.values_of(view.controls)
        shown = [control for control in view.controls if control.shown(values)]
        for control in shown:
            if not control.more:
                _widget(control)
        if any(control.more for control in shown):
            with st.expander("More"):
                for control in shown:
                    if control.more:
                        _widget(control)
    values = address.values_of(view.controls)
    with left:
        stage.show(view, values)
    address.leave(page, view.controls, values, kept)


def _presets(view: View, presets: Presets) -> None:
    def apply(settings: Values) -> Callable[[], None]:
        def set_all() -> None:
            for control in view.controls:
                st.session_state[control.key] = settings.get(control.key, control.default)

        return set_all

    with st.popover("Presets", width="stretch"):
        for name, (settings, shows) in presets.items():
            st.button(name, on_click=apply(settings), key=f"preset-{view.key}-{name}", width="stretch")
            st.caption(shows)


def _widget(control: Control) -> Any:
    """The native Streamlit widget of a control; its value lives in the session under the control's key."""
    common: dict[str, Any] = {"key": control.key, "help": control.help or None, "persist_state": "session"}
    if isinstance(control, Switch):
        return st.toggle(control.label, **common)
    if isinstance(control, Slider):
        unit, late = f" ({control.unit})" if control.unit else "", "" if control.live else " · on release"
        label = control.label + unit + late
        if control.log:
            return st.select_slider(label, control.values, format_func=lambda value: f"{value:g}", **common)
        step = round((control.high - control.low) / (control.steps - 1), 6)
        digits = max(len(f"{value:g}".partition(".")[2]) for value in control.values[:20])
        ends = float(control.low), float(control.high)
        return st.slider(label, *ends, step=step, format=f"%.{digits}f", **common)
    options = {"format_func": control.options.__getitem__} | common
    if control.several:
        return st.multiselect(control.label, list(control.options), max_selections=control.most, **options)
    if control.folded:
        return st.selectbox(control.label, list(control.options), **options)
    return st.segmented_control(control.label, list(control.options), required=True, **options)
