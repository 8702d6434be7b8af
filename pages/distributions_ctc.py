"""CTC: every way of writing a short word into a few frames."""

from losscore.figures.ctc_lattice import ctc_lattice
from losscore.scenes.spelling import LONGEST, WORDS
from pages.ui import reading
from pages.ui.controls import Choice, Slider, Values
from pages.ui.views import View

WAYS = {"ctc": "All ways (CTC)", "ctc_best": "The best way alone"}


def _ctc_reading(_: Values) -> str:
    rows = [
        ["Ways to write the word", reading.slot("ctc.ways")],
        [reading.swatch("ctc", "−ln of the sum over all ways: CTC"), reading.slot("ctc.loss")],
        [reading.swatch("ctc_best", "−ln of the best way alone"), reading.slot("ctc.best")],
        ["Share of the best way in the sum", reading.slot("ctc.share")],
    ]
    note = (
        "In the lattice each frame says one symbol, “–” is the blank. A way reads from the first letter to the last: "
        "repeats are dropped, then blanks. Darker: where the ways go, by their probability. Grey: frames not used."
    )
    return reading.table(["", "here"], rows) + reading.note(note)


CTC = View(
    "distributions/ctc",
    (
        Slider("ctc_frames", "Frames", 2, LONGEST, 4.0, steps=LONGEST - 1),
        Slider(
            "ctc_sure",
            "How sure each frame is",
            0,
            0.98,
            0.0,
            steps=50,
            help="0: blank, a and b are as likely. Towards 1: the right symbol has it all.",
        ),
        Slider(
            "ctc_when",
            "First letter in frame",
            1,
            LONGEST,
            1.0,
            steps=LONGEST,
            help="Where the network hears the word begin, a letter a frame. It must be sure of something to tell.",
        ),
        Choice("ctc_word", "Word", {word: word for word in WORDS}, "ab"),
        Choice("ctc_drawn", "Drawn", WAYS, ["ctc", "ctc_best"], several=True, more=True),
    ),
    lambda v: ctc_lattice(
        v["ctc_word"], {name: v[f"ctc_{name}"] for name in ("frames", "sure", "when")}, v["ctc_drawn"], WAYS
    ),
    _ctc_reading,
)
