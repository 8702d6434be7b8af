"""What every view of every page must do: films that hold each step, controls at both ends, presets, links of any kind.

The catalogue's one view has the controls of every loss; its own tests walk them.
"""

import json
import re

import numpy as np
import pytest
import torch
from hands import end, ends, near, opened, parts_of, settings, shown_with, sweep, unread, walk

from losscore.figures.film import Film
from pages.table import PAGES, Page
from pages.ui.controls import Control
from pages.ui.page import Part
from pages.ui.presets import presets_of
from pages.ui.runs import Missing, lacking
from pages.ui.views import Made, View
from pages.ui.words import words

VIEWS = [view for page in PAGES for view in page.views if page.path != "catalogue"]
PARTS = [(page, part) for page in PAGES for part in parts_of(page)]
NAMES = [part.view.key for _, part in PARTS]
HOSTILE = ("nan", "inf", "-1e308", "no_such_loss", "mse,mse", "", "x" * 10_000)
WIRE = 400_000  # bytes of one slider's film

every_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
every_part = pytest.mark.parametrize(("page", "part"), PARTS, ids=NAMES)
every_slider = pytest.mark.parametrize(
    ("view", "key"), [pytest.param(view, key, id=f"{view.key}-{key}") for view in VIEWS for key in view.sliders]
)
every_control = pytest.mark.parametrize(
    ("view", "control"),
    [pytest.param(view, control, id=f"{view.key}-{control.key}") for view in VIEWS for control in view.controls],
)


def whole(film: Film, reading: str) -> None:
    """A film that a browser can take: JSON throughout, markers that stand somewhere, every number that is asked for."""
    frame, reel = film.frame(film.steps - 1), film.reel()
    json.dumps([frame, reel], allow_nan=False)
    assert frame["alt"]
    assert len(reel["speech"]) == film.steps
    assert all(any(sign.isdigit() for sign in said) for said in reel["speech"])
    for (trace, name), array in film._arrays.items():
        if "markers" in (getattr(film.figure.data[trace], "mode", None) or ""):
            assert np.isfinite(array).all(), (trace, name)
    asked = set(re.findall(r'data-(?:slot|bar)="([^"]*)"', reading))
    assert asked
    assert asked <= film.slots.keys()


def marked(film: Film) -> list[object]:
    """What a drag moves: each trace's kind, and how many points it has where they are drawn."""
    return [
        (trace.type, getattr(trace, "mode", None), len(trace.x) if getattr(trace, "mode", None) == "markers" else None)
        for trace in film.figure.data
    ]


def across(film: Film, trace: int) -> str | None:
    """What the axis along which a trace is drawn says; None in space."""
    axis = getattr(film.figure.data[trace], "xaxis", "") or "x"
    return film.figure.layout[f"xaxis{axis[1:]}"].title.text if hasattr(film.figure.data[trace], "xaxis") else None


@every_slider
def test_a_drag_shows_what_each_step_is_alone(view: View, key: str) -> None:
    values, steps = shown_with(view, view.sliders[key]), view.sliders[key].values
    moving = view.film(values | {key: torch.tensor(steps)})
    assert moving.steps == len(steps)
    for step in (0, len(steps) // 2, len(steps) - 1):
        alone = view.film(values | {key: steps[step]})
        assert alone.slots.keys() == moving.slots.keys()
        for slot, number in alone.slots.items():
            near(moving.slots[slot][step], number[0], 1e-3)
        for trace, name in alone._arrays.keys() & moving._arrays.keys():
            if across(alone, trace) == across(moving, trace):  # else it is drawn over another slider
                found, want = moving._arrays[trace, name], alone._arrays[trace, name][0]
                # A line that grows with the slider is as long in every frame as it ever is.
                near(found[step if len(found) > 1 else 0][: len(want)], want, 1e-3, 1e-5)
    whole(moving, view.reading(values))
    assert len(Made(moving).reel) < WIRE


@every_control
def test_a_control_draws_at_its_ends(view: View, control: Control) -> None:
    for value in ends(control):
        values = shown_with(view, control) | {control.key: value}
        key = next((key for key, slider in view.sliders.items() if slider.shown(values) and key != control.key), "")
        steps = view.sliders[key].values if key else []  # a few of them: each slider is drawn over all of its own above
        over = {key: torch.tensor([steps[0], steps[len(steps) // 2], steps[-1]])} if key else {}
        if lacking(view.trained(values) if view.trained else []):
            with pytest.raises(Missing):  # the page offers to train it; see test_trainings.py
                view.film(values | over)
            continue
        whole(view.film(values | over), view.reading(values))


@every_view
def test_films_of_one_view_have_the_same_markers_and_meet_in_one_frame(view: View) -> None:
    """The browser moves the markers that the settled figure has: a film with more of them could not be shown."""
    shown = {key: slider for key, slider in view.sliders.items() if slider.shown(settings(view))}
    some = {key: torch.tensor([slider.values[0], slider.default, slider.values[-1]]) for key, slider in shown.items()}
    one, *rest = [view.film(settings(view) | {key: steps}) for key, steps in some.items()]
    for film in rest:
        assert marked(film) == marked(one)
        assert film.slots.keys() == one.slots.keys()
        for slot, numbers in film.slots.items():
            near(numbers[1], one.slots[slot][1], 1e-4, 1e-7)


@every_view
def test_a_view_offers_what_works_and_what_is_known_to_go_wrong(view: View) -> None:
    """All but Home's, which is there to be moved, not to be set."""
    kinds = {preset.fails for preset in presets_of(view).values()}
    assert kinds == (set() if view.key == "home/line" else {True, False})


@every_part
def test_presets_set_what_the_controls_can_show(page: Page, part: Part) -> None:
    controls = {control.key: control for control in part.view.controls}
    for name, (changes, shows, _) in part.presets.items():
        assert shows.endswith("."), name
        values = settings(part.view, **changes)
        for key, value in changes.items():
            assert controls[key].shown(values), (name, key)
            assert controls[key].read(controls[key].write(value)) == value, (name, key)
        swept = part.view.first(values)
        whole(sweep(part.view, swept, **{k: v for k, v in changes.items() if k != swept}), part.view.reading(values))


@every_part
def test_every_part_opens_by_any_link(page: Page, part: Part) -> None:
    """Untouched, with every control at either end, and with what means nothing: said once, and the defaults stand."""
    at, controls = opened(page.path), part.view.controls
    links = [{}, *({control.key: end(control, last) for control in controls} for last in (False, True))]
    for link in links:
        walk(at, part=part.key, **link)
        assert not at.exception
        assert unread(at) == []
        assert any(part.question in text.value for text in at.markdown)
        assert link or words(part.view.key)[0] in [text.value for text in at.markdown]
    for text in HOSTILE:
        walk(at, part=part.key, **dict.fromkeys((control.key for control in controls), text))
        assert not at.exception
        assert len(unread(at)) == 1
        assert all(at.session_state[c.key] == c.default for c in controls if c.shown(settings(part.view)))


@pytest.mark.parametrize("page", [page for page in PAGES if parts_of(page)], ids=lambda page: page.path)
def test_an_unknown_part_opens_the_first(page: Page) -> None:
    at = walk(opened(page.path), part="nowhere")
    assert not at.exception
    assert any("not here" in caption.value for caption in at.caption)
    assert any(parts_of(page)[0].question in text.value for text in at.markdown)
