"""What a record claims about its loss. A claim is data so that a test can try to break it."""

from dataclasses import dataclass

import sympy


@dataclass(frozen=True)
class Claims:
    """Properties in the first input, per sample, for every setting of the sliders.

    None: nothing is claimed. False: there is a witness against it.

    convex: no chord lies under the graph.
    even: the same cost for an error of either sign.
    smooth: differentiable everywhere.
    robust: an outlier's pull fades to nothing as it moves away.
    flat: there are places that are not the best one and still give no gradient.
    imbalance: made for targets where one class is rare.
    logits: expects raw scores and applies the squashing itself.
    homogeneous: degree k in loss(s * inputs) = s^k * loss(inputs), for s > 0.
    slope_bound: the largest size of a gradient entry of one sample's loss; "oo" where, at the defaults, there is none.
    minimum, maximum: bounds of the value ("oo", "-oo" where there is none).
    Bounds are SymPy text over the loss's parameters, such as "delta" or "c**2/6".
    """

    convex: bool | None = None
    even: bool | None = None
    smooth: bool | None = None
    robust: bool | None = None
    flat: bool | None = None
    imbalance: bool | None = None
    logits: bool | None = None
    homogeneous: float | None = None
    slope_bound: str | None = None
    minimum: str | None = None
    maximum: str | None = None

    def bound(self, name: str, params: dict[str, object]) -> float | None:
        """The bound `name` ("slope_bound", "minimum", "maximum") as a number for these parameters."""
        text = getattr(self, name)
        if text is None:
            return None
        numbers = {key: float(value) for key, value in params.items() if isinstance(value, (int, float))}
        return float(sympy.sympify(text, locals={key: sympy.Symbol(key) for key in numbers}).subs(numbers))
