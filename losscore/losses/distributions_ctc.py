"""Connectionist temporal classification: a sequence of labels without saying when each of them is due."""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input
from losscore.params import Choice

Frames = Annotated[Tensor, Input("class logits", dims=("T", "K"), typical=(-4.0, 4.0))]
# Five labels of one kind do not fit into a few frames.
Transcript = Annotated[Tensor, Input("labels", dims=("L",), low=0, integer=True, labels_of="K", ample=5)]


@loss(
    title="CTC",
    family="distributions",
    latex=r"-\ln\sum_{\pi\,:\,\mathcal B(\pi) = y}\ \prod_t \mathrm{softmax}(z_t)_{\pi_t}",
    insight="Adds up every way of writing the labels into the frames, so that nobody has to say when each is spoken.",
    trap="The mean of torch divides each sequence by its number of labels first; here a sequence counts as it is.",
    source="Graves et al. 2006, doi:10.1145/1143844.1143891",
    aliases=("connectionist temporal classification", "alignment-free"),
    infinite="Infinite where there are fewer frames than labels plus repeats: equal neighbours need a blank between.",
    claims=Claims(convex=False, smooth=True, logits=True, slope_bound="1", maximum="oo"),
)
def ctc(
    pred: Frames,
    target: Transcript,
    *,
    blank: Annotated[int, Choice((0, -1), "which class is the blank, the first or the last")] = 0,
) -> Tensor:
    """Each sequence of logits (..., T, K) against its labels (..., L): (...).

    Blanks among the labels stand for nothing, so that shorter sequences can be filled up with them. A sequence that no
    path can spell costs infinity and has no gradient. B drops repeats, then blanks.
    """
    (frames, classes), most = pred.shape[-2:], target.shape[-1]
    silent = blank % classes
    batch = torch.broadcast_shapes(pred.shape[:-2], target.shape[:-1])
    likely = pred.log_softmax(-1).expand(*batch, frames, classes).reshape(-1, frames, classes)
    labels = target.long().expand(*batch, most).reshape(-1, most)
    # The labels first, in their order; the blanks behind them.
    labels = labels.gather(-1, (labels == silent).to(torch.uint8).argsort(dim=-1, stable=True))
    spoken = labels != silent
    length = spoken.sum(-1)
    repeats = ((labels[:, 1:] == labels[:, :-1]) & spoken[:, 1:]).sum(-1)
    everything = torch.full_like(length, frames)
    each = F.ctc_loss(likely.transpose(0, 1), labels, everything, length, silent, reduction="none", zero_infinity=True)
    return torch.where(length + repeats <= frames, each, torch.inf).reshape(batch)
