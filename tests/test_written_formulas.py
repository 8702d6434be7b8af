"""Formulas with the numbers of the moment: SymPy reckons from the numbers shown, and comes to the loss shown."""

import math

import numpy as np
import pytest
import sympy
from hands import near, sweep

from losscore.explore import batch_terms, circle, duel
from losscore.scenes.batches import _PLACES, proxies
from losscore.typeset import expression, names
from pages.adversarial_scores import CRITIC, CRITICS, GENERATOR, GENERATORS
from pages.embeddings_batch import NAMES as BATCHED
from pages.embeddings_batch import VIEW as BATCH
from pages.embeddings_circle import NAMES as TURNED
from pages.embeddings_circle import VIEW as CIRCLE
from pages.ui.views import View


def reckoned(formula: str, slots: dict[str, np.ndarray], lead: str) -> np.ndarray:
    """The formula at every step, of the numbers in its slots."""
    symbols = sorted(names(formula))
    of = sympy.lambdify([sympy.Symbol(name, real=True) for name in symbols], expression(formula).doit(), "math")
    steps = zip(*(slots[f"{lead}{name}"].tolist() for name in symbols), strict=True)
    return np.array([of(*step) for step in steps])


def stands_under(view: View, values: dict[str, object], formula: str, lead: str, result: str) -> bool:
    html = view.reading(values)
    return all(f'data-slot="{slot}"' in html for slot in (*(f"{lead}{name}" for name in names(formula)), result))


@pytest.mark.parametrize("key", [*GENERATORS, *CRITICS])
@pytest.mark.parametrize("side", ["fake", "real"])
def test_scores_are_written_as_they_are_reckoned(key: str, side: str) -> None:
    view, who, chosen = (GENERATOR, "maker", "makers") if key in GENERATORS else (CRITIC, "judge", "critics")
    slots = sweep(view, f"{who}_{side}", **{chosen: [key]}).slots
    near(reckoned(duel.FORMULAS[key], slots, f"{key}."), slots[f"{key}.loss"], 1e-6)
    assert stands_under(view, {chosen: [key]}, duel.FORMULAS[key], f"{key}.", f"{key}.loss")
    at = np.array(view.sliders[f"{who}_{side}"].values)
    near(slots[f"{key}.{side[0]}"], at.clip(-1, 1) if key in duel.COSINES else at)


@pytest.mark.parametrize("key", TURNED)
@pytest.mark.parametrize("slider", ["circle_positive", "circle_n1", "circle_temperature", "circle_margin"])
def test_directions_are_written_as_they_are_reckoned(key: str, slider: str) -> None:
    slots = sweep(CIRCLE, slider, circle_losses=[key]).slots
    near(reckoned(circle.FORMULAS[key], slots, "circle."), slots[f"circle.{key}"], 1e-6)
    assert stands_under(CIRCLE, {"circle_losses": [key]}, circle.FORMULAS[key], "circle.", f"circle.{key}")
    angle = np.radians(CIRCLE.sliders["circle_positive"].values if slider == "circle_positive" else [40.0])
    near(slots["circle.p"], np.broadcast_to(np.cos(angle), slots["circle.p"].shape))


@pytest.mark.parametrize("key", BATCHED)
@pytest.mark.parametrize("slider", ["batch_x", "batch_margin", "batch_temperature"])
def test_batches_are_written_as_they_are_reckoned(key: str, slider: str) -> None:
    slots = sweep(BATCH, slider, batch_right=key).slots
    near(reckoned(batch_terms.FORMULAS[key], slots, "batch.right."), slots["batch.right.loss"], 1e-6)
    values = {"batch_left": "n_pair", "batch_right": key}
    assert stands_under(BATCH, values, batch_terms.FORMULAS[key], "batch.right.", "batch.right.loss")


PLACES = np.array(_PLACES).reshape(-1, 2)
OF = np.repeat(np.arange(3), 3)


def others(key: str, margin: float = 0.1, t: float = 0.2) -> float:
    """What all but the moved one add to the sum of a loss's terms, member by member."""
    direction = PLACES / np.linalg.norm(PLACES, axis=1, keepdims=True)
    cosine, away = direction @ direction.T, np.linalg.norm(PLACES[:, None] - PLACES, axis=-1)
    total = 0.0
    for i in range(1, 9):
        mates, strangers = [j for j in range(9) if OF[j] == OF[i] and j != i], np.flatnonzero(OF[i] != OF)
        if key == "triplet_batch_hard":
            total += max(0.0, away[i, mates].max() - away[i, strangers].min() + margin)
        elif key == "supcon":
            rest = [j for j in range(9) if j != i]
            total += math.log(np.exp(cosine[i, rest] / t).sum()) - cosine[i, mates].mean() / t
        else:
            near_to = np.exp(2 * proxies().numpy() @ direction[i] - 2)
            rivals = near_to.sum() if key == "proxy_nca_softmax" else np.delete(near_to, OF[i]).sum()
            total += math.log(rivals) - math.log(near_to[OF[i]])
    return total


@pytest.mark.parametrize("key", ["triplet_batch_hard", "supcon", "proxy_nca", "proxy_nca_softmax"])
def test_what_the_others_add_is_the_sum_of_their_terms(key: str) -> None:
    slots = sweep(BATCH, "batch_y", batch_right=key).slots
    at = BATCH.sliders["batch_y"].values.index(0.8)
    near(slots["batch.right.w"][at], others(key), 1e-6)


@pytest.mark.parametrize("key", ["n_pair", "nt_xent", "info_nce_symmetric"])
def test_what_other_pairs_add_is_the_sum_of_their_terms(key: str) -> None:
    one, two = PLACES[::3], PLACES[1::3]
    total = 0.0
    if key == "n_pair":
        table = one @ two.T
        total = sum(math.log(np.exp(table[i]).sum()) - table[i, i] for i in (1, 2))
    else:
        views = np.concatenate([one, two])
        views /= np.linalg.norm(views, axis=1, keepdims=True)
        cosine = views @ views.T / 0.2
        for i in range(1, 6):
            if key == "nt_xent":
                rest = [j for j in range(6) if j != i]
            elif i == 3:  # the moved one's partner looks for it: this is in the formula too
                continue
            else:
                rest = list(range(3, 6)) if i < 3 else list(range(3))
            total += math.log(np.exp(cosine[i, rest]).sum()) - cosine[i, (i + 3) % 6]
    at = BATCH.sliders["batch_y"].values.index(0.8)
    near(sweep(BATCH, "batch_y", batch_right=key).slots["batch.right.w"][at], total, 1e-6)
