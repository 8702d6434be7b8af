"""A variational autoencoder that squeezes handwritten digits through two numbers."""

from collections.abc import Iterator
from math import prod
from typing import Annotated

import torch
from torch import Tensor

import losscore
from losscore.params import Param
from losscore.scenes.handwritten import digits
from losscore.train.declare import training
from losscore.train.networks import layers
from losscore.train.record import Frames, Whole

DIMS, PIXELS = 2, 64
PASSES = (0, 5, 10, 20, 40, 80)  # through the training set, at the epochs of a run
WEIGHTS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 4.0)  # that ship
_HIDDEN, _BATCH = 32, 64
_SHAPES = ((_HIDDEN, DIMS), (_HIDDEN,), (PIXELS, _HIDDEN), (PIXELS,))  # of the decoder's weights
_WIDEST = (-20.0, 10.0)  # log-variances: without the divergence nothing else holds them


@training(title="Digits through two numbers", seconds=0.5)
def digit_codes(
    *,
    weight: Annotated[float, Param(r"\beta", 0.0, 4.0, "of the code's divergence", domain="[0, 100]")] = 0.01,
    rate: Annotated[float, Param(r"\eta", 1e-4, 0.01, "Adam's step size", log=True, domain="[0.00001, 1]")] = 0.003,
    epochs: Annotated[int, Whole(1, len(PASSES) - 1, "looks at it: after 5 passes, then after twice as many")] = 5,
    seed: Annotated[int, Whole(0, 9999, "of weights, batches and drawn codes")] = 0,
) -> Iterator[Frames]:
    """Networks 64 - 64 - (2 means, 2 log-variances) and 2 - 32 - 64; every weight has the same start and batches.

    Frames: decoder (P,), the weights that `decoded` reads; mean and logvar (300, 2), the codes of the held-out digits.
    """
    start, chance = (torch.Generator().manual_seed(2 * seed + part) for part in range(2))
    encoder = layers((PIXELS, 64, 2 * DIMS), start)
    drawn = layers((DIMS, _HIDDEN, PIXELS), start)
    decoder = torch.cat([part.detach().flatten() for part in drawn.parameters()]).requires_grad_()
    optimiser = torch.optim.Adam([*encoder.parameters(), decoder], lr=rate)
    loss = losscore.get("vae_elbo")
    pictures, held = (part.pictures.flatten(1) for part in digits())

    def encoded(of: Tensor) -> tuple[Tensor, Tensor]:
        mean, logvar = encoder(of).chunk(2, -1)
        return mean, logvar.clamp(*_WIDEST)

    def frame() -> Frames:
        with torch.no_grad():
            mean, logvar = encoded(held)
        return {"decoder": decoder.detach().half(), "mean": mean.half(), "logvar": logvar.half()}

    yield frame()
    for done in range(PASSES[epochs]):
        for rows in torch.randperm(len(pictures), generator=chance).split(_BATCH):
            batch = pictures[rows]
            with torch.enable_grad():
                mean, logvar = encoded(batch)
                code = mean + torch.exp(logvar / 2) * torch.randn(mean.shape, generator=chance)
                cost = loss(decoded(decoder, code), batch, mean, logvar, kl_weight=weight)
                optimiser.zero_grad()
                cost.backward()
            optimiser.step()
        if done + 1 in PASSES:
            yield frame()


def decoded(decoder: Tensor, codes: Tensor) -> Tensor:
    """The pictures (..., N, 64), from 0 to 1, of codes (..., N, 2); decoder: (..., P), one for each batch of codes."""
    weights = [
        part.unflatten(-1, shape)
        for part, shape in zip(decoder.split([prod(shape) for shape in _SHAPES], -1), _SHAPES, strict=True)
    ]
    inner = (codes @ weights[0].mT + weights[1].unsqueeze(-2)).relu()
    return torch.sigmoid(inner @ weights[2].mT + weights[3].unsqueeze(-2))
