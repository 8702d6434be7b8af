"""How good embeddings are for finding one's like: Recall@1."""

import torch
from torch import Tensor


def recall_at_1(places: Tensor, labels: Tensor) -> Tensor:
    """The share of N places (..., N, D) whose nearest other place has the same label (N,): (...), float32.

    Euclidean distances, which on a sphere order places as angles do. Of equally near ones the first counts.
    """
    apart = torch.cdist(places, places, compute_mode="donot_use_mm_for_euclid_dist")
    oneself = torch.eye(places.shape[-2], dtype=torch.bool)
    nearest = apart.masked_fill(oneself, torch.inf).argmin(-1)
    return (labels[nearest] == labels).float().mean(-1)
