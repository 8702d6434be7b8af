"""Your own: a typed formula as a curve, and the line that it fits."""

from collections.abc import Callable

from losscore import own
from losscore.figures.film import Film
from losscore.figures.own_curve import OWN, called, own_loss_curve
from losscore.figures.own_fit import own_loss_fit
from pages.regression_lines import FITTED
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Text, Values
from pages.ui.views import View

_HELP = (
    "Arithmetic with + − * / and ** (or ^) for powers. Names: r (prediction − target), or p (prediction) and y "
    f"(target); a, b, c, which become sliders; pi. Functions: {', '.join(own.FUNCTIONS)}. where(condition, yes, no) "
    "takes a comparison."
)
_HINT = "where(abs(r) < a, b * r^2, c * abs(p - y))"
FORMULA = Text("formula", "Your loss", "abs(r)^a", own.LONGEST, _HINT, _HELP, check=own.parse)


def _named(*names: str) -> Callable[[Values], bool]:
    return lambda values: bool(own.names_in(values["formula"]) & set(names))


_PARAMS = tuple(
    Slider(f"own_{name}", name, 0.1, 5, default, steps=50, help="A number in your formula.", shown=_named(name))
    for name, default in (("a", 0.5), ("b", 1.0), ("c", 2.0))
)  # fmt: skip
_BESIDE = Choice(
    "own_beside", "Beside it", FITTED, ["mae"], several=True, most=3, help="Known losses to compare with."
)  # fmt: skip


def _params(values: Values) -> Values:
    return {name: values[f"own_{name}"] for name in own.PARAMS}


def _read(values: Values) -> own.Formula | own.Refused:
    try:
        return own.parse(values["formula"])
    except own.Refused as refused:
        return refused


def _formula(values: Values) -> own.Formula | None:
    read = _read(values)
    return read if isinstance(read, own.Formula) else None


def _refused(values: Values) -> str:
    """What is wrong with the formula, with a pointer at the place; nothing where it is read."""
    read = _read(values)
    return reading.pointed(str(read), values["formula"], read.place) if isinstance(read, own.Refused) else ""


def _rows(values: Values, names: tuple[str, ...]) -> list[list[str]]:
    keys = [*values["own_beside"], *([OWN] if _formula(values) else [])]
    return [[reading.swatch(key, called(key)), *(reading.slot(f"{key}.{name}") for name in names)] for key in keys]


def _curve_film(values: Values) -> Film:
    beside = values["own_beside"]
    return own_loss_curve(_formula(values), values["own_r"], values["own_target"], _params(values), beside)


def _curve_reading(values: Values) -> str:
    numbers = reading.table(["Loss function", "loss at r", "gradient at r"], _rows(values, ("loss", "slope")))
    formula = _formula(values)
    if formula is None:
        return _refused(values) + numbers
    names = sorted(formula.names - {"pi"})
    shown = own.latex(formula, **{name: rf"\text{{@{name}}}" for name in names}) + r" = \text{@value}"
    written = reading.formula(
        own.latex(formula) + r"\;:\quad " + shown, (*((n, n) for n in names), ("value", "own.loss"))
    )
    slot = reading.slot
    tried = [
        ["Convex: no arch above a chord", slot("own.arch"), f"between {slot('own.left')} and {slot('own.right')}"],
        ["Even: r and −r cost the same", slot("own.lopsided"), f"at r = ± {slot('own.side')}"],
        ["Cheapest error", slot("own.lowest"), "0 is what one wants"],
        ["A far outlier's pull", slot("own.fall"), "at r = 1000, against r = 10"],
        ["A finite number", slot("own.gaps"), "from r = −6 to 6"],
        ["Gradient against differences", slot("own.check"), "corners left out"],
    ]
    program = own.program(formula, values["own_target"] + values["own_r"], values["own_target"], _params(values))
    return numbers + written + reading.table(["Tried on the spot", "found", "where"], tried) + reading.lines(program)


def _fit_film(values: Values) -> Film:
    return own_loss_fit(_formula(values), values["own_height"], _params(values), values["own_beside"])


def _fit_reading(values: Values) -> str:
    told = reading.table(["Loss function", "slope w", "intercept b"], _rows(values, ("w", "b")))
    formula = _formula(values)
    return told + reading.formula(own.latex(formula)) if formula else _refused(values) + told


CURVE = View(
    "own/curve",
    (
        FORMULA,
        Slider("own_r", "Residual r", -6, 6, 2.5, steps=121, help="The error at which loss and gradient are read off."),
        *_PARAMS,
        Slider("own_target", "Target y", -3, 3, 1.0, steps=61, shown=_named("p", "y")),
        _BESIDE,
    ),
    _curve_film,
    _curve_reading,
)

FIT = View(
    "own/fit",
    (
        FORMULA,
        Slider("own_height", "Outlier's height y", -10, 40, 39, steps=51, help="The others lie on y = x."),
        *_PARAMS,
        _BESIDE,
    ),
    _fit_film,
    _fit_reading,
)  # fmt: skip
