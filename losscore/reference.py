"""The reference of all losses in Markdown, from their records: python -m losscore.reference > docs/losses.md"""

from losscore.inputs import Input
from losscore.params import AnyParam, Choice, Param, Vector
from losscore.record import Loss
from losscore.registry import families, losses
from losscore.traits import TRAITS, traits

HEAD = """# Losses and metrics

Written by `python -m losscore.reference` from the records in `losscore/losses`; a test keeps it current.
A loss is called as `losscore.get(key)(*inputs, **parameters)`. Dimensions before those given here are batch dimensions;
the value is the mean over them, or each by itself with `reduction="none"`.
"""


def reference() -> str:
    """The whole text: a table of contents by family, then a card for each loss."""
    parts = [HEAD]
    for family in families():
        links = ", ".join(f"[`{loss.key}`](#{loss.key})" for loss in losses(family))
        parts.append(f"**{family.capitalize()}** ({len(losses(family))}): {links}\n")
    for family in families():
        parts.append(f"## {family.capitalize()}\n")
        parts += [card(loss) for loss in losses(family)]
    return "\n".join(parts)


def card(loss: Loss) -> str:
    """One loss: formula, meaning, inputs, parameters, properties, source."""
    lines = [f'### <a id="{loss.key}"></a>{loss.title} `{loss.key}`\n', f"$${loss.latex}$$\n", f"{loss.insight}\n"]
    lines += [f"- {name}: {shape(kind)}" for name, kind in loss.inputs.items()]
    lines += [f"- parameter {name}: {parameter(param, loss.defaults[name])}" for name, param in loss.params.items()]
    held = ", ".join(TRAITS[key].name for key in traits(loss))
    facts = {
        "properties": held, "also known as": ", ".join(loss.aliases),
        "torch": f"`{loss.torch_call}`" * bool(loss.torch_call),
        "form of": f"`{loss.variant_of}`" * bool(loss.variant_of), "infinite": loss.infinite, "mind": loss.trap,
        "source": loss.source,
    }  # fmt: skip
    lines += [f"- {name}: {text}" for name, text in facts.items() if text]
    return "\n".join(lines) + "\n"


def shape(kind: Input) -> str:
    """What an input is, in words: kind, dimensions, accepted values."""
    dims = f" ({', '.join(kind.dims)})" if kind.dims else ""
    if kind.integer:
        return f"{kind.kind}{dims}, whole numbers from {kind.low:g}"
    if kind.only:
        return f"{kind.kind}{dims}, {' or '.join(f'{value:g}' for value in kind.only)}"
    return f"{kind.kind}{dims}" + ("" if kind.interval == "(-inf, inf)" else f" in {kind.interval}")


def parameter(param: AnyParam, default: object) -> str:
    """What a parameter means, accepts and is by default."""
    if isinstance(param, Choice):
        return f"{param.meaning}; one of {', '.join(repr(option) for option in param.options)}; {default!r} by default"
    accepted = f"one number a class in {param.domain}" if isinstance(param, Vector) else f"in {param.domain}"
    unit = f" {param.unit}" if isinstance(param, Param) and param.unit else ""
    return f"{param.meaning}; {accepted}; {default}{unit} by default"


if __name__ == "__main__":
    print(reference(), end="")
