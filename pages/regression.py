"""Regression: what an error costs, and who pulls the line."""

from pages.regression_errors import INFLUENCE, NOISE, ONE_ERROR
from pages.regression_lines import OUTLIERS, SURFACE
from pages.ui.page import Part, run

VIEWS = (OUTLIERS, ONE_ERROR, SURFACE, INFLUENCE, NOISE)

PARTS = [
    Part(
        "outliers", "Outliers", "Some points lie off the line. Which line does each loss take?", OUTLIERS,
        {
            "All agree": ({"y": 9.0}, "The diamond lies on the line of the others: every loss finds that line."),
            "The outliers win": (
                {"count": 10, "y": 30.0},
                "Ten diamonds against nine points: every line goes over to the majority, Tukey's too. No loss can "
                "know better.",
            ),
            "Leverage": (
                {"points": "leverage", "y": 0.0, "far": 30.0},
                "One point at (30, 0) turns the line by its long arm: slope −0.03 (MSE), −0.15 (MAE), −0.12 (Huber). "
                "Tukey lets it go and stays at 1.",
            ),
            "A motorcycle on the floor": (
                {"points": "stereo", "count": 0},
                "Real disparities: the floor is the line, a motorcycle (open diamonds) the outliers. MSE tips to "
                "0.053 where the floor has 0.171; MAE and Tukey stay. None is dragged in yet: raise *Dragged "
                "outliers*.",
            ),
            "Patients": (
                {"points": "diabetes", "count": 0},
                "Real and noisy, with no outlier: MSE, Huber and Tukey nearly agree (slope 0.09); MAE, half of the "
                "patients above and half below, is steeper (0.12). Raise *Dragged outliers* to add one.",
            ),
            "Quantiles": (
                {"points": "diabetes", "count": 0, "losses": ["pinball", "mae"], "pinball_tau": 0.9, "arrows": "none"},
                "Pinball at 0.9 leaves nine patients in ten below its line, MAE half of them. So far from the grey "
                "band is not wrong here: it is another question.",
            ),
        },
    ),
    Part(
        "one-error", "One error", "Twice the error: twice the loss, four times, or hardly more?", ONE_ERROR,
        {
            "Huber is not smooth L1": (
                {"curves": ["huber", "smooth_l1"], "r": 5.0, "huber_delta": 2.0, "smooth_l1_beta": 2.0},
                "At r = 5 with delta = beta = 2 Huber costs 8, smooth L1 4: they differ by the factor delta.",
            ),
            "Barron: one for all": (
                {"curves": ["cauchy", "pseudo_huber", "barron"], "barron_alpha": 0.4},
                "Move alpha: at 0 Barron's loss lies on Cauchy, at 1 on pseudo-Huber (a Charbonnier), at 2 it is half "
                "the square. Below 0 far errors fall silent.",
            ),
            "A tube and a tilt": (
                {"curves": ["epsilon_insensitive", "pinball"], "epsilon_insensitive_eps": 1.0, "pinball_tau": 0.8},
                "The tube: errors up to epsilon = 1 are free. The tilt: at tau = 0.8 a prediction too low costs 0.8 a "
                "unit, one too high 0.2.",
            ),
            "Ratios": (
                {"curves": ["msle", "mse"], "target": 2.0},
                "MSLE compares logarithms: at a target of 2, 1.5 too low costs 0.48, 1.5 too high 0.16. Below a "
                "prediction of −1 there is no loss: the table shows a dash.",
            ),
        },
    ),
    Part(
        "surface", "Surface", "Downhill step by step: does it arrive?", SURFACE,
        {
            "MAE never settles": (
                {"landscape": "one", "surface_loss": "mae", "rate": 0.3, "start": 1.0},
                "One point at 0, so only the intercept counts: 1, 0.7, 0.4, 0.1, −0.2, 0.1, −0.2, for ever. The pull "
                "does not weaken near the minimum.",
            ),
            "MSE does": (
                {"landscape": "one", "surface_loss": "mse", "rate": 0.3, "start": 1.0, "steps": 8.0},
                "The same rate and start as *MAE never settles*: 0.0007 after eight steps, for the pull fades with "
                "the error.",
            ),
            "Too fast": (
                {"rate": 0.0355, "steps": 12.0},
                "A little above 2 / the largest curvature (0.0342): every step overshoots more, and after twelve the "
                "loss is 363, from 148.",
            ),
            "Momentum": (
                {"method": "momentum", "rate": 0.01, "steps": 80.0},
                "It rolls along the valley: after 80 steps the loss is 58.92, the minimum 58.91. Plain steps at this "
                "rate are at 74.57.",
            ),
            "No slope, no way": (
                {"surface_loss": "tukey_biweight", "tukey_biweight_c": 1.0, "w0": 2.5, "b0": 3.0, "rate": 0.2},
                "Every point is farther from the line than c = 1: the plain is flat, the gradient 0, and nothing "
                "moves.",
            ),
        },
    ),
    Part(
        "influence", "Influence", "One value goes away for ever. Does the estimate go with it?", INFLUENCE,
        {
            "1, 2, 3, 4, 100": (
                {"values": "five", "estimators": ["mse", "mae", "huber"]},
                "MSE takes the mean, 22. MAE takes the median, 3, and Huber says 3 too, however far the last value "
                "goes.",
            ),
            "More than half are wrong": (
                {"outlier_share": 52.5},
                "21 of 40 values are wrong: all but MSE go over to them, near 20, for they are the majority. MSE "
                "stands between, at 10.5.",
            ),
        },
    ),
    Part(
        "noise", "Which noise", "A thousand samples: whose estimates scatter least?", NOISE,
        {
            "Gaussian": (
                {"noise": "gaussian"},
                "Here the mean (MSE) wins: in theory the median (MAE) needs 1 / 0.637 = 1.57 times as many values.",
            ),
            "Laplace": (
                {"noise": "laplace"},
                "Here the median (MAE) wins: in large samples it is twice as efficient as the mean (MSE).",
            ),
            "Contaminated": (
                {"noise": "contaminated"},
                "One value in ten comes from a Gaussian ten times as wide: Huber is 7.3 times as efficient as the "
                "mean, MAE 5.5 times.",
            ),
        },
    ),
]  # fmt: skip


def draw() -> None:
    run("regression", "Regression", PARTS)
