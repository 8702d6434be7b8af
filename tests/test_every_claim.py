"""Every claim of every record is attacked; a claim of False, or of no bound, has to show its witness."""

import math
from collections.abc import Callable
from typing import Any

import draw
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import losscore
from losscore import Loss
from losscore.params import Choice

Measure = Callable[[Loss, tuple[Tensor, ...], dict[str, Any]], Tensor]
Road = list[tuple[Tensor, ...]]
SEEDS = st.integers(0, 2**31 - 1)
MANY = 4096


def claimed(name: str, *values: Any) -> pytest.MarkDecorator:
    """The records that claim `name`; only those with one of `values`, where some are given."""
    records = [
        record
        for record in losscore.losses()
        if getattr(record.claims, name) is not None and (not values or getattr(record.claims, name) in values)
    ]
    assert records, f"nothing claims {name}"
    return pytest.mark.parametrize("record", records, ids=[record.key for record in records])


def attacked(test: Any) -> Any:
    return settings(max_examples=3)(given(seed=SEEDS)(test))


def value(record: Loss, inputs: tuple[Tensor, ...], params: dict[str, Any]) -> Tensor:
    return record(*inputs, reduction="none", **params)


def slope(record: Loss, inputs: tuple[Tensor, ...], params: dict[str, Any]) -> Tensor:
    return record.gradient(*inputs, reduction="sum", **params)


def largest(record: Loss, entries: Tensor) -> Tensor:
    """The largest size of an entry of each sample of the first input."""
    first = next(iter(record.inputs.values()))
    return entries.abs().flatten(entries.ndim - len(first.dims)).amax(-1) if first.dims else entries.abs()


def chord(record: Loss, seed: int, params: dict[str, Any], samples: int) -> tuple[Tensor, Tensor, Tensor]:
    """The loss at both ends' mean and its value at the middle, for pairs of preds, and how large numbers there are."""
    draws = draw.anywhere if seed % 2 else lambda *arguments: draw.typical(*arguments[:3])
    near, far = (draws(record, (samples,), seed + k, params) for k in (0, 2))
    ends = [value(record, (pred, *near[1:]), params) for pred in (near[0], far[0])]
    middle = value(record, ((near[0] + far[0]) / 2, *near[1:]), params)
    return (ends[0] + ends[1]) / 2, middle, 1 + ends[0].abs() + ends[1].abs()


