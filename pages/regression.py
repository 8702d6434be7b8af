"""Regression: what an error costs, and who pulls the line."""

from pages.regression_errors import INFLUENCE, NOISE, ONE_ERROR
from pages.regression_lines import OUTLIERS, SURFACE
from pages.ui.page import Part, run

VIEWS = (OUTLIERS, ONE_ERROR, SURFACE, INFLUENCE, NOISE)

PARTS = [
    Part(
        "outliers", "Outliers", "Most points lie on a line, one does not. Which line is the best?", OUTLIERS,
        {
            "All agree": ({"y": 9.0}, "No outlier: every loss finds the same line."),
            "The outlier wins": (
                {"count": 10, "y": 30.0},
                "Ten against nine: MAE and Huber go over to the majority. No loss can know better.",
            ),
            "Leverage": (
                {"points": "leverage", "y": 0.0, "far": 30.0},
                "Far along x a point turns the line by its arm: MAE and Huber fail too. Tukey lets it go.",
            ),
            "A motorcycle on the floor": (
                {"points": "stereo", "count": 0},
                "Real disparities. The floor is the line, the motorcycle a cluster of outliers.",
            ),
            "Patients": (
                {"points": "diabetes", "count": 0},
                "Real and noisy: without a gross error the losses differ little.",
            ),
            "Quantiles": (
                {"points": "diabetes", "count": 0, "losses": ["pinball", "mae"], "pinball_tau": 0.9, "arrows": "none"},
                "Pinball at 0.9 leaves nine patients in ten below its line.",
            ),
        },
    ),
    Part(
        "one-error", "One error", "Twice the error: twice the loss, four times, or hardly more?", ONE_ERROR,
        {
            "Huber is not smooth L1": (
                {"curves": ["huber", "smooth_l1"], "r": 5.0, "huber_delta": 2.0, "smooth_l1_beta": 2.0},
                "r = 5 with delta = beta = 2: 8 against 4, a factor delta.",
            ),
            "Barron: one for all": (
                {"curves": ["barron", "cauchy", "charbonnier_barron"], "barron_alpha": 0.0},
                "Move alpha: 2 is half the square, 1 Charbonnier, 0 Cauchy, below it far errors fall silent.",
            ),
            "A tube and a tilt": (
                {"curves": ["epsilon_insensitive", "pinball"], "epsilon_insensitive_eps": 1.0, "pinball_tau": 0.8},
                "Errors that are free, and errors that cost more on one side.",
            ),
            "Ratios": (
                {"curves": ["msle", "mse"], "target": 2.0},
                "The logarithm: too low costs more than too high, and below -1 there is no loss at all.",
            ),
        },
    ),
    Part(
        "surface", "Surface", "Downhill step by step: does it arrive?", SURFACE,
        {
            "MAE never settles": (
                {"landscape": "one", "surface_loss": "mae", "rate": 0.3, "start": 1.0},
                "1, 0.7, 0.4, 0.1, -0.2, 0.1, -0.2, for ever: the pull does not weaken near the minimum.",
            ),
            "MSE does": (
                {"landscape": "one", "surface_loss": "mse", "rate": 0.3, "start": 1.0, "steps": 8.0},
                "The same rate and start: 0.0007 after eight steps.",
            ),
            "Too fast": (
                {"rate": 0.0355, "steps": 12.0},
                "A little above 2 / the largest curvature: every step overshoots more.",
            ),
            "Momentum": (
                {"method": "momentum", "rate": 0.01, "steps": 80.0},
                "It rolls along the valley in which plain steps crawl.",
            ),
            "No slope, no way": (
                {"surface_loss": "tukey_biweight", "tukey_biweight_c": 1.0, "w0": -1.0, "b0": 9.0, "rate": 0.2},
                "Every point is farther away than c: the plain is flat and nothing moves.",
            ),
        },
    ),
    Part(
        "influence", "Influence", "One value goes away for ever. Does the estimate go with it?", INFLUENCE,
        {
            "1, 2, 3, 4, 100": (
                {"values": "five", "estimators": ["mse", "mae", "huber"]},
                "The mean says 22, the median 3, and so does Huber.",
            ),
            "Half are wrong": (
                {"outlier_share": 52.5},
                "Past one half every loss follows the outliers: they are the majority.",
            ),
        },
    ),
    Part(
        "noise", "Which noise", "A thousand samples: whose estimates scatter least?", NOISE,
        {
            "Gaussian": ({"noise": "gaussian"}, "Here the mean wins: the median needs 1 / 0.637 times as many values."),
            "Laplace": ({"noise": "laplace"}, "Here the median wins: up to twice as efficient as the mean."),
            "Contaminated": (
                {"noise": "contaminated"},
                "One value in ten comes from a Gaussian ten times as wide: the mean is lost, Huber leads.",
            ),
        },
    ),
]  # fmt: skip


def draw() -> None:
    run("regression", "Regression", PARTS)
