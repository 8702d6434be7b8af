"""The catalogue page: search, filters and order list the right losses; cards and figure hold losscore's numbers."""

import re
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

import losscore
from losscore import Loss
from losscore.cost import costs
from losscore.explore.walks import walk
from losscore.figures.two_models import SCORES
from losscore.params import Param
from losscore.traits import traits
from pages import catalogue
from pages.segmentation import VIEWS as SEGMENTATION
from pages.table import link
from pages.ui import loss_controls
from pages.ui.controls import Slider, read
from pages.ui.presets import presets_of

EVERY = losscore.losses()
every_loss = pytest.mark.parametrize("record", EVERY, ids=[record.key for record in EVERY])


def opened(**query: str) -> AppTest:
    def script() -> None:
        from pages import catalogue

        catalogue.draw()

    at = AppTest.from_function(script, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    at.run()
    assert not at.exception
    return at


def values(**settings: Any) -> dict[str, Any]:
    return read(catalogue.CARD.settings, {})[0] | settings


def listed(**settings: Any) -> list[str]:
    return [loss.key for loss in catalogue._listed(values(**settings))]


def shown(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["Loss"])


def test_untouched_it_shows_a_slope_that_fades() -> None:
    percent = torch.tensor(catalogue.CARD.sliders["place"].values)
    film = catalogue.CARD.film(values(place=percent))
    at, slope = film.slots["cauchy.at"], film.slots["cauchy.slope"]
    assert at[slope.argmax()] == pytest.approx(2**0.5, abs=0.1)
    assert slope[-1] < 0.5 * slope.max()
    assert len(shown(opened())) == len(EVERY)


@pytest.mark.parametrize("name", list(presets_of(catalogue.CARD)))
def test_a_preset_tells_what_each_loss_pulls(name: str) -> None:
    changes, shows, _ = presets_of(catalogue.CARD)[name]
    slots = catalogue.CARD.film(values(**changes)).slots
    assert {abs(float(slots[f"{key}.at"][0])) for key in changes["cards"]} == {6.0}
    said = [abs(float(number.replace("−", "-"))) for number in re.findall(r"\d\S*\d|\d", shows)]
    pulls = [abs(float(slots[f"{key}.slope"][0])) for key in changes["cards"]]
    assert said == pytest.approx([6, *pulls], rel=0.03)


def test_some_presets_go_well_and_some_go_wrong() -> None:
    assert {preset.fails for preset in presets_of(catalogue.CARD).values()} == {True, False}


@every_loss
def test_every_loss_has_its_film(record: Loss) -> None:
    percent = torch.tensor(catalogue.CARD.sliders["place"].values)
    film = catalogue.CARD.film(values(cards=[record.key], place=percent))
    trip = walk(record)
    there = torch.tensor([trip.low + 0.35 * (trip.high - trip.low)], dtype=torch.float64)
    expected = trip.costs(there, {})
    assert film.slots[f"{record.key}.loss"][35] == pytest.approx(expected[0].item(), rel=1e-6, abs=1e-9, nan_ok=True)
    assert film.slots[f"{record.key}.slope"][35] == pytest.approx(expected[1].item(), rel=1e-6, abs=1e-9, nan_ok=True)
    assert film.reel()["steps"] == 101
    assert film.frame(0)["alt"]


@pytest.mark.parametrize("three", [EVERY[i : i + 3] for i in range(0, len(EVERY), 3)], ids=lambda three: three[0].key)
def test_every_loss_has_its_card_by_link(three: list[Loss]) -> None:
    at = opened(cards=",".join(record.key for record in three))
    for record, code in zip(three, at.code, strict=True):
        assert any(record.title in markdown.value for markdown in at.markdown)
        assert any(record.source in caption.value for caption in at.caption)
        assert code.value == record.snippet().rstrip()


@pytest.mark.parametrize("last", [False, True], ids=["low", "high"])
def test_every_parameter_at_its_ends_is_drawn_and_copied(last: bool) -> None:
    for control in catalogue.CARD.controls:
        if not isinstance(control, Slider) or control.key == "place":
            continue
        key = next(loss.key for loss in EVERY if any(control.key == f"{loss.key}_{name}" for name in loss.params))
        name, end = control.key.removeprefix(f"{key}_"), control.values[-1 if last else 0]
        settings = values(cards=[key]) | {control.key: end}
        film = catalogue.CARD.film(settings)
        assert film.steps == 1
        assert f"{name}={end!r}" in losscore.get(key).snippet(**loss_controls.params([key], settings)[key]) or (
            losscore.get(key).torch_call
        )


def test_a_parameter_moves_the_figure_and_the_lines_to_copy() -> None:
    at = opened(cards="huber", huber_delta="3")
    assert "delta=3.0" in at.code[0].value
    film = catalogue.CARD.film(values(cards=["huber"], huber_delta=torch.tensor([0.5, 3.0]), place=100))
    assert film.slots["huber.loss"].tolist() == [0.5 * (6 - 0.25), 3 * (6 - 1.5)]


def test_losses_stand_side_by_side() -> None:
    at = opened(cards="mse,dice,metric_hd95")
    assert len(at.code) == 3
    film = catalogue.CARD.film(values(cards=["mse", "dice", "metric_hd95"]))
    assert {f"{key}.loss" for key in ("mse", "dice", "metric_hd95")} <= film.slots.keys()


def test_search_filters_and_order() -> None:
    assert listed(q="hubr")[0] == "huber"
    assert set(listed(family=["metrics"])) == {loss.key for loss in losscore.losses("metrics")}
    robust = listed(traits=["robust", "smooth"])
    assert {"cauchy", "welsch"} <= set(robust)
    assert "mse" not in robust
    assert all({"robust", "smooth"} <= set(traits(losscore.get(key))) for key in robust)
    by_cost = [costs().ratios[key] for key in listed(order="cost")]
    assert by_cost == sorted(by_cost)
    assert len(by_cost) == len(EVERY)
    names = listed(order="name")
    assert names != listed()
    assert sorted(names) == sorted(listed())


def test_the_table_follows_the_link() -> None:
    assert "Huber" in shown(opened(q="huber"))
    assert len(shown(opened(q="huber"))) < 20
    assert set(opened(family="metrics").dataframe[0].value["Family"]) == {"Metrics"}
    at = opened(family="metrics", traits="convex")
    assert not at.dataframe
    assert any("No loss fits" in caption.value for caption in at.caption)


def test_a_typed_search_stays_in_the_link() -> None:
    at = opened()
    at.text_input(key="q").set_value("dice").run()
    assert not at.exception
    assert at.query_params["q"] == "dice"
    assert "MSE" not in shown(at)
    at.multiselect(key="cards").set_value(["dice", "jaccard"]).run()
    assert at.query_params["cards"] == "dice,jaccard"
    assert at.query_params["q"] == "dice"


@pytest.mark.parametrize(
    "query",
    [
        {"cards": "no_such_loss"}, {"cards": "mse,mae,huber,dice,jaccard"}, {"q": "x" * 5000}, {"order": "<script>"},
        {"place": "nan"}, {"place": "1e308"}, {"family": ",,,"}, {"traits": "robust,robust"}, {"sweep": "nobody"},
        {"huber_delta": "-1", "cards": "huber"}, {"q": "'; drop table --"},
    ],
)  # fmt: skip
def test_a_hostile_link_gives_a_page(query: dict[str, str]) -> None:
    at = opened(**query)
    assert len(at.code) == 1 or any("No loss fits" in caption.value for caption in at.caption)


def test_every_loss_can_be_chosen_where_it_is_seen_at_work() -> None:
    """All but most metrics: what is reported of a mask stands in tables beside the losses; two scores are compared."""
    for loss in EVERY:
        place = link(loss.key)
        assert place is not None
        page, query = place
        assert loss.key in ",".join(query.values())
        assert (page.path == "catalogue") is (loss.family == "metrics" and loss.key not in SCORES), loss.key
        view = next(view for view in page.views if view.key.split("/")[1] == query.get("part", view.key.split("/")[1]))
        assert read(view.settings, query)[1] == []


def test_every_metric_is_told_of_a_mask() -> None:
    asked = {
        slot for view in SEGMENTATION for slot in re.findall(r"metric_\w+", view.reading(read(view.controls, {})[0]))
    }
    assert asked == {loss.key for loss in losscore.losses("metrics")}


def test_every_number_of_a_loss_has_its_slider() -> None:
    keys = {control.key for control in catalogue.CARD.controls}
    for loss in EVERY:
        for name, param in loss.params.items():
            if isinstance(param, Param) and loss.defaults[name] is not None:
                assert f"{loss.key}_{name}" in keys
