"""Tasks of two numbers that several losses judge at once, and on whose best answer they do not agree."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.explore.masks import loss_of
from losscore.scenes.edits import Prediction
from losscore.scenes.pictures import scene
from losscore.scenes.points import line_with_outliers


@dataclass(frozen=True)
class Axis:
    """A number of the model: what it is, and from where to where it runs."""

    title: str
    low: float
    high: float


@dataclass(frozen=True)
class Task:
    """Two numbers, (N,) each, and each loss of the model they make, (N,), differentiable in both.

    labels: what each loss is called, by its key. credit: where the data come from. picture: what the model makes of
    its two numbers (S,), as (S, H, W) from 0 to 1, and the truth (H, W) of 0 and 1 it is held against, if there is one.
    typed: the inputs of its losses, where they are few enough to be typed. behind: losses that no label is keyed by.
    """

    title: str
    x: Axis
    y: Axis
    labels: Mapping[str, str]
    judge: Callable[[Tensor, Tensor, str], Tensor]
    credit: str
    picture: Callable[[Tensor, Tensor], tuple[Tensor, Tensor | None]] | None = None
    typed: Callable[[Tensor, Tensor], dict[str, Tensor]] | None = None
    behind: tuple[str, ...] = ()


_MASK_SIDE = 48  # px
_GROUND = 0.02  # the probability outside the disc


@cache
def _horse() -> tuple[Tensor, Tensor]:
    """A real silhouette at 48 x 48 px, and the distance in px of each pixel from its centre."""
    whole = scene("horse").truth
    truth = (F.interpolate(whole[None, None], (_MASK_SIDE, _MASK_SIDE), mode="area")[0, 0] > 0.5).float()
    rows, columns = torch.nonzero(truth, as_tuple=True)
    place = torch.arange(_MASK_SIDE, dtype=truth.dtype)
    return truth, torch.hypot(place[:, None] - rows.float().mean(), place - columns.float().mean())


def _disc(radius: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
    """A round mask of one probability, laid over a horse."""
    truth, away = _horse()
    disc = torch.sigmoid(radius[:, None, None].float() - away)
    return _GROUND + (inside[:, None, None].float() - _GROUND) * disc, truth


def _mask(radius: Tensor, inside: Tensor, key: str) -> Tensor:
    probability, truth = _disc(radius, inside)
    return loss_of(losscore.get(key), Prediction(torch.logit(probability), probability), truth)


def _at_points(slope: Tensor, level: Tensor) -> dict[str, Tensor]:
    points = line_with_outliers()
    pred = slope[:, None] * points.x + level[:, None]
    return {"pred": pred, "target": points.y.to(pred).expand_as(pred)}


def _line(slope: Tensor, level: Tensor, key: str) -> Tensor:
    return losscore.get(key)(*_at_points(slope, level).values(), reduction="none").mean(-1)


@cache
def _anchors() -> dict[str, Tensor]:
    """Twelve anchors with two features each, seeded; the first four lie on an object and have a box to learn."""
    draw = torch.Generator().manual_seed(3)
    marks = (torch.arange(12) < 4).float()
    features = torch.randn(12, 2, generator=draw) + (2 * marks[:, None] - 1) * torch.tensor([1.2, 0.1])
    senses = torch.randn(12, 4, 2, generator=draw)
    deltas = senses @ torch.tensor([0.2, 1.8]) + 0.4 * torch.randn(12, 4, generator=draw)
    return {"marks": marks, "features": features, "senses": senses, "deltas": deltas}


def _detector(first: Tensor, second: Tensor, key: str) -> Tensor:
    """Scores and box deltas of all anchors out of the same two weights."""
    seen = _anchors()
    weights = torch.stack([first, second], -1).float()
    scores = weights @ seen["features"].T
    deltas = torch.einsum("np,akp->nak", weights, seen["senses"])
    both = (scores, seen["marks"].expand_as(scores), deltas, seen["deltas"].expand_as(deltas))
    loss = losscore.get("retinanet_sum")
    focal = loss(*both, seen["marks"].expand_as(scores), reduction="none", lam=0.0)
    if key == "focal":
        return focal
    return loss(*both, seen["marks"].expand_as(scores), reduction="none", lam=1.0) - focal


@cache
def _bells() -> tuple[Tensor, Tensor]:
    """Pairs of a datum and of a noise, both from a standard normal: 32 x 32 quantiles, scaled to variance 1."""
    share = (torch.arange(32, dtype=torch.float64) + 0.5) / 32
    bell = math.sqrt(2) * torch.erfinv(2 * share - 1)
    bell = bell / bell.square().mean().sqrt()
    pairs = torch.cartesian_prod(bell, bell)
    return pairs[:, 0], pairs[:, 1]


def _autoencoder(gain: Tensor, spread: Tensor, key: str) -> Tensor:
    """The smallest VAE: code = gain * datum + spread * noise, and the best linear decoder for it."""
    datum, noise = _bells()
    gain, spread = gain.double()[:, None], spread.double()[:, None]
    decoder = gain / (gain.square() + spread.square())
    recon = decoder * (gain * datum + spread * noise)
    mean, logvar = (gain * datum), 2 * spread.log().expand(-1, len(datum))
    inputs = (recon[..., None], datum.expand_as(recon)[..., None], mean[..., None], logvar[..., None])
    loss = losscore.get("vae_elbo")
    error = loss(*inputs, reduction="none", kl_weight=0.0)
    if key == "recon":
        return error.mean(-1)
    return (loss(*inputs, reduction="none", kl_weight=1.0) - error).mean(-1)


# What edges are to the perceptual loss: across, down, and spots.
_KERNELS = torch.tensor(
    [
        [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]],
        [[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]],
        [[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]],
    ]
) / 40  # fmt: skip
_LIKED = (0.78, 0.28)  # mean and spread of the grey that the critic takes for the other style
_BACK = 0.1  # what the way back takes off every pixel


@cache
def _coins() -> Tensor:
    """A photograph of coins in greys from 0 to 1, 24 x 24 px."""
    grey = scene("coins").picture.float().mean(-1) / 255
    return F.interpolate(grey[None, None], (24, 24), mode="area")[0, 0]


def _made(gain: Tensor, offset: Tensor) -> tuple[Tensor, None]:
    """The coins made brighter and harder."""
    return gain[:, None, None].float() * _coins() + offset[:, None, None].float(), None


def _translation(gain: Tensor, offset: Tensor, key: str) -> Tensor:
    """The picture made for a critic, brought back, and compared with itself by its edges."""
    picture, made = _coins(), _made(gain, offset)[0]
    if key == "adversarial":
        far = (made.mean((-2, -1)) - _LIKED[0]) / 0.15, (made.std((-2, -1)) - _LIKED[1]) / 0.05
        logit = 2 - far[0].square() - far[1].square()
        logit = logit[:, None]  # the picture made; the loss does not look at the real one
        return losscore.get("gan_g_nonsaturating")(torch.zeros_like(logit), logit, reduction="none").reshape(-1)
    if key == "cycle":
        return losscore.get("cycle_consistency")(made - _BACK, picture.expand_as(made), reduction="none", lam=1.0)
    kernels = _KERNELS.expand(len(made), -1, -1, -1)
    return losscore.get("perceptual_fixed_filters")(made, picture.expand_as(made), kernels, reduction="none")


_SYNTHETIC = "Synthetic: drawn by this program."
TASKS = {
    "mask": Task(
        "Segmentation: a disc for a horse",
        Axis("radius of the disc (px)", 4, 24), Axis("probability in it", 0.1, 0.98),
        {"pixel_cross_entropy": "Cross-entropy", "dice": "Dice", "jaccard": "IoU", "focal_binary": "Focal",
         "tversky": "Tversky"},
        _mask, scene("horse").credit, _disc,
    ),
    "retinanet_sum": Task(
        "Detector: one pair of weights for two jobs", Axis("weight 1", -1, 4), Axis("weight 2", -1, 4),
        {"focal": "Focal", "box": "Box L1"}, _detector, _SYNTHETIC,
    ),
    "line": Task(
        "Regression: a line with an outlier", Axis("slope w", -1, 4), Axis("intercept b", -9, 9),
        {"mse": "MSE", "mae": "MAE", "huber": "Huber", "cauchy": "Cauchy"}, _line, _SYNTHETIC,
        typed=_at_points,
    ),
    "vae_elbo": Task(
        "VAE: one number in, one number out",
        Axis("gain of the encoder", 0.02, 1.2), Axis("noise of the code", 0.05, 1.2),
        {"recon": "Reconstruction", "kl": "KL"}, _autoencoder, "Synthetic: quantiles of a normal distribution.",
    ),
    "translation": Task(
        "Translation: adversarial, cycle, perceptual", Axis("gain", 0.2, 2.2), Axis("offset", -0.4, 0.6),
        {"adversarial": "Adversarial", "cycle": "Cycle", "perceptual": "Perceptual"},
        _translation, scene("coins").credit, _made,
        behind=("gan_g_nonsaturating", "cycle_consistency", "perceptual_fixed_filters"),
    ),
}  # fmt: skip
