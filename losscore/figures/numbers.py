"""Short numbers that keep their width while they change."""

import math


def short(value: float) -> str:
    """Four digits or so: 0.0312, 2.640, 31.20, 5043; tiny and huge ones in powers of ten."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size != 0 and (size < 5e-4 or size >= 1e5):
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    digits = 3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0
    text = f"{value:.{digits}f}"
    return text.replace("-", "" if float(text) == 0 else "−")


def bracketed(value: float) -> str:
    """A number as it stands in a formula: a negative one in brackets."""
    return f"({short(value)})" if value < 0 else short(value)