@claimed("convex", True)
@attacked
def test_no_chord_of_a_convex_loss_lies_under_its_graph(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    mean, middle, size = chord(record, seed, params, 512)
    # Where the mean of the ends is infinite, nothing can lie above it.
    assert ((middle - mean) / size)[mean.isfinite()].max() <= 1e-10


@claimed("convex", False)
def test_a_loss_that_is_not_convex_has_a_chord_under_its_graph(record: Loss) -> None:
    chords = [chord(record, seed, record.defaults, draw.few(record, MANY)) for seed in (0, 1)]
    mean, middle, size = (torch.cat(parts) for parts in zip(*chords, strict=True))
    assert ((middle - mean) / size)[mean.isfinite()].max() > 1e-3


def mirrored(record: Loss, seed: int, params: dict[str, Any]) -> tuple[Tensor, Tensor]:
    inputs = draw.anywhere(record, (512,), seed, params)
    other = 2 * inputs[1] - inputs[0]
    inside = draw.accepted(record, next(iter(record.inputs)), other, params)
    assert inside.any()
    kept = tuple(x[inside] for x in inputs)
    return value(record, kept, params), value(record, (other[inside], *kept[1:]), params)


@claimed("even", True)
@attacked
def test_an_even_loss_does_not_know_the_sign_of_an_error(record: Loss, seed: int) -> None:
    one, other = mirrored(record, seed, draw.params_of(record, seed))
    # 2y - p and back is rounded at the size of y, which a small error feels.
    torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@claimed("even", False)
def test_a_loss_that_is_not_even_knows_the_sign(record: Loss) -> None:
    # Some loss has one even setting, as pinball has at one half: the witness may come from any.
    pairs = [mirrored(record, seed, draw.params_of(record, seed)) for seed in range(8)]
    assert any(((one - other).abs() > 1e-3 * (1 + one.abs())).any() for one, other in pairs)


@claimed("homogeneous")
@attacked
def test_a_homogeneous_loss_scales_by_its_degree(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    inputs = draw.typical(record, (256,), seed)
    scale = 10 ** (2 * torch.rand(256, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) - 1)
    scaled = tuple(
        x if kind.integer or kind.only else x * draw.per_sample(scale, kind)
        for x, kind in zip(inputs, record.inputs.values(), strict=True)
    )
    expected = scale**record.claims.homogeneous * value(record, inputs, params)
    torch.testing.assert_close(value(record, scaled, params), expected, rtol=1e-9, atol=1e-12)


def ramp(record: Loss, params: dict[str, Any], decades: int = 6) -> tuple[Tensor, ...]:
    """Many inputs of all sizes, and for a loss of a residual a fine scan of it besides, up to 10**decades."""
    many = MANY if record.formula else draw.few(record, MANY // 4, least=8)
    inputs = draw.anywhere(record, (many,), 0, params)
    if not record.of_residual:
        return inputs
    scan = torch.logspace(-9, decades, MANY, dtype=torch.float64)
    return tuple(torch.cat([x, y]) for x, y in zip(inputs, (scan, torch.zeros_like(scan)), strict=True))


@claimed("slope_bound")
@attacked
def test_no_gradient_exceeds_its_bound_and_some_reach_it(record: Loss, seed: int) -> None:
    params = record.defaults if record.claims.slope_bound == "oo" else draw.params_of(record, seed)
    steepest = largest(record, slope(record, ramp(record, params), params)).max().item()
    bound = record.claims.bound("slope_bound", params)
    assert bound is not None
    if math.isinf(bound):
        assert steepest > 1e3 or grows(record, params, slope), f"{params}: {steepest:g}"
    else:
        assert steepest <= bound * (1 + 1e-9), f"{params}: {steepest:g} above {bound:g}"
        assert not record.of_residual or steepest >= 0.99 * bound, f"{params}: {steepest:g} never near {bound:g}"


@claimed("minimum")
@attacked
def test_no_value_lies_under_the_minimum_and_some_lie_on_it(record: Loss, seed: int) -> None:
    numbers = {name: record.defaults[name] for name, param in record.params.items() if not isinstance(param, Choice)}
    for params in [*draw.every_switch(record, seed), *draw.every_switch(record, seed, **numbers)]:
        values = value(record, ramp(record, params), params)
        low, bound = values[~values.isnan()].min().item(), record.claims.bound("minimum", params)
        assert bound is not None
        if math.isinf(bound):
            assert low < -1e3 or grows(record, params, lambda *given: -value(*given)), f"{params}: {low:g}"
        else:
            assert low >= bound - 1e-9 * (1 + abs(bound)), f"{params}: {low:g} under {bound:g}"
            reached = record.of_residual or all(params[name] == number for name, number in numbers.items())
            # The scan of a residual meets a perfect fit; pictures and probabilities only come near to one.
            margin = 1e-5 if record.of_residual else 0.02
            assert not reached or low <= bound + margin, f"{params}: {low:g} is not near {bound:g}"


@claimed("maximum")
@attacked
def test_no_value_exceeds_the_maximum_and_some_reach_it(record: Loss, seed: int) -> None:
    for params in draw.every_switch(record, seed):
        # Some level off so slowly that only a residual without bounds comes near.
        values = value(record, ramp(record, params, decades=150), params)
        high, bound = values[~values.isnan()].max().item(), record.claims.bound("maximum", params)
        assert bound is not None
        if math.isinf(bound):
            assert high > 1e3 or grows(record, params, value), f"{params}: {high:g}"
        else:
            assert high <= bound * (1 + 1e-9), f"{params}: {high:g} above {bound:g}"
            assert not record.of_residual or high >= 0.99 * bound, f"{params}: {high:g} never near {bound:g}"


def grows(record: Loss, params: dict[str, Any], what: Measure) -> bool:
    """Whether `what` goes on growing along some road: even a logarithm adds as much in one decade as in the last."""
    roads = [[what(record, inputs, params).nan_to_num(-math.inf).max().item() for inputs in road(record, params)]
             for road in (ever_larger_errors, ever_larger_pictures, ever_closer_fits)]
    return any(mid > near and far - mid >= 0.9 * (mid - near) for near, mid, far in filter(None, roads))


def ever_larger_errors(record: Loss, params: dict[str, Any]) -> Road:
    """Scores that spread over ever more decades, each entry by its own."""
    pred, *rest = draw.typical(record, (64,), 0)
    open_ended = math.isinf(next(iter(record.inputs.values())).high)
    share = torch.rand(pred.shape, generator=torch.Generator().manual_seed(0), dtype=pred.dtype)
    return [(pred.abs() * 10 ** (k * share), *rest) for k in (0, 2, 4)] if open_ended else []


def ever_larger_pictures(record: Loss, params: dict[str, Any]) -> Road:
    """A true corner and preds that are all, the far corner, all the rest; and all but the corner, said rightly."""
    if any(kind.dims != ("H", "W") or kind.high > 1 for kind in record.inputs.values()):
        return []
    road = []
    for side in (8, 16, 32):
        corner = torch.zeros(side, side, dtype=torch.float64)
        corner[0, 0] = 1
        preds = torch.stack([torch.ones_like(corner), corner.flip(0, 1), 1 - corner, 1 - corner])
        road.append((preds, torch.stack([corner, corner, corner, 1 - corner])))
    return road


def ever_closer_fits(record: Loss, params: dict[str, Any]) -> Road:
    inputs = draw.typical(record, (64,), 0)
    fit = draw.agreement(record, inputs[1], params) if len(inputs) > 1 else None
    if fit is None:
        return []
    # From the fit towards ordinary preds, which lie inside the domain.
    return [(fit + 10.0**-k * (inputs[0] - fit), *inputs[1:]) for k in (3, 6, 9)]


def jumps(record: Loss, seed: int, params: dict[str, Any], lines: int) -> Tensor:
    """The gradient's jump along lines through ordinary inputs and exact fits, as a share of its size on that line.

    Seven times the sixty-fourth of each line with the largest change is looked at again: over 1e-12 of a line a slope
    without a jump has nothing left to change by. Of a metric, which has no gradient, it is the value's jump.
    """
    lines = max(2, draw.few(record, 65 * lines) // 65)
    inputs = draw.typical(record, (lines,), seed)
    first = next(iter(record.inputs.values()))
    towards = draw.typical(record, (lines,), seed + 1)[0]
    target = draw.target_of(record)
    through_fit = target is not None and first.dims == target.dims and not target.integer
    centre = inputs[1] if through_fit and seed % 2 == 0 else inputs[0]
    # Beyond its ends a line between two boxes may hold none.
    start = 0.0 if first.corners else -0.71
    left, right = torch.full((lines,), start, dtype=torch.float64), torch.ones(lines, dtype=torch.float64)
    grid = torch.linspace(0, 1, 65, dtype=torch.float64)[:, None]
    low, high = draw.interval(first, params)
    size = jump = torch.zeros(lines, dtype=torch.float64)
    for zoom in range(8):
        places = left + (right - left) * grid
        way = towards - centre
        preds = (centre + draw.per_sample(places, first) * way).clamp(low, high)
        rest = tuple(x.expand(65, *x.shape) for x in inputs[1:])
        if record.differentiable:
            along = slope(record, (preds, *rest), params) * way
            along = along.flatten(2).sum(-1) if first.dims else along
        else:
            along = value(record, (preds, *rest), params).nan_to_num()
        changes = along.diff(dim=0).abs()
        jump, at = changes.max(0)
        size = along.abs().amax(0) if zoom == 0 else size
        left, right = places.gather(0, at[None])[0], places.gather(0, at[None] + 1)[0]
    return jump / (size + 1e-12)


@claimed("smooth", True)
@attacked
def test_the_gradient_of_a_smooth_loss_does_not_jump(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    assert jumps(record, seed, params, 32).max() <= 5e-3, f"{params}"


@claimed("smooth", False)
def test_a_loss_that_is_not_smooth_has_a_gradient_that_jumps(record: Loss) -> None:
    assert any(jumps(record, seed, record.defaults, 16).max() > 1e-2 for seed in range(8))


def pulls(record: Loss, seed: int, params: dict[str, Any]) -> Tensor:
    """The gradients' sizes when errors are as large as they can be drawn.

    A target that is free to go moves away on each open side; before labels and masks the pred's own scores grow.
    """
    inputs = draw.typical(record, (256,), seed)
    target = draw.target_of(record)
    if target is None or target.integer or math.isfinite(target.high):
        return largest(record, slope(record, (inputs[0] * draw.FARTHEST_LOGIT**2, *inputs[1:]), params))
    entry = (..., 0) if target.dims else ...
    far = []
    for side in [draw.FARTHEST] if math.isfinite(target.low) else [draw.FARTHEST, -draw.FARTHEST]:
        moved = inputs[1].clone()
        moved[entry] = side
        far.append(slope(record, (inputs[0], moved, *inputs[2:]), params)[entry].abs())
    return torch.stack(far).amax(0)


@claimed("robust", True)
@attacked
def test_the_pull_of_an_outlier_fades(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    strongest = slope(record, ramp(record, params), params).abs().max()
    assert pulls(record, seed, params).max() <= 1e-3 * strongest


@claimed("robust", False)
def test_the_pull_of_an_outlier_does_not_fade(record: Loss) -> None:
    inputs = draw.typical(record, (256,), 0)
    near = largest(record, slope(record, inputs, record.defaults)).median()
    assert pulls(record, 0, record.defaults).max() >= 0.3 * near


def idle(record: Loss, seed: int, params: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """For 64 preds against each of 64 targets: which have no gradient at all, and by how much each misses the best."""
    targets = draw.anywhere(record, (64,), seed, params)
    preds = draw.anywhere(record, (64, 64), seed + 1, params)[0]
    # The target itself belongs to the candidates, so that the best place is among them.
    first, second = next(iter(record.inputs.values())), draw.target_of(record)
    if second is not None and first.dims == second.dims and not second.integer and not second.only:
        low, high = draw.interval(first, params)
        preds[0] = targets[1].clamp(low, high)
    rest = tuple(x.expand(64, *x.shape) for x in targets[1:])
    values = value(record, (preds, *rest), params)
    still = largest(record, slope(record, (preds, *rest), params)) == 0
    return still, (values - values.nan_to_num(math.inf).amin(0)) / (1 + values.abs())


@claimed("flat", True)
def test_a_flat_loss_leaves_a_bad_place_without_a_gradient(record: Loss) -> None:
    still, missed = idle(record, 0, record.defaults)
    assert (still & (missed > 1e-3)).any()


@claimed("flat", False)
@attacked
def test_a_loss_that_is_not_flat_moves_on_from_every_bad_place(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    still, missed = idle(record, seed, params)
    assert not (still & (missed > 1e-9)).any(), f"{params}"


@claimed("logits")
def test_a_loss_of_logits_says_so_in_its_input(record: Loss) -> None:
    assert ("logit" in next(iter(record.inputs.values())).kind) is record.claims.logits
