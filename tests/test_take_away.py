"""What is taken away from a figure: lines that print its numbers, and the moving figure as one file."""

import contextlib
import io
import json
import math
import re

import pytest
import torch
from test_ui import ask, every_view

from pages.table import where
from pages.ui.controls import read
from pages.ui.views import View

MOST = 6_000_000  # bytes of a file
# Views of which no number can be written out, and why; there the lines stand on example tensors.
_PIXELS = "of pictures, whose pixels are too many to be typed"
_SEARCHED = "found by a search over the points, or by the mean of many draws"
_TRAINED = "of networks that were trained for it"
EXAMPLES_ONLY = {
    "choose/map": "a map of advice: no number is a loss",
    "regression/outliers": _SEARCHED,
    "regression/influence": _SEARCHED,
    "regression/noise": _SEARCHED,
    "classification/boundary": _TRAINED,
    "segmentation/overlap": _PIXELS,
    "segmentation/push": _PIXELS,
    "segmentation/shape": _PIXELS,
    "segmentation/classes": _PIXELS,
    "embeddings/trained": _TRAINED,
    "reconstruction/equal": _PIXELS,
    "reconstruction/distorted": _PIXELS,
    "reconstruction/features": _PIXELS,
    "reconstruction/inpainting": _TRAINED,
    "reconstruction/vae": _TRAINED,
    "adversarial/line": "integrals over two bells",
    "adversarial/game": _TRAINED,
    "adversarial/seeds": _TRAINED,
    "combining/mix": _PIXELS,
    "own/fit": _SEARCHED,
}


def printed(program: str) -> float:
    """What a program prints, as a number."""
    said = io.StringIO()
    torch.set_printoptions(precision=12)
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(program, "taken", "exec"), {})
    finally:
        torch.set_printoptions(profile="default")
    return float(said.getvalue().split("tensor(")[1].split(")")[0].split(",")[0])


@every_view
def test_the_lines_print_the_numbers_shown(view: View) -> None:
    values = read(view.controls, {})[0]
    assert bool(view.film(values).programs(0)) == (view.key not in EXAMPLES_ONLY)
    for key, slider in view.sliders.items():
        if not slider.shown(values) or view.key in EXAMPLES_ONLY:
            continue
        film = view.film(values | {key: torch.tensor([slider.values[at] for at in (0, slider.steps // 3, -1)])})
        for step in range(film.steps):
            for slot, (_, text) in film.programs(step).items():
                want = float(film.slots[slot][step])
                assert math.isclose(printed(text), want, rel_tol=2e-4, abs_tol=1e-6), f"{slot} at {key} {step}\n{text}"


@every_view
def test_every_loss_shown_can_be_taken_as_lines(view: View) -> None:
    """Those whose number the film cannot write out too, as they are set."""
    key = view.first(read(view.controls, {})[0])
    status, _, body = ask(f"/code/{view.key}", _sweep=key)
    assert status == 200
    titles = [program["title"] for program in json.loads(body)]
    assert titles, "nothing to take away"
    assert len(set(titles)) == len(titles)
    for program in json.loads(body):
        assert program["title"]
        assert program["says"]
        assert math.isfinite(printed(program["text"])), program["text"]


@every_view
def test_a_file_is_small_and_asks_nothing_of_a_network(view: View) -> None:
    values = read(view.controls, {})[0]
    status, headers, body = ask(f"/file/{view.key}", _sweep=view.first(values))
    assert status == 200
    assert headers["content-disposition"] == f'attachment; filename="{view.key.replace("/", "-")}.html"'
    assert len(body) < MOST
    text = body.decode()
    assert where(view)[0].asks(view)
    plain = re.sub(r'<script type="text/plain".*?</script>', "", text)
    assert re.findall(r"""<(?!a )[^>]*\b(?:src|href)=["']?(?!data:)|url\(["']?https?:|@import""", plain) == []
    assert text.count("<input") == sum(slider.shown(values) for slider in view.sliders.values())


def test_a_link_with_tags_in_it_is_text() -> None:
    text = ask("/file/own/curve", _sweep="own_r", formula="abs(r)</script><script>alert(1)</script>")[2].decode()
    assert "<script>alert" not in text


@pytest.mark.parametrize("kind", ["file", "code"])
def test_what_is_not_there_is_not_found(kind: str) -> None:
    assert ask(f"/{kind}/nowhere", _sweep="w")[0] == 404
    assert ask(f"/{kind}/own/curve", _sweep="x" * 9_000)[0] == 404
