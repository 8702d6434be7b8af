"""Shown to a class: large type, folded controls, presets and parts by the keys of a clicker, a QR code of the view."""

from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlencode

import segno
import streamlit as st

KEY = "present"  # of the address
_ON, _PARTS, _AT, _TURNED = "_present", "_present_parts", "_present_at", "_present_turned"


def on() -> bool:
    """Whether the link asks for it, or did before in this visit."""
    if st.query_params.get(KEY) == "1":
        st.session_state[_ON] = True
    return bool(st.session_state.get(_ON, False))


def parts(control: str, keys: Sequence[str]) -> None:
    """Remember the parts of the page that is drawn, and the control that chooses one."""
    st.session_state[_PARTS] = (control, list(keys))


def turned() -> bool:
    """Whether the last step went to another part, so that all of the page has to be drawn; asked once."""
    return bool(st.session_state.pop(_TURNED, False))


def step(view: str, by: int, here: int | None, last: int, choose: Callable[[int], None]) -> None:
    """Go on by one preset, or back; beyond the first and the last to the part before or after.

    here: the place among the presets that the view is set to, None where a slider has been moved since; last: the
    place of the last preset; choose: sets the view to a place.
    """
    at = st.session_state.setdefault(_AT, {})
    to = (at.get(view, 0) if here is None else here) + by
    if 0 <= to <= last:
        at[view] = to
        choose(to)
        return
    control, keys = st.session_state.get(_PARTS, ("", []))
    part = keys.index(st.session_state[control]) + by if control in st.session_state else -1
    if 0 <= part < len(keys):
        st.session_state[control] = keys[part]
        st.session_state[_TURNED] = True


def code() -> None:
    """The QR code of the view as a class should open it, and the way out."""
    address = (st.context.url or "").split("?")[0]
    query = urlencode({key: text for key, text in st.query_params.to_dict().items() if key != KEY})
    link = f"{address}?{query}".rstrip("?")
    picture = segno.make(link, error="l", micro=False).svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
    st.html(
        f'<img class="present-code" src="{escape(picture)}" alt="QR code of this view\'s link">'
        f'<p class="present-out"><a href="{escape(link)}">Stop presenting</a></p>'
    )
