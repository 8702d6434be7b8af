"""The live stage: what a hand, a keyboard and a screen reader get while a slider moves, on every view there is."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Route, expect

import losscore
from losscore.figures.theme import TEMPLATES
from losscore.scenes.edits import EDITS, predict
from losscore.scenes.pictures import scene
from pages.table import PAGES, VIEWS
from pages.ui.controls import Values, read
from pages.ui.views import View
from tests.browser.answers import Answers
from tests.browser.audit import audit, unfold, within_a_finger_s_reach
from tests.browser.server import Server
from tests.browser.visitor import Visitor, differ, place, query_of

Visit = Callable[..., Visitor]

MOVING = {key: view for key, view in VIEWS.items() if view.sliders}
every_view = pytest.mark.parametrize("view", MOVING.values(), ids=MOVING.keys())
OTHERS = [  # a figure drawn over the slider that moves, and a slider that does not when the page is opened
    ("segmentation/overlap", "softness"), ("segmentation/classes", "shift_x"), ("segmentation/empty", "doubt"),
]  # fmt: skip
FIRST = [next(view for view in page.views if view.sliders) for page in PAGES if page.views]
every_page = pytest.mark.parametrize("view", FIRST, ids=lambda view: view.key)
# What the stage does by itself is tried where it has the least to do, where its figure has pictures and is slow to
# make, and where it draws many losses.
SOME = ["home/line", "segmentation/overlap", "regression/outliers"]
some_views = pytest.mark.parametrize("view", [MOVING[key] for key in SOME], ids=SOME)
PHONE = {"width": 390, "height": 844}
_WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


def defaults(view: View) -> Values:
    return read(view.controls, {})[0]


def first(view: View) -> str:
    return view.first(defaults(view))


def some_steps(view: View, key: str, count: int = 6) -> list[int]:
    """Steps on both sides of the default, the ends among them."""
    slider = view.sliders[key]
    last, home = slider.steps - 1, slider.values.index(slider.default)
    spread = np.linspace(0, last, count).round().astype(int).tolist()
    return [step for step in [home + 1, home - 1, *spread] if 0 <= step <= last and step != home]


def link(view: View, key: str, step: int) -> str | None:
    """How the address names a step; it does not name the default."""
    slider = view.sliders[key]
    return None if slider.values[step] == slider.default else slider.write(slider.values[step])


def alone(view: View, key: str, step: int, **settings: Any) -> dict[str, float]:
    """The numbers of one step, made for it alone."""
    values = defaults(view) | settings | {key: torch.tensor([view.sliders[key].values[step]])}
    return {slot: float(numbers[0]) for slot, numbers in view.film(values).slots.items()}


def each_alone(view: View, key: str, steps: list[int]) -> dict[int, dict[str, float]]:
    """The numbers of several steps, made at once: that each is so made alone is tried without a browser."""
    swept = torch.tensor([view.sliders[key].values[step] for step in steps])
    slots = view.film(defaults(view) | {key: swept}).slots
    return {step: {slot: float(numbers[at]) for slot, numbers in slots.items()} for at, step in enumerate(steps)}


def same_numbers(shown: dict[str, float], wanted: dict[str, float]) -> None:
    assert shown, "the reading shows no numbers"
    for slot, number in shown.items():
        want = wanted[slot] if np.isfinite(wanted[slot]) else np.nan
        np.testing.assert_allclose(number, want, rtol=1e-4, atol=1e-6, err_msg=slot)


class TestUnderTheThumb:
    @every_view
    def test_a_drag_shows_each_step_and_stays_where_it_is_let_go(self, visit: Visit, view: View) -> None:
        """Narrow, it fits a phone. There all is unfolded, large enough for a finger, and kept from nobody."""
        visitor, key = visit(place(view.key)), first(view)
        settled, steps = visitor.settled(), some_steps(view, key)
        last = [steps[-1] - 2, steps[-1] - 1]
        wanted = each_alone(view, key, steps + last)
        for step in visitor.drag(key, steps):
            numbers = visitor.numbers()
            same_numbers(numbers, wanted[step])
            assert visitor.settled() == settled, "the server was asked during the drag"
            if step == steps[-1]:
                moving = visitor.picture()
        expect(visitor.stage).not_to_have_attribute("data-settled", re.compile(f"^{settled}?$"))
        visitor.ready()
        visitor.shows(key, step)
        same_numbers(visitor.numbers(), numbers)
        assert differ(visitor.picture(), moving) < 0.002, "the figure jumped"
        assert visitor.query().get(key) == link(view, key, step)
        settled = visitor.settled()
        for further in visitor.drag(key, last):  # the next one starts from here
            same_numbers(visitor.numbers(), wanted[further])
        expect(visitor.stage).not_to_have_attribute("data-settled", re.compile(f"^{settled}?$"))
        visitor.ready()
        visitor.page.set_viewport_size(PHONE)
        visitor.page.wait_for_function("() => document.querySelector('.stage-plot').clientWidth < 390")
        assert visitor.page.evaluate(_WIDER) <= 1
        assert visitor.page.locator(".stage-plot").bounding_box()["width"] > 300  # type: ignore[index]
        unfold(visitor)
        within_a_finger_s_reach(visitor)
        audit(visitor, dark=view in FIRST)
        visitor.quiet()

    @some_views
    def test_keys_show_each_step(self, visit: Visit, view: View) -> None:
        visitor, key = visit(place(view.key)), first(view)
        visitor.slider(key).focus()
        last, step = visitor.at(key)["last"], visitor.at(key)["step"]
        for name in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Home", "ArrowRight", "End"):
            step = {"ArrowRight": min(step + 1, last), "ArrowLeft": max(step - 1, 0), "Home": 0, "End": last}[name]
            expect(visitor.slider(key)).to_be_focused()
            visitor.page.keyboard.press(name)
            visitor.shows(key, step)
            same_numbers(visitor.numbers(), alone(view, key, step))
        visitor.page.wait_for_url(lambda url: query_of(url).get(key) == link(view, key, last))
        visitor.ready()
        same_numbers(visitor.numbers(), alone(view, key, last))
        visitor.quiet()

    @some_views
    def test_sliders_of_one_stage_hold_together(self, visit: Visit, view: View) -> None:
        """Each further slider starts from where the others were left."""
        visitor, left = visit(place(view.key)), {}
        shown = [key for key, slider in view.sliders.items() if slider.shown(defaults(view))]
        for key in shown[:3]:
            for step in visitor.drag(key, some_steps(view, key)[:1]):
                same_numbers(visitor.numbers(), alone(view, key, step, **left))
            left[key] = view.sliders[key].values[step]
            visitor.page.wait_for_url(lambda url, key=key: f"{key}=" in url)
            visitor.ready()
        assert {key: visitor.query()[key] for key in left} == {k: view.sliders[k].write(v) for k, v in left.items()}
        visitor.quiet()

    @pytest.mark.parametrize(("view", "key"), OTHERS)
    def test_another_slider_brings_its_own_axes(self, visit: Visit, view: str, key: str) -> None:
        """A figure that is drawn over the slider that moves shows the moving one's axis at once, not on release."""
        visitor, shown = visit(place(view)), MOVING[view]
        for moved in (key, first(shown)):
            before, steps = visitor.scene(), some_steps(shown, moved)[-2:]
            for _ in visitor.drag(moved, steps):
                moving = visitor.scene()
                assert moving["words"] != before["words"]
            visitor.page.wait_for_url(lambda url, moved=moved: f"{moved}=" in url)
            visitor.ready()
            visitor.shows(moved, steps[-1])
            settled = visitor.scene()
            assert settled["words"] == moving["words"]
            np.testing.assert_allclose(moving["places"], settled["places"], atol=1.5)
        visitor.quiet()

    @some_views
    def test_a_wild_hand_ends_where_it_lets_go(self, visit: Visit, view: View) -> None:
        visitor, key = visit(place(view.key)), first(view)
        last = view.sliders[key].steps - 1
        for turn in range(4):
            visitor.grab(key)
            for share in (0.1, 0.9, 0.3, 0.7, 0.5, (0.2, 0.8, 0.35, 0.65)[turn]):
                step = visitor.pull(key, round(share * last), wait=False)
            visitor.page.mouse.up()
        visitor.shows(key, step)
        visitor.ready()
        visitor.shows(key, step)
        same_numbers(visitor.numbers(), alone(view, key, step))
        visitor.quiet()

    def test_a_key_pressed_before_its_frames_have_come_is_not_lost(self, browser: Browser, server: Server) -> None:
        visitor, view = Visitor(browser, server.url), VIEWS["regression/influence"]
        answers, held = Answers(visitor.page), list[Route]()
        visitor.open(place(view.key))
        key = visitor.open_sliders()[1]  # the frames of the first are at hand
        answers.hold()  # what is shown is not the server's figure
        visitor.page.route("**/frames/**", lambda route: held.append(route))
        with visitor.page.expect_request("**/frames/**"):
            visitor.slider(key).focus()
        step = visitor.at(key)["step"]
        visitor.page.keyboard.press("ArrowRight")
        for route in held:
            route.continue_()
        visitor.shows(key, step + 1)
        same_numbers(visitor.numbers(), alone(view, key, step + 1))
        visitor.quiet()
        visitor.close()

    def test_a_hand_that_goes_home_before_its_address_has_come_leaves_none(
        self, browser: Browser, server: Server
    ) -> None:  # fmt: skip
        """The server has written a step into the address; before the browser hears of it, the hand is at the start."""
        visitor, shown = Visitor(browser, server.url), VIEWS["home/line"]
        answers, key = Answers(visitor.page), first(shown)
        visitor.open(place("home/line"))
        visitor.slider(key).focus()
        expect(visitor.stage).to_have_attribute("data-ready", key)
        step = visitor.at(key)["step"]
        answers.hold()
        for name, to in (("Right", step + 1), ("Left", step)):
            visitor.page.keyboard.press(f"Arrow{name}")
            visitor.shows(key, to)
            answers.all_said()
        answers.let_go()
        visitor.ready()
        visitor.page.wait_for_url(lambda url: key not in query_of(url))
        visitor.ready()
        visitor.shows(key, step)
        visitor.quiet()
        visitor.close()

    @pytest.mark.parametrize("view", ["home/line", "adversarial/generator"])
    def test_a_hand_that_comes_back_before_the_server_has_looked_stays(
        self, browser: Browser, server: Server, view: str
    ) -> None:  # fmt: skip
        """While the server draws a step, its address still to come, the hand goes on and returns to that step."""
        visitor, shown = Visitor(browser, server.url), VIEWS[view]
        answers, key = Answers(visitor.page), first(shown)
        visitor.open(place(view))
        visitor.slider(key).focus()
        expect(visitor.stage).to_have_attribute("data-ready", key)
        step = visitor.at(key)["step"] + 1
        answers.hold()
        answers.hold_questions()
        for count, (name, to) in enumerate((("Right", step), ("Right", step + 1), ("Left", step)), start=1):
            visitor.page.keyboard.press(f"Arrow{name}")
            visitor.shows(key, to)
            answers.asks(count)
        answers.ask_at_once()
        answers.all_said()
        answers.let_go()
        visitor.page.wait_for_url(lambda url: query_of(url).get(key) == link(shown, key, step))
        visitor.ready()
        assert visitor.at(key)["step"] == step
        visitor.shows(key, step)
        same_numbers(visitor.numbers(), alone(shown, key, step))
        visitor.quiet()
        visitor.close()

    def test_turning_the_page_during_a_drag_harms_neither_page(self, visit: Visit) -> None:
        visitor = visit("/")
        visitor.grab("w")
        visitor.pull("w", 20)
        visitor.page.get_by_role("link", name="Regression", exact=True).first.evaluate("link => link.click()")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Regression")
        visitor.page.mouse.up()
        visitor.ready()
        view = next(view for key, view in VIEWS.items() if key.startswith("regression/"))
        key = first(view)
        for step in visitor.drag(key, some_steps(view, key)[:2]):
            same_numbers(visitor.numbers(), alone(view, key, step))
        visitor.quiet()


