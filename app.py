"""The door: the served app. `streamlit run app.py` starts it. Nothing is drawn here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
import torch
from starlette.middleware import Middleware

from pages.table import VIEWS
from pages.ui.controls import read
from pages.ui.runs import POOL
from pages.ui.served import ROUTES, Base
from pages.ui.views import SHELF

torch.set_num_threads(1)  # visitors share the processor; the batches are small


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Make every view's first film before the first visitor comes; stop what is still being trained after the last."""
    for view in VIEWS.values():
        values, _unread = read(view.controls, {})
        SHELF.get(view, values, view.first(values))
    yield
    POOL.close()


app = st.App("pages/index.py", routes=ROUTES, middleware=[Middleware(Base)], lifespan=lifespan)
