"""A view: controls and the film they make. Films are kept, shared by all visitors, and known by their settings."""

import gzip
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from losscore.figures.film import Film
from pages.ui.controls import Control, Slider, Values, write
from pages.ui.runs import Need


@dataclass(frozen=True)
class View:
    """One stage of a page.

    `film(values)` draws it; the swept slider's value comes as a tensor of all its steps. `reading(values)` is the HTML
    under the figure, whose slots the film fills. `aside` are settings of the page that the film does not depend on,
    such as a filter; the page draws them, the address holds them. `trained` names the runs that the film fetches from
    `pages.ui.runs`; where one is not at hand the page offers to train it.
    """

    key: str
    controls: tuple[Control, ...]
    film: Callable[[Values], Film]
    reading: Callable[[Values], str] = lambda _: ""
    aside: tuple[Control, ...] = ()
    trained: Callable[[Values], Sequence[Need]] | None = None

    @property
    def settings(self) -> tuple[Control, ...]:
        """All that the address holds of this view."""
        return self.controls + self.aside

    @cached_property
    def sliders(self) -> dict[str, Slider]:
        """The sliders whose figure follows the thumb."""
        return {c.key: c for c in self.controls if isinstance(c, Slider) and c.live}

    def first(self, values: Values) -> str:
        """The slider that is swept before any has been touched."""
        return next((key for key, slider in self.sliders.items() if slider.shown(values)), "")


class Made:
    """A film, and its moving parts as the browser takes them: gzipped JSON, made when they are first asked for."""

    def __init__(self, film: Film) -> None:
        self.film = film

    @cached_property
    def reel(self) -> bytes:
        return gzip.compress(json.dumps(self.film.reel(), allow_nan=False, separators=(",", ":")).encode(), 6)


class Shelf:
    """The films of late, at most `room` of them.

    Visitors asking for the same film wait for one making of it; at most as many films are made at a time as there are
    processors, however many are asked for.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._films: OrderedDict[str, Made] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._hands = threading.Semaphore(os.cpu_count() or 1)

    def get(self, view: View, values: Values, swept: str) -> Made:
        """The film of these settings over all steps of the swept slider ("" for a view without sliders).

        Raises `runs.Missing` for a film of a training that has to be done first.
        """
        name = address(view, values, swept)
        with self._lock:
            making = self._making.setdefault(name, threading.Lock())
        try:
            with making:
                return self._kept(name) or self._make(name, view, _swept(view, values, swept))
        finally:
            with self._lock:
                self._making.pop(name, None)

    def once(self, view: View, values: Values, swept: str) -> Film:
        """The same film for one look at it: taken from the shelf if it is there, else made and not kept."""
        kept = self._kept(address(view, values, swept))
        if kept:
            return kept.film
        with self._hands:
            return view.film(_swept(view, values, swept))

    def _kept(self, name: str) -> Made | None:
        with self._lock:
            if name in self._films:
                self._films.move_to_end(name)
            return self._films.get(name)

    def _make(self, name: str, view: View, values: Values) -> Made:
        with self._hands:
            made = Made(view.film(values))
        with self._lock:
            self._films[name] = made
            while len(self._films) > self._room:
                self._films.popitem(last=False)
        return made


SHELF = Shelf(room=100)  # twice as many as there are views, which the start of the server fills in


def address(view: View, values: Values, swept: str) -> str:
    """A film's name: the view, the slider it sweeps, and every other setting."""
    rest = {key: text for key, text in write(view.controls, values).items() if key != swept}
    query = "&".join(f"{key}={text}" for key, text in sorted(rest.items()))
    return f"{view.key}?_sweep={swept}&{query}"


def _swept(view: View, values: Values, swept: str) -> Values:
    if not swept:
        return dict(values)
    return values | {swept: torch.tensor(view.sliders[swept].values)}
