"""The terms of a detector's loss: what its background anchors, its anchors on objects and its boxes add to the sum."""

import torch
from torch import Tensor

import losscore
from losscore.scenes.anchors import AnchorScene

POSITIVE = 0.7  # an anchor with this IoU or more is on its object
SUMS = {"plain": ("bce_with_logits", "box_l2"), "modern": ("focal_binary", "giou"),
        "retinanet_sum": ("focal_binary", "retinanet_sum")}  # fmt: skip
PARTS = ("background", "object", "box")
Number = float | Tensor


def detector_terms(
    scene: AnchorScene, background: Number, found: Number, shift: Number, gamma: Number = 2.0
) -> dict[str, dict[str, Tensor]]:
    """Each part of either sum over the number of anchors on objects: {sum: {part: (S,)}}.

    background, found: the probability that the detector gives to every anchor off and on the objects; shift: px by
    which each predicted box lies too far right and down; gamma: of the focal loss. Numbers or tensors (S,). The squared
    error is the mean of a box's four coordinates, in px²; RetinaNet's sum takes the absolute error of the deltas, which
    are told in sides of the anchor.
    """
    low, high, push, power = (
        torch.as_tensor(value, dtype=torch.float64).reshape(-1) for value in (background, found, shift, gamma)
    )
    on = (scene.overlap >= POSITIVE).double()
    count = on.sum()
    logits = torch.logit(torch.where(on > 0, high[:, None], low[:, None]))
    owned = scene.truth[scene.owner]
    truth = owned[on > 0]
    boxes = truth + push[:, None, None]
    terms: dict[str, dict[str, Tensor]] = {}
    for name, (of_class, of_box) in SUMS.items():
        params = {"gamma": power[:, None]} if of_class == "focal_binary" else {}
        each = losscore.get(of_class)(logits, on, reduction="none", **params)
        if of_box == "retinanet_sum":  # with its boxes and without
            deltas = _deltas(scene.anchors, owned + push[:, None, None]), _deltas(scene.anchors, owned), on
            whole = [losscore.get(of_box)(logits, on, *deltas, lam=lam, reduction="none") for lam in (1.0, 0.0)]
            off = (whole[0] - whole[1]) * count
        else:
            off = losscore.get(of_box)(boxes, truth, reduction="none").sum(-1)
        sums = ((each * (1 - on)).sum(-1), (each * on).sum(-1), off / 4 if of_box == "box_l2" else off)
        terms[name] = {part: value / count for part, value in zip(PARTS, sums, strict=True)}
    return terms


def _deltas(anchors: Tensor, boxes: Tensor) -> Tensor:
    """Boxes (..., A, 4) as anchors (A, 4) tell them: centres in the anchor's sides, sides by the log of their ratio."""
    (at, side), (centre, size) = (((b[..., :2] + b[..., 2:]) / 2, b[..., 2:] - b[..., :2]) for b in (anchors, boxes))
    return torch.cat([(centre - at) / side, (size / side).log()], -1)
