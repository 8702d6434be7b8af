"""A prediction made from a true mask: moved, turned, grown, softened, unsure of itself, with false discs beside it."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.distance import distance_to
from losscore.params import Param

MOST_BLOBS = 6
_SEED = 7
# The depth of a picture without an object, in px: farther out than any outline is moved.
_NOWHERE = -1e6
# Every edit as a slider can move it; `domain` is what `predict` accepts.
EDITS = {
    "shift_x": Param("x", -30.0, 30.0, "shift to the right", unit="px"),
    "shift_y": Param("y", -30.0, 30.0, "shift down", unit="px"),
    "rotation": Param(r"\theta", -90.0, 90.0, "turn counter-clockwise", unit="degrees"),
    "scale": Param("k", 0.5, 1.5, "size of the object", domain="(0, inf)"),
    "dilate": Param("d", -10.0, 10.0, "outline moved outwards", unit="px"),
    "softness": Param("s", 0.2, 20.0, "width of the soft edge", log=True, domain="(0, inf)", unit="px"),
    "confidence": Param("q", 0.51, 0.999, "probability deep inside", domain="(0.5, 1)"),
    "blobs": Param("n", 0, MOST_BLOBS, "false discs", domain=f"[0, {MOST_BLOBS}]"),
}


@dataclass(frozen=True)
class Prediction:
    """What a network would say about a picture: logits (S, H, W) and the probability (S, H, W) they stand for."""

    logits: Tensor
    probability: Tensor


def predict(
    truth: Tensor,
    *,
    shift_x: float | Tensor = 0.0,
    shift_y: float | Tensor = 0.0,
    rotation: float | Tensor = 0.0,
    scale: float | Tensor = 1.0,
    dilate: float | Tensor = 0.0,
    softness: float | Tensor = 1.0,
    confidence: float | Tensor = 0.95,
    blobs: float | Tensor = 0,
) -> Prediction:
    """The prediction that `truth` (H, W) becomes under these edits, one for each of S settings, in one go.

    shift_x, shift_y: px to the right and down.
    rotation: degrees counter-clockwise as seen, about the object's centroid.
    scale: factor on the object's size, about the same centroid.
    dilate: px the outline moves outwards (negative: inwards).
    softness: depth in px at which the logit has tanh(1) = 76 % of its final value: the half-width of the soft edge.
    confidence: the probability reached deep inside the object (1 - confidence far outside), between 0.5 and 1.
    blobs: how many false discs stand beside the object, each at the same place whenever the truth is the same.

    Each edit is a number or a tensor (S,). The prediction is made from the distance to the true outline, exact in every
    pixel, so that with no shift, rotation, scale, dilation and blobs what lies above 0.5 is the truth itself, however
    soft or unsure the prediction. Beyond the picture is background.
    Raises ValueError for a truth that is no floating-point (H, W), for edits of different lengths, for one out of its
    domain in EDITS, and for more blobs than there is room for; TypeError for an edit that is neither a number nor a
    floating-point tensor.
    """
    if truth.ndim != 2 or not truth.is_floating_point():
        raise ValueError(f"truth must be a floating-point mask (H, W), got {truth.dtype} {tuple(truth.shape)}")
    edits = {
        "shift_x": shift_x, "shift_y": shift_y, "rotation": rotation, "scale": scale, "dilate": dilate,
        "softness": softness, "confidence": confidence, "blobs": blobs,
    }  # fmt: skip
    edit = _steps(edits, truth)
    still = signed_distance(truth)
    depth = _moved(still, _centroid(truth), edit) + edit["dilate"]
    most = int(edit["blobs"].max())
    if most:
        depth = torch.maximum(depth, _discs(still, most)[edit["blobs"].flatten().long()])
    logits = torch.tanh(depth / edit["softness"]) * torch.logit(edit["confidence"])
    return Prediction(logits, torch.sigmoid(logits))


def threshold(probability: Tensor, at: float | Tensor = 0.5) -> Tensor:
    """Hard mask 0/1, shaped like `probability` (..., H, W): 1 where it is above `at`, a number or a tensor (...)."""
    level = at[..., None, None] if isinstance(at, Tensor) else at
    return (probability > level).to(probability.dtype)


def categories(hard: Tensor, truth: Tensor) -> Tensor:
    """Outcome of pixels as uint8 (..., H, W): 0 true negative, 1 true positive, 2 false positive, 3 false negative."""
    said, true = hard > 0.5, truth > 0.5
    return torch.where(true, torch.where(said, 1, 3), torch.where(said, 2, 0)).to(torch.uint8)


def signed_distance(truth: Tensor) -> Tensor:
    """Depth of each pixel (H, W) in px: positive inside the object, negative outside, zero on the outline between them.

    The frame counts as background; without an object the depth is -1e6 everywhere, so that nothing grows there.
    """
    inside = truth > 0.5
    if not inside.any():
        return torch.full_like(truth, _NOWHERE)
    inside = F.pad(inside, (1, 1, 1, 1))
    # Distances run from pixel centre to pixel centre, and the outline lies half-way between the two sides.
    depth = torch.where(inside, distance_to(~inside, truth.dtype) - 0.5, 0.5 - distance_to(inside, truth.dtype))
    return depth[1:-1, 1:-1]


def _steps(edits: dict[str, float | Tensor], truth: Tensor) -> dict[str, Tensor]:
    """Every edit as (S, 1, 1) in the truth's dtype, its range checked."""
    for name, value in edits.items():
        EDITS[name].check("predict", name, value)
    columns = {name: torch.as_tensor(value, dtype=truth.dtype).reshape(-1) for name, value in edits.items()}
    lengths = {name: len(column) for name, column in columns.items() if len(column) != 1}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise ValueError(f"edits must be numbers or tensors of one length S, got lengths {lengths}")
    steps = max(lengths.values(), default=1)
    return {name: column.expand(steps)[:, None, None] for name, column in columns.items()}


