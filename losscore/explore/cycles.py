"""Maps between two domains and back, both of them turns: do the clouds match, and does every point come back?"""

from dataclasses import dataclass

from torch import Tensor

import losscore
from losscore.scenes.domains import TURN, domain, turned
from losscore.scenes.rings import away


@dataclass(frozen=True)
class Cycle:
    """points, home: what becomes of the first domain there, and there and back, (S, 48, 2); the terms (S,), unweighted.

    matching: how far the made cloud lies from the second domain, plus the same on the way back; right: the share
    of points that lie in the right cluster of the second domain.
    """

    points: Tensor
    home: Tensor
    matching: Tensor
    cycle: Tensor
    identity: Tensor
    right: Tensor


def cycle(there: Tensor | float, back: Tensor | float) -> Cycle:
    """Turns by `there` and `back` degrees, numbers or (S,)."""
    first = domain().flatten(0, 1)
    second = turned(first, TURN)[0]
    made = turned(first, there)
    home, came = turned(made, back), turned(second, back)
    matching = away(made, second.expand_as(made)) + away(came, first.expand_as(came))
    # A cloud of N points in the plane is a picture of N x 2 numbers; weights come later.
    again = losscore.get("cycle_consistency")(home, first.expand_as(home), reduction="none", lam=1.0)
    same = losscore.get("identity_loss")(turned(second, there), second[None], reduction="none", lam=1.0)
    same = same + losscore.get("identity_loss")(turned(first, back), first[None], reduction="none", lam=1.0)
    right = ((made - second).norm(dim=-1) < 0.7).double().mean(-1)
    return Cycle(made, home, matching, again, same, right)
