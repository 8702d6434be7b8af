"""What the server sends beside Streamlit's own answers: frames, what is taken away, Plotly, a head for every page."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from urllib.parse import urlencode

import plotly
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.table import VIEWS, where
from pages.ui.controls import Slider, Values, read, write
from pages.ui.file import moving, plotly_gzip
from pages.ui.lines import Program, programs
from pages.ui.reading import labels
from pages.ui.runs import Missing
from pages.ui.stage import asset
from pages.ui.views import SHELF, View

# On a deep link such as /regression the page would first look for its server under /regression and log two errors.
# Plotly is asked for at once, so that it is there when the first figure is.
_PLOTLY = f"vendor/plotly-{plotly.__version__}.min.js"
# The pages' own style is there before the first word is: brought by the script, it would change a page already seen.
# Within html it is one step stronger than Streamlit's, which comes after it.
_STYLE = asset("page.css")
_BASE = (
    '<script>window.__streamlit = {BACKEND_BASE_URL: new URL("./", location.href).href}</script>'
    f'<script async id="plotly-script" src="./{_PLOTLY}" onerror="this.dataset.failed = true"></script>'
    f"<style>html {{ {_STYLE} }}</style>"
)

# To be asked for is not to be trained: that is for the page's button.
_UNTRAINED = PlainTextResponse("these settings have not been trained", status_code=404)


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
    try:
        made = SHELF.get(*asked)
    except Missing:
        return _UNTRAINED
    headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=3600"}
    return Response(made.reel, media_type="application/json", headers=headers)


def frame(request: Request) -> Response:
    """The moving parts of one step, for a hand that moves two sliders at once; the query holds the swept one too."""
    asked = _asked(request)
    if asked is None:
        return PlainTextResponse("no such view or slider", status_code=404)
    view, values, swept = asked
    try:
        film = SHELF.once(view, values, swept)
    except Missing:
        return _UNTRAINED
    reel = film.reel(view.sliders[swept].values.index(values[swept]))
    body = gzip.compress(json.dumps(reel, allow_nan=False, separators=(",", ":")).encode(), 1)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


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
    try:
        film = SHELF.get(view, values, swept).film
    except Missing:
        return _UNTRAINED
    slider, heads = _heads(view, values, swept, film.slots)
    text = film.table(slider, view.sliders[swept].values, heads)
    name = f"{view.key.replace('/', '-')}-{swept}.csv"
    return Response(text, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _programs(view: View, values: Values, swept: str) -> list[Program]:
    film, step = SHELF.get(view, values, swept).film, view.sliders[swept].values.index(values[swept])
    return programs(film, step, view, values, _heads(view, values, swept, film.slots)[1])


def code(request: Request) -> Response:
    """The PyTorch behind the numbers of one step, as JSON; the query holds the swept slider's value too."""
    asked = _asked(request)
    if asked is None:
        return PlainTextResponse("no such view or slider", status_code=404)
    try:
        return JSONResponse([asdict(program) for program in _programs(*asked)])
    except Missing:
        return _UNTRAINED


def file(request: Request) -> Response:
    """The moving figure as one HTML file, every live slider in it; the query holds the swept slider's value too."""
    asked = _asked(request)
    if asked is None:
        return PlainTextResponse("no such view or slider", status_code=404)
    view, values, swept = asked
    page, part = where(view)
    query = part | write(view.controls, values) | ({"sweep": swept} if swept != view.first(values) else {})
    back = f"{request.base_url}{page.path}?{urlencode(query)}".rstrip("?")
    try:
        text = moving(view, values, swept, page.asks(view), back, _programs(view, values, swept))
    except Missing:
        return _UNTRAINED
    name = f"{view.key.replace('/', '-')}.html"
    return HTMLResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class Base:
    """Tells the page where its server is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on as it comes, but an HTML page whole, with the line in its head."""
        start: Message | None = None
        page = bytearray()

        async def pass_on(message: Message) -> None:
            nonlocal start
            kind = message["type"]
            if kind == "http.response.start" and _opens(Headers(raw=message["headers"])):
                start = message
            elif kind == "http.response.body" and start is not None:
                page.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    headers, body = _headed(Headers(raw=start["headers"]), bytes(page))
                    await send({**start, "headers": headers})
                    await send({"type": "http.response.body", "body": body})
            else:
                await send(message)

        await self._app(scope, receive, pass_on)


def _opens(headers: Headers) -> bool:
    """Whether this answer is a page to be opened here, not a file to be kept."""
    return headers.get("content-type", "").startswith("text/html") and "content-disposition" not in headers


def _headed(headers: Headers, page: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The page with the line in its head, and headers that fit it."""
    text = (gzip.decompress(page) if headers.get("content-encoding") == "gzip" else page).decode()
    body = text.replace("<head>", "<head>" + _BASE, 1).encode()
    kept = [(k, v) for k, v in headers.raw if k not in (b"content-length", b"content-encoding", b"etag")]
    return [*kept, (b"content-length", str(len(body)).encode())], body


def vendor(_: Request) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(plotly_gzip(), media_type="text/javascript", headers=headers)


ROUTES = [
    Route("/frames/{view:path}", frames),
    Route("/frame/{view:path}", frame),
    Route("/numbers/{view:path}", numbers),
    Route("/code/{view:path}", code),
    Route("/file/{view:path}", file),
    Route(f"/{_PLOTLY}", vendor),
]
