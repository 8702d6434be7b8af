"""What the pages share: controls and links, films and their shelf, and what the server sends beside the pages."""

import asyncio
import base64
import csv
import gzip
import json
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import numpy as np
import plotly
import plotly.graph_objects as go
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from losscore.figures.film import Film
from pages.table import VIEWS
from pages.ui import reading
from pages.ui.controls import Choice, Control, Slider, Switch, Text, Values, nearest, read, write
from pages.ui.served import ROUTES, Base
from pages.ui.views import Shelf, View, address

EVERY = {f"{view.key}:{c.key}": c for view in VIEWS.values() for c in view.controls}
LINE = "home/line"
HOME_HEAD = ["slope w", "loss now", "gradient"]
every_view = pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())


def setting(control: Control) -> st.SearchStrategy[Any]:
    """Whatever a hand can set a control to."""
    if isinstance(control, Slider):
        return st.sampled_from(control.values)
    if isinstance(control, Switch):
        return st.booleans()
    if isinstance(control, Text):
        return st.sampled_from([control.default, control.hint or control.default])
    options = list(control.options)
    if control.several:
        return st.lists(st.sampled_from(options), min_size=1, max_size=control.most, unique=True)
    return st.sampled_from(options)


class TestControls:
    @pytest.mark.parametrize("control", EVERY.values(), ids=EVERY.keys())
    @given(data=st.data())
    def test_a_link_brings_back_what_was_set(self, control: Control, data: st.DataObject) -> None:
        value = data.draw(setting(control))
        assert control.read(control.write(value)) == value  # type: ignore[arg-type]

    @every_view
    @given(data=st.data())
    def test_links_of_whole_views_round_trip(self, view: View, data: st.DataObject) -> None:
        values = {control.key: data.draw(setting(control), control.key) for control in view.controls}
        query = write(view.controls, values)
        found, unread = read(view.controls, query)
        assert unread == []
        assert {key: found[key] for key in query} == {key: values[key] for key in query}
        for control in view.controls:
            if control.key not in query:
                assert found[control.key] == control.default

    @every_view
    @given(text=st.text(max_size=60))
    def test_no_text_in_a_link_breaks_a_control(self, view: View, text: str) -> None:
        values, unread = read(view.controls, {control.key: text for control in view.controls})
        strange = [control for control in view.controls if values[control.key] == control.default]
        assert len(unread) <= len(strange)
        for control in view.controls:
            assert control.read(control.write(values[control.key])) == values[control.key]

    @pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e308", "", "one", "7.1", "-0.1", "9" * 10_000])
    def test_a_slider_reads_numbers_in_range_only(self, text: str) -> None:
        with pytest.raises(ValueError):
            Slider("k", "k", 0, 7, 0, steps=8).read(text)

    def test_a_slider_takes_the_nearest_step(self) -> None:
        slider = Slider("k", "k", 0, 1, 0.5, steps=11)
        assert slider.values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
        assert [slider.read(text) for text in ("0.26", "1", "5e-1", " 0.71 ")] == [0.3, 1.0, 0.5, 0.7]

    def test_a_number_between_two_steps_is_said_to_be_moved(self) -> None:
        controls = (Slider("k", "turn", 0, 30, 0, steps=11), Slider("n", "n", 0.01, 10, 1, log=True), Switch("on", "o"))
        assert nearest(controls, {"k": "20"}) == ["Turn 20 lies between two steps; 21 was taken."]
        assert nearest(controls, {"k": "3", "n": controls[1].write(controls[1].values[7]), "on": "yes"}) == []
        assert nearest(controls, {"k": "nan", "n": "0", "x": "1"}) == []

    @every_view
    @given(data=st.data())
    def test_nothing_is_moved_in_a_link_that_the_app_wrote(self, view: View, data: st.DataObject) -> None:
        values = {control.key: data.draw(setting(control), control.key) for control in view.controls}
        assert nearest(view.controls, write(view.controls, values)) == []

    @given(
        low=st.floats(1e-4, 10), ratio=st.floats(3, 1e5), steps=st.integers(5, 121), place=st.floats(0, 1),
    )  # fmt: skip
    def test_steps_of_equal_ratio_rise_and_hold_the_default(
        self, low: float, ratio: float, steps: int, place: float
    ) -> None:
        low, high = float(f"{low:.3g}"), float(f"{low * ratio:.3g}")
        default = float(f"{low * (high / low) ** place:.3g}")
        values = Slider("k", "k", low, high, default, steps=steps, log=True).values
        assert default in values
        assert len(values) == steps
        assert list(values) == sorted(values)
        assert {values[0], values[-1]} <= {low, high, default}
        # Round numbers take the place of the step that is nearest to them; three digits are kept of the others.
        step = math.log(high / low) / (steps - 1)
        assert np.abs(np.log(values) - np.linspace(math.log(low), math.log(high), steps)).max() <= step + 6e-3

    def test_a_default_between_the_steps_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not among the steps"):
            Slider("k", "k", 0, 1, 0.55, steps=11)

    def test_choices_refuse_strangers_twins_and_crowds(self) -> None:
        choice = Choice("k", "k", {"a": "A", "b": "B", "c": "C"}, ["a"], several=True, most=2)
        assert choice.read("b,a") == ["b", "a"]
        for text in ("a,d", "a,a", "a,b,c", "", ","):
            with pytest.raises(ValueError):
                choice.read(text)


