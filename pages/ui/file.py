"""A moving figure as one HTML file: its films, the player, its numbers and Plotly, for a browser with no network."""

import base64
import gzip
import json
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import plotly
import torch

from losscore.figures.theme import TEMPLATES
from pages.ui.controls import Choice, Control, Slider, Switch, Values
from pages.ui.lines import Program
from pages.ui.stage import FIGURE, asset
from pages.ui.views import SHELF, View


@cache
def plotly_gzip() -> bytes:
    """The Plotly that the figures were made with, compressed once for everybody."""
    return gzip.compress((Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes(), 6)


def moving(view: View, values: Values, swept: str, question: str, back: str, programs: Iterable[Program]) -> str:
    """The file's text: the view at these values, each of its live sliders moving it from there.

    back: the address of the page it comes from. Raises `runs.Missing` for a view that has to be trained first.
    """
    shown = {key: slider for key, slider in view.sliders.items() if slider.shown(values)}
    made = {key: SHELF.get(view, values, key) for key in shown}
    step = view.sliders[swept].values.index(values[swept])
    data = {
        "view": view.key, "frame": made[swept].film.frame(step), "swept": swept, "step": step,
        "sliders": {key: {"texts": [s.write(v) for v in s.values], "unit": s.unit} for key, s in shown.items()},
    }  # fmt: skip
    packed = {f"reel-{key}": one.reel for key, one in made.items()} | {"plotly": plotly_gzip()}
    held = [_held(c, values) for c in view.controls if c.key not in shown and c.shown(values)]
    sliders = f'<div class="sliders">{"".join(_slider(slider, values) for slider in shown.values())}'
    around = _AROUND if len(shown) > 1 else ""
    beside = f'{sliders}{around}</div><div class="stage-reading">{view.reading(values)}</div>'
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(question)} · Loss Explorer</title>",
            f"<style>{asset('stage.css')}{asset('file.css')}</style></head><body><main><h1>{escape(question)}</h1>",
            f'<p class="held">{escape(" · ".join(held))}</p>' if held else "",
            FIGURE.replace('<div class="stage-reading"></div>', beside),
            *(_lines(program) for program in programs),
            _SOURCE.format(torch=escape(torch.__version__), plotly=escape(plotly.__version__), back=escape(back)),
            "</main>",
            *(_packed(name, content) for name, content in packed.items()),
            f"<script>const TEMPLATES = {_json(TEMPLATES)}, DATA = {_json(data)};",
            f"{asset('player.js')}{asset('file.js')}</script></body></html>",
        ]
    )


_AROUND = (
    '<p class="how">Each slider moves the figure from where it was taken away; the others go back there meanwhile.</p>'
)
_SOURCE = (
    "<footer><p>From Loss Explorer: every frame computed by PyTorch {torch}, drawn by Plotly {plotly}. "
    '<a href="{back}">The same figure there</a>, with all its settings.</p></footer>'
)


def _slider(slider: Slider, values: Values) -> str:
    at, unit = slider.values.index(values[slider.key]), f" ({slider.unit})" if slider.unit else ""
    text = slider.write(values[slider.key])
    spoken = escape(f"{text} {slider.unit}".strip())
    return (
        f"<label><span>{escape(slider.label + unit)}</span>"
        f'<input type="range" data-key="{escape(slider.key)}" min="0" max="{len(slider.values) - 1}" value="{at}" '
        f'aria-valuetext="{spoken}" autocomplete="off" disabled><output>{escape(text)}</output></label>'
    )


def _held(control: Control, values: Values) -> str:
    """A setting that stays as it was, in words."""
    value = values[control.key]
    if isinstance(control, Choice):
        value = ", ".join(control.options[one] for one in (value if control.several else [value]))
    elif isinstance(control, Switch):
        value = "yes" if value else "no"
    unit = f" {control.unit}" if isinstance(control, Slider) and control.unit else ""
    return f"{control.label}: {value}{unit}"


def _lines(program: Program) -> str:
    return (
        f"<details><summary>PyTorch: {escape(program.title)}</summary><p>{escape(program.says)}</p>"
        f'<pre tabindex="0"><code>{escape(program.text)}</code></pre></details>'
    )


def _packed(name: str, content: bytes) -> str:
    return f'<script type="text/plain" id="{escape(name)}">{base64.b64encode(content).decode()}</script>'


def _json(data: Any) -> str:
    """JSON that no text in it can end the script with."""
    return json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
