"""The strip of a tour above a page: a question, an answer to commit to, what is then seen and why, back and next."""

import streamlit as st

from pages.ui import address
from pages.ui.lessons import Choices, Guess
from pages.ui.tours import Place, Tour, begin, located, of_page, tours

_ICON = ":material/tour:"
_KEYS = {"Back": "B", "Next": "N"}


def strip(path: str) -> None:
    """Draw the strip, if the address names a tour. path: that of the page which stands under it."""
    from pages.table import placed  # the table names the pages that offer tours

    query = st.query_params.to_dict()
    if "tour" not in query:
        return
    place, line = located(query)
    if line:
        st.caption(line)
    if not place:
        for key in address.TOUR:
            st.query_params.pop(key, None)
        return
    with st.container(key="tour", border=True, gap="small"):
        _head(place, path)
        where, settings = placed(place.address())
        if where.path != path and not place.done:
            said = f"This step stands on another page: {where.title}"
            st.page_link(where.streamlit(), label=said, icon=where.icon, query_params=settings | place.query())
        elif place.done:
            _end(place, path)
        elif place.answer:
            _seen(place)
        else:
            _asked(place, path)


def waits(view: str) -> bool:
    """Whether a question stands above the page of this view that is not answered yet."""
    query = st.query_params.to_dict()
    place = located(query)[0] if "tour" in query else None
    return place is not None and not place.done and not place.answer and place.now.page == view.split("/")[0]


def offer() -> None:
    """A link to the start of every tour, for a page where none of them starts."""
    from pages.table import placed

    for tour in tours().values():
        place = begin(tour)
        where, query = placed(place.address())
        said = f"**{tour.title}** — {tour.about}"
        st.page_link(where.streamlit(), label=said, icon=_ICON, query_params=query | place.query())


def questions(path: str) -> None:
    """A link to the lessons of a page, where it has some and none is being asked."""
    tour = of_page(path)
    if tour and "tour" not in st.query_params:
        _begin(tour, f"{len(tour.steps)} questions" if len(tour.steps) > 1 else "A question", path)


def _head(place: Place, path: str) -> None:
    """The tour's name, how far it has come, and the way on."""
    count = len(place.tour.steps)
    where = "the end" if place.done else f"{place.step} of {count}"
    with st.container(horizontal=True, vertical_alignment="center", key="tour-head"):
        st.markdown(f"**{place.tour.title}** · {where}", width="stretch")
        _button("Back", place.moved(-1), path, place.step == 1)
        _button("Next", place.moved(1), path, place.done)
        _leave()


def _button(name: str, to: Place, path: str, disabled: bool) -> None:
    if st.button(name, key=f"tour-{name}", shortcut=_KEYS[name], disabled=disabled):
        _go(to, path)


def _leave() -> None:
    if st.button("Leave", key="tour-leave", type="tertiary", help="The page stays as it is."):
        for key in address.TOUR:
            st.query_params.pop(key, None)
        st.rerun()


def _asked(place: Place, path: str) -> None:
    st.markdown(f"**What do you expect?** {place.now.ask}")
    answer = _chosen(place.now.asks) if isinstance(place.now.asks, Choices) else _guessed(place.now.asks, place)
    if answer:
        _go(place.answered(answer), path)


def _chosen(asks: Choices) -> int:
    """The answer that was pressed just now; 0 for none."""
    with st.container(horizontal=True, gap="small"):
        pressed = [st.button(text, key=f"tour-answer-{number}") for number, text in enumerate(asks.answers, start=1)]
    return pressed.index(True) + 1 if any(pressed) else 0


def _guessed(asks: Guess, place: Place) -> int:
    """The answer that was committed to just now; 0 for none. The slider of each step is one of its own."""
    with st.form("tour-guess", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.slider(
            f"{asks.label} ({asks.unit})" if asks.unit else asks.label,
            float(asks.low), float(asks.high), asks.number((asks.count + 1) // 2), float(asks.step),
            f"%.{asks.digits}f", key=f"tour-guess-{place.now.key}",
        )  # fmt: skip
        committed = st.form_submit_button("That is my guess")
    return asks.answer(number) if committed else 0


def _seen(place: Place) -> None:
    step = place.now
    yours, right = step.asks.said(place.answer), step.asks.truth
    if not step.asks.holds(place.answer):
        verdict = f"✗ **{yours}**. It is **{right}**."
    elif isinstance(step.asks, Guess) and yours != right:
        verdict = f"✓ **{yours}**: near enough, it is **{right}**."
    else:
        verdict = f"✓ **{yours}**: right."
    st.caption(step.ask)
    st.markdown(f"{verdict} {step.seen}")
    st.markdown(step.why)


def _end(place: Place, path: str) -> None:
    """How it went; nothing of it is kept anywhere but in the address."""
    count = len(place.tour.steps)
    st.markdown(f"You were right in {place.right()} of {count}. Your answers are in the link and nowhere else.")
    marks = {True: "✓", False: "✗", None: ""}
    beliefs = [f"- {step.belief} {marks[right]}" for step, right in place.verdicts()]
    st.markdown("None of this holds; ✓ where you saw it coming:\n\n" + "\n".join(beliefs))
    with st.container(horizontal=True, gap="small"):
        st.download_button("Your answers (CSV)", place.table(), f"{place.tour.key}.csv", "text/csv", on_click="ignore")
        for tour in tours().values():
            if tour is not place.tour:
                _begin(tour, tour.title, path)


def _begin(tour: Tour, said: str, path: str) -> None:
    """A button to the start of a tour: a link to the page one is on would run it, and leave the address as it was."""
    if st.button(said, key=f"tour-begin-{tour.key}", icon=_ICON, type="tertiary"):
        _go(begin(tour), path)


def _go(place: Place, path: str) -> None:
    """Open the view of a place, on this page or on another."""
    from pages.table import placed

    where, settings = placed(place.address())
    query = settings | place.query()
    if where.path == path:
        held = {key: text for key, text in st.query_params.to_dict().items() if key.startswith("embed")}
        st.query_params.from_dict(held | query)
        st.rerun()
    st.switch_page(where.streamlit(), query_params=query)