class TestTheNumbersAreTheCore:
    """The reading, and the drawn point, against losscore called here with the value under the thumb."""

    def test_home(self, visit: Visit) -> None:
        visitor = visit("/")
        x = torch.arange(10.0)
        y = torch.cat([torch.arange(9.0), torch.tensor([24.0])])
        for step in visitor.drag("w", [10, 25, 44, 80]):
            slope = torch.tensor(-0.5 + 0.05 * step, requires_grad=True)
            loss = losscore.get("mse")(slope * x, y)
            (gradient,) = torch.autograd.grad(loss, slope)
            wanted = {"home.slope": slope.item(), "home.loss": loss.item(), "home.gradient": gradient.item()}
            numbers, point = visitor.numbers(), visitor.traces()[-1]
            for slot, number in wanted.items():
                assert numbers[slot] == pytest.approx(number, rel=1e-4, abs=1e-5)
            assert (point["x"], point["y"]) == (
                pytest.approx([slope.item()], rel=1e-4, abs=1e-6), pytest.approx([loss.item()], rel=1e-4),
            )  # fmt: skip

    def test_one_error(self, visit: Visit) -> None:
        visitor = visit(place("regression/one-error"))
        drawn = [slot.removesuffix(".loss") for slot in visitor.numbers() if slot.endswith(".loss")]
        losses = [loss for loss in map(losscore.get, drawn) if loss.of_residual]
        assert losses
        for _ in visitor.drag("r", [11, 47, 70, 98]):
            numbers = visitor.numbers()
            r = torch.tensor(numbers["r"], dtype=torch.float64)
            points = [(trace["x"][0], trace["y"][0]) for trace in visitor.traces() if trace["mode"] == "markers"]
            for loss in losses:
                want = loss(r, torch.zeros_like(r)).item()
                assert numbers[f"{loss.key}.loss"] == pytest.approx(want, rel=1e-4, abs=1e-6)
                assert any(point == pytest.approx((r.item(), want), rel=1e-4, abs=1e-6) for point in points)

    def test_overlap(self, visit: Visit) -> None:
        visitor = visit(place("segmentation/overlap"))
        settings = {key: value for key, value in defaults(VIEWS["segmentation/overlap"]).items() if key in EDITS}
        truth = scene("coins").truth
        for step in visitor.drag("shift_x", [3, 15, 33]):
            predicted = predict(truth, **settings | {"shift_x": float(step - 20)}).probability
            numbers = visitor.numbers()
            for key in ("dice", "jaccard"):
                want = losscore.get(key)(predicted, truth).item()
                assert numbers[f"overlap.{key}"] == pytest.approx(want, rel=1e-4, abs=1e-6)


