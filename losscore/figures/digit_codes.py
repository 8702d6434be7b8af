"""Digits squeezed through two numbers: the plane of their codes, one decoded place of it, and the copies."""

import math
from collections.abc import Mapping

import plotly.graph_objects as go
import torch
from torch import Tensor

import losscore
from losscore.explore.codes import Judged, judged, new_codes
from losscore.figures import theme
from losscore.figures.digit_board import GREYS, board, draw_board, draw_picture
from losscore.figures.film import Film
from losscore.figures.glyphs import glyphs
from losscore.figures.numbers import short
from losscore.figures.panels import Panels
from losscore.scenes.handwritten import HELD, digits
from losscore.train import Run
from losscore.train.vae import PASSES, decoded

REACH = 4.0  # the plane that is shown, from -REACH to REACH
PLANES = {"codes": "Codes of digits", "decoded": "What they decode to"}
BESIDE = {"copies": "Copies", "parts": "Parts of the loss"}
_TILES = 9  # decoded places along an edge of the plane
_SHOWN = (0, 1, 2, 3, 4, 6)  # digits of which one is copied
_SIDE = 8
_PARTS = {"copy": ("copy", "recon"), "weighted": ("weight × KL", "kl"), "total": ("total", "penalised_sum")}
_HEIGHT, _NARROW = 420, 250
_INK = {"color": theme.NEUTRAL, "width": 1.5, "dash": "dash"}

Number = float | Tensor


def digit_codes(
    runs: Mapping[float, Run], weight: Number, place: tuple[Number, Number], passes: Number, plane: str, beside: str,
    keys: tuple[str, str],
) -> Film:  # fmt: skip
    """Runs of the training `digit_codes` by their weight; one of the numbers may be a tensor (S,) of a slider's steps.

    place: the code that is decoded. plane, beside: of PLANES and BESIDE. keys: the sliders of the place. Slots:
    "vae." and weight, copy, kl, weighted, total, variety, outside, strange.
    """
    numbers = [torch.as_tensor(value).reshape(-1) for value in (weight, *place, passes)]
    steps = max(map(len, numbers))
    at, first, second, looked = numbers
    epoch = (torch.tensor(PASSES) == looked[:, None].round()).long().argmax(1)
    stops = torch.tensor(list(runs))
    chosen = (stops - at[:, None]).abs().argmin(1)
    decoder, mean = (
        torch.stack([run.frames[part] for run in runs.values()])[chosen, epoch].float() for part in ("decoder", "mean")
    )
    every = judged(tuple(runs.values()), REACH)
    found = Judged(*(values[chosen, epoch] for values in vars(every).values()))
    titles = [PLANES[plane], "The point, decoded", BESIDE[beside]]
    weights = [1.4, 0.7, 0.62] if beside == "copies" else [1.3, 0.6, 1.0]
    panels = Panels(titles, weights=weights, height=_HEIGHT, narrow_height=_NARROW)
    alt = f"{PLANES[plane]} in the plane, the digit decoded at one place of it, and {BESIDE[beside].lower()}."
    film = Film(panels.figure, steps, alt, panels.narrow)
    _draw_plane(panels, film, plane, decoder, mean)
    place_now = torch.stack(torch.broadcast_tensors(first, second), -1).float()
    _draw_point(panels, film, place_now, keys)
    made = decoded(decoder, place_now[:, None])[:, 0]
    draw_picture(panels, film, 1, made.unflatten(-1, (_SIDE, _SIDE)))
    if beside == "copies":
        _draw_copies(panels, film, decoder, mean)
    else:
        _draw_parts(panels, film, stops, every, epoch, chosen)
    weighted = found.total - found.copy
    said = {
        "copy": found.copy, "kl": found.divergence, "weighted": weighted, "total": found.total,
        "strange": found.strange, "weight": stops[chosen],
    }  # fmt: skip
    for name, values in said.items():
        film.say(f"vae.{name}", values, text=_exact if name in ("kl", "weighted") else short)
    film.made_with(losscore.get("vae_elbo"), {"kl_weight": stops[chosen]})
    for name, values in (("variety", found.variety), ("outside", found.outside)):
        film.say(f"vae.{name}", values, text=lambda share: f"{share:.0%}")
    numbers = [film.slots[f"vae.{name}"].tolist() for name in ("weight", "copy", "kl", "total", "variety")]
    film.speak(
        [
            f"Weight {w:g}: copy {c:.2f}, KL {k:.2f}, total {t:.2f}, {v:.0%} of the variety kept"
            for w, c, k, t, v in zip(*numbers, strict=True)
        ]
    )
    return film


