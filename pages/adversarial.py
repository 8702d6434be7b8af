"""Adversarial: two networks against each other, the distance between their points, and maps there and back."""

from pages.adversarial_game import GAME, SEEDS
from pages.adversarial_maps import CYCLE, LINE
from pages.adversarial_scores import CRITIC, GENERATOR, PENALTY
from pages.ui.page import Part, run

PARTS = [
    Part(
        "generator", "Generator", "The critic sees through a fake. Which loss still tells the generator so?", GENERATOR,
        {
            "A draw": (
                {"maker_fake": 0, "maker_real": 0, "makers": ["gan_g_saturating", "gan_g_nonsaturating", "rsgan_g"]},
                "The critic cannot tell, the best there is: the non-saturating loss is 0.693, not 0.",
            ),
            "Through the true sample": (
                {"makers": ["gan_g_nonsaturating", "rsgan_g", "rasgan_g"]},
                "Relativistic losses compare: the true sample's score is pushed down too, by 0.999.",
            ),
            "Fooled, and punished": (
                {"maker_fake": 4, "makers": ["gan_g_nonsaturating", "lsgan_g"]},
                "Known bad: at a score of 4 the critic is fooled, but LSGAN wants 1. It costs 4.5 and pulls back.",
            ),
            "RMCosGAN": (
                {"maker_fake": -0.6, "maker_real": 0.8, "makers": ["rsgan_g", "rmcosgan_g"]},
                "Cosines of −0.6 and 0.8: loss 17.5 and a gradient of −10, the scale s. Relativistic: −0.802.",
            ),
        },
    ),
    Part(
        "critic", "Critic", "Both samples are judged rightly, and surely. Is the critic done?", CRITIC,
        {
            "A draw": (
                {"judge_fake": 0, "judge_real": 0},
                "Minimax: 1.386 to minimise. The game's value V, which the critic maximises, is −1.386.",
            ),
            "All wrong": (
                {"judge_fake": 2, "judge_real": -2},
                "Known bad: true at −2, made at 2. Minimax 4.254, hinge 6, Wasserstein 4.",
            ),
            "Two points ahead": (
                {"judge_fake": 4, "judge_real": 6, "critics": ["gan_d", "rsgan_d"]},
                "Relativistic, only the lead of 2 counts: 0.127. Minimax takes the fake for true and pays 4.021.",
            ),
        },
    ),
    Part(
        "penalty", "Gradient penalty", "The steeper the critic, the lower its loss. Where does that end?", PENALTY,
        {
            "With the penalty": (
                {"slope_terms": ["wgan_critic", "wgan_gp_penalty"], "critic_slope": 1.2},
                "The sum is lowest at slope 1.15; there this critic's score says 3.45 where the distance is 3.",
            ),
            "A light penalty": (
                {"slope_terms": ["wgan_critic", "wgan_gp_penalty"], "critic_lam": 1, "critic_slope": 2.5},
                "Known bad: with λ = 1 the lowest point is at slope 2.5, and the score no longer is a distance.",
            ),
        },
    ),
    Part(
        "line", "On a line", "The made points are far from the true ones. Who knows how far?", LINE,
        {
            "Nearer": (
                {"line_apart": 2},
                "From 4 to 2, half the way: Jensen-Shannon goes from 0.693 to 0.633, Wasserstein from 4 to 2.",
            ),
            "Overlapping": (
                {"line_apart": 0.5},
                "Now all but hinge pull: minimax 0.80, non-saturating 1.20, Wasserstein 1.",
            ),
            "As far as it goes": (
                {"line_apart": 6},
                "Known bad for minimax: the bells share nothing, the gradient is below 0.000001.",
            ),
            "Wide bells": (
                {"line_width": 1.5},
                "Noise helps: three times as wide, the bells meet, and minimax pulls with 0.24 again.",
            ),
        },
    ),
    Part(
        "game", "The game", "Two losses, one start, the same data. Which game is won?", GAME,
        {
            "At the end": (
                {"game_step": 3000},
                "Both have 8 of 8 pieces. Wasserstein was slower and is nearer: 0.141 against 0.348.",
            ),
            "Generator alone": (
                {"game_onwards": "maker"},
                "Known bad: the critics stand still. In 30 steps Wasserstein's points run 4.22 away, out of the "
                "figure, after an ever better score; non-saturating ones move 0.14.",
            ),
            "Two moons": (
                {"game_cloud": "moons", "game_step": 3000},
                "Known bad: Wasserstein, its critic stepping only once to one, has 2 of 8 pieces after 3000 steps.",
            ),
        },
    ),
    Part(
        "seeds", "Eight starts", "Is one loss steadier than the others, or was it luck?", SEEDS,
        {
            "Moons": (
                {"seeds_cloud": "moons"},
                "RMCosGAN 0.101, LSGAN 0.102, minimax 0.119: nearest by less than the spread. Wasserstein 0.931.",
            ),
            "After 1000 steps": (
                {"seeds_step": 1000},
                "Known bad: stopped early, Wasserstein looks hopeless, 0.708. At the end it is the nearest.",
            ),
        },
    ),
    Part(
        "cycle", "Cycle", "Both clouds match and every point comes home. Is the map right?", CYCLE,
        {
            "The true map": (
                {"turn_there": 25, "turn_back": -25},
                "The same cost, 0, and now 100 % are where they belong. These two losses cannot tell.",
            ),
            "There without back": (
                {"turn_back": -25},
                "Known bad: both clouds match, but nobody comes home. The cycle alone sees it: 1.019.",
            ),
            "With the identity loss": (
                {"cycle_terms": ["cycle_consistency", "identity_loss"]},
                "What already is in the second domain should stay: 1.077 here, 0.287 at the true map. That decides.",
            ),
            "Identity too strong": (
                {
                    "turn_there": 0, "turn_back": 0, "cycle_terms": ["cycle_consistency", "identity_loss"],
                    "identity_loss_weight": 5,
                },
                "Known bad: a map that does nothing costs 0.368, the true one 1.434. The clouds no longer match.",
            ),
        },
    ),
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("adversarial", "Adversarial", PARTS)
