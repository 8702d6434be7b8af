"""Handwritten digits laid out in a plane by a small network, under one loss of embeddings or another."""

from collections.abc import Callable, Iterator
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.explore.neighbours import recall_at_1
from losscore.params import Choice, Param
from losscore.scenes.handwritten import digits
from losscore.train.declare import training
from losscore.train.networks import layers
from losscore.train.record import Frames, Whole

# What the losses below say of places on a circle; the others speak of places in the whole plane.
ON_CIRCLE = ("nt_xent", "proxy_nca", "arcface")
LOSSES = (
    "contrastive", "triplet_squared", "triplet_semi_hard_all", "triplet_batch_hard", "n_pair", *ON_CIRCLE
)  # fmt: skip
MARGINED = ("contrastive", "triplet_squared", "triplet_semi_hard_all", "triplet_batch_hard")
CLASSES, EACH = 10, 8  # a batch: so many classes, and so many pictures of each
STEPS = 15  # of an epoch
SEEDS = 12  # of a spread

LossOf = Annotated[str, Choice(LOSSES, "what the network is trained with")]
Epochs = Annotated[int, Whole(1, 200, "how often the training set is gone through")]
Rate = Annotated[float, Param(r"\eta", 1e-4, 0.1, "Adam's step size", log=True, domain="[0.00001, 1]")]
Dims = Annotated[int, Whole(2, 64, "numbers that the network gives to a picture")]
Margin = Annotated[float, Param("m", 0.05, 5.0, "of contrastive and triplets", log=True, domain="[0, 100]")]


@training(title="Digits in a plane", seconds=0.03)
def digits_plane(
    *,
    loss: LossOf = "triplet_squared",
    margin: Margin = 1.0,
    rate: Rate = 0.003,
    dims: Dims = 2,
    epochs: Epochs = 40,
    seed: Annotated[int, Whole(0, 9999, "of weights, batches and triplets")] = 0,
) -> Iterator[Frames]:
    """A network 64 - 64 - dims sees batches of 10 digits x 8 pictures; every loss has the same start and batches.

    Frames: points (300, dims), held-out digits, on the unit circle for the losses of angles; recall, the share of them
    whose nearest neighbour is of the same digit; loss, the mean over the epoch's batches (at first of one batch).
    """
    start, batches, pairs = (torch.Generator().manual_seed(4 * seed + part) for part in range(3))
    network = layers((64, 64, dims), start)
    proxies = torch.randn(CLASSES, dims, generator=start).requires_grad_()
    optimiser = torch.optim.Adam([*network.parameters(), proxies], lr=rate)
    (pictures, labels), (held, held_labels) = digits()
    members = [(labels == digit).nonzero()[:, 0] for digit in range(CLASSES)]
    of = _COSTS.get(loss) or _proxied
    fixed = {"margin": margin} if loss in MARGINED else {}

    def batch() -> Tensor:
        chosen = [rows[torch.randperm(len(rows), generator=batches)[:EACH]] for rows in members]
        place = network(pictures[torch.cat(chosen)].flatten(1)).unflatten(0, (CLASSES, EACH))
        return of(loss, place, proxies, pairs, fixed).mean()

    def frame(cost: float) -> Frames:
        with torch.no_grad():
            place = network(held.flatten(1))
            place = F.normalize(place, dim=-1) if loss in ON_CIRCLE else place
        return {
            "points": place.half(), "recall": recall_at_1(place, held_labels), "loss": torch.tensor(cost)
        }  # fmt: skip

    with torch.no_grad():
        first, kept = [g.get_state() for g in (batches, pairs)], batch().item()
    for generator, state in zip((batches, pairs), first, strict=True):
        generator.set_state(state)
    yield frame(kept)
    for _ in range(epochs):
        total = 0.0
        for _ in range(STEPS):
            with torch.enable_grad():
                cost = batch()
                optimiser.zero_grad()
                cost.backward()
            optimiser.step()
            total += cost.item()
        yield frame(total / STEPS)


@training(title="Digits in a plane, from many starts", seconds=0.03 * SEEDS)
def digits_spread(
    *,
    loss: LossOf = "triplet_squared",
    margin: Margin = 1.0,
    rate: Rate = 0.003,
    dims: Dims = 2,
    epochs: Epochs = 40,
    seed: Annotated[int, Whole(0, 99, "the first of twelve")] = 0,
) -> Iterator[Frames]:
    """`digits_plane` with twelve seeds in a row. Frames: recall (12,)."""
    ways = [
        digits_plane.function(loss=loss, margin=margin, rate=rate, dims=dims, epochs=epochs, seed=seed + k)
        for k in range(SEEDS)
    ]
    for frames in zip(*ways, strict=True):
        yield {"recall": torch.stack([frame["recall"] for frame in frames])}


# How each loss takes a batch (10, 8, D) of places: (loss, batch, proxies, generator, parameters) -> loss of each sample

Cost = Callable[[str, Tensor, Tensor, torch.Generator, dict[str, float]], Tensor]


def _drawn(place: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """For every anchor a positive and a negative, drawn at random: (80, D) each."""
    digit = torch.arange(CLASSES).repeat_interleave(EACH)
    own = torch.arange(EACH).repeat(CLASSES)
    mate = (own + torch.randint(1, EACH, own.shape, generator=generator)) % EACH
    other = (digit + torch.randint(1, CLASSES, own.shape, generator=generator)) % CLASSES
    stranger = torch.randint(0, EACH, own.shape, generator=generator)
    return place.flatten(0, 1), place[digit, mate], place[other, stranger]


def _contrastive(loss: str, place: Tensor, _: Tensor, generator: torch.Generator, fixed: dict[str, float]) -> Tensor:
    anchor, positive, negative = _drawn(place, generator)
    alike = torch.cat([torch.ones(len(anchor)), torch.zeros(len(anchor))])
    pair = losscore.get(loss)
    return pair(anchor.repeat(2, 1), torch.cat([positive, negative]), alike, reduction="none", **fixed)


def _triplets(loss: str, place: Tensor, _: Tensor, generator: torch.Generator, fixed: dict[str, float]) -> Tensor:
    return losscore.get(loss)(*_drawn(place, generator), reduction="none", **fixed)


def _mined(loss: str, place: Tensor, _: Tensor, __: torch.Generator, fixed: dict[str, float]) -> Tensor:
    digit = torch.arange(CLASSES).repeat_interleave(EACH)
    return losscore.get(loss)(place.flatten(0, 1), digit, reduction="none", **fixed)


def _paired(loss: str, place: Tensor, _: Tensor, __: torch.Generator, fixed: dict[str, float]) -> Tensor:
    """Four small batches of one pair of each digit."""
    half = EACH // 2
    anchor, positive = place[:, :half].transpose(0, 1), place[:, half:].transpose(0, 1)
    return losscore.get(loss)(anchor, positive, reduction="none", **fixed)


def _proxied(loss: str, place: Tensor, proxies: Tensor, _: torch.Generator, fixed: dict[str, float]) -> Tensor:
    digit = torch.arange(CLASSES).repeat_interleave(EACH)
    return losscore.get(loss)(place.flatten(0, 1), proxies, digit, reduction="none", **fixed)


_COSTS: dict[str, Cost] = {
    "contrastive": _contrastive, "triplet_squared": _triplets, "triplet_semi_hard_all": _mined,
    "triplet_batch_hard": _mined, "n_pair": _paired, "nt_xent": _paired,
}  # fmt: skip
