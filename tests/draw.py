"""Inputs and parameters for any loss, drawn from nothing but its record."""

import math
from itertools import product
from typing import Any

import torch
from torch import Tensor

from losscore import Loss
from losscore.inputs import Input
from losscore.params import Choice, Param, Vector

SIZES = {"N": 5, "M": 4, "A": 4, "P": 2, "C": 3, "D": 3, "H": 4, "W": 6, "T": 7, "K": 4, "L": 2, "F": 2, "B": 2}
# How far from zero an unbounded input is drawn: raw scores beyond 1e4 saturate everything that there is.
FARTHEST = 1e6
FARTHEST_LOGIT = 1e4
# exp overflows float32 beyond 88; a log-rate is drawn up to here, and so is minus it.
FARTHEST_LOG_RATE = 80.0
# An open end is approached to this.
GAP = 1e-6


def sizes(record: Loss) -> dict[str, int]:
    """The size of each dimension of the record's inputs, large enough for all of them."""
    found: dict[str, int] = {}
    for kind in record.inputs.values():
        for dim in kind.dims:
            found[dim] = int(dim) if dim.isdigit() else max(SIZES[dim], kind.least, kind.ample, found.get(dim, 0))
    return found


def few(record: Loss, count: int, least: int = 1) -> int:
    """`count` samples, or as many as a test has time for where one sample is a large picture."""
    sized = sizes(record)
    numbers = sum(math.prod(sized[dim] for dim in kind.dims) for kind in record.inputs.values())
    return count if numbers <= 512 else min(count, max(least, 2**16 // numbers))


def target_of(record: Loss) -> Input | None:
    """The second input, which the first is held against; None for a loss of one input."""
    return next(iter(list(record.inputs.values())[1:]), None)


def interval(kind: Input, params: dict[str, Any]) -> tuple[float, float]:
    """The closed interval that values of this kind are drawn from."""
    if kind.free_if and params.get(kind.free_if):
        return -FARTHEST_LOG_RATE, FARTHEST_LOG_RATE
    far = FARTHEST_LOGIT if "logit" in kind.kind or "score" in kind.kind else FARTHEST
    return max(kind.low, -far) + (GAP if kind.open_low else 0.0), min(kind.high, far)


def typical(record: Loss, batch: tuple[int, ...], seed: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    """Ordinary inputs, strictly inside their typical range."""
    rng = torch.Generator().manual_seed(seed)
    return tuple(_ordinary(kind, batch, rng, dtype, sizes(record)) for kind in record.inputs.values())


def anywhere(
    record: Loss, batch: tuple[int, ...], seed: int, params: dict[str, Any], dtype: torch.dtype = torch.float64
) -> tuple[Tensor, ...]:
    """Inputs of the whole domain: ordinary ones, all magnitudes, exact ends and zeros, exact and near agreement."""
    rng = torch.Generator().manual_seed(seed)
    drawn: list[Tensor] = []
    for kind in record.inputs.values():
        ordinary = _ordinary(kind, batch, rng, dtype, sizes(record))
        ones = (1,) * len(kind.dims)
        if kind.integer:
            first = ordinary.reshape(*batch, -1)[..., :1].reshape(batch + ones)
            drawn.append(_mix([ordinary, ordinary, first.expand_as(ordinary)], batch, rng))
            continue
        if kind.only:
            drawn.append(ordinary)
            continue
        low, high = interval(kind, params)
        high = sizes(record)[kind.labels_of] - 1.0 if kind.labels_of else high
        shape = ordinary.shape
        signs = torch.randint(0, 2, shape, generator=rng).to(dtype) * 2 - 1
        magnitudes = 10 ** (torch.rand(shape, generator=rng, dtype=dtype) * 12 - 6)
        spread = (signs * magnitudes).clamp(low, high)
        ends = torch.tensor([low, high, min(max(0.0, low), high)], dtype=dtype)
        entries = ends[torch.randint(3, shape, generator=rng)]
        whole = ends[torch.randint(3, batch, generator=rng)].reshape(batch + ones).expand(shape)
        drawn.append(_valid(_mix([ordinary, spread, entries, whole], batch, rng), kind))
    pred = next(iter(record.inputs.values()))
    fit = agreement(record, drawn[1], params, dtype) if len(drawn) > 1 else None
    if fit is None or fit.shape != drawn[0].shape:
        return tuple(drawn)
    beside = fit + 10 ** (torch.rand(fit.shape, generator=rng, dtype=dtype) * 9 - 12) * (1 + fit.abs())
    preds = [drawn[0], drawn[0], drawn[0], drawn[0], fit, _valid(beside.clamp(*interval(pred, params)), pred)]
    return (_mix(preds, batch, rng), *drawn[1:])


def agreement(
    record: Loss, target: Tensor, params: dict[str, Any], dtype: torch.dtype = torch.float64
) -> Tensor | None:
    """The pred that says what the target says: the same values, or scores that leave no doubt about them.

    None where the second input is not what the first is held against, as the labels of a batch of embeddings are not.
    """
    pred, kind = list(record.inputs.values())[:2]
    scores = "logit" in pred.kind or "score" in pred.kind
    if kind.integer:
        if tuple(dim for dim in pred.dims if dim != kind.labels_of) != kind.dims or kind.labels_of not in pred.dims:
            return None
        at = pred.dims.index(kind.labels_of) - len(pred.dims)
        labels = torch.nn.functional.one_hot(target, sizes(record)[kind.labels_of]).movedim(-1, at).to(dtype)
        return (2 * labels - 1) * FARTHEST_LOGIT if scores else labels
    if pred.dims != kind.dims:
        return None
    if scores and kind.only:
        return target * FARTHEST_LOGIT
    if scores and (kind.low, kind.high) == (0, 1):
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
            # A default has one number for each; None leaves it to the classes.
            numbers = len(default) if (default := record.defaults[name]) else sizes(record)["C"]
            shares = torch.rand(numbers, generator=rng).tolist()
            return [param.low + (param.high - param.low) * u for u in shares]
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


def _ordinary(
    kind: Input, batch: tuple[int, ...], rng: torch.Generator, dtype: torch.dtype, sized: dict[str, int]
) -> Tensor:
    shape = batch + tuple(sized[dim] for dim in kind.dims)
    if kind.integer:
        least = int(max(kind.low, 0))
        return torch.randint(least, sized.get(kind.labels_of or "C", SIZES["C"]), shape, generator=rng)
    if kind.only:
        return torch.tensor(kind.only, dtype=dtype)[torch.randint(len(kind.only), shape, generator=rng)]
    low, high = kind.typical
    share = torch.rand(shape, generator=rng, dtype=dtype)
    if kind.kind == "mask":
        return share.round()
    values = low + (high - low) * (0.02 + 0.96 * share)
    return _valid(values, kind)


def _valid(values: Tensor, kind: Input) -> Tensor:
    """The same numbers as boxes, where boxes are wanted, or as shares of their sum, where they have one."""
    if kind.simplex:
        lone = torch.zeros_like(values)
        lone[..., 0] = 1
        total = values.sum(-1, keepdim=True)
        return torch.where(total > 0, values / torch.where(total > 0, total, 1), lone)
    if not kind.corners:
        return values
    one, other = values.split(2, -1)
    return torch.cat([torch.minimum(one, other), torch.maximum(one, other)], -1)


def _mix(choices: list[Tensor], batch: tuple[int, ...], rng: torch.Generator) -> Tensor:
    """For each sample one of the choices."""
    stacked = torch.stack(choices)
    which = torch.randint(len(choices), batch, generator=rng)
    which = which.reshape((1, *batch) + (1,) * (stacked.ndim - 1 - len(batch))).expand(1, *stacked.shape[1:])
    return stacked.gather(0, which).squeeze(0)
