"""A loss that somebody types: read by a grammar of arithmetic alone, evaluated by torch, never run as code."""

from losscore.own.evaluate import evaluate, gradient
from losscore.own.grammar import FUNCTIONS, LONGEST, NAMES, PARAMS, Formula, Refused, names_in, parse
from losscore.own.write import latex, program

__all__ = [
    "FUNCTIONS",
    "LONGEST",
    "NAMES",
    "PARAMS",
    "Formula",
    "Refused",
    "evaluate",
    "gradient",
    "latex",
    "names_in",
    "parse",
    "program",
]