class TestForEverybody:
    @some_views
    def test_a_screen_reader_hears_value_and_loss(self, visit: Visit, view: View) -> None:
        visitor, key = visit(place(view.key)), first(view)
        slider, native = view.sliders[key], visitor.slider(first(view))
        before = visitor.speech()
        for step in visitor.drag(key, some_steps(view, key)[-2:]):
            spoken = float((native.get_attribute("aria-valuetext") or "").replace("−", "-").replace(",", ""))
            assert spoken == pytest.approx(slider.values[step], rel=1e-3, abs=0.006)
            expect(visitor.page.locator(".stage-speech")).not_to_have_text(before)
            before = visitor.speech()
            assert any(sign.isdigit() for sign in before), before
        assert visitor.page.locator(".stage-speech").get_attribute("aria-live") == "polite"

    def test_the_theme_follows_the_visitor(self, visit: Visit) -> None:
        visitor = visit("/")
        ink = "root => root.querySelector('.stage-plot').layout.template.layout.font.color"
        for scheme in ("light", "dark", "light"):
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.page.wait_for_function(
                f"wanted => ({ink})(document.querySelector('.stage')) === wanted",
                arg=TEMPLATES[scheme]["layout"]["font"]["color"],
            )
            ground = visitor.page.locator(".stApp").evaluate("app => getComputedStyle(app).backgroundColor")
            assert (sum(int(part) for part in ground[4:-1].split(",")) > 384) == (scheme == "light")
        for step in visitor.drag("w", [30]):
            same_numbers(visitor.numbers(), alone(VIEWS["home/line"], "w", step))
        visitor.quiet()

    @pytest.mark.parametrize("motion", ["reduce", "no-preference"])
    def test_nothing_is_animated_for_those_who_asked(self, visit: Visit, motion: str) -> None:
        visitor = visit("/", reduced_motion=motion)
        for step in visitor.drag("w", [10, 30]):
            same_numbers(visitor.numbers(), alone(VIEWS["home/line"], "w", step))
            if motion == "reduce":
                assert visitor.page.evaluate("document.getAnimations().length") == 0
