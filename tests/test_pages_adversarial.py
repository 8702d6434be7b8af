"""The adversarial page: its films hold losscore's numbers, its lessons' numbers are true, no link breaks it."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hands import end, unread
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm, wasserstein_distance
from streamlit.testing.v1 import AppTest

import losscore
from losscore.explore.shifted import BEST, distances, pull_home
from losscore.figures.film import Film
from losscore.scenes.rings import CLOUDS, away, centres, found
from losscore.scenes.rings import draw as scene
from losscore.train import shipped
from pages.adversarial import PARTS
from pages.table import link
from pages.ui.controls import Values, read
from pages.ui.words import words

VIEWS = {part.key: part.view for part in PARTS}
FIRST = {key: read(view.controls, {})[0] for key, view in VIEWS.items()}


def film_of(key: str, slider: str = "", **changed: Any) -> tuple[Film, int]:
    view, values = VIEWS[key], FIRST[key] | changed
    swept = slider or view.first(values)
    steps = view.sliders[swept].values
    return view.film(values | {swept: torch.tensor(steps)}), steps.index(values[swept])


def slots(key: str, **changed: Any) -> dict[str, float]:
    film, step = film_of(key, **changed)
    return {name: float(values[step]) for name, values in film.slots.items()}


def test_every_slider_makes_a_film_that_can_be_sent() -> None:
    for key, view in VIEWS.items():
        choices = [c for c in view.controls if getattr(c, "several", False)]
        full = {c.key: list(c.options)[: c.most] for c in choices}
        for values in (FIRST[key], FIRST[key] | full, FIRST[key] | {c.key: [] for c in choices}):
            settled = []
            for slider, control in view.sliders.items():
                if not control.shown(values):
                    continue
                film = view.film(values | {slider: torch.tensor(control.values)})
                assert film.steps == len(film.reel()["speech"]) == len(control.values)
                assert film.frame(film.steps - 1)["alt"]
                assert not any(np.isnan(numbers).any() for numbers in film.slots.values())
                for (trace, _), array in film._arrays.items():
                    if "markers" in (film.figure.data[trace].mode or ""):
                        assert np.isfinite(array).all()
                asked = set(re.findall(r'data-slot="([^"]*)"', view.reading(values)))
                assert asked <= film.slots.keys()
                step = control.values.index(values[slider])
                settled.append({name: float(numbers[step]) for name, numbers in film.slots.items()})
            for other in settled[1:]:
                assert other == pytest.approx(settled[0], rel=1e-4, abs=1e-6)


def test_every_adversarial_loss_is_chosen_here() -> None:
    for loss in losscore.losses(family="adversarial"):
        page, settings = link(loss.key) or (None, {})
        assert page is not None
        assert page.path == "adversarial", loss.key
        part = settings.pop("part", PARTS[0].key)
        values = FIRST[part] | read(VIEWS[part].controls, settings)[0]
        assert loss.key in str(values), loss.key


# Numbers of the lessons


def test_a_sure_critic_leaves_minimax_a_hundredth() -> None:
    first = slots("generator")
    made = 1 / (1 + math.exp(4.6))
    assert first["duel.d_fake"] == pytest.approx(made, rel=1e-5)
    assert first["gan_g_saturating.fake"] == pytest.approx(-0.01, abs=5e-5)
    assert first["gan_g_nonsaturating.fake"] == pytest.approx(-0.99, abs=5e-5)
    assert first["wgan_g.fake"] == -1
    draw = slots("generator", maker_fake=0, maker_real=0)
    assert draw["gan_g_nonsaturating.loss"] == pytest.approx(0.693, abs=5e-4)
    through = slots("generator", makers=["gan_g_nonsaturating", "rsgan_g", "rasgan_g"])
    assert [through[f"{key}.real"] for key in ("gan_g_nonsaturating", "rsgan_g", "rasgan_g")] == pytest.approx(
        [0, 0.999, 0.999], abs=5e-4
    )
    assert slots("generator", maker_fake=4, makers=["lsgan_g"])["lsgan_g.loss"] == 4.5
    assert slots("generator", maker_fake=4, makers=["lsgan_g"])["lsgan_g.fake"] == 3
    cosine = slots("generator", maker_fake=-0.6, maker_real=0.8, makers=["rsgan_g", "rmcosgan_g"])
    assert cosine["rmcosgan_g.loss"] == pytest.approx(math.log1p(math.exp(10 * 1.75)), rel=1e-6)
    assert cosine["rmcosgan_g.fake"] == pytest.approx(-10, abs=1e-3)
    assert cosine["rsgan_g.fake"] == pytest.approx(-1 / (1 + math.exp(-1.4)), abs=1e-5)


def test_the_critics_sign_and_its_value_at_a_draw() -> None:
    first = slots("critic")
    assert [first[f"{key}.loss"] for key in ("gan_d", "lsgan_d", "hinge_d", "wgan_critic")] == pytest.approx(
        [0.254, 2.5, 0, -4], abs=5e-4
    )
    assert first["gan_d.fake"] == pytest.approx(0.119, abs=5e-4)
    assert first["wgan_critic.negative"] == 2 - -2  # the texts' line, true minus made, is what it maximises
    assert (first["hinge_d.fake"], first["wgan_critic.fake"], first["lsgan_d.fake"]) == (0, 1, -2)
    draw = slots("critic", judge_fake=0, judge_real=0)
    assert draw["gan_d.negative"] == pytest.approx(-1.386, abs=5e-4)
    wrong = slots("critic", judge_fake=2, judge_real=-2)
    said = [wrong[f"{key}.loss"] for key in ("gan_d", "hinge_d", "wgan_critic")]
    assert said == pytest.approx([4.254, 6, 4], abs=5e-4)
    ahead = slots("critic", judge_fake=4, judge_real=6, critics=["gan_d", "rsgan_d"])
    assert (ahead["gan_d.loss"], ahead["rsgan_d.loss"]) == pytest.approx((4.021, 0.127), abs=5e-4)


def test_the_penalty_gives_the_critic_a_floor() -> None:
    assert slots("penalty")["slope.penalised_sum"] == -12
    assert slots("penalty")["slope.best"] == math.inf
    for lam, says in ((10, 3.45), (1, 7.5)):
        best = 1 + 3 / (2 * lam)  # where -3 k + lam (k - 1)^2 is flat
        at = slots("penalty", slope_terms=["wgan_critic", "wgan_gp_penalty"], critic_lam=lam, critic_slope=2)
        assert at["slope.best"] == pytest.approx(best, abs=0.006)
        assert 3 * best == pytest.approx(says)
        assert at["slope.penalised_sum"] == pytest.approx(-6 + lam)


def test_pulls_and_distances_on_the_line_by_quadrature() -> None:
    for width, apart in ((0.5, 0.5), (0.5, 4.0), (1.5, 4.0), (0.3, 2.0)):
        at = torch.tensor([apart], dtype=torch.float64)
        q = norm(apart, width).pdf

        def share(x: float, apart: float = apart, width: float = width) -> float:
            p, q = norm.logpdf(x, 0, width), norm.logpdf(x, apart, width)
            return float(1 / (1 + np.exp(q - p)))

        steep = apart / width**2
        integrands = {
            "gan_g_saturating": lambda x, steep=steep: share(x) * steep,
            "gan_g_nonsaturating": lambda x, steep=steep: (1 - share(x)) * steep,
            "lsgan_g": lambda x, steep=steep: (1 - share(x)) ** 2 * share(x) * steep,
            "wgan_g": lambda x: 1.0,
            "hinge_g": lambda x: 0.0,
        }
        ends = (-8 * width, apart + 8 * width)
        for key, pull in integrands.items():
            want = quad(lambda x, pull=pull, q=q: pull(x) * q(x), *ends, limit=400, points=[apart / 2])[0]
            assert pull_home(key, at, width).item() == pytest.approx(want, rel=1e-3, abs=1e-9), key
        x = np.linspace(*ends, 4001)
        js, far = distances(at, width)
        assert js.item() == pytest.approx(jensenshannon(norm.pdf(x, 0, width), q(x)) ** 2, abs=1e-6)
        sample = np.linspace(-1, 1, 9)
        assert far.item() == pytest.approx(wasserstein_distance(sample, sample + apart), rel=1e-6)
    # Pairs: the mean over both bells of sigmoid(C(true) - C(made)), whose argument is normal.
    apart, width = 0.5, 0.5
    mean, spread = apart**2 / width**2, math.sqrt(2) * apart / width
    want = quad(lambda t: norm.pdf(t, mean, spread) / (1 + np.exp(-t)), mean - 9 * spread, mean + 9 * spread)[0]
    got = pull_home("rsgan_g", torch.tensor([apart], dtype=torch.float64), width).item()
    assert got == pytest.approx(want * apart / width**2, rel=1e-4)


def test_what_the_lesson_of_the_line_says() -> None:
    first = slots("line", line_makers=list(BEST))
    assert (first["line.js"], first["line.w1"]) == pytest.approx((0.693, 4), abs=5e-4)
    assert first["gan_g_saturating.pull"] == pytest.approx(0.0008, abs=5e-5)
    pulls = [first[f"{key}.pull"] for key in ("gan_g_nonsaturating", "hinge_g", "wgan_g")]
    assert pulls == pytest.approx([16, 0, 1], abs=1e-2)
    assert slots("line", line_apart=2)["line.js"] == pytest.approx(0.633, abs=5e-4)
    far = slots("line", line_apart=6)
    assert far["gan_g_saturating.pull"] < 1e-6
    assert far["wgan_g.pull"] == pytest.approx(1)
    near = slots("line", line_apart=0.5)
    pulls = [near[f"{key}.pull"] for key in ("gan_g_saturating", "gan_g_nonsaturating")]
    assert pulls == pytest.approx([0.80, 1.20], abs=5e-3)
    assert slots("line", line_width=1.5)["gan_g_saturating.pull"] == pytest.approx(0.24, abs=5e-3)


def test_a_wrong_map_costs_nothing_until_the_identity_is_asked_for() -> None:
    both = {"cycle_terms": ["cycle_consistency", "identity_loss"]}
    for turn, right, identity in ((25, 100, 0.287), (115, 0, 1.077), (205, 0, 1.293), (295, 0, 0.686)):
        at = slots("cycle", turn_there=turn, turn_back=-turn, **both)
        assert at["cycle.matching"] == pytest.approx(0, abs=1e-9)
        assert at["cycle.cycle_consistency"] == pytest.approx(0, abs=1e-9)
        assert at["cycle.right"] == right
        assert at["cycle.identity_loss"] == pytest.approx(identity, abs=5e-4)
    assert slots("cycle", turn_back=-25)["cycle.cycle_consistency"] == pytest.approx(1.019, abs=5e-4)
    heavy = both | {"identity_loss_weight": 5}
    assert slots("cycle", turn_there=0, turn_back=0, **heavy)["cycle.cycle_sum"] == pytest.approx(0.368, abs=5e-4)
    assert slots("cycle", turn_there=25, turn_back=-25, **heavy)["cycle.cycle_sum"] == pytest.approx(1.434, abs=5e-4)


def test_what_the_shipped_games_say() -> None:
    first, last = slots("game"), slots("game", game_step=3000)
    assert (first["gan_g_nonsaturating.pieces"], first["wgan_g.pieces"]) == (8, 2)
    assert (last["gan_g_nonsaturating.pieces"], last["wgan_g.pieces"]) == (8, 8)
    assert last["gan_g_nonsaturating.distance"] == pytest.approx(0.348, abs=5e-4)
    assert last["wgan_g.distance"] == pytest.approx(0.141, abs=5e-4)
    assert slots("game", game_step=3000, game_cloud="moons")["wgan_g.pieces"] == 2
    for cloud, mine, others in (
        ("ring", (0.186, 0.054), ((0.166, 0.207), (0.033, 0.068))),
        ("moons", (0.101, 0.030), ((0.102, 0.931), (0.035, 0.303))),
    ):
        at = slots("seeds", seeds_cloud=cloud)
        for part, own, (low, high) in zip(("mean", "spread"), mine, others, strict=True):
            rest = [v for name, v in at.items() if name.endswith(f".{part}") and "rmcos" not in name]
            assert len(rest) == 7
            assert (at[f"rmcosgan_g.{part}"], min(rest), max(rest)) == pytest.approx((own, low, high), abs=5e-4), cloud
    for key, moved in (("gan_g_nonsaturating", 0.14), ("wgan_g", 4.22)):
        frames = shipped("game", {"loss": key}).frames  # type: ignore[union-attr]
        way = frames["after"][10].float() - frames["points"][10].float()
        assert way.norm(dim=-1).mean().item() == pytest.approx(moved, abs=5e-3), key
    early = slots("seeds", seeds_step=1000)
    assert early["wgan_g.mean"] == pytest.approx(0.708, abs=5e-4)


def test_pieces_and_distances_of_points() -> None:
    draw = torch.Generator().manual_seed(1)
    for cloud in CLOUDS:
        true, more = scene(cloud, (512,), draw), scene(cloud, (512,), draw)
        assert found(true, cloud) == 8
        assert found(centres(cloud)[:3].repeat(20, 1), cloud) == 3
        assert away(true, more) < 0.1
    ways = np.pi * np.arange(16) / 16
    pairs = ([p.numpy() @ [np.cos(w), np.sin(w)] for p in (true, more - 1)] for w in ways)
    want = np.mean([wasserstein_distance(*pair) for pair in pairs])
    assert away(true, more - 1).item() == pytest.approx(want, rel=1e-4)


# The page


def drawn(**query: str) -> AppTest:
    def script() -> None:
        from pages import adversarial

        adversarial.draw()

    at = AppTest.from_function(script, default_timeout=60)
    for name, text in query.items():
        at.query_params[name] = text
    return at.run()


@pytest.mark.parametrize("last", [False, True], ids=["low", "high"])
def test_every_part_opens_with_every_control_at_its_end(last: bool) -> None:
    for part in PARTS:
        at = drawn(part=part.key, **{control.key: end(control, last) for control in part.view.controls})
        assert not at.exception
        offers = [button for button in at.button if button.key == "training-start"]
        assert len(offers) == (part.key == "game" and last)  # five to one has to be trained
        assert unread(at) == []
        assert any(part.question in text.value for text in at.markdown)


def test_a_hostile_link_opens_the_defaults_and_says_so() -> None:
    for part, hostile in zip(PARTS, ["nan", "inf", "1e308", "x" * 10_000, "gan_d,gan_d", "-"], strict=False):
        at = drawn(part=part.key, **{control.key: hostile for control in part.view.controls})
        assert not at.exception
        assert len(unread(at)) == 1


def test_presets_set_what_the_controls_can_show_and_lessons_have_words() -> None:
    for part in PARTS:
        for settings, why, _ in part.presets.values():
            assert re.search(r"\d", why)
            values: Values = FIRST[part.key] | settings
            for control in part.view.controls:
                if control.key in settings:
                    assert control.shown(values)
                    control.read(control.write(values[control.key]))
        notice, why = words(part.view.key)
        assert re.search(r"\d", notice)
        assert why
