"""Home and the table of pages: the first line, the search, the cards; what holds for every view of the app."""

from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

import losscore
from losscore.scenes.points import line_with_outliers
from losscore.search import search
from pages import home, regression
from pages.table import PAGES, VIEWS, link
from pages.ui.controls import Choice, read
from pages.ui.page import FAILS, START, Part
from pages.ui.words import words

ASSETS = Path(__file__).parents[1] / "assets"


def open_home(**query: str) -> AppTest:
    page = AppTest.from_file("../pages/index.py", default_timeout=60)
    for key, text in query.items():
        page.query_params[key] = text
    return page.run()


@pytest.mark.parametrize("key", ["mse", "mae", "huber"])
def test_the_line_shows_what_losscore_says(key: str) -> None:
    settings = read(home.LINE.controls, {"loss": key})[0]
    slopes = torch.tensor(home.LINE.sliders["w"].values, dtype=torch.float64)
    film = home.LINE.film(settings | {"w": slopes})
    points, loss = line_with_outliers(x=9.0, y=24.0), losscore.get(key)
    for step in (0, 17, 60, 90):
        w = slopes[step].clone().requires_grad_()
        value = loss(w * points.x.double(), points.y.double())
        (pull,) = torch.autograd.grad(value, w)
        assert film.slots["home.loss"][step] == pytest.approx(value.item(), rel=1e-4)
        assert film.slots["home.gradient"][step] == pytest.approx(pull.item(), rel=1e-4, abs=1e-5)


def test_untouched_the_line_has_left_the_nine_points() -> None:
    """The least squares line through the origin is far steeper than the nine points; the least absolute one is not."""
    points = line_with_outliers(x=9.0, y=24.0)
    lowest = {}
    for key in ("mse", "mae"):
        film = home.LINE.film({"loss": key, "w": torch.tensor(home.LINE.sliders["w"].values)})
        lowest[key] = home.LINE.sliders["w"].values[int(np.argmin(film.slots["home.loss"]))]
    exact = float((points.x * points.y).sum() / points.x.square().sum())
    assert lowest["mse"] == pytest.approx(exact, abs=0.05)
    assert lowest["mse"] > 1.4
    assert lowest["mae"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "typed", ["dice", "jaccard", "L1", "mse", "hubr", "outliers", "class imbalance", "dise", "boundary", "metrics"]
)
def test_the_search_leads_to_a_page_where_the_loss_is_chosen(typed: str) -> None:
    found = [loss for loss in search(typed) if link(loss.key)]
    assert found
    page, query = link(found[0].key) or pytest.fail("no page")
    view = next(v for v in page.views if v.key.endswith("/" + query["part"])) if "part" in query else page.views[0]
    values, unread = read(view.controls, query)
    assert not unread
    assert any(found[0].key in np.atleast_1d(values[c.key]) for c in view.controls if isinstance(c, Choice))
    shown = open_home()
    shown.text_input(key="find").set_value(typed).run()
    assert not shown.exception


def test_the_search_says_when_it_finds_nothing() -> None:
    page = open_home()
    page.text_input(key="find").set_value("zzzzqqq").run()
    assert not page.exception
    (said,) = [caption.value for caption in page.caption if "Nothing by that name" in caption.value]
    for family in losscore.families():
        assert family in said
        assert any(link(loss.key) for loss in search(family)), f"{family} is suggested, but finds nothing"


def test_results_are_called_what_the_pages_call_them() -> None:
    page = open_home()
    page.text_input(key="find").set_value("mse").run()
    labels = [found.label for found in page.get("page_link")]
    assert any(said.startswith("**MSE · Mean squared error** — ") for said in labels)
    assert any(said.startswith("**Huber** — ") for said in labels) is False


@pytest.mark.parametrize("query", [{"w": "nan"}, {"w": "1e308"}, {"loss": "nope"}, {"w": "9" * 10_000}])
def test_a_hostile_link_opens_on_defaults_and_says_so(query: dict[str, str]) -> None:
    page = open_home(**query)
    assert not page.exception
    assert page.slider(key="w").value == 2.5
    assert any("could not be read" in caption.value for caption in page.caption)
    assert not page.query_params


@pytest.mark.parametrize("value", [-0.5, 4.0])
def test_the_slope_reaches_its_ends_and_the_address_holds_it(value: float) -> None:
    page = open_home()
    page.slider(key="w").set_value(value).run()
    assert not page.exception
    assert float(page.query_params["w"]) == value


def test_a_key_in_the_address_means_one_thing_in_the_whole_app() -> None:
    seen: dict[str, object] = {}
    for view in VIEWS.values():
        for control in view.controls:
            said = (control.label, getattr(control, "options", None), getattr(control, "values", None))
            assert seen.setdefault(control.key, said) == said, control.key


