"""Colours, dashes and the two Plotly templates. The same thing has the same colour on every page."""

from typing import Any

# Okabe and Ito's palette, told apart by colour-blind readers; each role also has a dash, a marker or a word.
TRUTH = "#0072B2"
PREDICTION = "#D55E00"
AGREEMENT = "#009E73"
FALSE_POSITIVE = PREDICTION
FALSE_NEGATIVE = "#E69F00"
TRUE_POSITIVE = AGREEMENT
NEUTRAL = "#7F8790"

# Losses take these in the order they are drawn in. Mid-tones that stand on white and on near-black.
_SERIES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#B58900", "#56B4E9", "#7F6BD6", "#8C564B", "#5A9E2F", "#7F8790")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon", "triangle-down", "pentagon")

# Fixed seats, so that a loss keeps its colour whatever else is chosen beside it.
_SEATS = {
    "mse": 0, "mae": 1, "huber": 2, "cauchy": 3, "tukey_biweight": 4, "barron": 5, "smooth_l1": 6, "log_cosh": 7,
    "welsch": 8, "pinball": 9, "charbonnier": 10, "geman_mcclure": 11, "epsilon_insensitive": 12, "berhu": 13,
    "squared_epsilon_insensitive": 14, "charbonnier_barron": 15, "pseudo_huber": 16, "wing": 17, "cauchy_classic": 18,
    "geman_mcclure_classic": 19, "rmse": 20, "msle": 21, "poisson_nll": 22, "gaussian_nll": 23, "silog": 24,
    "dice": 0, "pixel_cross_entropy": 1, "jaccard": 2, "tversky": 3, "lovasz_hinge": 4,
    "boundary_loss": 5, "hausdorff_dt": 6, "focal_tversky": 7, "pixel_weighted_ce": 28, "pixel_ce_zero_background": 9,
    "focal_binary": 15, "combo_bce_dice": 13, "bce_jaccard": 12, "generalized_dice": 0, "cross_entropy_iou_2d": 2,
    "dice_multiclass": 3, "lovasz_softmax": 4, "dice_ce": 6,
    "iou": 3, "giou": 4, "diou": 6, "ciou": 5, "eiou": 7, "siou": 8, "alpha_iou": 13, "iou_log": 19,
    "box_l1": 1, "box_l2": 0, "box_smooth_l1": 2, "quality_focal": 6, "gaussian_focal": 16, "distribution_focal": 26,
    "beta_0": 15,
    "bce_with_logits": 1, "hinge": 2, "exponential": 3, "bce_probs": 4, "squared_hinge": 6, "logistic_margin": 7,
    "modified_huber": 8, "zero_one": 9, "brier_binary": 10, "savage": 17,
    "softmax_twice": 0,
    "cross_entropy": 1, "weighted_cross_entropy": 3, "label_smoothing_ce": 3, "focal_multiclass": 15,
    "generalized_ce": 2, "brier_multiclass": 10, "kl_divergence": 14, "class_balanced_ce": 16, "asymmetric_loss": 18,
    "soft_cross_entropy": 4, "poly1_ce": 5, "mae_probs": 6, "multiclass_hinge_cs": 7, "multiclass_hinge_ww": 8,
    "js_divergence": 9, "zero_one_multiclass": 11,
    "focal": 0, "box": 1, "recon": 0, "kl": 1, "adversarial": 0, "cycle": 1, "perceptual": 2,
    "l1_penalty": 1, "l2_penalty": 0, "elastic_net_penalty": 2, "least_squares": 0, "ridge_fit": 1,
    "training": 1, "validation": 0,
    "contrastive": 0, "triplet_squared": 1, "triplet_semi_hard_all": 2, "triplet_batch_hard": 3, "n_pair": 4,
    "nt_xent": 5, "proxy_nca": 6, "arcface": 7, "triplet_euclidean": 2, "margin_ranking": 3, "cosine_embedding": 14,
    "supcon": 8, "cosface": 18, "info_nce_symmetric": 11, "cosine_proximity": 13, "proxy_nca_softmax": 10,
    "gan_g_saturating": 0, "gan_g_nonsaturating": 1, "lsgan_g": 2, "hinge_g": 3, "wgan_g": 4, "rsgan_g": 5,
    "rasgan_g": 6, "rmcosgan_g": 7, "ralsgan_g": 8, "gan_d": 0, "lsgan_d": 2, "hinge_d": 3, "wgan_critic": 4,
    "rsgan_d": 5, "rasgan_d": 6, "rmcosgan_d": 7, "ralsgan_d": 8, "rahinge_d": 9, "wgan_gp_penalty": 5,
    "wasserstein1_samples": 4, "cycle_consistency": 1, "identity_loss": 2, "matching": 0,
    "emd_histogram": 1, "kl_reversed": 10, "emd_squared_cdf": 6, "sinkhorn_transport_cost": 17,
    "wasserstein2sq_samples": 12, "energy_distance_sq": 18, "mmd_rbf_biased": 3, "mmd_rbf_unbiased": 15,
    "ctc": 1, "ctc_best": 0, "pixel": 1, "count": 2, "structure": 3, "crowd_sum": 0,
    "squares_sum": 0, "squares_half": 3, "squares_mean": 1, "squares_norm": 2,
    "penalised_sum": 2, "cycle_sum": 3, "own": 30,
    "filled_mix": 0, "filled_pixel": 1, "filled_perceptual": 2, "filled_adversarial": 3,
    "psnr": 4, "ssim": 2, "ms_ssim": 13, "gradient_difference": 5, "perceptual_fixed_filters": 6, "gram_style": 7,
    "tv_squared": 0, "tv_anisotropic": 2, "tv_isotropic": 3,
}  # fmt: skip