def moving(steps: int = 4) -> Film:
    """A film with all there is: a marker, a picture, a number that is not finite, a sentence."""
    figure = go.Figure([go.Scatter(x=[0], y=[0]), go.Scatter(x=[1, 2], y=[3, 4])])
    figure.add_layout_image(source="", xref="x", yref="y")
    film = Film(figure, steps, "A dot.")
    along = torch.arange(float(steps))
    film.move(0, x=along[:, None], y=along[:, None] ** 2)
    film.move(1, y=torch.tensor([5.0, 6.0]))
    film.picture(0, torch.arange(steps)[:, None, None].expand(steps, 2, 2) % 2, [(0, 0, 0, 255), (255, 0, 0, 255)])
    film.say("height", along**2)
    film.say("depth", torch.where(along == 1, torch.inf, along))
    film.say("fixed", 7.0)
    film.speak([f"Step {step}" for step in range(steps)])
    return film


class TestFilm:
    def test_a_frame_is_the_same_as_its_step_of_the_reel(self) -> None:
        film = moving()
        reel = json.loads(json.dumps(film.reel(), allow_nan=False))
        arrays = {(a["trace"], a["name"]): a for a in reel["arrays"]}
        for step in range(4):
            frame = film.frame(step)
            figure = json.loads(frame["figure"])
            for (trace, name), packed in arrays.items():
                shape = (packed["frames"], *packed["shape"])
                floats = np.frombuffer(base64.b64decode(packed["floats"]), "<f4").reshape(shape)
                whole = figure["data"][trace][name]
                whole = np.frombuffer(base64.b64decode(whole["bdata"]), whole["dtype"]) if "bdata" in whole else whole
                np.testing.assert_array_equal(whole, floats[step if len(floats) > 1 else 0])
            assert figure["layout"]["images"][0]["source"] == reel["images"][0]["sources"][step]
            for slot, (value, text) in frame["slots"].items():
                assert [value, text] == [reel["slots"][slot]["values"][step], reel["slots"][slot]["texts"][step]]
            assert frame["speech"] == reel["speech"][step] == f"Step {step}"

    def test_what_json_cannot_say_is_left_empty(self) -> None:
        assert moving().frame(1)["slots"]["depth"] == [None, "∞"]

    def test_the_table_has_a_row_for_every_step(self) -> None:
        rows = [row.split(",") for row in moving().table("k", [0.0, 0.5, 1.0, 1.5]).splitlines()]
        assert rows[0] == ["k", "height", "depth", "fixed"]
        assert [[float(cell) for cell in row] for row in rows[1:]] == [
            [0.0, 0, 0, 7], [0.5, 1, math.inf, 7], [1.0, 4, 2, 7], [1.5, 9, 3, 7],
        ]  # fmt: skip

    def test_the_table_is_headed_by_labels_where_there_are_some(self) -> None:
        labels = {"height": "Dot, so high", "fixed": "Dot: fixed"}
        lines = moving().table("Turn (degrees)", range(4), labels).splitlines()
        assert lines[0] == 'Turn (degrees),"Dot, so high",depth,Dot: fixed'
        assert lines[1].startswith("0,0,")

    def test_a_film_refuses_what_has_other_steps(self) -> None:
        film = moving()
        with pytest.raises(ValueError, match="a film of 4 steps got 3"):
            film.move(0, x=torch.zeros(3, 1))
        with pytest.raises(ValueError, match="a film of 4 steps got 5"):
            film.say("height", torch.zeros(5))


def counted(made: list[Values], gate: threading.Event | None = None) -> View:
    def film(values: Values) -> Film:
        made.append(values)
        if gate:
            assert gate.wait(20)
        return moving(len(torch.as_tensor(values["k"]).reshape(-1)))

    return View("test/view", (Slider("k", "k", 0, 3, 0, steps=4), Slider("n", "n", 0, 99, 0, steps=100)), film)


