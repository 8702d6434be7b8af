"""The door: the served app. `streamlit run app.py` starts it. Nothing is drawn here."""

import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pandas  # noqa: F401 - Streamlit imports it late, and Plotly in another thread would meet it half imported
import streamlit as st
import torch
from starlette.middleware import Middleware

from pages.table import PAGES, VIEWS
from pages.ui.controls import read
from pages.ui.runs import POOL
from pages.ui.served import ROUTES, Base
from pages.ui.views import SHELF, View

torch.set_num_threads(1)  # visitors share the processor; the batches are small


def _film(views: Iterable[View], closing: threading.Event) -> None:
    """Make the first film of each view."""
    for view in views:
        if closing.is_set():
            return
        values, _unread = read(view.controls, {})
        SHELF.get(view, values, view.first(values))


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Make every page's first film before the first visitor comes, and those of the other parts while they look at it.

    At the end, stop what is still being made or trained.
    """
    closing = threading.Event()
    _film((page.views[0] for page in PAGES), closing)
    others = threading.Thread(target=_film, args=(VIEWS.values(), closing), name="films")
    others.start()
    yield
    closing.set()
    others.join()
    POOL.close()


app = st.App("pages/index.py", routes=ROUTES, middleware=[Middleware(Base)], lifespan=lifespan)
