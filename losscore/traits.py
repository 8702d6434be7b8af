"""What the claims of a record say in words that one can filter by."""

from collections.abc import Callable
from dataclasses import dataclass

from losscore.record import Loss


@dataclass(frozen=True)
class Trait:
    """A property that a loss has for sure, where its record claims it."""

    name: str
    meaning: str
    holds: Callable[[Loss], bool]


TRAITS = {
    "robust": Trait("robust", "an outlier's pull fades as it moves away", lambda loss: loss.claims.robust is True),
    "bounded": Trait(
        "bounded gradient", "no error pulls harder than a fixed strength",
        lambda loss: loss.claims.slope_bound not in (None, "oo"),
    ),
    "imbalance": Trait(
        "handles imbalance", "made for targets where one class is rare", lambda loss: loss.claims.imbalance is True
    ),
    "logits": Trait("needs logits", "takes raw scores, squashes them itself", lambda loss: loss.claims.logits is True),
    "flat": Trait(
        "zero-gradient regions", "there are bad places without any gradient", lambda loss: loss.claims.flat is True
    ),
    "convex": Trait("convex", "one valley: every way down leads to the best", lambda loss: loss.claims.convex is True),
    "smooth": Trait("smooth", "no kinks: the gradient never jumps", lambda loss: loss.claims.smooth is True),
    "scale": Trait(
        "scale-free", "the same value for inputs twice as large", lambda loss: loss.claims.homogeneous == 0
    ),
    "infinite": Trait("can be infinite", "some valid inputs cost infinitely much", lambda loss: bool(loss.infinite)),
    "metric": Trait("not trained", "a number to report, without a gradient", lambda loss: not loss.differentiable),
}  # fmt: skip


def traits(loss: Loss) -> list[str]:
    """The keys of the traits that this loss has."""
    return [key for key, trait in TRAITS.items() if trait.holds(loss)]
