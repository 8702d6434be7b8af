"""Embeddings, each a sample, against one learned vector for each class: proxies, and softmax with a margin."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Label
from losscore.losses.embeddings_vectors import ClassVectors, Embedding, over, unit
from losscore.params import Param

Scale = Annotated[float, Param("s", 1.0, 64.0, "what the cosines are multiplied by", log=True, domain="(0, inf)")]


def _cosines(emb: Tensor, vectors: Tensor) -> Tensor:
    """Cosine of each embedding (..., D) with each class vector (..., C, D): (..., C)."""
    return (unit(vectors) @ unit(emb)[..., None])[..., 0]


def _is_class(labels: Tensor, vectors: Tensor) -> Tensor:
    """Which class is the true one: bool (..., C)."""
    return labels[..., None] == torch.arange(vectors.shape[-2], device=labels.device)


def _surprise(logits: Tensor, true: Tensor) -> Tensor:
    """Cross-entropy of logits (..., C), by the lead of the true class over all rivals: (...)."""
    rivals = logits.masked_fill(true, -torch.inf).logsumexp(-1)
    return F.softplus(rivals - torch.where(true, logits, 0).sum(-1))


@loss(
    title="Proxy-NCA",
    family="embeddings",
    latex=(
        r"-\ln\frac{e^{-d^2(x, p_y)}}{\sum_{k \ne y} e^{-d^2(x, p_k)}},"
        r"\quad d = \left\lVert \tfrac{x}{\lVert x \rVert} - \tfrac{p}{\lVert p \rVert} \right\rVert"
    ),
    insight="Instead of mining triplets, each embedding is compared with one learned point for each class.",
    trap="The true class is missing from the sum below, so the loss can be negative; most libraries put it back.",
    source="Movshovitz-Attias et al. 2017, arXiv:1703.07464",
    aliases=("ProxyNCA",),
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo"),
)
def proxy_nca(emb: Embedding, proxies: ClassVectors, labels: Label) -> Tensor:
    """Each embedding (..., D) against the proxies (..., C, D) of all classes, labels (...): (...).

    A batch of N embeddings and one set of proxies (C, D) broadcast. Raises ValueError for fewer than two classes.
    """
    if proxies.shape[-2] < 2:
        raise ValueError(f"proxies must be of two or more classes, got {proxies.shape[-2]}")
    closeness = 2 * _cosines(emb, proxies) - 2
    true = _is_class(labels, proxies)
    rivals = closeness.masked_fill(true, -torch.inf)
    return rivals.logsumexp(-1) - torch.where(true, closeness, 0).sum(-1)


@loss(
    title="Proxy-NCA, softmax",
    family="embeddings",
    latex=(
        r"-\ln\frac{e^{-d^2(x, p_y)}}{\sum_k e^{-d^2(x, p_k)}},"
        r"\quad d = \left\lVert \tfrac{x}{\lVert x \rVert} - \tfrac{p}{\lVert p \rVert} \right\rVert"
    ),
    insight="Proxy-NCA as a softmax over all classes: never negative, and it slows down once the answer is right.",
    trap="On unit vectors d^2 is at most 4, so that even a perfect answer costs about (C - 1) e^-4.",
    source="Teh, DeVries and Taylor 2020 (ProxyNCA++), arXiv:2004.01113",
    aliases=("ProxyNCA++", "normalised softmax"),
    variant_of="proxy_nca",
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo"),
)
def proxy_nca_softmax(emb: Embedding, proxies: ClassVectors, labels: Label) -> Tensor:
    """Each embedding (..., D) against the proxies (..., C, D) of all classes, labels (...): (...).

    A batch of N embeddings and one set of proxies (C, D) broadcast.
    """
    return _surprise(2 * _cosines(emb, proxies) - 2, _is_class(labels, proxies))


@loss(
    title="ArcFace",
    family="embeddings",
    latex=(
        r"-\ln\frac{e^{s\cos(\theta_y + m)}}{e^{s\cos(\theta_y + m)} + \sum_{k \ne y} e^{s\cos\theta_k}},"
        r"\quad \cos(\theta_y + m) := \cos\theta_y - m\sin m \text{ for } \theta_y > \pi - m"
    ),
    insight="The true class must win even after its angle was made m larger: a wedge of no man's land between classes.",
    trap="Past pi - m the cosine would rise again, so a line of the cosine replaces it; some libraries take degrees.",
    source="Deng et al. 2019, arXiv:1801.07698",
    aliases=("additive angular margin",),
    claims=Claims(convex=False, smooth=False, flat=True, homogeneous=0, slope_bound="oo", minimum="0"),
)
def arcface(
    emb: Embedding,
    weight: ClassVectors,
    labels: Label,
    *,
    margin: Annotated[float, Param("m", 0.0, 1.0, "angle added", domain=f"[0, {math.pi}]", unit="rad")] = 0.5,
    scale: Scale = 30.0,
) -> Tensor:
    """Each embedding (..., D) against the class vectors (..., C, D), labels (...): (...).

    A batch of N embeddings and one set of class vectors (C, D) broadcast. Where the angle lies beyond pi - m the
    cosine is lowered by m sin m instead, so that it goes on falling.
    """
    cos, true = _cosines(emb, weight), _is_class(labels, weight)
    direction, centre = unit(emb), torch.where(true[..., None], unit(weight), 0).sum(-2)
    of_true = torch.where(true, cos, 0).sum(-1, keepdim=True)
    # As the length of what the class vector does not explain, the sine has a finite slope at both poles too.
    sin = torch.linalg.vector_norm(direction - of_true * centre, dim=-1, keepdim=True)
    m = torch.as_tensor(over(margin, 1), dtype=cos.dtype, device=cos.device)
    turned = of_true * m.cos() - sin * m.sin()
    held = torch.where(of_true > -m.cos(), turned, of_true - m * m.sin())
    return _surprise(over(scale, 1) * torch.where(true, held, cos), true)


@loss(
    title="CosFace",
    family="embeddings",
    latex=r"-\ln\frac{e^{s(\cos\theta_y - m)}}{e^{s(\cos\theta_y - m)} + \sum_{k \ne y} e^{s\cos\theta_k}}",
    insight="The true class must win by m on the scale of cosines, which is the same for an easy and a hard sample.",
    trap="Also a perfect answer costs something: s m is taken off the true logit whatever the angle.",
    source="Wang et al. 2018, arXiv:1801.09414",
    aliases=("large margin cosine", "AM-Softmax", "additive margin softmax"),
    variant_of="arcface",
    claims=Claims(convex=False, flat=True, homogeneous=0, slope_bound="oo", minimum="0"),
)
def cosface(
    emb: Embedding,
    weight: ClassVectors,
    labels: Label,
    *,
    margin: Annotated[float, Param("m", 0.0, 1.0, "taken off the true cosine", domain="[0, inf)")] = 0.35,
    scale: Scale = 30.0,
) -> Tensor:
    """Each embedding (..., D) against the class vectors (..., C, D), labels (...): (...).

    A batch of N embeddings and one set of class vectors (C, D) broadcast.
    """
    cos, true = _cosines(emb, weight), _is_class(labels, weight)
    return _surprise(over(scale, 1) * torch.where(true, cos - over(margin, 1), cos), true)
