"""Two modes and the bells that either side of a divergence fits to them, their width over a slider, and a coin."""

from collections.abc import Mapping

import plotly.graph_objects as go
import torch

import losscore
from losscore.explore.two_modes import SIDES, best_bell, coin, coin_inputs
from losscore.figures import theme
from losscore.figures.film import Film
from losscore.figures.marked_curve import marked_curve
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.figures.sweep_curve import Number, swept
from losscore.scenes.two_modes import CELL, FARTHEST, LINE, bell, two_modes

TITLES = {"apart": "modes at ±", "width": "width of each mode", "right": "share of the right mode", "coin": ""}
_VIEW = 5.5  # how far the drawn line reaches


def one_bell(moved: Mapping[str, Number], labels: Mapping[str, str]) -> Film:
    """Two modes under `moved`, apart, width and right, and a coin; at most one of them a tensor (S,).

    labels: what the two SIDES are called. Slots: <side>.place, .width, .<other side> (what it says of this bell), and
    coin.<side>.
    """
    name, steps = swept(moved)
    mixture = {key: moved[key] for key in ("apart", "width", "right")}
    truth = two_modes(**mixture).expand(len(steps) if name != "coin" else 1, -1)
    panels = Panels(
        ["Two modes, and one bell for both", "Width of the best bell", "A coin against a fair one: KL"],
        weights=[1.25, 1.0, 0.9], height=400, narrow_height=280,
    )  # fmt: skip
    alt = "Two modes with the best bell by either side of KL; the bells' widths over a slider; KL of a coin both ways."
    film = Film(panels.figure, len(steps), alt, panels.narrow)
    line = {"color": theme.TRUTH, "width": 3}
    true = panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=line, name="true", fill="tozeroy"), 0)
    film.move(true, x=LINE, y=truth / CELL)
    # The middle panel goes over the slider that moves; a coin changes no bell, so there it goes over the first one.
    still = name == "coin" or len(steps) == 1
    over = "apart" if still else name
    grid = torch.linspace(0, FARTHEST, 31, dtype=torch.float64) if still else steps.double()
    along = two_modes(**mixture | {over: grid})
    here = torch.as_tensor(mixture[over]).double().reshape(-1)
    odds = torch.linspace(0.01, 0.99, 99, dtype=torch.float64)
    heads = torch.as_tensor(moved["coin"]).double().reshape(-1)
    curves, now = coin(odds), coin(heads)
    widths = {}
    for side in SIDES:
        fit = best_bell(side, truth)
        found = bell(fit.place, fit.width) / CELL
        ink = {"color": theme.colour(side), "width": 3, "dash": theme.dash(side)}
        film.move(panels.add(go.Scatter(x=[0], y=[0], mode="lines", line=ink, name=labels[side]), 0), x=LINE, y=found)
        marked_curve(
            panels, film, 1, side, labels[side], (grid, best_bell(side, along).width if still else fit.width),
            (here, fit.width),
        )  # fmt: skip
        marked_curve(panels, film, 2, side, labels[side], (odds, curves[side]), (heads, now[side]))
        widths[side] = fit.width.expand(len(steps)).tolist()
        film.say(f"{side}.place", fit.place.round(decimals=9))
        film.say(f"{side}.width", fit.width)
        film.say(f"coin.{side}", now[side])
        film.given_by(f"coin.{side}", losscore.get("kl_divergence"), coin_inputs(side, heads), {})
        for other, value in fit.value.items():
            film.say(f"{side}.{other}", value)
    panels.axes(
        0, {"title": {"text": "place on the line"}, "range": [-_VIEW, _VIEW]},
        {"title": {"text": "density"}, "range": [-0.01, 1.03], "tickvals": [0, 0.5, 1]},
    )  # fmt: skip
    margin = 0.04 * float(grid.max() - grid.min())
    panels.axes(
        1, {"title": {"text": TITLES[over]}, "range": [float(grid.min()) - margin, float(grid.max()) + margin]},
        {"title": {"text": "width of the bell"}, "range": [-0.1, 3.4]},
    )  # fmt: skip
    panels.axes(
        2, {"title": {"text": "the coin's share of heads"}, "range": [-0.03, 1.03]},
        {"title": {"text": "KL"}, "range": [-0.05, 1.7]},
    )  # fmt: skip
    film.speak([
        f"{labels[SIDES[0]]}: width {short(one)}; {labels[SIDES[1]]}: width {short(other)}"
        for one, other in zip(*(widths[side] for side in SIDES), strict=True)
    ])  # fmt: skip
    return film
