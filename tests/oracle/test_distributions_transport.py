"""Entropic transport against POT, a linear programme, and the closed form of two bins by two."""

import math

import numpy as np
import ot
import pytest
import torch
from scipy.optimize import brentq, linprog

import losscore

RECORD = losscore.get("sinkhorn_transport_cost")
RNG = np.random.default_rng(4)


def problem(n: int, m: int, *, uniform: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    cost = ((RNG.random((n, 1, 2)) - RNG.random((1, m, 2))) ** 2).sum(-1)
    a, b = (np.full(k, 1 / k) if uniform else RNG.dirichlet(np.full(k, 2.0)) for k in (n, m))
    return cost, a, b


PROBLEMS = {
    "5 x 4": problem(5, 4),
    "16 x 16, uniform": problem(16, 16, uniform=True),
    "3 x 20": problem(3, 20),
    "1 x 6": problem(1, 6),
    "costs below 0": (RNG.normal(size=(4, 4)), *problem(4, 4)[1:]),
}


def tensors(name: str) -> list[torch.Tensor]:
    return [torch.as_tensor(one) for one in PROBLEMS[name]]


def two_by_two(cost: np.ndarray, a: np.ndarray, b: np.ndarray, reg: float) -> float:
    """One number u = P_11 is free, and P_11 P_22 / (P_12 P_21) = exp(-(C_11 + C_22 - C_12 - C_21) / reg)."""
    odds = -(cost[0, 0] + cost[1, 1] - cost[0, 1] - cost[1, 0]) / reg

    def excess(u: float) -> float:
        return math.log(u) + math.log(1 - a[0] - b[0] + u) - math.log(a[0] - u) - math.log(b[0] - u) - odds

    low, high = max(0.0, a[0] + b[0] - 1), min(a[0], b[0])
    gap = (high - low) * 1e-14
    u = brentq(excess, low + gap, high - gap, xtol=1e-16, rtol=1e-15)
    plan = np.array([[u, a[0] - u], [b[0] - u, 1 - a[0] - b[0] + u]])
    return float((plan * cost).sum())


@pytest.mark.parametrize("reg", [0.05, 0.1, 1.0, 10.0, 100.0])
def test_two_bins_by_two(reg: float) -> None:
    for _ in range(5):
        cost, a, b = RNG.random((2, 2)), RNG.dirichlet([2.0, 2.0]), RNG.dirichlet([2.0, 2.0])
        given = [torch.as_tensor(one) for one in (cost, a, b)]
        assert RECORD(*given, reg=reg).item() == pytest.approx(two_by_two(cost, a, b, reg), rel=1e-10)
        expected = np.zeros((2, 2))
        for at in np.ndindex(2, 2):
            step = np.zeros((2, 2))
            step[at] = 1e-6
            expected[at] = (two_by_two(cost + step, a, b, reg) - two_by_two(cost - step, a, b, reg)) / 2e-6
        assert RECORD.gradient(*given, reg=reg).numpy() == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("reg", [0.02, 0.1, 1.0, 100.0])
@pytest.mark.parametrize("name", PROBLEMS)
def test_pot_finds_the_same_cost(name: str, reg: float) -> None:
    cost, a, b = PROBLEMS[name]
    # Its usual stopping at 1e-9 is too early at a small blur.
    plan = ot.sinkhorn(a, b, cost, reg, method="sinkhorn_log", numItermax=200_000, stopThr=1e-13)
    assert RECORD(*tensors(name), reg=reg).item() == pytest.approx(float((plan * cost).sum()), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", PROBLEMS)
def test_at_almost_no_blur_it_is_the_best_plan(name: str) -> None:
    cost, a, b = PROBLEMS[name]
    n, m = cost.shape
    sums = np.concatenate([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    best = linprog(cost.ravel(), A_eq=sums, b_eq=np.concatenate([a, b])).fun
    ours = [RECORD(*tensors(name), reg=reg).item() for reg in (1e-4, 0.002, 0.02)]
    assert ours[0] == pytest.approx(best, rel=1e-4, abs=1e-5)
    # The plan of each blur is dearer than that of a smaller one.
    assert best - 1e-9 <= ours[0] <= ours[1] + 1e-12
    assert ours[1] <= ours[2] + 1e-12


@pytest.mark.parametrize("name", PROBLEMS)
def test_at_much_blur_everything_goes_everywhere(name: str) -> None:
    cost, a, b = PROBLEMS[name]
    assert RECORD(*tensors(name), reg=1e9).item() == pytest.approx(a @ cost @ b, rel=1e-7)


@pytest.mark.parametrize("reg", [0.02, 0.1, 1.0])
@pytest.mark.parametrize("wrt", ["cost", "a", "b"])
def test_the_gradient_is_that_of_the_solution(wrt: str, reg: float) -> None:
    given = tensors("5 x 4")
    at = ["cost", "a", "b"].index(wrt)
    slopes = RECORD.gradient(*given, wrt=wrt, reg=reg)
    cost, a, b = PROBLEMS["5 x 4"]

    def theirs(move: np.ndarray) -> float:
        parts = [cost, a, b]
        parts[at] = parts[at] + move
        plan = ot.sinkhorn(
            parts[1] / parts[1].sum(), parts[2] / parts[2].sum(), parts[0], reg,
            method="sinkhorn_log", numItermax=200_000, stopThr=1e-13, warn=False,
        )  # fmt: skip
        return float((plan * parts[0]).sum())

    way = RNG.normal(size=given[at].shape)
    expected = (theirs(1e-5 * way) - theirs(-1e-5 * way)) / 2e-5
    assert (slopes.numpy() * way).sum() == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_bins_without_mass_and_masses_of_another_sum() -> None:
    cost, a, b = tensors("5 x 4")
    a = torch.tensor([0.0, 0.3, 0.0, 0.7, 0.0]).double()
    inside = RECORD(cost[[1, 3]], a[[1, 3]], b)
    assert RECORD(cost, a, b).item() == pytest.approx(inside.item(), rel=1e-12)
    assert RECORD(cost, a / 2, b / 4).item() == pytest.approx(inside.item(), rel=1e-12)
    for wrt in ("cost", "a", "b"):
        assert RECORD.gradient(cost, a, b, wrt=wrt).isfinite().all()
    assert RECORD(cost, 0 * a, 0 * b).item() == pytest.approx(RECORD(cost, a * 0 + 0.2, b * 0 + 0.25).item(), rel=1e-12)


@pytest.mark.parametrize("reg", [0.002, 0.05])
def test_costs_far_above_the_blur_still_give_the_best_plan(reg: float) -> None:
    for _ in range(20):
        cost, a, b = 100 * RNG.random((5, 4)), RNG.dirichlet(np.ones(5)), RNG.dirichlet(np.ones(4))
        ours = RECORD(*(torch.as_tensor(one) for one in (cost, a, b)), reg=reg).item()
        assert ours == pytest.approx(ot.emd2(a, b, cost), rel=5e-3)


def test_single_precision_gives_the_number_of_double() -> None:
    for name in PROBLEMS:
        given = tensors(name)
        single = RECORD(*(one.float() for one in given), reg=0.01)
        assert single.dtype is torch.float32
        assert single.item() == pytest.approx(RECORD(*given, reg=0.01).item(), rel=1e-4, abs=1e-6)
