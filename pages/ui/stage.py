"""The live stage on a page: mounts a settled frame; the browser fetches the rest when a slider is about to move."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from losscore.figures.theme import TEMPLATES
from pages.ui import address
from pages.ui.controls import Values, write
from pages.ui.views import SHELF, View

_ASSETS = Path(__file__).parents[2] / "assets"
FIGURE = """<figure class="stage" style="margin:0">
<div class="stage-scene"><div class="stage-plot" role="img"></div>
<div class="stage-grips" aria-hidden="true"></div></div>
<p class="stage-line" role="status" hidden></p><p class="stage-speech" aria-live="polite"></p>
<div class="stage-reading"></div></figure>"""
_AWAY = """<button type="button" class="away-open" hidden>Take away</button>
<a class="away-out" target="_blank" hidden>Open in Loss Explorer ↗</a>
<div class="away" popover role="dialog" aria-label="Take away">
<header><span>Take away</span><button type="button" class="away-shut" aria-label="Close">✕</button></header>
<div class="away-offers"><button type="button" data-picture="png">Picture (PNG)</button>
<button type="button" data-picture="svg">Drawing (SVG)</button>
<button type="button" class="away-link">Copy the link</button>
<a class="away-present">Present to a class</a></div>
<div class="away-offers"><a class="stage-numbers" download hidden></a></div>
<div class="away-offers"><a class="stage-file" download hidden>The moving figure (HTML)</a></div>
<p>One file that opens in any browser without a server or a network; its sliders move.</p>
<div class="away-code"></div></div>
<div class="stage-more" aria-hidden="true">more below ↓</div></figure>"""
_MADE = secrets.token_hex(4)  # frames that a browser kept from an earlier start of the server are not used


def asset(name: str) -> str:
    """The text of a file of the browser's side."""
    return (_ASSETS / name).read_text(encoding="utf-8")


@st.cache_resource
def _component() -> Any:
    parts = [asset(name) for name in ("player.js", "grips.js", "away.js", "stage.js")]
    script = "\n".join([f"const TEMPLATES = {json.dumps(TEMPLATES)};", *parts])
    html = FIGURE.replace("</figure>", _AWAY)
    style = asset("stage.css") + asset("away.css")
    return st.components.v2.component("loss_explorer.stage", html=html, css=style, js=script, isolate_styles=False)


def show(view: View, values: Values, swept: str, step_by: Callable[[int], None] | None = None) -> None:
    """Draw the view at these values, over the steps of the swept slider, and let it follow every live slider.

    step_by: called with 1 or -1 when a key asks for what comes next or came before; None leaves the keys alone.
    """
    film = SHELF.get(view, values, swept).film
    step = view.sliders[swept].values.index(values[swept]) if swept else 0
    shown = {key: slider for key, slider in view.sliders.items() if slider.shown(values)}
    st.session_state["_stage"] = st.session_state.get("_stage", 0) + 1
    key = f"stage-{view.key.replace('/', '-')}"

    def let_go() -> None:
        address.drop(view, swept, st.session_state[key].get("dropped"))

    def stepped() -> None:
        if step_by:
            step_by(-1 if st.session_state[key].get("stepped") == "back" else 1)

    _component()(
        key=key,
        on_dropped_change=let_go,
        on_stepped_change=stepped,
        data={
            "view": view.key,
            "frame": film.frame(step),
            "reading": view.reading(values),
            "swept": swept,
            "step": step,
            "settings": write(view.controls, values),
            "sliders": {key: [slider.write(value) for value in slider.values] for key, slider in shown.items()},
            "defaults": {key: slider.write(slider.default) for key, slider in shown.items()},
            "labels": {key: slider.label for key, slider in shown.items()},
            "made": _MADE,
            "handles": [
                handle | {axis: handle[axis] if handle[axis] in shown else None for axis in ("x", "y")}
                for handle in film.handles
                if handle["x"] in shown or handle["y"] in shown
            ],
            "number": st.session_state["_stage"],
            "steps": step_by is not None,
            "tour": " ".join(st.query_params.get(key, "") for key in address.TOUR).strip(),
        },
    )
