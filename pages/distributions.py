"""Distributions and sequences: what losses say of shares, samples, counts and of symbols in a row."""

from pages.distributions_counts import COUNTS, CROWD
from pages.distributions_ctc import CTC
from pages.distributions_direction import DIRECTION
from pages.distributions_histograms import HISTOGRAMS
from pages.distributions_modes import MODES
from pages.ui.page import Part, run

PARTS = [
    Part("histograms", "Two histograms", "Four bins off, or one: which loss can tell?", HISTOGRAMS),
    Part("modes", "One bell, two modes", "One bell for two modes: cover both, or pick one?", MODES),
    Part("counts", "Counts", "Ten people too many: the same mistake on a quiet square and on a busy one?", COUNTS),
    Part("crowd", "A crowd", "Every head is painted, 2 px off. How many people does the picture end up with?", CROWD),
    Part("ctc", "CTC", "A word of two letters, four frames, and nobody says when. What is added up?", CTC),
    Part("direction", "Direction", "A hundred times as long as the truth. Is that a mistake?", DIRECTION),
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("distributions", "Distributions and sequences", PARTS)