def seat(key: str) -> int:
    """A loss's place in the fixed order: its own, or one derived from its name."""
    return _SEATS.get(key, sum(key.encode()) % 97 + len(_SERIES))


def colour(key: str) -> str:
    return _SERIES[seat(key) % len(_SERIES)]


def dash(key: str) -> str:
    return _DASHES[seat(key) % len(_DASHES)]


def marker(key: str) -> str:
    return _MARKERS[seat(key) % len(_MARKERS)]


def class_ink(number: int) -> str:
    """The colour of one of up to ten classes that are not true and predicted."""
    return _SERIES[number]


def class_marker(number: int) -> str:
    return _MARKERS[number]


def _template(text: str, faint: str, grid: str) -> dict[str, Any]:
    clear = "rgba(0,0,0,0)"
    axis = {
        "gridcolor": grid, "zerolinecolor": faint, "linecolor": faint, "tickcolor": faint, "automargin": True,
        "zerolinewidth": 1, "title": {"standoff": 8, "font": {"size": 13}}, "tickfont": {"size": 12},
        "fixedrange": True,
    }  # fmt: skip
    return {
        "layout": {
            "paper_bgcolor": clear,
            "plot_bgcolor": clear,
            "font": {"color": text, "family": '"Source Sans", "Source Sans 3", sans-serif', "size": 14},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"bgcolor": clear, "orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
            "annotationdefaults": {"font": {"color": text}, "arrowcolor": faint},
            "shapedefaults": {"line": {"color": faint}},
            "hoverlabel": {"font": {"family": '"Source Sans", sans-serif'}},
            "dragmode": False,  # a swipe over a figure scrolls the page; only what lies in space is turned by hand
            "scene": {"dragmode": "turntable"}
            | {name: {"gridcolor": grid, "backgroundcolor": clear} for name in ("xaxis", "yaxis", "zaxis")},
            "coloraxis": {"colorbar": {"outlinewidth": 0, "thickness": 12}},
            "margin": {"l": 52, "r": 16, "t": 40, "b": 48},
        }
    }


TEMPLATES = {"light": _template("#1c2430", "#b8c0ca", "#e9edf1"), "dark": _template("#e8ebef", "#5a6472", "#2a313b")}
