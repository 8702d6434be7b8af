"""Distributions and sequences: what losses say of shares, samples, counts and of symbols in a row."""

from pages.distributions_counts import COUNTS, CROWD
from pages.distributions_ctc import CTC
from pages.distributions_direction import DIRECTION
from pages.distributions_histograms import HISTOGRAMS
from pages.distributions_modes import MODES
from pages.ui.page import Part, run

PARTS = [
    Part(
        "histograms", "Two histograms", "Four bins off, or one: which loss can tell?", HISTOGRAMS,
        {
            "One bin off": (
                {"hist_place": 2},
                "Nearly right. KL says 6.83 and JS 0.680, as for four bins; earth mover's says 0.990, not 3.96.",
            ),
            "Eight bins off": (
                {"hist_place": 9},
                "Known bad: as far off as can be, and KL is still 6.83, JS 0.680. Earth mover's: 7.92.",
            ),
            "KL one way, and the other": (
                {
                    "hist_true": "humps", "hist_place": 2, "hist_spread": 0.6,
                    "hist_losses": ["kl_divergence", "kl_reversed", "emd_histogram"],
                },
                "One hump is met, the other missed. KL(true ‖ pred.) minds: 2.31. The other way round it is 0.670.",
            ),
            "Sinkhorn, blurred": (
                {
                    "hist_true": "bell", "hist_place": 4, "hist_spread": 1.0, "sinkhorn_transport_cost_reg": 3,
                    "hist_losses": ["emd_histogram", "sinkhorn_transport_cost"], "hist_middle": "plan",
                },
                "Equal histograms: earth mover's is 0. Blurred by 3, Sinkhorn carries mass about for 0.936.",
            ),
            "Samples": (
                {"hist_losses": ["wasserstein1_samples", "energy_distance_sq", "mmd_rbf_biased"]},
                "Seen as 100 numbers each: MMD with a width of 1 is nearly full, 1.96, and flat. The others tell far "
                "from near.",
            ),
        },
    ),
    Part(
        "modes", "One bell, two modes", "One bell for two modes: cover both, or pick one?", MODES,
        {
            "Just before the leap": (
                {"mode_apart": 1.4},
                "Both bells cover both modes, with widths 1.487 and 1.301. One step farther, and one of them leaps.",
            ),
            "A smaller right mode": (
                {"mode_right": 0.2},
                "Known bad: KL(bell ‖ true) takes the larger mode and leaves out 20 % of the truth, for 0.223.",
            ),
            "Wide modes": (
                {"mode_width": 1.0},
                "Modes that run into each other: now one bell, of width 2.047, is better than a pick.",
            ),
        },
    ),
    Part(
        "counts", "Counts", "Ten people too many: the same mistake on a quiet square and on a busy one?", COUNTS,
        {
            "Two busy squares": (
                {"count_quiet": 20, "count_busy": 100},
                "Counts of 20 and 100 stray by 4.47 and 10 by chance alone. Poisson pulls with 0.333 and 0.091.",
            ),
            "One too few": (
                {"count_error": -1},
                "Half of the two people missed: −1.000. One of fifty: −0.020. MSE pulls with −2 on both.",
            ),
            "Thirty too many": (
                {"count_error": 30},
                "Known bad for MSE: 900 on both. Poisson: 24.46 on the quiet square, 6.500 on the busy one.",
            ),
        },
    ),
    Part(
        "crowd", "A crowd", "Every head is painted, 2 px off. How many people does the picture end up with?", CROWD,
        {
            "With a count": (
                {"crowd_count": 0.5},
                "Half a weight on the number of people, and 29 of 30 are painted; the pixels cost 0.740, not 0.665.",
            ),
            "Structure, no count": (
                {"crowd_structure": 1},
                "Known bad: structure too would rather paint less where it cannot hit. 19 of 30.",
            ),
            "Blurred instead": (
                {"crowd_off": 0, "crowd_spread": 2},
                "Known bad: heads in place but twice as wide. Now MSE paints 39, nine who are not there.",
            ),
            "All three": (
                {"crowd_count": 1, "crowd_structure": 0.5},
                "Pixels 1, count 1, structure 0.5: 30 of 30. The count holds the number, the others the places.",
            ),
        },
    ),
    Part(
        "ctc", "CTC", "A word of two letters, four frames, and nobody says when. What is added up?", CTC,
        {
            "Too few frames": (
                {"ctc_word": "aa", "ctc_frames": 2},
                "Known bad: “aa” needs a blank between. In 2 frames there is no way: infinite, and no gradient.",
            ),
            "Just enough": (
                {"ctc_word": "aa", "ctc_frames": 3},
                "One frame more, and there is 1 way: a, –, a. All symbols are as likely: 3.296, that is 3 ln 3.",
            ),
            "Early or late": (
                {"ctc_when": 4, "ctc_frames": 8, "ctc_sure": 0.9},
                "Heard in the middle of eight frames: 0.464. Drag the first letter: from 3 to 5 CTC does not mind.",
            ),
            "Heard too late": (
                {"ctc_when": 8, "ctc_frames": 8, "ctc_sure": 0.9},
                "Known bad: the second letter no longer fits in. Surely wrong costs 5.108.",
            ),
        },
    ),
    Part(
        "direction", "Direction", "A hundred times as long as the truth. Is that a mistake?", DIRECTION,
        {
            "A quarter turn": (
                {"vector_stretch": 1, "vector_angle": 90},
                "The right length, the wrong way: cosine 0.000, nothing in common. MSE is 25.00.",
            ),
            "Twice as long": (
                {"vector_stretch": 2, "vector_angle": 0},
                "The right way, twice as long: MSE 12.50, twice that of a vector 40 degrees off. Cosine: −1.000.",
            ),
            "40 degrees off": (
                {"vector_stretch": 1, "vector_angle": 40},
                "MSE, 5.849, likes this better than twice the length. Cosine does not: −0.766.",
            ),
            "The opposite": (
                {"vector_stretch": 1, "vector_angle": 180},
                "Known bad: cosine is at its worst, 1.000, and its gradient is 0.000 there: nothing turns it back.",
            ),
            "Long and askew": (
                {"vector_stretch": 100, "vector_angle": 40},
                "Known bad: a long vector is hardly turned. Cosine's gradient is 0.001 here, 0.129 at the true length.",
            ),
        },
    ),
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("distributions", "Distributions and sequences", PARTS)
