"""Where in a picture a loss finds what it counts."""

import torch.nn.functional as F
from torch import Tensor

import losscore
from losscore.losses.reconstruction_similarity import missed
from losscore.scenes.filters import filter_bank

# The losses that are a sum or a mean over places.
MAPPED = ("mse", "mae", "charbonnier", "ssim", "gradient_difference", "perceptual_fixed_filters")


def error_map(key: str, pred: Tensor, truth: Tensor) -> Tensor:
    """What each place of pictures (S, H, W) adds to a loss against a truth (H, W), (S, H, W); 0 where it looks at none.

    A pixel stands for itself, for the window or the filters around it, or for the steps to its right and below it.
    Raises KeyError for a loss that is none of MAPPED.
    """
    if key not in MAPPED:
        raise KeyError(f"no map of {key!r}; there are: {', '.join(MAPPED)}")
    loss = losscore.get(key)
    if key == "ssim":
        given = loss.defaults
        return F.pad(missed(pred, truth, **given), (given["win"] // 2,) * 4)
    if key == "gradient_difference":  # of pictures of two pixels, which have one step
        across, down = (loss(*(p.unfold(dim, 2, 1).unsqueeze(dim) for p in (pred, truth)), reduction="none")
                        for dim in (-1, -2))  # fmt: skip
        return F.pad(across, (0, 1)) + F.pad(down, (0, 0, 0, 1))
    if key == "perceptual_fixed_filters":  # of pictures as large as a filter
        patches, aims = (picture.unfold(-2, 3, 1).unfold(-2, 3, 1) for picture in (pred, truth))
        return F.pad(loss(patches, aims, filter_bank().to(pred), reduction="none"), (1,) * 4)
    return loss(pred, truth, reduction="none")
