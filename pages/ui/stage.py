"""The live stage on a page: mounts a settled frame; the browser fetches the rest when a slider is about to move."""

import json
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from losscore.figures.theme import TEMPLATES
from pages.ui.controls import Values, write
from pages.ui.views import SHELF, View

_ASSETS = Path(__file__).parents[2] / "assets"
_HTML = """<figure class="stage" style="margin:0"><div class="stage-plot" role="img"></div>
<p class="stage-line" role="status" hidden></p><p class="stage-speech" aria-live="polite"></p>
<div class="stage-reading"></div><a class="stage-numbers" download hidden></a></figure>"""
_MADE = secrets.token_hex(4)  # frames that a browser kept from an earlier start of the server are not used


@st.cache_resource
def _component() -> Any:
    script = f"const TEMPLATES = {json.dumps(TEMPLATES)};\n" + (_ASSETS / "stage.js").read_text(encoding="utf-8")
    style = (_ASSETS / "stage.css").read_text(encoding="utf-8")
    return st.components.v2.component("loss_explorer.stage", html=_HTML, css=style, js=script, isolate_styles=False)


def show(view: View, values: Values) -> None:
    """Draw the view at these values, and let it follow every live slider of the page."""
    swept = _moved(view, values)
    film = SHELF.get(view, values, swept).film
    step = view.sliders[swept].values.index(values[swept]) if swept else 0
    shown = {key: slider for key, slider in view.sliders.items() if slider.shown(values)}
    st.session_state["_stage"] = st.session_state.get("_stage", 0) + 1
    _component()(
        key=f"stage-{view.key.replace('/', '-')}",
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
            "number": st.session_state["_stage"],
        },
    )


def _moved(view: View, values: Values) -> str:
    """The live slider that moved last, or the first one."""
    memory: dict[str, Any] = st.session_state.setdefault("_moved", {})
    before, swept = memory.get(view.key, ({}, ""))
    moved = [k for k, s in view.sliders.items() if s.shown(values) and before.get(k, values[k]) != values[k]]
    kept = swept if swept in view.sliders and view.sliders[swept].shown(values) else ""
    swept = moved[0] if moved else kept or view.first(values)
    memory[view.key] = (dict(values), swept)
    return swept
