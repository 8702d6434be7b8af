"""The picture that half the squared distance to a noisy one, plus a weight times its total variation, is least for."""

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

ABSOLUTE = ("tv_anisotropic", "tv_isotropic")
_ROUNDS = 160
_HALVINGS = 40


def denoise(noisy: Tensor, weight: Tensor, form: str) -> Tensor:
    """The minimisers u (S, H, W) of sum (u - noisy)^2 / 2 + weight TV(u), for pictures (S, H, W) and weights (S,).

    form: one of ABSOLUTE. A dual problem with as many rounds of an accelerated projected gradient whatever the weight
    (Beck and Teboulle 2009, doi:10.1109/TIP.2009.2028250). Raises KeyError for another form.
    """
    if form not in ABSOLUTE:
        raise KeyError(f"no absolute form {form!r}; there are: {', '.join(ABSOLUTE)}")
    noisy, weight = torch.broadcast_tensors(noisy, weight[:, None, None].to(noisy))
    scale = weight.clamp(min=1e-9)
    steps, ahead, pace = _steps(noisy) * 0, _steps(noisy) * 0, 1.0
    for _ in range(_ROUNDS):
        before = steps
        steps = _inside(ahead + _steps(noisy - scale * _gathered(ahead)) / (8 * scale), form)
        quicker = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = steps + (pace - 1) / quicker * (steps - before)
        pace = quicker
    return noisy - weight * _gathered(steps)


def _steps(picture: Tensor) -> Tensor:
    """Steps across and down, (2, S, H, W), 0 where there is no next pixel."""
    return torch.stack([F.pad(picture.diff(dim=-1), (0, 1)), F.pad(picture.diff(dim=-2), (0, 0, 0, 1))])


def _gathered(steps: Tensor) -> Tensor:
    """What steps (2, S, H, W) add to each pixel: the transpose of `_steps`."""
    across, down = steps[0][..., :-1], steps[1][..., :-1, :]
    return -F.pad(across, (0, 1)) + F.pad(across, (1, 0)) - F.pad(down, (0, 0, 0, 1)) + F.pad(down, (0, 0, 1, 0))


def _inside(steps: Tensor, form: str) -> Tensor:
    """The nearest steps of at most 1: each by itself, or across and down together as one arrow."""
    if form == "tv_anisotropic":
        return steps.clamp(-1, 1)
    return steps / steps.square().sum(0).sqrt().clamp(min=1)


def smooth(noisy: Tensor, weight: Tensor) -> Tensor:
    """The minimisers u (S, H, W) of sum (u - noisy)^2 / 2 + weight times the squared form of TV(u), exactly."""
    waves, pitch = _waves(noisy.shape[-2]), _waves(noisy.shape[-1])
    heard = waves[1].T @ noisy @ pitch[1]
    return waves[1] @ (heard / (1 + 2 * weight[:, None, None] * _rough(waves, pitch))) @ pitch[1].T


def weight_that_takes_off(noisy: Tensor, removed: Tensor) -> Tensor:
    """The weights (S,) at which `smooth` changes pictures (S, H, W) by sums of squares `removed` (S,).

    The most that it can take off is all but the mean grey; beyond that the weight is the largest that is tried, 10^6.
    """
    waves, pitch = _waves(noisy.shape[-2]), _waves(noisy.shape[-1])
    power, rough = (waves[1].T @ noisy @ pitch[1]).square(), _rough(waves, pitch)
    low, high = torch.full_like(removed, -14.0), torch.full_like(removed, 14.0)  # natural logarithms
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        part = 2 * middle.exp()[:, None, None] * rough
        less = ((part / (1 + part)).square() * power).sum((-2, -1)) < removed
        low, high = torch.where(less, middle, low), torch.where(less, high, middle)
    return ((low + high) / 2).exp()


@lru_cache
def _waves(side: int) -> tuple[Tensor, Tensor]:
    """How rough each wave along a side is, and the waves: the squared form adds up over them."""
    steps = torch.eye(side, dtype=torch.float64).diff(dim=0)
    rough, waves = torch.linalg.eigh(steps.T @ steps)
    return rough.clamp(min=0).float(), waves.float()


def _rough(down: tuple[Tensor, Tensor], across: tuple[Tensor, Tensor]) -> Tensor:
    return down[0][:, None] + across[0]
