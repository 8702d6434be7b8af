"""Home and the table of pages: the first line, the search, the cards; what holds for every view of the app."""

from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

import losscore
from losscore.scenes.points import line_with_outliers
from losscore.search import search
from pages import home
from pages.table import PAGES, VIEWS, link
from pages.ui.controls import Choice, read
from pages.ui.lesson import words

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


@pytest.mark.parametrize("typed", ["dice", "jaccard", "L1", "mse", "hubr", "outlier"])
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
    assert any("Nothing by that name" in caption.value for caption in page.caption)


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