def test_every_view_has_a_lesson_and_every_family_a_card() -> None:
    for key in VIEWS:
        notice, why = words(key)
        assert len(notice) > 40
        assert len(why) > 80
    for page in PAGES:
        if page.about:
            assert (ASSETS / "cards" / f"{page.path}.png").stat().st_size < 150_000


class TestFrame:
    """What every page of parts does, tried on one of them."""

    first, second = regression.PARTS[0], regression.PARTS[1]

    def visit(self, **query: str) -> AppTest:
        def script() -> None:
            from pages import regression

            regression.draw()

        page = AppTest.from_function(script, default_timeout=60)
        return self.go(page, **query)

    def go(self, page: AppTest, **query: str) -> AppTest:
        """Another address from outside: a link, or the browser's Back."""
        page.query_params.clear()
        for key, text in query.items():
            page.query_params[key] = text
        page.run()
        assert not page.exception
        return page

    def said(self, page: AppTest) -> list[str]:
        return [text.value for text in page.markdown]

    def on(self, page: AppTest, part: Part) -> bool:
        return any(part.question in text for text in self.said(page))

    def query(self, page: AppTest) -> dict[str, str]:
        return {key: text if isinstance(text, str) else text[0] for key, text in page.query_params.items()}

    def test_back_shows_the_part_of_the_address(self) -> None:
        page = self.visit()
        assert self.on(page, self.first)
        page.segmented_control(key="regression_part").set_value(self.second.key).run()
        assert self.on(page, self.second)
        assert self.query(page) == {"part": self.second.key}
        assert self.on(self.go(page), self.first)
        assert self.query(page) == {}
        assert self.on(self.go(page, part=self.second.key), self.second)
        assert self.on(self.go(page, part=regression.PARTS[2].key), regression.PARTS[2])

    def other(self) -> tuple[str, str, str]:
        """The first view's first slider, another one, and what a link says of the latter's first step."""
        view = self.first.view
        values = read(view.controls, {})[0]
        first = view.first(values)
        key = next(key for key, slider in view.sliders.items() if slider.shown(values) and key != first)
        return first, key, view.sliders[key].write(view.sliders[key].values[0])

    def test_the_link_says_which_slider_is_swept(self) -> None:
        first, key, text = self.other()
        page = self.visit()
        assert self.query(page) == {}
        page.slider(key=key).set_value(float(text)).run()
        assert self.query(page) == {key: text, "sweep": key}
        again = self.visit(**self.query(page))
        assert self.query(again) == self.query(page)
        steps = self.first.view.sliders[first]
        page.slider(key=first).set_value(steps.values[0]).run()
        assert self.query(page) == {key: text, first: steps.write(steps.values[0])}
        self.go(page, **{key: text, "sweep": key})
        assert self.query(page) == {key: text, "sweep": key}

    @pytest.mark.parametrize("swept", ["nowhere", "losses", "far", "__class__", "x" * 10_000])
    def test_what_cannot_be_swept_is_said_and_left_out(self, swept: str) -> None:
        page = self.visit(sweep=swept)
        assert [caption.value for caption in page.caption] == [
            "The link could not be read whole; at its default: the swept slider."
        ]
        assert self.query(page) == {}

    def test_a_number_between_two_steps_is_said(self) -> None:
        _, key, _ = self.other()
        one, two = self.first.view.sliders[key].values[:2]
        page = self.visit(**{key: str(one + 0.3 * (two - one))})
        assert page.slider(key=key).value == one
        assert [caption.value for caption in page.caption if f"{one:g} was taken" in caption.value]

    def test_a_preset_sets_the_page_and_says_what_it_shows(self) -> None:
        page = self.visit()
        notice = words(self.first.view.key)[0]
        assert notice in self.said(page)
        for name, (changes, shows, fails) in self.first.presets.items():
            page.get("menu_button")[0].click(name).run()
            assert not page.exception
            assert all(page.session_state[key] == value for key, value in changes.items())
            head = f"**{name}** ({FAILS})." if fails else f"**{name}.**"
            assert f"{head} {shows}" in self.said(page)
            assert notice not in self.said(page)
        page.get("menu_button")[0].click(START).run()
        assert self.query(page) == {}
        assert notice in self.said(page)

    def test_once_a_setting_is_moved_the_notice_is_about_the_start(self) -> None:
        _, key, text = self.other()
        page = self.visit()
        assert START not in [caption.value for caption in page.caption]
        page.slider(key=key).set_value(float(text)).run()
        assert START in [caption.value for caption in page.caption]
        assert words(self.first.view.key)[0] in self.said(page)
        page.slider(key=key).set_value(self.first.view.sliders[key].default).run()
        assert START not in [caption.value for caption in page.caption]
