"""The door: the served app. `streamlit run app.py` starts it. Nothing is drawn here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import plotly
import streamlit as st
import torch
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pages.table import VIEWS
from pages.ui.controls import read
from pages.ui.views import SHELF, reel

torch.set_num_threads(1)  # visitors share the processor; the batches are small


def frames(request: Request) -> Response:
    """The moving parts of a view's film; the query holds the settings and, in _sweep, the slider."""
    view = VIEWS.get(request.path_params["view"])
    swept = request.query_params.get("_sweep", "")
    if view is None or swept not in view.sliders:
        return PlainTextResponse("no such view or slider", status_code=404)
    values, _ = read(view.controls, request.query_params)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=3600"}
    return Response(reel(view, values, swept), media_type="application/json", headers=headers)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Make every view's first film before the first visitor comes."""
    for view in VIEWS.values():
        values, _unread = read(view.controls, {})
        SHELF.film(view, values, view.first(values))
    yield


app = st.App(
    "pages/index.py",
    routes=[
        Route("/frames/{view:path}", frames),
        Mount("/vendor", StaticFiles(directory=Path(plotly.__file__).parent / "package_data")),
    ],
    lifespan=lifespan,
)
