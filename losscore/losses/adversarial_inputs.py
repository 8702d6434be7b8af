"""What a critic says of a batch: one score for each real sample and one for each made one. The batch is the sample."""

from typing import Annotated

from torch import Tensor

from losscore.inputs import Input

RealLogits = Annotated[Tensor, Input("logits of real samples", dims=("N",), typical=(-4.0, 4.0))]
FakeLogits = Annotated[Tensor, Input("logits of made samples", dims=("M",), typical=(-4.0, 4.0))]
RealScores = Annotated[Tensor, Input("scores of real samples", dims=("N",), typical=(-4.0, 4.0))]
FakeScores = Annotated[Tensor, Input("scores of made samples", dims=("M",), typical=(-4.0, 4.0))]
# Each real sample with one made for it.
PairedFakeLogits = Annotated[Tensor, Input("logits of made samples", dims=("N",), typical=(-4.0, 4.0))]
RealCosines = Annotated[Tensor, Input("cosines of real samples", dims=("N",), low=-1.0, high=1.0, typical=(-1.0, 1.0))]
PairedFakeCosines = Annotated[
    Tensor, Input("cosines of made samples", dims=("N",), low=-1.0, high=1.0, typical=(-1.0, 1.0))
]
