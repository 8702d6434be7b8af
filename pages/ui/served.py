"""What the server sends beside Streamlit's own answers: frames, Plotly, and one line in front of the page's scripts."""

import gzip
from pathlib import Path

import plotly
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pages.table import VIEWS
from pages.ui.controls import read
from pages.ui.views import reel

# On a deep link such as /regression the page would first look for its server under /regression and log two errors.
_BASE = '<script>window.__streamlit = {BACKEND_BASE_URL: new URL("./", location.href).href}</script>'


def frames(request: Request) -> Response:
    """The moving parts of a view's film; the query holds the settings and, in _sweep, the slider."""
    view = VIEWS.get(request.path_params["view"])
    swept = request.query_params.get("_sweep", "")
    if view is None or swept not in view.sliders:
        return PlainTextResponse("no such view or slider", status_code=404)
    values, _ = read(view.controls, request.query_params)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=3600"}
    return Response(reel(view, values, swept), media_type="application/json", headers=headers)


class Base(BaseHTTPMiddleware):
    """Tells the page where its server is."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        if not response.headers.get("content-type", "").startswith("text/html"):
            return response
        body = b"".join([chunk async for chunk in response.body_iterator])  # type: ignore[attr-defined]
        if response.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        headers = {k: v for k, v in response.headers.items() if k not in ("content-length", "content-encoding", "etag")}
        return HTMLResponse(body.decode().replace("<head>", "<head>" + _BASE, 1), response.status_code, headers)


ROUTES = [
    Route("/frames/{view:path}", frames),
    Mount("/vendor", StaticFiles(directory=Path(plotly.__file__).parent / "package_data")),
]
