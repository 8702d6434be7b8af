"""The words of a part: `assets/lessons/<view key>.md` says what to notice and, under a line of dashes, why it is so."""

from functools import cache
from pathlib import Path

import streamlit as st

_LESSONS = Path(__file__).parents[2] / "assets" / "lessons"


@cache
def words(view: str) -> tuple[str, str]:
    """What to notice, and why. FileNotFoundError for a view without a lesson, ValueError for one without a why."""
    notice, dashes, why = (_LESSONS / f"{view}.md").read_text(encoding="utf-8").partition("\n---\n")
    if not dashes:
        raise ValueError(f"the lesson of {view} has no line of dashes before its why")
    return notice.strip(), why.strip()


def tell(view: str) -> None:
    notice, why = words(view)
    st.markdown(notice)
    with st.expander("Why is that?"):
        st.markdown(why)
