"""`Loss`: a declared loss that can be called, differentiated and asked about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from losscore import typeset
from losscore.claims import Claims
from losscore.inputs import Input
from losscore.params import AnyParam, Param

Reduction = Literal["mean", "sum", "none"]


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss and its card. Made by `losscore.declare.loss`; found by `losscore.get`.

    `function` gives the loss of each sample, shaped like the batch dimensions of the inputs; calling the record adds
    validation and the reduction over that batch.
    """

    key: str
    title: str
    family: str
    function: Callable[..., Tensor]
    inputs: dict[str, Input]
    params: dict[str, AnyParam]
    defaults: dict[str, Any]
    insight: str
    source: str
    claims: Claims
    formula: str | None = None  # SymPy text of one sample's loss, for losses of a scalar
    written: str | None = None  # LaTeX, for losses of a tensor
    aliases: tuple[str, ...] = ()
    variant_of: str | None = None
    trap: str = ""
    infinite: str = ""  # where the value is infinite, and why
    torch_call: str = ""  # the call of torch that gives the same mean, with {names} of parameters
    differentiable: bool = True

    @cached_property
    def latex(self) -> str:
        """The formula of one sample's loss in LaTeX."""
        return self.written if self.written is not None else typeset.latex(self.formula or "", self._symbols)

    def latex_with(self, **numbers: str) -> str:
        """The formula with given texts in the place of symbols, such as r="1.5"; only for losses of a scalar."""
        if self.formula is None:
            raise ValueError(f"{self.key}: the formula of a tensor loss has no single numbers to put in")
        return typeset.latex(self.formula, self._symbols | numbers)

    @property
    def of_residual(self) -> bool:
        """Whether one sample's loss is a function of pred - target alone."""
        return self.formula is not None and typeset.names(self.formula) <= {"r", *self.params}

    @property
    def _symbols(self) -> dict[str, str]:
        words = {name: rf"\text{{{name.replace('_', ' ')}}}" for name in self.params}
        if self.family == "classification" and self.inputs["pred"].high > 1:
            words["p"] = "z"  # a logit, which is no probability
        return words | {name: param.symbol for name, param in self.params.items() if hasattr(param, "symbol")}

    def __call__(self, *inputs: Tensor, reduction: Reduction = "mean", **params: Any) -> Tensor:
        """The loss of these inputs.

        reduction: "mean" or "sum" over all samples (a 0-dim tensor), "none" for one value a sample.
        Raises TypeError for a wrong number of inputs, a non-tensor, a wrong dtype or an unknown parameter; ValueError
        for shapes that do not fit, an empty input, values outside the accepted interval, a parameter out of its domain
        or an unknown reduction.
        """
        if reduction not in get_args(Reduction):
            raise ValueError(f"{self.key}: reduction must be one of {list(get_args(Reduction))}, got {reduction!r}")
        self._check_params(params)
        batch = self._check_inputs(inputs, params)
        each = self.function(*inputs, **(self.defaults | params))
        # A batch or a sweep keeps its shape over an input or a parameter that these settings make no use of.
        sweeps = [v.shape for n, v in params.items() if isinstance(v, Tensor) and isinstance(self.params[n], Param)]
        each = each.expand(torch.broadcast_shapes(each.shape, batch, *sweeps))
        return each if reduction == "none" else each.mean() if reduction == "mean" else each.sum()

    def gradient(
        self, *inputs: Tensor, wrt: str | None = None, reduction: Literal["mean", "sum"] = "mean", **params: Any
    ) -> Tensor:
        """d loss / d input, shaped like that input; the first input unless `wrt` names another.

        With reduction="sum" every sample of a batch gets the gradient of its own loss.
        A loss that is constant almost everywhere gives zeros. Raises as a call does, and ValueError for an unknown
        `wrt`.
        """
        floating = [name for name, kind in self.inputs.items() if not kind.integer]
        name = floating[0] if wrt is None else wrt
        if name not in floating:
            raise ValueError(f"{self.key}: wrt must be one of {floating}, got {wrt!r}")
        if reduction not in ("mean", "sum"):
            raise ValueError(f"{self.key}: reduction must be 'mean' or 'sum' for a gradient, got {reduction!r}")
        self._check_inputs(inputs, params)
        at = list(self.inputs).index(name)
        free = inputs[at].detach().clone().requires_grad_()
        with torch.enable_grad():
            value = self(*inputs[:at], free, *inputs[at + 1 :], reduction=reduction, **params)
            if not value.requires_grad:
                return torch.zeros_like(free, requires_grad=False)
            (slope,) = torch.autograd.grad(value, free, materialize_grads=True)
        return slope

    def snippet(self, inputs: Mapping[str, Tensor] | None = None, /, **params: Any) -> str:
        """A program in plain PyTorch that prints this loss at these parameters.

        inputs: every input by its name; None takes a few example tensors. Raises as a call does.
        """
        from losscore.snippet import snippet  # which needs this class

        return snippet(self, inputs, **params)

    def _check_params(self, params: dict[str, Any]) -> None:
        for name, value in params.items():
            if name not in self.params:
                accepted = ", ".join(self.params) or "none"
                raise TypeError(f"{self.key}: unknown parameter {name!r}; accepted: {accepted}")
            self.params[name].check(self.key, name, value)

    def _check_inputs(self, inputs: tuple[Any, ...], params: dict[str, Any]) -> torch.Size:
        """The batch that the inputs make together, once they are found fit."""
        if len(inputs) != len(self.inputs):
            names = ", ".join(self.inputs)
            raise TypeError(f"{self.key}: takes {len(self.inputs)} inputs ({names}), got {len(inputs)}")
        sizes: dict[str, tuple[int, str]] = {}
        batches = []
        for (name, kind), tensor in zip(self.inputs.items(), inputs, strict=True):
            if not isinstance(tensor, Tensor):
                raise TypeError(f"{self.key}: {name} must be a torch tensor, got {type(tensor).__name__}")
            if kind.integer == (tensor.is_floating_point() or tensor.is_complex() or tensor.dtype is torch.bool):
                wanted = "integer" if kind.integer else "floating-point"
                raise TypeError(f"{self.key}: {name} ({kind.kind}) must be {wanted}, got {tensor.dtype}")
            if not kind.integer and not tensor.is_floating_point():
                raise TypeError(f"{self.key}: {name} ({kind.kind}) must be floating-point, got {tensor.dtype}")
            if tensor.ndim < len(kind.dims):
                shape = f"(..., {', '.join(kind.dims)})"
                raise ValueError(f"{self.key}: {name} must have shape {shape}, got {tuple(tensor.shape)}")
            split = tensor.ndim - len(kind.dims)
            for dim, size in zip(kind.dims, tensor.shape[split:], strict=True):
                if size < kind.least and tensor.numel():
                    raise ValueError(f"{self.key}: {name} needs {kind.least} or more along {dim}, got {size}")
                if dim.isdigit() and size != int(dim):
                    shape = f"(..., {', '.join(kind.dims)})"
                    raise ValueError(f"{self.key}: {name} must have shape {shape}, got {tuple(tensor.shape)}")
                known, owner = sizes.setdefault(dim, (size, name))
                if known != size:
                    raise ValueError(f"{self.key}: {dim} is {known} in {owner} but {size} in {name}")
            batches.append(tensor.shape[:split])
            free = kind.free_if is not None and params.get(kind.free_if, self.defaults[kind.free_if])
            self._check_values(name, kind, tensor, free=bool(free))
            if kind.labels_of in sizes and tensor.max() > sizes[kind.labels_of][0] - 1:
                most, owner = sizes[kind.labels_of]
                what, of = ("labels", "classes") if kind.integer else ("positions", "places")
                accepted = f"{what} from 0 to {most - 1} ({owner} has {most} {of})"
                raise ValueError(f"{self.key}: {name} must hold {accepted}, got {tensor.max().item():g}")
        try:
            return torch.broadcast_shapes(*batches)
        except RuntimeError:
            shapes = ", ".join(f"{n} {tuple(t.shape)}" for n, t in zip(self.inputs, inputs, strict=True))
            raise ValueError(f"{self.key}: batch dimensions must broadcast, got {shapes}") from None

    def _check_values(self, name: str, kind: Input, tensor: Tensor, *, free: bool) -> None:
        if tensor.numel() == 0:
            raise ValueError(f"{self.key}: {name} is empty, shape {tuple(tensor.shape)}")
        if kind.corners and (tensor[..., 2:] < tensor[..., :2]).any():
            raise ValueError(f"{self.key}: {name} must be x1, y1, x2, y2 with x1 <= x2 and y1 <= y2")
        if free or kind.interval == "(-inf, inf)":
            return
        low, high = (end.item() for end in tensor.detach().aminmax())
        # Written so that NaN, which compares as false, is refused too.
        if not (low >= kind.low and high <= kind.high) or (kind.open_low and low == kind.low):
            raise ValueError(f"{self.key}: {name} must lie in {kind.interval}, got values from {low:g} to {high:g}")
        if kind.only and not torch.isin(tensor, torch.tensor(kind.only, dtype=tensor.dtype)).all():
            raise ValueError(f"{self.key}: {name} must be one of {[f'{v:g}' for v in kind.only]} everywhere")

    def __repr__(self) -> str:
        given = ", ".join([*self.inputs, *(f"{name}={value!r}" for name, value in self.defaults.items())])
        return f"<Loss {self.key}({given})>"
