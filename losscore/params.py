"""The parameters of a loss, as data: symbol, range, meaning, and how a given value is checked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


def _inside(domain: str, low: float, high: float) -> bool:
    """Whether the closed interval low..high lies in a domain written like "(0, inf)" or "[0, 1]"."""
    left, right = (float(end) for end in domain[1:-1].split(","))
    above = low > left if domain[0] == "(" else low >= left
    below = high < right if domain[-1] == ")" else high <= right
    return above and below


@dataclass(frozen=True)
class Param:
    """A number that a slider can move.

    symbol: LaTeX. low, high: the slider's range. meaning: a few words for label and help.
    log: the slider moves in equal ratios. domain: every accepted value, "(0, inf)" style; -inf is accepted where the
    domain starts with "[-inf". unit: shown behind the number. optional: None is accepted too, and does without.
    stops: the slider's positions, where they lie unevenly.

    A number, or a tensor that broadcasts against the loss of each sample: a sweep over the parameter is one call.
    """

    symbol: str
    low: float
    high: float
    meaning: str
    log: bool = False
    domain: str = "(-inf, inf)"
    unit: str = ""
    optional: bool = False
    stops: tuple[float, ...] = ()

    def check(self, loss: str, name: str, value: Any) -> None:
        if value is None and self.optional:
            return
        if isinstance(value, Tensor) and value.is_floating_point():
            low, high = (value.min().item(), value.max().item()) if value.numel() else (self.low, self.high)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            low = high = float(value)
        else:
            raise TypeError(f"{loss}: {name} must be a number or a floating-point tensor, got {_what(value)}")
        if not _inside(self.domain, low, high):
            came = f"{low:g}" if low == high or math.isnan(low) else f"values from {low:g} to {high:g}"
            raise ValueError(f"{loss}: {name} must lie in {self.domain}, got {came}")


@dataclass(frozen=True)
class Choice:
    """A parameter that takes one of a few named values (a switch is the choice between False and True)."""

    options: tuple[Any, ...]
    meaning: str

    def check(self, loss: str, name: str, value: Any) -> None:
        if not any(value is option or (value == option and type(value) is type(option)) for option in self.options):
            raise ValueError(f"{loss}: {name} must be one of {list(self.options)}, got {value!r}")


@dataclass(frozen=True)
class Vector:
    """A parameter with one number a class (or a scale: `each`), as a list or a 1-dim tensor.

    None where the loss does without.
    """

    symbol: str
    low: float
    high: float
    meaning: str
    domain: str = "[0, inf)"
    each: str = "class"

    def check(self, loss: str, name: str, value: Any) -> None:
        if value is None:
            return
        if not isinstance(value, (Tensor, Sequence)) or isinstance(value, str):
            raise TypeError(f"{loss}: {name} must be a list of numbers or a 1-dim tensor, got {_what(value)}")
        try:
            numbers = torch.as_tensor(value, dtype=torch.float64)
        except (TypeError, ValueError, RuntimeError) as error:
            raise TypeError(f"{loss}: {name} must hold numbers only, got {value!r}") from error
        if numbers.ndim != 1 or not len(numbers):
            raise ValueError(f"{loss}: {name} must have one number a {self.each}, got shape {tuple(numbers.shape)}")
        if not _inside(self.domain, numbers.min().item(), numbers.max().item()):
            raise ValueError(f"{loss}: every {name} must lie in {self.domain}, got {numbers.tolist()}")


AnyParam = Param | Choice | Vector


def _what(value: Any) -> str:
    return f"a tensor of {value.dtype}" if isinstance(value, Tensor) else f"{type(value).__name__} {value!r}"