class TestShelf:
    def test_a_film_is_made_once_for_all_who_wait_for_it(self) -> None:
        made: list[Values] = []
        gate, shelf, found = threading.Event(), Shelf(4), []
        view = counted(made, gate)
        crowd = [
            threading.Thread(target=lambda: found.append(shelf.get(view, {"k": 0, "n": 5}, "k"))) for _ in range(8)
        ]
        for one in crowd:
            one.start()
        gate.set()
        for one in crowd:
            one.join(20)
        assert len(made) == 1
        assert len(found) == 8
        assert all(one is found[0] for one in found)

    def test_the_swept_value_names_no_film(self) -> None:
        made: list[Values] = []
        view, shelf = counted(made), Shelf(4)
        for k in range(4):
            shelf.get(view, {"k": float(k), "n": 5}, "k")
        assert len(made) == 1
        assert made[0]["k"].tolist() == [0, 1, 2, 3]
        assert address(view, {"k": 1.0, "n": 5}, "k") != address(view, {"k": 1.0, "n": 5}, "n")

    def test_what_was_asked_for_longest_ago_goes_first(self) -> None:
        made: list[Values] = []
        view, shelf = counted(made), Shelf(2)
        for n in (1, 2, 1, 3, 1):  # 3 drives out 2
            shelf.get(view, {"k": 0, "n": n}, "k")
        assert [values["n"] for values in made] == [1, 2, 3]
        shelf.get(view, {"k": 0, "n": 2}, "k")
        assert [values["n"] for values in made] == [1, 2, 3, 2]

    def test_a_film_that_fails_can_be_asked_for_again(self) -> None:
        calls: list[int] = []

        def film(values: Values) -> Film:
            calls.append(1)
            if len(calls) == 1:
                raise RuntimeError("no film")
            return moving(4)

        view, shelf = View("test/view", (Slider("k", "k", 0, 3, 0, steps=4),), film), Shelf(2)
        with pytest.raises(RuntimeError, match="no film"):
            shelf.get(view, {"k": 0}, "k")
        assert shelf.get(view, {"k": 0}, "k").film.steps == 4


class TestView:
    def test_only_live_sliders_are_swept_and_the_first_shown_comes_first(self) -> None:
        controls = (
            Slider("hidden", "h", 0, 3, 0, steps=4, shown=lambda values: values["on"]),
            Slider("late", "l", 0, 3, 0, steps=4, live=False),
            Slider("k", "k", 0, 3, 0, steps=4),
            Switch("on", "o"),
        )
        view = View("test/view", controls, lambda values: moving())
        assert list(view.sliders) == ["hidden", "k"]
        assert view.first({"on": False}) == "k"
        assert view.first({"on": True}) == "hidden"
        assert View("test/still", controls[1:2], lambda values: moving()).first({}) == ""


async def _html(_: Request) -> HTMLResponse:
    return HTMLResponse("<html><head><title>x</title></head></html>")


SERVED = Starlette(routes=[*ROUTES, Route("/page", _html)], middleware=[Middleware(Base)])


def ask(path: str, **query: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, unpacked."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": [],
        "query_string": urlencode(query).encode(), "http_version": "1.1", "scheme": "http", "server": ("localhost", 80),
        "client": ("localhost", 1), "root_path": "",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    # In a thread of its own: where a browser's tests ran before, this one has a running event loop.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(lambda: asyncio.run(SERVED(scope, receive, send))).result()
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], headers, gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


class TestReading:
    def test_a_number_is_labelled_by_what_stands_beside_it(self) -> None:
        table = reading.table(
            ["Loss", "now & then", "pull"],
            [
                [reading.swatch("mse", "MSE"), reading.slot("a"), reading.formula("x") + reading.slot("b")],
                [f"after {reading.slot('steps')} steps", reading.slot("c")],
            ],
        )
        bars = reading.meters([reading.meter("Dice <score>", "d", "#000000"), reading.meter("IoU", "e", "#000000")])
        assert reading.labels(table + bars + reading.slot("alone")) == {
            "a": "MSE: now & then", "b": "MSE: pull", "c": "after steps: now & then", "d": "Dice <score>", "e": "IoU",
        }  # fmt: skip

    @every_view
    def test_no_two_columns_of_a_table_are_called_alike(self, view: View) -> None:
        for key in view.sliders:
            if view.sliders[key].shown(read(view.controls, {})[0]):
                head = next(csv.reader(ask(f"/numbers/{view.key}", _sweep=key)[2].decode().splitlines()))
                assert len(set(head)) == len(head)