def _draw_plane(panels: Panels, film: Film, plane: str, decoder: Tensor, mean: Tensor) -> None:
    """HELD codes of each digit, in its colour and marker, its name at their middle; or a board of decoded places."""
    if plane == "decoded":
        line = torch.linspace(-REACH, REACH, 2 * _TILES + 1)[1::2]
        places = torch.stack(torch.meshgrid(line, -line, indexing="xy"), -1).reshape(1, -1, 2)
        tiles = decoded(decoder, places.expand(len(decoder), -1, -1)).unflatten(1, (_TILES, _TILES))
        image = panels.add_image(0, 1, 1)
        panels.figure.layout.images[image].update(x=-REACH, y=REACH, sizex=2 * REACH, sizey=2 * REACH)
        film.picture(image, board(tiles.unflatten(-1, (_SIDE, _SIDE))), GREYS)
    else:
        codes = mean.unflatten(1, (10, HELD))
        names = glyphs(codes.median(2).values, 0.17)
        for digit in range(10):
            marker = {"size": 5, "symbol": theme.class_marker(digit), "color": theme.class_ink(digit), "opacity": 0.65}
            dots = go.Scatter(x=[0], y=[0], mode="markers", marker=marker, name=f"digit {digit}", showlegend=False)
            film.move(panels.add(dots), x=codes[:, digit, :, 0], y=codes[:, digit, :, 1])
        for digit in range(10):
            ink = {"color": theme.class_ink(digit), "width": 3}
            name = go.Scatter(
                x=[0], y=[0], mode="lines", line=ink, showlegend=False, hoverinfo="skip", name=f"name of digit {digit}"
            )
            film.move(panels.add(name), x=names[:, digit, :, 0], y=names[:, digit, :, 1])
    turn = torch.linspace(0, 2 * math.pi, 73)
    panels.add(
        go.Scatter(
            x=(2 * turn.cos()).numpy(), y=(2 * turn.sin()).numpy(), mode="lines", line=_INK, hoverinfo="skip",
            name="holds 86 % of N(0, 1)",
        )
    )  # fmt: skip
    span = {"range": [-REACH, REACH], "constrain": "domain", "zeroline": False, "showgrid": plane == "codes"}
    panels.axes(
        0, {"title": {"text": "first number of the code"}} | span,
        {"title": {"text": "second number"}, "scaleanchor": "x"} | span,
    )  # fmt: skip


def _draw_point(panels: Panels, film: Film, place: Tensor, keys: tuple[str, str]) -> None:
    marker = {
        "size": 16, "symbol": "circle-cross-open", "color": theme.PREDICTION, "line": {"width": 3},
    }  # fmt: skip
    here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, name="the point"))
    film.move(here, x=place[:, :1], y=place[:, 1:])
    film.handle(here, x=keys[0], y=keys[1], point=0, name="the point of the plane that is decoded")


def _exact(value: float) -> str:
    """A divergence that is nothing says so, and not 1.5e-5."""
    return f"{value:.3f}"


def _draw_copies(panels: Panels, film: Film, decoder: Tensor, mean: Tensor) -> None:
    """Three columns: held-out digits, their copies, and digits made from codes drawn from N(0, 1)."""
    held = digits()[1].pictures
    rows = torch.tensor([digit * HELD for digit in _SHOWN])
    truth = held[rows].expand(len(decoder), -1, -1, -1)
    copies = decoded(decoder, mean[:, rows]).unflatten(-1, (_SIDE, _SIDE))
    new = decoded(decoder, new_codes(len(_SHOWN)).expand(len(decoder), -1, -1)).unflatten(-1, (_SIDE, _SIDE))
    draw_board(panels, film, 2, torch.stack([truth, copies, new], 2), ["digit", "copy", "new"])


def _draw_parts(panels: Panels, film: Film, stops: Tensor, every: Judged, epoch: Tensor, chosen: Tensor) -> None:
    """The two parts of the loss and their sum over the stops of the weight; the marker stands at the chosen one."""
    curves = {"copy": every.copy, "weighted": every.total - every.copy, "total": every.total}
    across = torch.arange(len(stops)).float()
    for name, values in curves.items():
        label, seat = _PARTS[name]
        line = {"color": theme.colour(seat), "dash": theme.dash(seat), "width": 2.5}
        curve = go.Scatter(x=across.numpy(), y=[0] * len(stops), mode="lines", line=line, name=label, legend="legend2")
        film.move(panels.add(curve, 2), y=values[:, epoch].T)
        marker = {"size": 11, "symbol": theme.marker(seat), "color": line["color"]}
        here = panels.add(go.Scatter(x=[0], y=[0], mode="markers", marker=marker, showlegend=False, name=label), 2)
        film.move(here, x=chosen[:, None].float(), y=values[chosen, epoch][:, None])
    ticks = {"tickvals": across.tolist(), "ticktext": [f"{stop:g}" for stop in stops.tolist()]}
    panels.axes(
        2, {"title": {"text": "weight of the KL"}, "range": [-0.4, len(stops) - 0.6]} | ticks,
        {"title": {"text": "held-out digits, mean"}, "range": [-0.2, 5.6]},
    )  # fmt: skip
    panels.figure.layout.legend2 = {
        "x": 1, "xanchor": "right", "y": 0.36, "yanchor": "middle", "orientation": "v", "bgcolor": "rgba(0,0,0,0)",
    }  # fmt: skip
