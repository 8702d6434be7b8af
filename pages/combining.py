"""Combining and regularising: sums of losses, penalties on weights, and what training is after."""

from pages.combining_mix import LEARNED, MIX
from pages.combining_penalties import PENALTY, RIDGE
from pages.combining_training import DEGREE, THREE
from pages.ui.page import Part, run

PARTS = [
    Part(
        "mix", "Mixer", "Two losses disagree. Where does their sum send the model?", MIX,
        {
            "CE + IoU, averaged": (
                {"mix_mask": ["pixel_cross_entropy", "jaccard"]},
                "IoU asks for nearly what Dice asks: the lowest sum is at 15.7 px and 0.77, under Dice 15.6 and 0.78.",
            ),
            "Dice thirty times": (
                {"mix_second": 30},
                "Known bad: the disc says 0.98 everywhere, sure and wrong. Cross-entropy rises from 0.433 to 0.654.",
            ),
            "Focal + box": (
                {"mix_task": "retinanet_sum"},
                "One pair of weights for two jobs. The box wins: its L1 is 1.08. The focal loss is 0.66, and alone "
                "it could be 0.001.",
            ),
            "MSE + MAE, 1 and 1": (
                {"mix_task": "line"},
                "Known bad: it looks fair, but MSE counts squares. The slope is 2.56; MSE alone has 2.64, MAE 1.",
            ),
            "VAE, 0.01 KL": (
                {"mix_task": "vae_elbo", "mix_second": 0.01},
                "Almost a plain autoencoder: noise 0.07, reconstruction error 0.005.",
            ),
            "VAE, collapsed": (
                {"mix_task": "vae_elbo", "mix_second": 3},
                "Known bad: from weight 2 on the code says nothing. KL is 0.000, the reconstruction error 1.000.",
            ),
            "Adversarial + cycle + perceptual": (
                {"mix_task": "translation", "mix_second": 10},
                "Cycle with weight 10, as CycleGAN has it: the offset falls from 0.157 to 0.035, and the critic's loss "
                "rises from 0.163 to 0.611.",
            ),
        },
    ),
    Part(
        "learned", "Learned weights", "One loss is in metres, one in millimetres. Who is heard?", LEARNED,
        {
            "Learned to the end": (
                {"weighting": "settled"},
                "Each weight is 1 over its loss: 1 and 0.001. Each task adds 1.000, whatever its unit.",
            ),
            "On the way": (
                {"weighting": "uncertainty_weighting", "learned_s2": 5},
                "At s = 5 the second task still adds 6.738, and its s is pushed up with a force of 5.738.",
            ),
            "A task nearly solved": (
                {"weighting": "settled", "learned_second": 0.001},
                "Known bad: the loss is 0.001, so its weight is 1000, and it is as loud as before.",
            ),
        },
    ),
    Part(
        "penalty", "Penalties", "A penalty shrinks all weights. Which one makes some of them exactly 0?", PENALTY,
        {
            "L2 instead": (
                {"penalty": "l2_penalty"},
                "A circle has no corners: weights of 0.327 and −0.172, and none of ten is 0.",
            ),
            "L2, very strong": (
                {"penalty": "l2_penalty", "penalty_strength": 10},
                "Still none is 0: 0.052 and −0.034.",
            ),
            "Elastic net": (
                {"penalty": "elastic_net_penalty"},
                "Corners and bent sides: 6 of ten are 0, with L1 8.",
            ),
            "Twins, L1": (
                {"penalty_pair": "s1-s2", "penalty_strength": 0.1},
                "Total cholesterol and LDL, correlated 0.90: L1 keeps one, 0.162, and drops the other.",
            ),
        },
    ),
    Part(
        "ridge", "Ridge", "Two columns say nearly the same. Can a biased fit be nearer the truth?", RIDGE,
        {
            "Not alike": (
                {"ridge_correlation": 0},
                "With correlation 0 both are equally good: 0.098 and 0.092.",
            ),
            "Too strong": (
                {"ridge_lam": 100},
                "Known bad: at 100 every fit is near (0.29, 0.29). Steady and wrong: error 1.02.",
            ),
            "Hardly any": (
                {"ridge_lam": 0.001},
                "Known bad: 0.001 is too little to hold the weights, error 95.8.",
            ),
        },
    ),
    Part(
        "degree", "Overfitting", "The curve meets every point, the loss is 0. Is it the best curve?", DEGREE,
        {
            "Degree 3": (
                {"poly_degree": 3},
                "It misses the points, training loss 0.023, and is right between them: validation loss 0.055.",
            ),
            "Degree 0": (
                {"poly_degree": 0},
                "Known bad the other way: too stiff. Both losses are high, 0.595 and 0.533.",
            ),
            "Degree 9, penalised": (
                {"poly_lam": 0.01},
                "All ten coefficients, but small ones: the largest falls from 520 to 2.2, "
                "the validation loss from 38 to 0.096.",
            ),
        },
    ),
    Part(
        "three", "Three things", "Loss, optimiser, regulariser: which of them moves the goal?", THREE,
        {
            "Another optimiser": (
                {"three_way": "adam"},
                "Another way, the same goal: slope 2.636. Adam is there, plain gradient steps are 2.76 above it.",
            ),
            "Another loss": (
                {"three_loss": "mae", "three_way": "adam"},
                "The goal moves: MAE wants slope 1.000. Its gradient does not shrink, so Adam circles.",
            ),
            "A regulariser": (
                {"three_penalty": "l2_penalty", "three_way": "adam"},
                "The goal moves too: slope 1.192 instead of 2.636, the diamond.",
            ),
            "A penalty too steep": (
                {"three_penalty": "l2_penalty", "three_strength": 100},
                "Known bad: the same steps, but λ = 100 makes the bowl too steep for them. Plain descent flies off.",
            ),
        },
    ),
]  # fmt: skip
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("combining", "Combining and regularising", PARTS)
