"""The kinds of tensor that losses of reconstruction compare: pictures, windows of them, filters, features, codes."""

from typing import Annotated

from torch import Tensor

from losscore.inputs import Input

# Any scale of grey is accepted; a loss that has to know it takes it as data_range.
Image = Annotated[Tensor, Input("image", dims=("H", "W"), typical=(0.0, 1.0))]
# Large enough for the widest window, and for the five scales of a window of 11.
WindowedImage = Annotated[Tensor, Input("image", dims=("H", "W"), ample=21, typical=(0.0, 1.0))]
PyramidImage = Annotated[Tensor, Input("image", dims=("H", "W"), ample=161, typical=(0.0, 1.0))]
FilteredImage = Annotated[Tensor, Input("image", dims=("H", "W"), least=3, typical=(0.0, 1.0))]
Kernels = Annotated[Tensor, Input("filter kernels", dims=("F", "3", "3"), typical=(-1.0, 1.0))]
Features = Annotated[Tensor, Input("feature maps", dims=("C", "N"), typical=(-2.0, 2.0))]
LatentMean = Annotated[Tensor, Input("latent mean", dims=("D",), typical=(-1.0, 1.0))]
# exp of the ends stays finite in float32, with room for a sum over many of them.
LatentLogVariance = Annotated[
    Tensor, Input("latent log-variance", dims=("D",), low=-50.0, high=50.0, typical=(-1.0, 1.0))
]