class TestServed:
    @every_view
    def test_frames_of_every_slider(self, view: View) -> None:
        values = read(view.controls, {})[0]
        for key, slider in view.sliders.items():
            if slider.shown(values):
                status, headers, body = ask(f"/frames/{view.key}", _sweep=key)
                reel = json.loads(body)
                assert (status, headers["content-type"], reel["steps"]) == (200, "application/json", slider.steps)
                assert all(len(slot["values"]) == slider.steps for slot in reel["slots"].values())
                assert int(headers["content-length"]) <= 390_000, "forty laptops share one network"

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("/frames/nowhere", {"_sweep": "w"}), (f"/frames/{LINE}", {}), (f"/frames/{LINE}", {"_sweep": "loss"}),
            (f"/numbers/{LINE}", {"_sweep": "x" * 10_000}), ("/numbers/../app.py", {"_sweep": "w"}),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_not_found(self, path: str, query: dict[str, str]) -> None:
        assert ask(path, **query)[0] == 404

    @pytest.mark.parametrize("loss", ["no_such_loss", "nan", "x" * 10_000, "<script>"])
    def test_hostile_settings_give_the_defaults(self, loss: str) -> None:
        assert ask(f"/frames/{LINE}", _sweep="w", loss=loss) == ask(f"/frames/{LINE}", _sweep="w")

    def test_numbers_are_those_of_the_frames(self) -> None:
        reel = json.loads(ask(f"/frames/{LINE}", _sweep="w", loss="mae")[2])
        _, headers, table = ask(f"/numbers/{LINE}", _sweep="w", loss="mae")
        head, *rows = [line.split(",") for line in table.decode().splitlines()]
        assert headers["content-disposition"] == 'attachment; filename="home-line-w.csv"'
        assert head[0] == "Slope of the line"
        assert head[1:] == [f"MAE: {what}" for what in HOME_HEAD]
        for column, (_, numbers) in enumerate(reel["slots"].items(), start=1):
            written = [float(row[column]) for row in rows]
            np.testing.assert_allclose(written, numbers["values"], rtol=1e-6)

    def test_the_page_knows_its_server_and_its_plotly(self) -> None:
        page = ask("/page")[2].decode()
        assert page.index("BACKEND_BASE_URL") < page.index("<title>")
        script = page.split('id="plotly-script" src="./')[1].split('"')[0]
        status, headers, body = ask(f"/{script}")
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")
        assert f"plotly.js v{plotly.__version__[0]}".split("v")[0].encode() in body[:200]
        assert "https://" not in script

    def test_the_pages_style_is_there_before_the_first_word(self) -> None:
        head = ask("/page")[2].decode().split("<title>")[0]
        style = head.split("<style>html {")[1].split("</style>")[0]
        assert "stMainBlockContainer" in style
        assert style.count("{") + 1 == style.count("}")  # or the rest of the page's style would be swallowed


class TestHandles:
    def test_a_handle_is_told_and_needs_a_slider(self) -> None:
        film = moving()
        film.handle(0, x="left", point=0, name="the dot")
        assert film.handles == [{"trace": 0, "point": 0, "x": "left", "y": None, "name": "the dot"}]
        assert film.frame(1)["alt"] == "A dot. To be dragged, or moved by the sliders: the dot."
        with pytest.raises(ValueError, match="sets no slider"):
            film.handle(0)

    def test_one_step_of_a_reel_is_that_step(self) -> None:
        film = moving()
        whole, one = film.reel(), film.reel(2)
        assert (one["steps"], one["speech"], one["still"]) == (1, ["Step 2"], whole["still"])
        assert one["images"][0]["sources"] == [whole["images"][0]["sources"][2]]
        for part, all_ in zip(one["arrays"], whole["arrays"], strict=True):
            floats = np.frombuffer(base64.b64decode(all_["floats"]), "<f4").reshape(all_["frames"], -1)
            shown = np.frombuffer(base64.b64decode(part["floats"]), "<f4")
            np.testing.assert_array_equal(shown, floats[2 if all_["frames"] > 1 else 0])
        for slot, numbers in whole["slots"].items():
            assert one["slots"][slot] == {name: [some[2]] for name, some in numbers.items()}

    def test_the_frame_of_a_place_is_not_kept(self) -> None:
        view = VIEWS["boxes/pair"]
        values = read(view.controls, {"box_left": "11", "box_top": "13"})[0]
        shelf = Shelf(room=3)
        film = shelf.once(view, values, "box_left")
        assert film.slots["boxes.pred.left"][11] == 11
        assert film.slots["boxes.pred.top"][11] == 13
        assert shelf.once(view, values, "box_left") is not film
        kept = shelf.get(view, values, "box_left").film
        assert shelf.once(view, values, "box_left") is kept
