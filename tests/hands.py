"""What the tests of a page share: a view's film under other settings, a control at its ends, an AppTest that walks.

What every view of every page must do alike stands in `test_every_view.py` and needs no line in a page's own tests: each
slider's film holds what each step is alone, every control draws at both ends, presets and links set what they say, a
hostile link opens the defaults. So a page's own tests hold its numbers, and no more:

    from hands import film, near, preset, sweep

    def test_untouched_it_shows_lesson_8() -> None:
        near(film(PAIR).slots["pair.loss"][0], 0.75)                       # untouched, or film(PAIR, margin=0.2)
        assert (np.diff(sweep(PAIR, "margin").slots["pair.loss"]) > 0).all()     # over a slider's steps

    def test_the_line_of_a_preset_holds_its_number() -> None:
        slots, shows = preset(PAIR, "Far apart")
        assert f"{slots['pair.loss'][0]:.2f}" in shows

An AppTest costs more than what it draws: where a page itself must be seen, open it once and `walk` from link to link.
"""

import sys
from typing import Any

import numpy as np
import torch
from streamlit.testing.v1 import AppTest

from losscore.figures.film import Film
from pages.table import Page
from pages.ui.controls import Choice, Control, Slider, Switch, Text, Values, read
from pages.ui.page import Part
from pages.ui.presets import presets_of
from pages.ui.views import View


def settings(view: View, **changes: Any) -> Values:
    """The view's defaults but for these changes."""
    return read(view.controls, {})[0] | changes


def film(view: View, **changes: Any) -> Film:
    """The view's film; a slider named in `changes` may hold a tensor of steps."""
    return view.film(settings(view, **changes))


def sweep(view: View, key: str, **changes: Any) -> Film:
    """The view's film over all steps of a slider."""
    return film(view, **changes, **{key: torch.tensor(view.sliders[key].values)})


def preset(view: View, name: str) -> tuple[dict[str, np.ndarray], str]:
    """The slots of a preset of the view, and its line."""
    changes, shows, _ = presets_of(view)[name]
    return film(view, **changes).slots, shows


def near(shown: Any, want: Any, digits: float = 1e-4, zero: float = 1e-7) -> None:
    """Equal to so many digits, or within `zero`."""
    np.testing.assert_allclose(shown, np.asarray(want), rtol=digits, atol=zero)


def shown_with(view: View, control: Control) -> Values:
    """Settings under which the control is shown."""
    trials = [settings(view)]
    for chooser in view.controls:
        if isinstance(chooser, Switch):
            trials.append(settings(view, **{chooser.key: not chooser.default}))
        if isinstance(chooser, Text) and chooser.hint:
            trials.append(settings(view, **{chooser.key: chooser.hint}))
        if isinstance(chooser, Choice):
            trials += [
                settings(view, **{chooser.key: [option] if chooser.several else option}) for option in chooser.options
            ]
    return next(values for values in trials if control.shown(values))


def ends(control: Control) -> list[Any]:
    """A control's first and last value, and all between them where they are few words."""
    if isinstance(control, Slider):
        return [control.values[0], control.values[-1]]
    if isinstance(control, Choice):
        options = list(control.options)
        return [options[:1], options[-control.most :]] if control.several else options
    if isinstance(control, Text):
        return [control.default, control.hint or control.default]
    return [False, True]


def end(control: Control, last: bool) -> str:
    """A control at its first or last position, as a link writes it."""
    return control.write(ends(control)[-1 if last else 0])


def parts_of(page: Page) -> list[Part]:
    """The parts of a page; none where it is all one."""
    return list(getattr(sys.modules[page.draw.__module__], "PARTS", []))


def opened(path: str) -> AppTest:
    """The page of this path, not yet run."""

    def script(path: str) -> None:
        from pages import table

        next(page for page in table.PAGES if page.path == path).draw()

    return AppTest.from_function(script, default_timeout=60, args=(path,))


def walk(at: AppTest, **query: str) -> AppTest:
    """The same visitor at another link of the page, as from outside."""
    at.query_params.clear()
    for key, text in query.items():
        at.query_params[key] = text
    return at.run()


def unread(at: AppTest) -> list[str]:
    """The lines about a link that could not be taken whole."""
    return [caption.value for caption in at.caption if "link" in caption.value]
