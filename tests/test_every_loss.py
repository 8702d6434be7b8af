"""What must hold for every registered loss, drawn from its record alone."""

import math
from collections.abc import Callable
from typing import Any

import draw
import mpmath
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import losscore
from losscore import Loss
from losscore.inputs import Input
from losscore.params import Choice, Param

SEEDS = st.integers(0, 2**31 - 1)
EVERY = losscore.losses()
TRAINED = [record for record in EVERY if record.differentiable]
OF_A_SCALAR = [record for record in EVERY if record.formula is not None]


# Part of these counts as a constant in the gradient, which so is not the value's slope; their oracles hold it.
PARTLY_FROZEN = {"ciou"}
# Solved by iteration: costs of 1e6 at a blur of 0.002 leave seven digits, and the last ones depend on the batch.
ITERATED = {"sinkhorn_transport_cost"}


def every(records: list[Loss]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("record", records, ids=[record.key for record in records])


def sampled(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return lambda test: settings(max_examples=examples)(given(seed=SEEDS)(test))


def floating(record: Loss) -> list[str]:
    return [name for name, kind in record.inputs.items() if not kind.integer]


@every(TRAINED)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@sampled(8)
def test_value_and_gradient_are_finite_everywhere(record: Loss, dtype: torch.dtype, seed: int) -> None:
    params = draw.params_of(record, seed)
    samples = draw.few(record, 128)
    inputs = draw.anywhere(record, (samples,), seed, params, dtype)
    value = record(*inputs, reduction="none", **params)
    assert value.dtype == dtype
    assert value.shape == (samples,)
    # Of a loss whose card says where it is infinite, the gradient is held where the value is not.
    fine = value.isfinite() | (value.isinf() & bool(record.infinite))
    assert fine.all(), f"{params}: {[x[~fine] for x in inputs]}"
    slope = record.gradient(*inputs, reduction="sum", **params)
    assert slope.dtype == dtype
    assert slope.shape == inputs[0].shape
    bad = ~slope.isfinite()
    bad[value.isinf()] = False
    assert not bad.any(), f"{params}: {[x[bad.flatten(1).any(1) if x.ndim > 1 else bad] for x in inputs]}"


@every([record for record in EVERY if record.infinite])
def test_a_loss_that_says_where_it_is_infinite_is_so_somewhere(record: Loss) -> None:
    values = record(*draw.anywhere(record, (2048,), 0, record.defaults), reduction="none")
    assert values.isinf().any()
    assert values.isfinite().any()


@every([record for record in EVERY if not record.differentiable])
@sampled(5)
def test_a_metric_is_a_number_or_undefined_and_has_no_gradient(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    inputs = draw.anywhere(record, (32,), seed, params)
    value = record(*inputs, reduction="none", **params)
    assert value.shape == (32,)
    assert (value.isfinite() | value.isnan()).all()
    assert value.isfinite().any()
    assert (value[value.isfinite()] >= 0).all()
    assert torch.equal(record.gradient(*inputs, **params), torch.zeros_like(inputs[0]))


@every([record for record in TRAINED if record.key not in PARTLY_FROZEN])
@sampled(4)
def test_gradient_is_the_slope_of_the_value(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    inputs = draw.typical(record, (draw.few(record, 64),), seed)
    for at, name in enumerate(record.inputs):
        if name not in floating(record) or record.inputs[name].kind == "mask" or record.inputs[name].only:
            continue
        rng = torch.Generator().manual_seed(seed)
        way = torch.randn(inputs[at].shape, generator=rng, dtype=torch.float64)
        way = way / way.flatten(1).norm(dim=1).reshape((-1,) + (1,) * (way.ndim - 1)) if way.ndim > 1 else way.sign()

        def moved(step: float, at: int = at, way: Tensor = way) -> Tensor:
            there = [*inputs[:at], inputs[at] + step * way, *inputs[at + 1 :]]
            return record(*there, reduction="none", **params)

        coarse, fine = ((moved(h) - moved(-h)) / (2 * h) for h in (2e-5, 1e-5))
        slope = record.gradient(*inputs, wrt=name, reduction="sum", **params)
        along = (slope * way).flatten(1).sum(1) if way.ndim > 1 else slope * way
        size = 1 + coarse.abs()
        # Where the two differences disagree there is a kink, or a bend too narrow for them, in between.
        trusted = (coarse - fine).abs() <= 1e-6 * size
        finite = coarse.isfinite().sum()
        assert trusted.sum() >= 0.6 * finite, f"{name}, {params}: only {trusted.sum()} of {finite} can be compared"
        worst = ((along - fine).abs() / size)[trusted].max()
        assert worst <= 1e-5, f"{name}, {params}: {worst:g}"


@every(EVERY)
@sampled(3)
def test_a_batch_is_its_samples_one_by_one(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    inputs = draw.anywhere(record, (2, 4), seed, params)
    together = record(*inputs, reduction="none", **params)
    assert together.shape == (2, 4)
    alone = torch.stack([record(*(x[i, j] for x in inputs), **params) for i in range(2) for j in range(4)])
    rtol = 1e-6 if record.key in ITERATED else 1e-10  # sums of a batch are rounded in another order
    torch.testing.assert_close(together.flatten(), alone, rtol=rtol, atol=1e-12, equal_nan=True)
    # One sample against a batch of others.
    first = record(inputs[0], *(x[0, 0] for x in inputs[1:]), reduction="none", **params)
    assert first.shape == (2, 4)
    torch.testing.assert_close(first[0, 0], together[0, 0], rtol=rtol, atol=1e-12, equal_nan=True)


@every(EVERY)
@sampled(4)
def test_float32_stays_near_float64(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    single = draw.typical(record, (draw.few(record, 64),), seed, torch.float32)
    double = tuple(x if kind.integer else x.double() for x, kind in zip(single, record.inputs.values(), strict=True))
    near = record(*single, reduction="none", **params)
    exact = record(*double, reduction="none", **params)
    torch.testing.assert_close(near.double(), exact, rtol=2e-4, atol=2e-5, equal_nan=True)
    slope = record.gradient(*double, reduction="sum", **params)
    # A kink between the two roundings may turn single slopes around; nine in ten must agree.
    gap = (record.gradient(*single, reduction="sum", **params).double() - slope).abs()
    close = gap <= 2e-4 * slope.abs() + 1e-4 * slope.abs().amax() + 1e-6
    assert close.double().mean() >= 0.9, f"{params}: {gap.max():g}"


@every(OF_A_SCALAR)
@sampled(3)
def test_the_formula_on_the_page_is_the_code(record: Loss, seed: int) -> None:
    # Stirling's term is not part of the formula.
    fixed = {"full": False} if "full" in record.params else {}
    for params in draw.every_switch(record, seed, **fixed):
        hold_the_formula_to_the_code(record, params, seed)


def hold_the_formula_to_the_code(record: Loss, params: dict[str, Any], seed: int) -> None:
    inputs = draw.anywhere(record, (16,), seed, params)
    names = ["r", "p", "y", *record.params]
    symbols = {name: sympy.Symbol(name) for name in names}
    with mpmath.workdps(60):
        formula = sympy.lambdify(list(symbols.values()), sympy.sympify(record.formula, locals=symbols), "mpmath")
        given_params = [value if isinstance(value, bool) else mpmath.mpf(value) for value in params.values()]
        written = [
            float(formula(mpmath.mpf(p) - mpmath.mpf(y), mpmath.mpf(p), mpmath.mpf(y), *given_params))
            for p, y in zip(*(x.tolist() for x in inputs), strict=True)
        ]
    size = max(abs(x).max().item() for x in inputs)
    coded = record(*inputs, reduction="none", **params)
    # The residual of two large numbers that nearly agree carries their rounding with it.
    expected = torch.tensor(written, dtype=torch.float64)
    same = torch.isclose(coded, expected, rtol=1e-9, atol=1e-13 * (1 + size))
    assert same.all(), f"{params}: {coded[~same]} instead of {expected[~same]}"


@every([record for record in EVERY if any(isinstance(param, Param) for param in record.params.values())])
@sampled(3)
def test_a_tensor_of_parameters_is_a_loop_over_numbers(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    inputs = draw.typical(record, (draw.few(record, 5),), seed)
    for name, param in record.params.items():
        if not isinstance(param, Param):
            continue
        steps = [param.low + (param.high - param.low) * k / 6 for k in range(7)]
        sweep = params | {name: torch.tensor(steps, dtype=torch.float64)[:, None]}
        swept = record(*inputs, reduction="none", **sweep)
        assert swept.shape == (7, len(inputs[0]))
        looped = torch.stack([record(*inputs, reduction="none", **(params | {name: step})) for step in steps])
        torch.testing.assert_close(swept, looped, rtol=1e-12, atol=1e-12, equal_nan=True)
        if record.differentiable:
            slope = record.gradient(*(x[None].expand(7, *x.shape) for x in inputs), reduction="sum", **sweep)
            loops = [record.gradient(*inputs, reduction="sum", **(params | {name: step})) for step in steps]
            torch.testing.assert_close(slope, torch.stack(loops), rtol=1e-10, atol=1e-12)


@every(EVERY)
@sampled(2)
def test_reductions_agree(record: Loss, seed: int) -> None:
    params = draw.params_of(record, seed)
    batch = (draw.few(record, 3), draw.few(record, 5))
    inputs = draw.typical(record, batch, seed)
    each = record(*inputs, reduction="none", **params)
    assert each.shape == batch
    mean, total = record(*inputs, **params), record(*inputs, reduction="sum", **params)
    assert mean.shape == total.shape == ()
    torch.testing.assert_close(total, each.sum(), equal_nan=True)
    torch.testing.assert_close(mean, each.sum() / each.numel(), equal_nan=True)
    mean_slope, sum_slope = (record.gradient(*inputs, reduction=how, **params) for how in ("mean", "sum"))
    torch.testing.assert_close(mean_slope, sum_slope / each.numel())


@every(EVERY)
def test_a_call_leaves_its_inputs_alone_and_its_defaults_are_accepted(record: Loss) -> None:
    inputs = draw.typical(record, (3,), 1)
    before = [x.clone() for x in inputs]
    torch.testing.assert_close(record(*inputs), record(*inputs, **record.defaults), rtol=0, atol=0, equal_nan=True)
    record.gradient(*inputs)
    assert all(torch.equal(x, y) and not x.requires_grad for x, y in zip(inputs, before, strict=True))


@every(EVERY)
def test_wrong_inputs_and_parameters_are_refused_in_words(record: Loss) -> None:
    inputs = draw.typical(record, (3,), 1)
    first = next(iter(record.inputs))
    with pytest.raises(TypeError, match=f"{record.key}: takes {len(inputs)} inputs"):
        record(*inputs[1:])
    with pytest.raises(TypeError, match=f"{record.key}: {first} must be a torch tensor"):
        record(inputs[0].tolist(), *inputs[1:])
    with pytest.raises(TypeError, match=f"{record.key}: {first} .* must be floating-point"):
        record(inputs[0].int(), *inputs[1:])
    with pytest.raises(ValueError, match=f"{record.key}: {first} is empty"):
        record(*(x[:0] for x in inputs))
    if len(inputs) > 1:
        with pytest.raises(ValueError, match=f"{record.key}: batch dimensions must broadcast"):
            record(inputs[0], *(x[:2] for x in inputs[1:]))
    with pytest.raises(TypeError, match=f"{record.key}: unknown parameter 'no_such'"):
        record(*inputs, no_such=1.0)
    with pytest.raises(ValueError, match=f"{record.key}: reduction must be"):
        record(*inputs, reduction="median")
    for name, kind in record.inputs.items():
        at = list(record.inputs).index(name)
        for outside in {kind.low - 1, kind.high + 1, kind.low if kind.open_low else math.inf} - {math.inf, -math.inf}:
            if kind.integer or kind.corners:
                continue
            wrong = [x.clone() for x in inputs]
            wrong[at].flatten()[0] = outside
            with pytest.raises(ValueError, match=f"{record.key}: {name} must lie in"):
                record(*wrong)
    for at, (name, kind) in enumerate(record.inputs.items()):
        for odd, words in oddities(kind, inputs[at]):
            with pytest.raises(ValueError, match=f"{record.key}: {name} {words}"):
                record(*inputs[:at], odd, *inputs[at + 1 :])
    for name, param in record.params.items():
        refused: list[Any] = [math.nan, "high", True] if isinstance(param, Param) else ["no such choice"]
        for value in refused:
            with pytest.raises((TypeError, ValueError), match=f"{record.key}: {name} must"):
                record(*inputs, **{name: value})


def oddities(kind: Input, tensor: Tensor) -> list[tuple[Tensor, str]]:
    """Inputs of the right shape that this kind does not accept, and how each is refused."""
    found: list[tuple[Tensor, str]] = []
    if kind.only:
        found.append((torch.full_like(tensor, 0.5), "must be one of"))
    if kind.corners:
        found.append((tensor.flip(-1), "must be x1, y1, x2, y2"))
    if kind.labels_of is not None:
        found.append((torch.full_like(tensor, 99), "must hold (labels|positions) from 0 to"))
    if kind.least > 1:
        found.append((tensor[..., :1], f"needs {kind.least} or more along"))
    return found


@every(EVERY)
def test_the_card_is_complete(record: Loss) -> None:
    assert record.title
    assert record.title[0].isupper()
    assert record.source
    assert record.__doc__
    assert record.function.__doc__
    assert record.insight.endswith(".")
    assert ". " not in record.insight, "one sentence"
    assert record.trap == "" or record.trap.endswith(".")
    assert record.infinite == "" or record.infinite.endswith(".")
    assert record.latex
    assert record.latex.count("{") == record.latex.count("}")
    assert "oo" not in record.latex.replace("smooth", "")
    assert record.variant_of is None or losscore.get(record.variant_of).family == record.family
    assert all(kind.dims is not None and kind.kind for kind in record.inputs.values())
    for name, param in record.params.items():
        assert param.meaning
        if isinstance(param, Choice):
            assert record.defaults[name] in param.options
            continue
        assert param.symbol
        assert param.low < param.high
        if isinstance(param, Param):
            assert param.low <= record.defaults[name] <= param.high
            assert not param.log or param.low > 0
            param.check(record.key, name, param.low)
            param.check(record.key, name, param.high)


def test_titles_differ() -> None:
    titles = [record.title for record in EVERY]
    assert len(set(titles)) == len(titles)
