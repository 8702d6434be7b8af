"""The loss of a batch, written out: what its moved member adds to the sum, and what all others do."""

import torch
from torch import Tensor

from losscore.explore.ties import PAIRED, PROXIES

# SymPy text of each loss. p and n: distances to the farthest partner and the nearest stranger, or their sums over k
# triplets; a, b: cosines with the partners (N-pair: a scalar product; proxies: the cosine with the own one); m: margin;
# t: temperature; z: the sum of exponentials; u, v: the same over a row and a column; w: what the others add.
FORMULAS = {
    "triplet_batch_hard": "(Max(0, p - n + m) + w)/9",
    "triplet_semi_hard_all": "(p - n + k*m)/Max(1, k)",
    "supcon": "(log(z) - (a + b)/(2*t) + w)/9",
    "nt_xent": "(log(z) - a/t + w)/6",
    "info_nce_symmetric": "(log(u) + log(v) - 2*a/t + w)/6",
    "n_pair": "(log(z) - a + w)/3",
    "proxy_nca": "(2 - 2*a + log(z) + w)/9",
    "proxy_nca_softmax": "(2 - 2*a + log(z) + w)/9",
}


def terms(
    key: str, emb: Tensor, labels: Tensor, proxies: Tensor, margin: Tensor, temperature: Tensor, value: Tensor
) -> dict[str, Tensor]:
    """The numbers (S,) of the formula of a loss of batches emb (S, N, D), whose first member is the moved one.

    labels (N,); proxies (C, D); margin, temperature and value, the loss, (S,).
    """
    partner = labels == labels[0]
    if key == "triplet_semi_hard_all":
        return _semi_hard(emb, labels, margin)
    if key == "triplet_batch_hard":
        away = (emb[:, 1:] - emb[:, :1]).norm(dim=-1)
        far, near = away[:, partner[1:]].amax(-1), away[:, ~partner[1:]].amin(-1)
        found, term, count = {"p": far, "n": near, "m": margin}, (far - near + margin).clamp(min=0), len(labels)
    elif key in PROXIES:
        cosine = _cosines(emb[:, 0], proxies.expand(len(emb), -1, -1))
        closeness, own = 2 * cosine - 2, int(labels[0])
        rivals = torch.arange(len(proxies)) != own
        z = (closeness if key == "proxy_nca_softmax" else closeness[:, rivals]).exp().sum(-1)
        found, term, count = {"a": cosine[:, own], "z": z}, 2 - 2 * cosine[:, own] + z.log(), len(labels)
    elif key in PAIRED:
        found, term, count = _paired(key, emb, labels, temperature)
    else:
        cosine = _cosines(emb[:, 0], emb[:, 1:])
        z = (cosine / temperature[:, None]).exp().sum(-1)
        a, b = cosine[:, partner[1:]].unbind(-1)
        found = {"a": a, "b": b, "t": temperature, "z": z}
        term, count = z.log() - (a + b) / (2 * temperature), len(labels)
    return found | {"w": count * value - term}


def _paired(key: str, emb: Tensor, labels: Tensor, temperature: Tensor) -> tuple[dict[str, Tensor], Tensor, int]:
    """Of the first two of each class: numbers, the moved one's term, how many terms there are."""
    places = [(labels == label).nonzero()[:2, 0] for label in labels.unique()]
    first, second = emb[:, [int(p[0]) for p in places]], emb[:, [int(p[1]) for p in places]]
    moved = emb[:, 0]
    if key == "n_pair":
        products = (second @ moved[..., None])[..., 0]
        z = products.exp().sum(-1)
        return {"a": products[:, 0], "z": z}, z.log() - products[:, 0], len(places)
    t, row, column = temperature, _cosines(moved, second), _cosines(second[:, 0], first)
    a = row[:, 0]
    if key == "nt_xent":  # all views but itself compete
        z = (torch.cat([row, _cosines(moved, first)[:, 1:]], -1) / t[:, None]).exp().sum(-1)
        return {"a": a, "t": t, "z": z}, z.log() - a / t, 2 * len(places)
    u, v = ((side / t[:, None]).exp().sum(-1) for side in (row, column))
    return {"a": a, "t": t, "u": u, "v": v}, u.log() + v.log() - 2 * a / t, 2 * len(places)


def _semi_hard(emb: Tensor, labels: Tensor, margin: Tensor) -> dict[str, Tensor]:
    """Sums over the semi-hard triplets of all anchors, and how many they are."""
    away = torch.cdist(emb, emb, compute_mode="donot_use_mm_for_euclid_dist")
    same = (labels[:, None] == labels) & ~torch.eye(len(labels), dtype=torch.bool)
    triplets = same[:, :, None] & (labels[:, None] != labels)[:, None, :]
    to_positive, to_negative = away[:, :, :, None], away[:, :, None, :]
    lead = to_negative - to_positive
    chosen = triplets & (lead > 0) & (lead < margin[:, None, None, None])
    p, n = (torch.where(chosen, part, 0).sum((1, 2, 3)) for part in (to_positive, to_negative))
    return {"p": p, "n": n, "k": chosen.sum((1, 2, 3)).to(emb.dtype), "m": margin}


def _cosines(one: Tensor, others: Tensor) -> Tensor:
    """Of vectors (S, D) with others (S, K, D): (S, K)."""
    return torch.nn.functional.cosine_similarity(one[:, None], others, dim=-1)
