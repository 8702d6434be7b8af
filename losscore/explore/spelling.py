"""All ways of writing a word into frames: what CTC adds up, which way is the best, and where the ways go."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

import losscore
from losscore.scenes.spelling import LONGEST, NEVER, labels, rows

_LEAST = NEVER / 10  # the log-probability of a way is below it where one of its frames is impossible


@dataclass(frozen=True)
class Spelt:
    """loss, best: CTC, and minus the log-probability of the best way alone, (S,); infinite where there is no way.

    ways: how many there are, (S,). push: the downhill gradient by logit (S, T, 3), 0 where there is no way. seen: how
    likely the word, once written, is in each row at each frame (S, rows, T). path: the best way's rows (S, T).
    steps: which steps from row to row some way takes (S, T - 1, rows, rows).
    """

    loss: Tensor
    best: Tensor
    ways: Tensor
    push: Tensor
    seen: Tensor
    path: Tensor
    steps: Tensor


@lru_cache(maxsize=16)
def ways(word: str) -> Tensor:
    """Every way from the first rows of the word's lattice to its last in LONGEST frames, as rows (P, LONGEST)."""
    symbols = rows(word).tolist()
    last = len(symbols) - 1
    found: list[tuple[int, ...]] = [(0,), (1,)]
    for _ in range(LONGEST - 1):
        found = [
            (*way, way[-1] + step)
            for way in found
            for step in (0, 1, 2)
            if way[-1] + step <= last and (step < 2 or (symbols[way[-1] + 2] not in (0, symbols[way[-1]])))
        ]
    return torch.tensor([way for way in found if way[-1] >= last - 1])


def spelt(word: str, logits: Tensor) -> Spelt:
    """What CTC says of logits (S, LONGEST, 3) for a word."""
    ctc, target = losscore.get("ctc"), labels(word).expand(len(logits), -1)
    loss = ctc(logits, target, reduction="none")
    none = loss > -_LEAST
    push = -ctc.gradient(logits, target, reduction="sum")
    paths = ways(word)
    said = logits.log_softmax(-1)[:, torch.arange(LONGEST), rows(word)[paths]].sum(-1)  # (S, P)
    open_ = said > _LEAST
    share = torch.softmax(said, -1) * open_
    here = torch.nn.functional.one_hot(paths, len(rows(word))).double()  # (P, T, rows)
    taken = here[:, :-1, :, None] * here[:, 1:, None, :]
    return Spelt(
        loss=torch.where(none, torch.inf, loss),
        best=torch.where(none, torch.inf, -said.amax(-1)),
        ways=open_.sum(-1),
        push=torch.where(none[:, None, None], 0, push),
        seen=torch.einsum("sp,ptr->srt", share, here),
        path=paths[said.argmax(-1)],
        steps=torch.einsum("sp,ptij->stij", open_.double(), taken) > 0,
    )
