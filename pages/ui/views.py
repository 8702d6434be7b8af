"""A view: controls and the film they make. Films are kept, shared by all visitors, and known by their settings alone."""

import gzip
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch

from losscore.figures.film import Film
from pages.ui.controls import Control, Slider, Values, write


@dataclass(frozen=True)
class View:
    """One stage of a page.

    `film(values)` draws it; the swept slider's value comes as a tensor of all its steps. `reading(values)` is the HTML
    under the figure, whose slots the film fills.
    """

    key: str
    controls: tuple[Control, ...]
    film: Callable[[Values], Film]
    reading: Callable[[Values], str] = lambda _: ""

    @cached_property
    def sliders(self) -> dict[str, Slider]:
        """The sliders whose figure follows the thumb."""
        return {c.key: c for c in self.controls if isinstance(c, Slider) and c.live}

    def first(self, values: Values) -> str:
        """The slider that is swept before any has been touched."""
        return next((key for key, slider in self.sliders.items() if slider.shown(values)), "")


class Shelf:
    """The films of late, at most `room` of them. Two visitors asking for the same film wait for one making of it."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._films: OrderedDict[str, Film] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def film(self, view: View, values: Values, swept: str) -> Film:
        name = address(view, values, swept)
        with self._lock:
            making = self._making.setdefault(name, threading.Lock())
        with making:
            with self._lock:
                if name in self._films:
                    self._films.move_to_end(name)
                    return self._films[name]
            film = view.film(_swept(view, values, swept))
            with self._lock:
                self._films[name] = film
                self._making.pop(name, None)
                while len(self._films) > self._room:
                    self._films.popitem(last=False)
        return film


SHELF = Shelf(room=40)


def address(view: View, values: Values, swept: str) -> str:
    """A film's name: the view, the slider it sweeps, and every other setting."""
    rest = {key: text for key, text in write(view.controls, values).items() if key != swept}
    query = "&".join(f"{key}={text}" for key, text in sorted(rest.items()))
    return f"{view.key}?_sweep={swept}&{query}"


def reel(view: View, values: Values, swept: str) -> bytes:
    """A film's moving parts for the browser, as gzipped JSON."""
    made = SHELF.film(view, values, swept).reel()
    return gzip.compress(json.dumps(made, allow_nan=False, separators=(",", ":")).encode(), 6)


def _swept(view: View, values: Values, swept: str) -> Values:
    if not swept:
        return dict(values)
    return values | {swept: torch.tensor(view.sliders[swept].values)}