def _centroid(truth: Tensor) -> tuple[Tensor, Tensor]:
    """Centre (y, x) of the object's pixels, or of the picture where there is no object."""
    inside = truth > 0.5
    rows, columns = torch.nonzero(inside if inside.any() else ~inside, as_tuple=True)
    return rows.to(truth.dtype).mean(), columns.to(truth.dtype).mean()


def _moved(depth: Tensor, centre: tuple[Tensor, Tensor], edit: dict[str, Tensor]) -> Tensor:
    """The depth map (H, W) after scale, rotation and shift: (S, H, W), still in px."""
    height, width = depth.shape
    y = torch.arange(height, dtype=depth.dtype)[:, None] - centre[0] - edit["shift_y"]
    x = torch.arange(width, dtype=depth.dtype) - centre[1] - edit["shift_x"]
    angle = torch.deg2rad(edit["rotation"])
    cosine, sine = torch.cos(angle) / edit["scale"], torch.sin(angle) / edit["scale"]
    # Where each pixel of the result comes from: the inverse of turning counter-clockwise with y pointing down.
    from_x = cosine * x - sine * y + centre[1]
    from_y = sine * x + cosine * y + centre[0]
    near_x, near_y = from_x.clamp(0, width - 1), from_y.clamp(0, height - 1)
    grid = torch.stack([(2 * near_x + 1) / width - 1, (2 * near_y + 1) / height - 1], dim=-1)
    steps = len(grid)
    flat = grid.reshape(1, steps * height, width, 2)  # one picture read S times, without S copies of it
    inner = F.grid_sample(depth[None, None], flat, align_corners=False).reshape(steps, height, width)
    # Beyond the frame: the way to the frame, then the way that the depth at the frame still tells of.
    away = (from_x - near_x).square() + (from_y - near_y).square() + inner.clamp(max=0).square()
    return edit["scale"] * (inner.clamp(min=0) - away.sqrt())


def _discs(depth: Tensor, most: int) -> Tensor:
    """Depth maps (most + 1, H, W) of 0, 1, ..., `most` discs, clear of the object, of the frame and of each other."""
    height, width = depth.shape
    radius = max(1.0, 0.045 * min(height, width))
    gap = max(1.0, radius / 2)
    y = torch.arange(height, dtype=depth.dtype)[:, None]
    x = torch.arange(width, dtype=depth.dtype)
    to_frame = torch.minimum(torch.minimum(y, height - 1 - y), torch.minimum(x, width - 1 - x))
    free = (-depth > radius + gap) & (to_frame > radius)
    rank = torch.rand(height, width, generator=torch.Generator().manual_seed(_SEED))
    maps = [torch.full_like(depth, _NOWHERE)]
    for count in range(most):  # each disc takes its place away from the next
        if not free.any():
            raise ValueError(f"there is room for {count} blobs beside this object, got {most}")
        at = int(torch.where(free, rank, -1.0).argmax())
        away = torch.hypot(y - at // width, x - at % width)
        free &= away > 2 * radius + gap
        maps.append(torch.maximum(maps[-1], radius - away))
    return torch.stack(maps)
