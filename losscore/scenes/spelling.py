"""A short word that is spoken over a few frames, and what a network might say of each frame: blank, a or b."""

import torch
from torch import Tensor

SYMBOLS = ("–", "a", "b")  # the blank comes first
WORDS = ("a", "ab", "aa", "aba", "abb")
LONGEST = 8  # frames
NEVER = -1e30  # the logit of what is impossible


def labels(word: str) -> Tensor:
    """The word as numbers of symbols, (L,)."""
    return torch.tensor([SYMBOLS.index(letter) for letter in word])


def rows(word: str) -> Tensor:
    """The rows of its lattice as numbers of symbols, (2 L + 1,): a blank before, between and after the letters."""
    found = torch.zeros(2 * len(word) + 1, dtype=torch.long)
    found[1::2] = labels(word)
    return found


def spoken(word: str, frames: float | Tensor, sure: float | Tensor, when: float | Tensor) -> Tensor:
    """Logits (S, LONGEST, 3), float64, of a network that hears the word from frame `when` on, a letter a frame.

    sure: from 0, where every symbol is as likely, to 1, where the right one has it all. Each is a number or (S,).
    Frames after the first `frames` are surely blank, so that they add nothing to any way of writing the word.
    """
    heard: list[int] = []
    for letter in labels(word).tolist():
        heard += [0, letter] if heard[-1:] == [letter] else [letter]
    count, share, start = (torch.as_tensor(number).double().reshape(-1, 1) for number in (frames, sure, when))
    frame = torch.arange(1, LONGEST + 1)
    place = (frame - start).long()
    inside = (place >= 0) & (place < len(heard))
    right = torch.tensor(heard)[place.clamp(0, len(heard) - 1)].where(inside, 0)
    share = share[..., None]
    likely = (1 - share) / len(SYMBOLS) + share * torch.nn.functional.one_hot(right, len(SYMBOLS))
    silent = torch.tensor([0.0, *(NEVER for _ in SYMBOLS[1:])], dtype=torch.float64)
    return torch.where((frame <= count)[..., None], likely.log(), silent)
