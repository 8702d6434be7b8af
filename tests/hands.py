"""What every test of a page's links needs: a control at its ends, and what the page says it could not read."""

from streamlit.testing.v1 import AppTest

from pages.ui.controls import Choice, Control, Slider, Switch


def end(control: Control, last: bool) -> str:
    """A control at its first or last position, as a link writes it."""
    if isinstance(control, Slider):
        return control.write(control.values[-1 if last else 0])
    if isinstance(control, Choice):
        name = list(control.options)[-1 if last else 0]
        return control.write([name] if control.several else name)
    assert isinstance(control, Switch)
    return control.write(last)


def unread(at: AppTest) -> list[str]:
    """The lines about a link that could not be taken whole."""
    return [caption.value for caption in at.caption if "link" in caption.value]
