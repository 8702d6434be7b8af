"""What stands in the stage's place while a view's training is not done: what it would be, a button, how far it is."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from losscore import train
from pages.ui.controls import Values
from pages.ui.pool import Full, Job, State
from pages.ui.runs import POOL, Need, lacking
from pages.ui.views import View

_JOBS = "_jobs"  # name of a run -> this visitor's job
_EVERY = 0.5  # seconds between two looks at a training
_START = 3  # seconds that a process takes to begin
_VOICE = '<p class="voice stage-speech" role="status" aria-live="polite"></p>'
_SCRIPT = Path(__file__).parents[2] / "assets" / "voice.js"


@cache
def _voice() -> Any:
    script = _SCRIPT.read_text(encoding="utf-8")
    style = (_SCRIPT.parent / "stage.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "loss_explorer.voice", html=_VOICE, css=style, js=script, isolate_styles=False
    )  # fmt: skip


def panel(view: View, values: Values) -> None:
    """Offer the trainings that the view lacks at these values; follow them until they are done."""
    needs = lacking(view.trained(values) if view.trained else [])
    active = [state for need in needs if (state := _state(need)) and state.active]
    st.fragment(_panel, run_every=_EVERY if active else None)(needs, len(active))


def _state(need: Need) -> State | None:
    """This visitor's job, while it is new; else how far another visitor's training of the same settings is."""
    job: Job | None = st.session_state.get(_JOBS, {}).get(train.name(*need))
    if job and job.state.kind in ("waiting", "running", "failed"):
        return job.state
    return POOL.find(*need)


def _panel(needs: list[Need], was_active: int) -> None:
    with st.container(key="training"):
        states = [_state(need) for need in needs]
        active = [state for state in states if state and state.active]
        if len(active) != was_active or not lacking(needs):
            st.rerun()  # the whole page: the stage may be drawn, or there is nothing more to look at
        failed = next((state.sentence for state in states if state and state.kind == "failed"), "")
        if active:
            _progress(needs, active)
        else:
            _offer(needs, failed)


def _offer(needs: list[Need], failed: str) -> None:
    st.markdown("**These settings have not been trained yet.**")
    seconds = sum(train.get(key).about(train.get(key).settings(**settings)) + _START for key, settings in needs)
    epochs = sum(train.get(key).settings(**settings)["epochs"] for key, settings in needs)
    what = f"{len(needs)} trainings, {epochs} epochs together" if len(needs) > 1 else f"{epochs} epochs"
    st.caption(f"{what}, about {_duration(seconds)}. It runs beside the page; everything else goes on.")
    if failed:
        st.warning(failed, icon=":material/error:")
    if st.button("Try again" if failed else "Train", type="primary", key="training-start"):
        try:
            jobs = st.session_state.setdefault(_JOBS, {})
            for need in needs:
                jobs[train.name(*need)] = POOL.ask(*need)
        except Full as full:
            st.info(str(full), icon=":material/hourglass_top:")
        else:
            st.rerun()
    _voice()(data=failed, key="training-voice")


def _progress(needs: list[Need], states: list[State]) -> None:
    done, total = sum(state.done for state in states), sum(state.total for state in states)
    running = any(state.kind == "running" for state in states)
    place = min((state.place for state in states if state.kind == "waiting"), default=0)
    st.markdown("**Training**" if running else "**Waiting for a free processor**")
    line = f"Epoch {done} of {total}" if running else f"Place {place} in the queue"
    st.progress(done / total, text=line)
    mine = [job for need in needs if (job := st.session_state.get(_JOBS, {}).get(train.name(*need)))]
    if any(job.state.active for job in mine):
        if st.button("Cancel", key="training-stop"):
            for job in mine:
                job.cancel()
            st.rerun()
    else:
        st.caption("Another visitor is training these settings.")
    # Every quarter is said, not every epoch.
    quarter = f"Training: {4 * done // total * 25} percent" if running else line
    _voice()(data=quarter, key="training-voice")


def _duration(seconds: float) -> str:
    return f"{max(5, round(seconds / 5) * 5)} seconds" if seconds < 55 else f"{max(1, round(seconds / 60))} min"
