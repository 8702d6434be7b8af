"""Inputs and parameters for any loss, drawn from nothing but its record."""

import math
from itertools import product
from typing import Any

import torch
from torch import Tensor

from losscore import Loss
from losscore.inputs import Input
from losscore.params import Choice, Param, Vector

SIZES = {"N": 5, "C": 3, "H": 4, "W": 6}
# How far from zero an unbounded input is drawn: raw scores beyond 1e4 saturate everything that there is.
FARTHEST = 1e6
FARTHEST_LOGIT = 1e4
# exp overflows float32 beyond 88; a log-rate is drawn up to here, and so is minus it.
FARTHEST_LOG_RATE = 80.0
# An open end is approached to this.
GAP = 1e-6


def interval(kind: Input, params: dict[str, Any]) -> tuple[float, float]:
    """The closed interval that values of this kind are drawn from."""
    if kind.free_if and params.get(kind.free_if):
        return -FARTHEST_LOG_RATE, FARTHEST_LOG_RATE
    far = FARTHEST_LOGIT if "logit" in kind.kind else FARTHEST
    return max(kind.low, -far) + (GAP if kind.open_low else 0.0), min(kind.high, far)


def typical(record: Loss, batch: tuple[int, ...], seed: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    """Ordinary inputs, strictly inside their typical range."""
    rng = torch.Generator().manual_seed(seed)
    return tuple(_ordinary(kind, batch, rng, dtype) for kind in record.inputs.values())


def anywhere(
    record: Loss, batch: tuple[int, ...], seed: int, params: dict[str, Any], dtype: torch.dtype = torch.float64
) -> tuple[Tensor, ...]:
    """Inputs of the whole domain: ordinary ones, all magnitudes, exact ends and zeros, exact and near agreement."""
    rng = torch.Generator().manual_seed(seed)
    drawn: list[Tensor] = []
    for kind in record.inputs.values():
        ordinary = _ordinary(kind, batch, rng, dtype)
        if kind.integer:
            one_class = torch.randint(SIZES["C"], batch + (1,) * len(kind.dims), generator=rng).expand_as(ordinary)
            drawn.append(_mix([ordinary, ordinary, one_class], batch, rng))
            continue
        low, high = interval(kind, params)
        shape = ordinary.shape
        signs = torch.randint(0, 2, shape, generator=rng).to(dtype) * 2 - 1
        sizes = 10 ** (torch.rand(shape, generator=rng, dtype=dtype) * 12 - 6)
        spread = (signs * sizes).clamp(low, high)
        ends = torch.tensor([low, high, min(max(0.0, low), high)], dtype=dtype)
        entries = ends[torch.randint(3, shape, generator=rng)]
        whole = ends[torch.randint(3, batch, generator=rng)].reshape(batch + (1,) * len(kind.dims)).expand(shape)
        drawn.append(_mix([ordinary, spread, entries, whole], batch, rng))
    pred = next(iter(record.inputs.values()))
    fit = agreement(record, drawn[1], params, dtype)
    beside = fit + 10 ** (torch.rand(fit.shape, generator=rng, dtype=dtype) * 9 - 12) * (1 + fit.abs())
    preds = [drawn[0], drawn[0], drawn[0], drawn[0], fit, beside.clamp(*interval(pred, params))]
    return (_mix(preds, batch, rng), *drawn[1:])


def agreement(record: Loss, target: Tensor, params: dict[str, Any], dtype: torch.dtype = torch.float64) -> Tensor:
    """The pred that says what the target says: the same values, or scores that leave no doubt about them."""
    pred, kind = list(record.inputs.values())[:2]
    if kind.integer:
        labels = torch.nn.functional.one_hot(target, SIZES["C"]).movedim(-1, -1 - len(kind.dims))
        return (2 * labels.to(dtype) - 1) * FARTHEST_LOGIT
    if "logit" in pred.kind:
        return (2 * target - 1) * FARTHEST_LOGIT
    return target.clamp(*interval(pred, params))


def params_of(record: Loss, seed: int, **fixed: Any) -> dict[str, Any]:
    """A setting of every slider and switch, ends included; about one in four stays at its default."""
    rng = torch.Generator().manual_seed(seed)

    def one(name: str, param: Param | Choice | Vector) -> Any:
        share, way = torch.rand(2, generator=rng).tolist()
        if way < 0.25:
            return record.defaults[name]
        if isinstance(param, Choice):
            return param.options[int(share * len(param.options))]
        if isinstance(param, Vector):
            return [param.low + (param.high - param.low) * u for u in torch.rand(SIZES["C"], generator=rng).tolist()]
        if way < 0.4:
            # The domain's own far end counts as a position of the slider, as Barron's -inf does.
            return -math.inf if param.domain.startswith("[-inf") and share < 0.5 else param.low
        if way < 0.5:
            return param.high
        if param.log:
            return param.low * (param.high / param.low) ** share
        return param.low + (param.high - param.low) * share

    return {name: one(name, param) for name, param in record.params.items()} | fixed


def every_switch(record: Loss, seed: int, **fixed: Any) -> list[dict[str, Any]]:
    """One setting for each combination of the switches, so that none is left to chance."""
    free = {name: p.options for name, p in record.params.items() if isinstance(p, Choice) and name not in fixed}
    return [params_of(record, seed, **fixed, **dict(zip(free, way, strict=True))) for way in product(*free.values())]


def accepted(record: Loss, name: str, tensor: Tensor, params: dict[str, Any]) -> Tensor:
    """Which samples of a batch lie wholly in the interval of this input."""
    kind = record.inputs[name]
    low, high = interval(kind, params)
    inside = (tensor >= low) & (tensor <= high)
    return inside.flatten(tensor.ndim - len(kind.dims)).all(-1) if kind.dims else inside


def per_sample(values: Tensor, kind: Input) -> Tensor:
    """A number a sample, shaped so that it broadcasts against the samples of this kind."""
    return values.reshape(values.shape + (1,) * len(kind.dims))


def _ordinary(kind: Input, batch: tuple[int, ...], rng: torch.Generator, dtype: torch.dtype) -> Tensor:
    shape = batch + tuple(SIZES[dim] for dim in kind.dims)
    if kind.integer:
        return torch.randint(SIZES["C"], shape, generator=rng)
    low, high = kind.typical
    share = torch.rand(shape, generator=rng, dtype=dtype)
    if kind.kind == "mask":
        return share.round()
    return low + (high - low) * (0.02 + 0.96 * share)


def _mix(choices: list[Tensor], batch: tuple[int, ...], rng: torch.Generator) -> Tensor:
    """For each sample one of the choices."""
    stacked = torch.stack(choices)
    which = torch.randint(len(choices), batch, generator=rng)
    which = which.reshape((1, *batch) + (1,) * (stacked.ndim - 1 - len(batch))).expand(1, *stacked.shape[1:])
    return stacked.gather(0, which).squeeze(0)
