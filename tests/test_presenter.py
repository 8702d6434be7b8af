"""Presenting: steps through presets and parts, the QR code, what the address keeps."""

import re
from html import unescape

import segno
import streamlit as st
from hands import opened, walk

from pages.ui import presenter


def test_a_presented_page_shows_the_code_of_its_link() -> None:
    at = walk(opened("regression"), present="1", part="one-error", r="3.5")
    assert not at.exception
    assert dict(at.query_params) == {"present": "1", "part": "one-error", "r": "3.5"}
    (shown,) = [html.proto.body for html in at.get("html") if "present-code" in html.proto.body]
    link, picture = (unescape(re.findall(f'{name}="([^"]*)"', shown)[0]) for name in ("href", "src"))
    assert link.endswith("?part=one-error&r=3.5"), "those who scan it do not present"
    code = segno.make(link, error="l", micro=False)
    assert picture == code.svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
    assert [box.key for box in at.expander[0].multiselect] == ["curves"], "all controls but one are folded"


def test_unasked_nothing_of_it_is_there() -> None:
    at = walk(opened("regression"), part="one-error")
    assert dict(at.query_params) == {"part": "one-error"}
    assert not [html for html in at.get("html") if "present-code" in html.proto.body]


class TestSteps:
    def go(self, by: int, here: int | None) -> list[int]:
        chosen: list[int] = []
        presenter.step("a/view", by, here, 2, chosen.append)
        return chosen

    def test_through_the_presets_and_on_to_the_next_part(self) -> None:
        st.session_state["which"] = "one"
        presenter.parts("which", ["one", "two"])
        assert (self.go(1, 0), self.go(1, 1)) == ([1], [2])
        assert not presenter.turned()
        assert self.go(-1, None) == [1], "a hand that moved a slider has not lost the place"
        assert self.go(1, 2) == []
        assert (st.session_state["which"], presenter.turned(), presenter.turned()) == ("two", True, False)
        assert self.go(1, 2) == []
        assert (st.session_state["which"], presenter.turned()) == ("two", False), "the last part is the end"
