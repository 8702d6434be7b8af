"""SymPy text to LaTeX, with symbols that can be replaced by the numbers of the moment."""

import re
from functools import lru_cache

import sympy
from sympy.parsing.sympy_parser import parse_expr


@lru_cache(maxsize=512)
def expression(formula: str) -> sympy.Expr:
    """The formula as SymPy reads it, terms in the order they were written. All symbols are real."""
    words = set(re.findall(r"[A-Za-z_]\w*", formula)) - {"oo"}
    reals = {word: sympy.Symbol(word, real=True) for word in words if not hasattr(sympy, word) or word.islower()}
    functions = {word: getattr(sympy, word) for word in ("log", "exp", "sqrt", "tanh", "cosh", "sinh", "sign")}
    with sympy.evaluate(False):
        return parse_expr(formula, local_dict=reals | functions, evaluate=False)


def names(formula: str) -> set[str]:
    """The names of the formula's symbols."""
    return {symbol.name for symbol in expression(formula).free_symbols}


def latex(formula: str, symbols: dict[str, str]) -> str:
    """LaTeX of the formula; `symbols` gives the LaTeX, or the number, that stands for a name.

    A text such as \\text{@r} is the place of a number that is filled in later.
    """
    shown = {
        symbol: f"({text})" if text.startswith("-") else text
        for symbol in expression(formula).free_symbols
        if (text := symbols.get(symbol.name))
    }
    written = sympy.latex(expression(formula), symbol_names=shown, ln_notation=True, order="none")
    # A negative number needs its parentheses in a product or under an exponent, not alone between other brackets.
    alone = re.sub(r"\{\((-[^()]*)\)\}", r"{\1}", written)
    bare = re.sub(r"\\left\(\((-[^()]*)\) ?\\right\)", r"\\left(\1\\right)", alone)
    # A number behind another factor would read as one number with it: 3 and 1.5 as 31.5.
    return re.sub(r"(?<=[\d})])(?<!\{cases\}) (?=\d|\\text\{@)", r" \\cdot ", bare)
