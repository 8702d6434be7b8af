"""The walk through a loss's example: its numbers are the loss's own, and its slope is the slope of its curve."""

import pytest
import torch

import losscore
from losscore import Loss
from losscore.explore.walks import walk
from losscore.figures.loss_walk import loss_walk
from losscore.params import Param

EVERY = losscore.losses()
every_loss = pytest.mark.parametrize("record", EVERY, ids=[record.key for record in EVERY])


def places(record: Loss, count: int) -> torch.Tensor:
    trip = walk(record)
    return torch.linspace(trip.low, trip.high, count + 2, dtype=torch.float64)[1:-1]


@every_loss
def test_the_costs_are_those_of_the_loss(record: Loss) -> None:
    trip, at = walk(record), places(record, 5)
    value, _, pull = trip.costs(at, {})
    for step, place in enumerate(at):
        inputs = trip.inputs(place)
        torch.testing.assert_close(value[step], record(*inputs), rtol=1e-10, atol=1e-12, equal_nan=True)
        alone = record.gradient(*inputs, wrt=trip.moved)
        torch.testing.assert_close(pull[step], alone, rtol=1e-9, atol=1e-12, equal_nan=True)


@every_loss
def test_the_slope_is_that_of_the_curve(record: Loss) -> None:
    if not record.differentiable:
        _, along, _ = walk(record).costs(places(record, 5), {})
        assert torch.equal(along, torch.zeros(5, dtype=torch.float64))
        return
    trip, at, step = walk(record), places(record, 25), 1e-6
    _, along, _ = trip.costs(at, {})
    ahead, behind = (trip.costs(at + sign * step, {})[0] for sign in (1, -1))
    wanted = (ahead - behind) / (2 * step)
    close = (along - wanted).abs() <= 1e-4 * (1 + wanted.abs())
    # A kink, or a constant that carries no gradient, may lie on the way.
    assert close[wanted.isfinite()].double().mean() >= 0.8


@every_loss
def test_a_swept_parameter_gives_the_curves_one_by_one(record: Loss) -> None:
    trip, at = walk(record), places(record, 4)
    for name, param in record.params.items():
        if isinstance(param, Param):
            values = torch.linspace(param.low, param.high, 3, dtype=torch.float64)
            swept = trip.costs(at, {name: values})
            for index, value in enumerate(values.tolist()):
                for got, alone in zip(swept, trip.costs(at, {name: value}), strict=True):
                    torch.testing.assert_close(got[index], alone, rtol=1e-9, atol=1e-12, equal_nan=True)


def test_a_walk_says_where_it_goes() -> None:
    assert walk(losscore.get("mse")).title == "pred, where target is 0"
    assert walk(losscore.get("dice")).title == "from the example (0) to the target (1)"
    trip = walk(losscore.get("dice"))
    assert losscore.get("dice")(*trip.inputs(torch.tensor(1.0, dtype=torch.float64))).item() < 1e-9


def test_the_film_shows_the_numbers_of_the_walk() -> None:
    percent = torch.linspace(0, 100, 11)
    for keys in (["huber"], ["dice"], ["mse", "dice", "metric_nsd"]):
        film = loss_walk(keys, percent, {})
        for key in keys:
            trip = walk(losscore.get(key))
            at = trip.low + percent.double() / 100 * (trip.high - trip.low)
            value, along, _ = trip.costs(at, {})
            assert film.slots[f"{key}.loss"] == pytest.approx(value.numpy(), rel=1e-9)
            assert film.slots[f"{key}.slope"] == pytest.approx(along.numpy(), rel=1e-9, abs=1e-12)
    film = loss_walk(["huber"], 100.0, {"huber": {"delta": torch.tensor([0.5, 2.0])}})
    assert film.slots["huber.loss"].tolist() == [0.5 * (6 - 0.25), 2 * (6 - 1)]
    film = loss_walk(["huber", "mse"], 100.0, {"huber": {"delta": torch.tensor([2.0])}})
    assert film.slots["huber.loss"].tolist() == [2 * (6 - 1)]
