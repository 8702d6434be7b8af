"""The words of a part: `assets/words/<view key>.md` says what to notice and, under a line of dashes, why it is so."""

from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui import tour

HELD = "What there is to notice stands here once you have answered."
_WORDS = Path(__file__).parents[2] / "assets" / "words"


@cache
def words(view: str) -> tuple[str, str]:
    """What to notice, and why. FileNotFoundError for a view without words, ValueError for one without a why."""
    notice, dashes, why = (_WORDS / f"{view}.md").read_text(encoding="utf-8").partition("\n---\n")
    if not dashes:
        raise ValueError(f"the words of {view} have no line of dashes before its why")
    return notice.strip(), why.strip()


def tell(view: str, instead: str | None = None) -> None:
    """Draw the words of a view; while a question waits above its page, which they would answer, one line says so.

    The notice is about the untouched view. `instead` is said in its place where the view is set otherwise; where there
    is nothing to say instead (""), the notice stays, as what was to be seen at the start.
    """
    if tour.waits(view):
        st.caption(HELD)
        return
    notice, why = words(view)
    with st.container(gap="small"):  # one place for one text or two, so that what follows keeps its own
        if instead == "":
            st.caption("At the start")
        st.markdown(instead or notice)
    with st.expander("Why is that?"):
        st.markdown(why)
