"""The surface of 101 x 101 lines over 200 samples, against a Python loop and against the formula alone in torch.

All run in one thread and are told in its processor time, so that other work on the machine does not count.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import sympy
import torch

import losscore
from benchmarks.row import Row
from losscore.explore.surfaces import line_surface
from losscore.record import Loss
from losscore.scenes.points import Points

GRID, SAMPLES = 101, 200
REPEATS = 15
LOOPED = 400  # evaluations of the loop that are timed; the rest of its two million cost the same


def rows() -> Iterator[Row]:
    torch.set_num_threads(1)
    rng = torch.Generator().manual_seed(0)
    x = torch.rand(SAMPLES, generator=rng) * 10
    y = x + torch.randn(SAMPLES, generator=rng)
    points = Points(x, y, torch.ones(SAMPLES), torch.zeros(SAMPLES, dtype=torch.bool), "x", "y", "")
    slopes, intercepts = torch.linspace(-1, 3, GRID), torch.linspace(-5, 5, GRID)
    with torch.no_grad():
        for loss in losscore.losses("regression"):
            if loss.of_residual:
                yield from _rows(loss, points, slopes, intercepts)


def _rows(loss: Loss, points: Points, slopes: torch.Tensor, intercepts: torch.Tensor) -> Iterator[Row]:
    formula = _formula(loss)

    def fused() -> torch.Tensor:
        return formula(slopes[:, None] * points.x + intercepts[:, None, None] - points.y).mean(-1)

    def ours() -> torch.Tensor:
        return line_surface(loss, points, slopes, intercepts)

    torch.testing.assert_close(ours(), fused(), rtol=1e-3, atol=1e-4)
    batched, plain = _alternately(ours, fused)
    looped = _loop(loss, points, slopes, intercepts)
    yield Row(f"surface, {loss.key}: a Python loop's time", looped / batched, " times ours", 500, True)
    note = f"{batched * 1000:.1f} ms"
    yield Row(f"surface, {loss.key}: ours", batched / plain, " times the formula in torch", 2, note=note)


def _formula(loss: Loss) -> Callable[[torch.Tensor], torch.Tensor]:
    """The formula on the loss's card as torch operations, its parameters at their defaults."""
    symbols = {name: sympy.Symbol(name, real=True) for name in ("r", *loss.params)}
    numbers = {symbols[name]: value for name, value in loss.defaults.items() if name in symbols}
    formula = sympy.sympify(loss.formula, locals=symbols).subs(numbers)
    made = sympy.lambdify([symbols["r"]], formula, [{"max": _largest}, "torch"])
    return lambda r: made(r)


def _largest(one: float | torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return torch.maximum(one, other) if isinstance(one, torch.Tensor) else other.clamp(min=one)


def _loop(loss: Loss, points: Points, slopes: torch.Tensor, intercepts: torch.Tensor) -> float:
    """Seconds for every line and every sample on its own."""
    start = time.thread_time()
    for n in range(LOOPED):
        pred = slopes[n % GRID] * points.x[n % SAMPLES] + intercepts[n // GRID]
        loss(pred, points.y[n % SAMPLES], reduction="none")
    return (time.thread_time() - start) / LOOPED * GRID * GRID * SAMPLES


def _alternately(*ways: Callable[[], object]) -> tuple[float, ...]:
    """Median processor seconds of each way, taken in turns so that all meet the same machine."""
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(REPEATS):
        for times, way in zip(took, ways, strict=True):
            start = time.thread_time()
            way()
            times.append(time.thread_time() - start)
    return tuple(map(median, took))
