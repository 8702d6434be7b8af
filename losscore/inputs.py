"""The kinds of tensor a loss can take, as data: what validation checks and what the tests draw."""

import math
from dataclasses import dataclass
from typing import Annotated

from torch import Tensor


@dataclass(frozen=True)
class Input:
    """One input of a loss.

    kind: what the numbers mean, in words a message can use ("probability map").
    dims: names of the trailing dimensions that make up ONE sample; every dimension before them is a batch dimension.
          Equal names must have equal sizes across the inputs of a loss; a name that is a number is that size.
    low, high: the closed interval of accepted values; `open_low` excludes `low` itself.
    only: the values accepted where they are just a few, such as (-1, 1).
    integer: class labels (an integer dtype) instead of floating point.
    labels_of: for labels, or places between them, the dimension that they count along: at most its size minus one.
    corners: the last dimension is x1, y1, x2, y2 with x1 <= x2 and y1 <= y2.
    simplex: ordinary values are shares that sum to one over the last dimension (any others are taken as they are).
    least: the smallest size of each of `dims` that the loss can work on.
    ample: a size of each of `dims` that every setting of the loss's parameters can work on, where some need more.
    typical: where a test or a page draws ordinary values from.
    free_if: the switch (a parameter of the loss) under which every value is accepted, as a logarithm would be.
    """

    kind: str
    dims: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    only: tuple[float, ...] = ()
    integer: bool = False
    labels_of: str | None = None
    corners: bool = False
    simplex: bool = False
    least: int = 1
    ample: int = 1
    typical: tuple[float, float] = (-3.0, 3.0)
    free_if: str | None = None

    @property
    def interval(self) -> str:
        """The accepted values as text, such as "[0, 1]" or "(0, inf)"."""
        left = "(" if self.open_low or math.isinf(self.low) else "["
        right = ")" if math.isinf(self.high) else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"


# One number a sample: regression losses act on each residual by itself.
Values = Annotated[Tensor, Input("values")]
NonNegative = Annotated[Tensor, Input("values", low=0.0, typical=(0.0, 6.0))]
AboveMinusOne = Annotated[Tensor, Input("values", low=-1.0, open_low=True, typical=(0.0, 6.0))]
Variance = Annotated[Tensor, Input("variance", low=0.0, typical=(0.05, 4.0))]
Rate = Annotated[Tensor, Input("rate", low=0.0, typical=(0.1, 6.0), free_if="log_input")]
# One vector a sample: the loss is not a sum over its entries.
ValueVector = Annotated[Tensor, Input("values", dims=("N",))]
PositiveVector = Annotated[Tensor, Input("values", dims=("N",), low=0.0, open_low=True, typical=(0.1, 6.0))]
# One picture a sample.
ProbabilityMap = Annotated[Tensor, Input("probability map", dims=("H", "W"), low=0.0, high=1.0, typical=(0.0, 1.0))]
LogitMap = Annotated[Tensor, Input("logit map", dims=("H", "W"), typical=(-4.0, 4.0))]
Mask = Annotated[Tensor, Input("mask", dims=("H", "W"), low=0.0, high=1.0, typical=(0.0, 1.0))]
ClassLogitMap = Annotated[Tensor, Input("class logit map", dims=("C", "H", "W"), typical=(-4.0, 4.0))]
LabelMap = Annotated[Tensor, Input("label map", dims=("H", "W"), low=0, integer=True, labels_of="C")]

# Binary decisions, one number a sample.
Logit = Annotated[Tensor, Input("logit", typical=(-4.0, 4.0))]
Probability = Annotated[Tensor, Input("probability", low=0.0, high=1.0, typical=(0.0, 1.0))]
BinaryTarget = Annotated[Tensor, Input("binary target", low=0.0, high=1.0, typical=(0.0, 1.0))]
Score = Annotated[Tensor, Input("score", typical=(-4.0, 4.0))]
Sign = Annotated[Tensor, Input("sign", low=-1.0, high=1.0, only=(-1.0, 1.0))]
# One of C classes a sample.
ClassLogits = Annotated[Tensor, Input("class logits", dims=("C",), typical=(-4.0, 4.0))]
ClassScores = Annotated[Tensor, Input("class scores", dims=("C",), typical=(-4.0, 4.0))]
Label = Annotated[Tensor, Input("label", low=0, integer=True, labels_of="C")]
Distribution = Annotated[
    Tensor, Input("distribution", dims=("C",), low=0.0, high=1.0, simplex=True, typical=(0.0, 1.0))
]
