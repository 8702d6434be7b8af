"""What the server sends beside Streamlit's own answers: frames, Plotly, and one line in front of the page's scripts."""

import gzip
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import plotly
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from pages.table import VIEWS
from pages.ui.controls import Slider, Values, read
from pages.ui.reading import labels
from pages.ui.views import SHELF, View

# On a deep link such as /regression the page would first look for its server under /regression and log two errors.
# Plotly is asked for at once, so that it is there when the first figure is.
_PLOTLY = f"vendor/plotly-{plotly.__version__}.min.js"
_BASE = (
    '<script>window.__streamlit = {BACKEND_BASE_URL: new URL("./", location.href).href}</script>'
    f'<script async id="plotly-script" src="./{_PLOTLY}" onerror="this.dataset.failed = true"></script>'
)


def _asked(request: Request) -> tuple[View, Values, str] | None:
    """The view, its settings and the slider that a request names; None if there is no such view or slider."""
    view = VIEWS.get(request.path_params["view"])
    swept = request.query_params.get("_sweep", "")
    if view is None or swept not in view.sliders:
        return None
    return view, read(view.controls, request.query_params)[0], swept


def frames(request: Request) -> Response:
    """The moving parts of a view's film; the query holds the settings and, in _sweep, the slider."""
    asked = _asked(request)
    if asked is None:
        return PlainTextResponse("no such view or slider", status_code=404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=3600"}
    return Response(SHELF.get(*asked).reel, media_type="application/json", headers=headers)


def _heads(view: View, values: Values, swept: str, slots: Iterable[str]) -> tuple[str, dict[str, str]]:
    """What the page calls the swept slider and each slot, in its reading or at a control; no two are called alike."""
    units = {control.key: control.unit for control in view.controls if isinstance(control, Slider)}
    settings = {c.key: f"{c.label} ({units[c.key]})" if units.get(c.key) else c.label for c in view.controls}
    beside = labels(view.reading(values))
    heads = {slot: beside.get(slot) or settings.get(slot.replace(".", "_"), slot) for slot in slots}
    said = Counter([settings[swept], *heads.values()])
    return settings[swept], {slot: f"{head} [{slot}]" if said[head] > 1 else head for slot, head in heads.items()}


def numbers(request: Request) -> Response:
    """The numbers of the same film as CSV."""
    asked = _asked(request)
    if asked is None:
        return PlainTextResponse("no such view or slider", status_code=404)
    view, values, swept = asked
    film = SHELF.get(view, values, swept).film
    slider, heads = _heads(view, values, swept, film.slots)
    text = film.table(slider, view.sliders[swept].values, heads)
    name = f"{view.key.replace('/', '-')}-{swept}.csv"
    return Response(text, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


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


@cache
def _plotly() -> bytes:
    """The Plotly that the figures were made with, compressed once for everybody."""
    return gzip.compress((Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes(), 6)


def vendor(_: Request) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_plotly(), media_type="text/javascript", headers=headers)


ROUTES = [
    Route("/frames/{view:path}", frames),
    Route("/numbers/{view:path}", numbers),
    Route(f"/{_PLOTLY}", vendor),
]
