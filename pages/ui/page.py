"""The frame of a page: question, parts, controls beside the stage, the why under it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from pages.ui import address, presenter, stage, tour, trainings, words
from pages.ui.controls import Choice, Control, Slider, Switch, Text, Values, write
from pages.ui.presets import Presets, presets_of
from pages.ui.runs import Missing
from pages.ui.views import View

START = "At the start"
FAILS = "goes wrong"
Drawn = Callable[[Values], None]


@dataclass(frozen=True)
class Part:
    """One section of a page: a question and a view that answers it.

    What to notice and why stand in assets/words, its presets in assets/presets.
    """

    key: str
    title: str
    question: str
    view: View

    @cached_property
    def presets(self) -> Presets:
        return presets_of(self.view)


@dataclass(frozen=True)
class Desk:
    """A section without a stage: what a visitor brings is looked at there, and by nobody else."""

    key: str
    title: str
    draw: Callable[[], None]


def head(page: str, title: str) -> None:
    """A page's title, and beside it the way into its lessons."""
    with st.container(horizontal=True, vertical_alignment="center", key="title"):
        st.title(title, anchor=False)
        tour.questions(page)


def run(page: str, title: str, parts: list[Part], desks: Sequence[Desk] = ()) -> None:
    """Draw a page of parts; the address says which one and how it is set."""
    head(page, title)
    titles = {part.key: part.title for part in parts} | {desk.key: desk.title for desk in desks}
    chosen = Choice(f"{page}_part", "What to look at", titles, parts[0].key)
    known = address.same(page) or address.moved((chosen,))
    returned = address.turned(page) and not len(st.query_params) and chosen.key in st.session_state
    if not known and not returned:
        asked = st.query_params.get("part", parts[0].key)
        st.session_state[chosen.key] = asked if asked in chosen.options else parts[0].key
        if asked not in chosen.options:
            st.caption("The link names a part that is not here; this is the first one.")
    name = st.segmented_control(
        chosen.label, list(chosen.options), format_func=chosen.options.__getitem__, key=chosen.key, required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    address.note((chosen,))
    presenter.parts(chosen.key, [part.key for part in parts])
    desk = next((desk for desk in desks if desk.key == name), None)
    if desk:
        address.settle(page, {"part": desk.key})
        desk.draw()
    else:
        part = next(part for part in parts if part.key == name)
        if not known:
            address.heed()
        _bench(page, part.question, part.view, part.presets, {} if part is parts[0] else {"part": part.key})


def bench(page: str, question: str, view: View, below: Drawn | None = None) -> None:
    """A page of one stage: the question, the stage, its controls and its words.

    `below` draws what a page has besides, from all settings of the view.
    """
    address.heed()
    _bench(page, question, view, presets_of(view), {}, below)


@st.fragment
def _bench(
    page: str, question: str, view: View, presets: Presets, kept: Mapping[str, str], below: Drawn | None = None
) -> None:  # fmt: skip
    """`kept` is what the page itself holds in the address."""
    if presenter.turned():
        st.rerun()
    shows = presenter.on()
    # The stage keeps its place below, whether or not there is a line to say.
    with st.container(gap="small", key="question"):
        line = address.arrive(page, view, kept)
        st.markdown(f"## {question}", anchors=False)
        if line:
            st.caption(line)
    # The controls first, for a keyboard and a screen reader; page.css sets the stage before them for the eye.
    with st.container(key="bench"):  # its name stands before anything in it, so nothing changes places when it comes
        right, left = st.columns([0.28, 0.72], gap="medium")
    with right:
        if presets:
            _presets(view, presets)
        values = address.values_of(view.controls)
        shown = [control for control in view.controls if control.shown(values)]
        held = address.swept(view, values)
        folded = [control for control in shown if (control.key != held if shows else control.more)]
        for control in shown:
            if control not in folded:
                widget(control)
        if folded:
            with st.expander("More"):
                for control in folded:
                    widget(control)
        corner = st.container()
    values = address.values_of(view.controls)
    with left:
        swept = address.swept(view, values)
        try:
            stage.show(view, values, swept, (lambda by: _step(view, presets, by)) if shows else None)
        except Missing:
            trainings.panel(view, values)
    words.tell(view.key, _instead(view, values, presets))
    if below:
        below(address.values_of(view.settings))
    address.leave(page, view, address.values_of(view.settings), kept)
    if shows:
        with corner:
            presenter.code()


def _instead(view: View, values: Values, presets: Presets) -> str | None:
    """What stands in the place of the notice: a preset's line; "" where settings were moved; None where none was."""
    settings = write(view.controls, values)
    if not settings:
        return None
    for name, preset in presets.items():
        if write(view.controls, _set(view, preset.settings)) == settings:
            return f"**{name}** ({FAILS}). {preset.shows}" if preset.fails else f"**{name}.** {preset.shows}"
    return ""


def _set(view: View, changes: Values) -> Values:
    """Every value of the view, at its default but for these changes."""
    return {control.key: control.default for control in view.controls} | changes


def _presets(view: View, presets: Presets) -> None:
    key = f"preset-{view.key.replace('/', '-')}"

    def choose() -> None:
        _take(view, offered[st.session_state[key]])

    offered = _offered(presets)

    def said(name: str) -> str:
        return f"{name} · {FAILS}" if name in presets and presets[name].fails else name

    st.menu_button("Presets", list(offered), key=key, format_func=said, on_click=choose, width="stretch")


def _offered(presets: Presets) -> dict[str, Values]:
    return {START: {}} | {name: preset.settings for name, preset in presets.items()}


def _take(view: View, changes: Values) -> None:
    """Set the view to a preset, drawn over the slider that the preset names first."""
    values = _set(view, changes)
    st.session_state.update(values)
    address.sweep(view, values, next((name for name in changes if name in view.sliders), ""))


def _step(view: View, presets: Presets, by: int) -> None:
    """The preset before or after the one that the view is set to."""
    offered = list(_offered(presets).values())
    now = write(view.controls, address.values_of(view.controls))
    here = next((at for at, changes in enumerate(offered) if write(view.controls, _set(view, changes)) == now), None)
    presenter.step(view.key, by, here, len(offered) - 1, lambda to: _take(view, offered[to]))


def widget(control: Control) -> Any:
    """The native Streamlit widget of a control; its value lives in the session under the control's key."""
    common: dict[str, Any] = {"key": control.key, "help": control.help or None, "persist_state": "session"}
    if isinstance(control, Switch):
        return st.toggle(control.label, **common)
    if isinstance(control, Text):
        return st.text_input(control.label, max_chars=control.longest, placeholder=control.hint or None, **common)
    if isinstance(control, Slider):
        unit, late = f" ({control.unit})" if control.unit else "", "" if control.live else " · on release"
        label = control.label + unit + late
        if control.log or control.stops:
            return st.select_slider(label, control.values, format_func=lambda value: f"{value:,.10g}", **common)
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
