"""One anchor on the unit circle, its positive and some rivals by their angles: costs, pulls, and who bears the push."""

import torch
from torch import Tensor

import losscore

_PUSH = "exp((n1 - {0})/t) + exp((n2 - {0})/t) + exp((n3 - {0})/t) + exp((n4 - {0})/t) + exp((n5 - {0})/t)"
_NEAR = "exp(2*n1 - 2) + exp(2*n2 - 2) + exp(2*n3 - 2) + exp(2*n4 - 2) + exp(2*n5 - 2)"
# SymPy text of each loss. p and n1 ... n5: cosines of the anchor with the positive and the negatives; h: that of the
# positive with the margin added to its angle; m, c: margins; t: temperature.
FORMULAS = {
    "info_nce_symmetric": f"log(1 + {_PUSH.format('p')})",
    "arcface": f"log(1 + {_PUSH.format('h')})",
    "cosface": f"log(1 + {_PUSH.format('(p - m)')})",
    "cosine_embedding": "1 - p + " + " + ".join(f"Max(0, n{k} - c)" for k in range(1, 6)),
    "proxy_nca": f"2 - 2*p + log({_NEAR})",
    "proxy_nca_softmax": f"2 - 2*p + log(exp(2*p - 2) + {_NEAR})",
    "cosine_proximity": "-p",
}
WITH_MARGIN = ("arcface", "cosface")
WITH_TEMPERATURE = (*WITH_MARGIN, "info_nce_symmetric")


def cost(key: str, anchor: Tensor, others: Tensor, settings: dict[str, Tensor]) -> Tensor:
    """The loss (S,) of anchors (S, 2) among others (S, 1 + K, 2), the positive first.

    settings: margin, cosine_margin and temperature, (S,) each. A loss of class vectors takes the others for classes,
    and one over the temperature for its scale. InfoNCE is that of this anchor alone, which is CosFace without a margin.
    A loss of pairs is the sum over the pairs of the anchor.
    """
    loss = losscore.get("cosface" if key == "info_nce_symmetric" else key)
    if key in ("cosine_embedding", "cosine_proximity"):
        pairs = anchor[:, None].expand_as(others)
        if key == "cosine_proximity":  # knows no rivals
            return loss(pairs[:, 0], others[:, 0], reduction="none")
        alike = -torch.ones_like(others[..., 0])
        alike[:, 0] = 1
        margin = settings["cosine_margin"][:, None]
        return loss(pairs, others, alike, margin=margin, reduction="none").sum(-1)
    truth = torch.zeros(len(anchor), dtype=torch.long)
    if key not in WITH_TEMPERATURE:
        return loss(anchor, others, truth, reduction="none")
    margin = settings["margin"] if key in WITH_MARGIN else torch.zeros_like(settings["margin"])
    return loss(anchor, others, truth, margin=margin, scale=1 / settings["temperature"], reduction="none")


def written(degrees: Tensor, settings: dict[str, Tensor]) -> dict[str, Tensor]:
    """The numbers (S,) of FORMULAS, of others at angles (S, 1 + K) from the anchor."""
    cosine, m = degrees.deg2rad().cos(), settings["margin"]
    angle = cosine[:, 0].clamp(-1, 1).acos()
    held = torch.where(angle <= torch.pi - m, (angle + m).cos(), cosine[:, 0] - m * m.sin())
    rivals = {f"n{k}": c for k, c in enumerate(cosine[:, 1:].unbind(-1), start=1)}
    own = {"p": cosine[:, 0], "h": held, "m": m, "c": settings["cosine_margin"], "t": settings["temperature"]}
    return own | rivals


def directions(degrees: Tensor) -> Tensor:
    """Unit vectors (..., 2) at angles (...) in degrees."""
    turn = degrees.deg2rad()
    return torch.stack([turn.cos(), turn.sin()], -1)


def pulls(key: str, degrees: Tensor, settings: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The loss (S,) of others at angles (S, 1 + K) from the anchor, and the negative gradient (S, 2 + K, 2).

    The anchor comes first in the latter; each lies along the circle.
    """
    points = directions(torch.cat([torch.zeros_like(degrees[:, :1]), degrees], -1)).requires_grad_()
    value = cost(key, points[:, 0], points[:, 1:], settings)
    (slope,) = torch.autograd.grad(value.sum(), points)
    return value.detach(), -slope


def weights(key: str, degrees: Tensor, settings: dict[str, Tensor]) -> Tensor:
    """The derivative (S, 1 + K) of the loss by the anchor's cosine with each of the others, the positive first."""
    # At an angle of 0 or 180 degrees the sine has no slope by the cosine: a hair beside it.
    cosine = degrees.deg2rad().cos().clamp(-1 + 1e-9, 1 - 1e-9).requires_grad_()
    others = torch.stack([cosine, (1 - cosine.square()).sqrt()], -1)
    anchor = directions(torch.zeros_like(degrees[:, 0]))
    (slope,) = torch.autograd.grad(cost(key, anchor, others, settings).sum(), cosine)
    return slope


def shares(weight: Tensor) -> Tensor:
    """Which part of the push on the anchor each rival has (S, K), of weights (S, 1 + K); 0 where nothing is pushed."""
    push = weight[:, 1:].clamp(min=0)
    total = push.sum(-1, keepdim=True)
    return torch.where(total > 1e-12, push / total.clamp(min=1e-300), 0.0)
