"""A network that fills a hole in handwritten digits, told what is good by up to three losses."""

from collections.abc import Iterator
from typing import Annotated

import torch
from torch import Tensor, nn

import losscore
from losscore.params import Param
from losscore.scenes.filters import filter_bank
from losscore.scenes.handwritten import HELD, digits
from losscore.train.declare import training
from losscore.train.networks import layers
from losscore.train.record import Frames, Whole

TERMS = ("pixel", "perceptual", "adversarial")  # of the loss; their weights are settings of these names
SIDE, MARGIN = 8, 1  # px: all but the outermost ring is the hole
INSIDE = (slice(MARGIN, SIDE - MARGIN),) * 2  # rows and columns of the hole
SHOWN = tuple(HELD * digit + 3 for digit in (0, 1, 2, 4, 7, 8))  # held-out digits that are kept for the eye
_HIDDEN, _NOISE, _BATCH = 128, 4, 64
_PIXELS, _HOLE = SIDE * SIDE, (SIDE - 2 * MARGIN) ** 2


@training(title="Filling a hole", seconds=0.08)
def inpainting(
    *,
    pixel: Annotated[float, Param("w_p", 0.0, 3.0, "weight of the pixels' squared error", domain="[0, 100]")] = 1.0,
    perceptual: Annotated[float, Param("w_f", 0.0, 3.0, "weight of the filters' answers", domain="[0, 100]")] = 1.0,
    adversarial: Annotated[float, Param("w_c", 0.0, 1.0, "weight of the critic's opinion", domain="[0, 100]")] = 0.3,
    rate: Annotated[float, Param(r"\eta", 1e-4, 0.01, "Adam's step size", log=True, domain="[0.00001, 1]")] = 0.001,
    epochs: Annotated[int, Whole(1, 100, "how often the training set is gone through")] = 40,
    seed: Annotated[int, Whole(0, 9999, "of weights, batches and noise")] = 0,
) -> Iterator[Frames]:
    """A filler 64 + 4 - 128 - 128 - 36 sees the ring around the hole, and noise; the critic 64 - 128 - 1 whole digits.

    Frames: hole (6, 6, 6) uint8, what fills the hole of the digits SHOWN; over all held-out digits pixel, the mean
    squared error in the hole; perceptual, the distance of the filters' answers for each px of the hole; contrast, the
    variance within the fills as a share of the true one; read, the share whose nearest known digit is the same digit.
    """
    start, chance = (torch.Generator().manual_seed(2 * seed + part) for part in range(2))
    filler = layers((_PIXELS + _NOISE, _HIDDEN, _HIDDEN, _HOLE), start)
    critic = layers((_PIXELS, _HIDDEN, 1), start, lambda: nn.LeakyReLU(0.2))
    fills, judges = (torch.optim.Adam(of.parameters(), lr=rate, betas=(0.5, 0.9)) for of in (filler, critic))
    (pictures, labels), (held, held_labels) = digits()
    known = pictures.flatten(1)
    truth, always = held[:, *INSIDE].flatten(1), torch.randn(len(held), _NOISE, generator=start)

    def filled(of: Tensor, noise: Tensor) -> Tensor:
        whole = masked(of)
        inside = torch.sigmoid(filler(torch.cat([whole.flatten(1), noise], -1)))
        whole[:, *INSIDE] = inside.unflatten(-1, (SIDE - 2 * MARGIN,) * 2)
        return whole

    def scores(of: Tensor) -> Tensor:
        return critic(of.flatten(1))[:, 0]

    def frame() -> Frames:
        with torch.no_grad():
            made = filled(held, always)
            inside = made[:, *INSIDE].flatten(1)
            nearest = torch.cdist(made.flatten(1), known).argmin(-1)
        return {
            "hole": (255 * made[SHOWN, *INSIDE]).round().to(torch.uint8),
            "pixel": losscore.get("mse")(inside, truth),
            "perceptual": _by_filters(made, held),
            "contrast": inside.var(1).mean() / truth.var(1).mean(),
            "read": (labels[nearest] == held_labels).float().mean(),
        }

    yield frame()
    for _ in range(epochs):
        for rows in torch.randperm(len(pictures), generator=chance).split(_BATCH):
            real = pictures[rows]
            with torch.enable_grad():
                made = filled(real, torch.randn(len(real), _NOISE, generator=chance))
                if adversarial:
                    verdict = losscore.get("gan_d")(scores(real), scores(made.detach()))
                    judges.zero_grad()
                    verdict.backward()
                    judges.step()
                cost = pixel * losscore.get("mse")(made[:, *INSIDE].flatten(1), real[:, *INSIDE].flatten(1))
                if perceptual:
                    cost = cost + perceptual * _by_filters(made, real)
                if adversarial:
                    cost = cost + adversarial * losscore.get("gan_g_nonsaturating")(scores(real), scores(made))
                fills.zero_grad()
                cost.backward()
            fills.step()
        yield frame()


def masked(pictures: Tensor) -> Tensor:
    """Copies of pictures (..., 8, 8) with nothing in their hole."""
    whole = pictures.clone()
    whole[..., *INSIDE] = 0
    return whole


def _by_filters(made: Tensor, real: Tensor) -> Tensor:
    """The perceptual loss of pictures (N, 8, 8), for each px of the hole."""
    return losscore.get("perceptual_fixed_filters")(made, real, filter_bank().expand(len(made), -1, -1, -1)) / _HOLE
