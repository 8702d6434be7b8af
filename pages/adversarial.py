"""Adversarial: two networks against each other, the distance between their points, and maps there and back."""

from pages.adversarial_game import GAME, SEEDS
from pages.adversarial_maps import CYCLE, LINE
from pages.adversarial_scores import CRITIC, GENERATOR, PENALTY
from pages.ui.page import Part, run

PARTS = [
    Part(
        "generator",
        "Generator",
        "The critic sees through a fake. Which loss still tells the generator so?",
        GENERATOR,
    ),
    Part("critic", "Critic", "Both samples are judged rightly, and surely. Is the critic done?", CRITIC),
    Part("penalty", "Gradient penalty", "The steeper the critic, the lower its loss. Where does that end?", PENALTY),
    Part("line", "On a line", "The made points are far from the true ones. Who knows how far?", LINE),
    Part("game", "The game", "Two losses, one start, the same data. Which game is won?", GAME),
    Part("seeds", "Eight starts", "Is one loss steadier than the others, or was it luck?", SEEDS),
    Part("cycle", "Cycle", "Both clouds match and every point comes home. Is the map right?", CYCLE),
]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("adversarial", "Adversarial", PARTS)
