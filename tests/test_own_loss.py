"""A typed loss: what the grammar lets through, what it computes, and what is found out about it."""

import contextlib
import io
import math

import numpy as np
import pytest
import sympy
import torch
from hands import film, opened, preset, sweep, unread, walk
from hands import settings as set_to
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import losscore
from losscore import own
from losscore.explore.fits import fit_line
from losscore.explore.own_loss import fit_by_search, gradient_error, line_costs, own_curve, verdicts
from losscore.scenes.points import line_with_outliers
from pages.own_formula import CURVE, FIT

GRID = torch.arange(-120, 121, dtype=torch.float64) / 20
PARAMS = {"a": 0.7, "b": 1.3, "c": 2.1}
KNOWN = {  # a typed formula, and the loss it is
    "r^2": ("mse", {}),
    "abs(r)": ("mae", {}),
    "where(abs(r) <= a, r**2 / 2, a * (abs(r) - a / 2))": ("huber", {"delta": 0.7}),
    "max(c / 3 * r * -1, (1 - c / 3) * r)": ("pinball", {"tau": 0.7}),
    "log(cosh(r))": ("log_cosh", {}),
}
UNREAD = "The link could not be read whole; at its default: your loss."
SYMBOLS = {"max": sympy.Max, "min": sympy.Min, "abs": sympy.Abs}


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> str:
    """Any formula that the grammar should take."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["r", "p", "y", "a", "b", "2", "0.5", "pi"]))
    inner = formulas(depth=depth - 1)
    kind = draw(st.sampled_from(["two", "one", "call", "power"]))
    if kind == "two":
        return f"({draw(inner)} {draw(st.sampled_from('+-*/'))} {draw(inner)})"
    if kind == "one":
        return f"(-{draw(inner)})"
    if kind == "power":
        return f"({draw(inner)})**{draw(st.sampled_from(['2', '3', 'a']))}"
    name = draw(st.sampled_from(["abs", "exp", "tanh", "sin", "max", "min", "atan"]))
    return f"{name}({', '.join(draw(inner) for _ in range(own.FUNCTIONS[name][1]))})"


@settings(max_examples=60, deadline=None)
@given(text=formulas())
def test_what_torch_computes_is_what_sympy_computes(text: str) -> None:
    numbers = {"p": 1.75, "y": 0.5, "r": 1.25, "a": 0.75, "b": 1.375}  # exact in binary
    if not set(text) & set("rpy"):
        return
    try:
        formula = own.parse(text)
    except own.Refused as refused:
        reason = str(refused)
    else:
        reason = ""
    if reason:  # drawn too large, or of numbers alone
        assert any(words in reason for words in ("at most", "none is named", "no power of its own")), reason
        return
    found = own.evaluate(formula, *(torch.tensor(numbers[n], dtype=torch.float64) for n in "py"), a=0.75, b=1.375)
    names = {**SYMBOLS, **{name: sympy.Float(value, 30) for name, value in numbers.items()}}
    want = sympy.sympify(text, locals=names).evalf()
    if want.is_real and abs(want) < 1e12:
        assert float(found) == pytest.approx(float(want), rel=1e-9, abs=1e-9)
    elif want.is_finite is False or not want.is_real:
        assert not torch.isfinite(found) or abs(float(found)) > 1e11


@pytest.mark.parametrize(("text", "known"), KNOWN.items())
def test_a_typed_loss_is_the_known_one(text: str, known: tuple[str, dict[str, float]]) -> None:
    loss, zero = losscore.get(known[0]), torch.zeros_like(GRID)
    value, slope = own_curve(own.parse(text), GRID, params=PARAMS)
    torch.testing.assert_close(value, loss(GRID, zero, reduction="none", **known[1]), rtol=1e-9, atol=1e-12)
    away = GRID.abs() > 1e-6  # both sides of a corner are a gradient there
    want = loss.gradient(GRID, zero, reduction="sum", **known[1])
    torch.testing.assert_close(slope[away], want[away], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "says", "place"),
    [
        ("", "no formula", 0), ("1 + a", "none is named", 0), ("r +", "cannot be read", None), ("r r", "cannot", None),
        ("foo(r)", "No such function: “foo”", 0), ("2 * q", "No such name: “q”", 4), ("r^2 + abs", "brackets", 6),
        ("min(r)", "takes 2", 0), ("abs(r, r)", "takes 1", 0), ("log(r, base=2)", "takes 1", 0),
        ("r ** 99", "exponent go up to 12", 5), ("9^9^9 * r", "no power of its own", 2), ("1e9 * r", "go up to", 0),
        ("r / 0", "divided", 4), ("r < 1", "comparison belongs", 0), ("where(r, 1, 2)", "comparison such as", 6),
        ("where(0 < r < 1, 1, r)", "compares two", 6), ("r.real", "no arithmetic", 0), ("r[0]", "no arithmetic", 0),
        ("__import__('os').system('x') * r", "No such function", 0), ("(lambda: r)()", "No such function", 0),
        ("[r for r in (1, 2)]", "no arithmetic", 0), ("r if r else r", "no arithmetic", 0), ("r and r", "no arith", 0),
        ("(r := 2)", "no arithmetic", 1), ("f'{r}'", "no arithmetic", 0), ("'r' * r", "plain numbers", 0),
        ("r * True", "plain numbers", 4), ("r * 2j", "plain numbers", 4), ("r // 2", "no arithmetic", 0),
        ("r @ r", "no arithmetic", 0), ("~r", "no arithmetic", 0), ("abs(*r)", "no arithmetic", None),
        ("abs(r)(r)", "No such function", 0), ("ｒ + 1", "character", 0), ("r\n+1", "character", 1), ("r\0", "char", 1),
        ("-" * 40 + "r", "24 levels", 24), ("+".join("r" * 60), "24 levels", None), ("r" + " " * 200, "160", 160),
        ("(" * 159 + "r", "cannot be read", None), ("max(r, " * 22 + "r", "cannot be read", None),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_pointer(text: str, says: str, place: int | None) -> None:
    with pytest.raises(own.Refused, match=r".") as refused:
        own.parse(text)
    assert says in str(refused.value)
    assert place is None or refused.value.place == place


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="rpyabc0123456789+-*/^().,<>= _[]{}'\"absqrtexplogwhere:@~!%&|", max_size=60))
def test_nothing_typed_does_more_than_be_read_or_refused(text: str) -> None:
    try:
        formula: own.Formula | own.Refused = own.parse(text)
    except own.Refused as refused:
        formula = refused
    if isinstance(formula, own.Refused):
        assert 0 <= formula.place <= own.LONGEST
        assert str(formula).endswith(".")
    else:
        assert own.evaluate(formula, GRID, torch.zeros_like(GRID)).shape == GRID.shape


@pytest.mark.parametrize(
    "text",
    [*KNOWN, "log(p / y)^2 * pi", "where(r < 0, 0, 1)", "max(0, 1 - p * y)", "exp(2)^2 * r + 9^12 / c", "-r^2 - -a"],
)
def test_the_program_prints_the_same_numbers(text: str) -> None:
    formula = own.parse(text)
    program = own.program(formula, 1.5, 0.5, PARAMS)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(program, {})
    said = printed.getvalue().split()
    at = torch.tensor(1.5, dtype=torch.float64), torch.tensor(0.5, dtype=torch.float64)
    want = own.evaluate(formula, *at, **PARAMS), own.gradient(formula, *at, **PARAMS)
    assert [float(number) for number in said] == pytest.approx([float(number) for number in want], rel=1e-12)


def test_the_gradient_is_held_against_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["r^2", "exp(-r^2)", "abs(r)^1.5", "where(r < 1, r^2, 2 * r - 1)", "sign(r) * r"]
    assert max(float(gradient_error(own.parse(text), GRID[::4])) for text in texts) < 1e-6
    right = own.gradient

    def wrong(*given: object, **params: object) -> torch.Tensor:
        return 1.01 * right(*given, **params)  # type: ignore[arg-type]

    monkeypatch.setattr("losscore.explore.own_loss.gradient", wrong)
    assert float(gradient_error(own.parse("r^2"), GRID[::4])) == pytest.approx(0.01 / 1.01, rel=1e-3)


class TestVerdicts:
    def test_each_known_loss_gets_what_its_record_claims(self) -> None:
        for text, (key, _) in KNOWN.items():
            found, claims = verdicts(own.parse(text), GRID, params=PARAMS), losscore.get(key).claims
            assert (found.arch.item() == 0) is claims.convex
            assert (found.lopsided.item() == 0) is (claims.even or False)
            assert abs(found.lowest.item()) == 0, text
            assert found.gaps.item() == 0
            if key != "log_cosh":  # as it is written, cosh overflows: no number at an error of 1000
                assert found.fall.item() == pytest.approx(100 if key == "mse" else 1, rel=1e-3)
            else:
                assert found.fall.isnan()

    def test_a_witness_is_where_it_is_said_to_be(self) -> None:
        found = verdicts(own.parse("abs(r)^0.5"), GRID)
        left, right, arch = found.left.item(), found.right.item(), found.arch.item()

        def cost(r: float) -> float:
            return math.sqrt(abs(r))

        assert cost((left + right) / 2) - (cost(left) + cost(right)) / 2 == pytest.approx(arch, rel=1e-9)
        assert arch > 0.1
        tilted = verdicts(own.parse("max(a * r, -b * r)"), GRID, params=PARAMS)
        assert tilted.lopsided.item() == pytest.approx((1.3 - 0.7) * tilted.side.item(), rel=1e-9)

    def test_gaps_and_minima(self) -> None:
        assert verdicts(own.parse("log(r)"), GRID).gaps.item() == pytest.approx(121 / 241)
        assert abs(verdicts(own.parse("r^2 - 3 * abs(r)"), GRID).lowest.item()) == pytest.approx(1.5)
        assert verdicts(own.parse("tanh(r^2)"), GRID).fall.nan_to_num(0).item() == 0

    def test_a_sweep_of_a_parameter_is_each_of_its_steps(self) -> None:
        steps = torch.tensor([0.3, 1.0, 2.5], dtype=torch.float64)
        formula = own.parse("abs(r)^a")
        swept = verdicts(formula, GRID, params={"a": steps})
        for index, step in enumerate(steps.tolist()):
            alone = verdicts(formula, GRID, params={"a": step})
            np.testing.assert_allclose(swept.arch[index], alone.arch, rtol=1e-12)
            np.testing.assert_allclose(swept.fall[index], alone.fall, rtol=1e-9)


class TestSearch:
    @pytest.mark.parametrize(("text", "known"), KNOWN.items())
    def test_it_finds_what_the_fit_of_the_known_loss_finds(
        self, text: str, known: tuple[str, dict[str, float]]
    ) -> None:
        points = line_with_outliers(torch.tensor(9.0).double(), torch.tensor([-10.0, 9.0, 39.0]).double())
        slope, level, cost = fit_by_search(own.parse(text), points, PARAMS)
        fit = fit_line(losscore.get(known[0]), points, **known[1])
        torch.testing.assert_close(cost, fit.value, rtol=1e-4, atol=1e-4)
        if known[0] in ("mse", "log_cosh"):  # others have more than one best line
            torch.testing.assert_close(slope, fit.slope, rtol=1e-3, atol=1e-3)
            torch.testing.assert_close(level, fit.intercept, rtol=1e-3, atol=2e-3)

    def test_it_finds_the_deepest_of_several_valleys(self) -> None:
        points = line_with_outliers(torch.tensor(9.0).double(), torch.tensor([39.0]).double())
        slope, level, cost = fit_by_search(own.parse("r^2 / (r^2 + a)"), points, {"a": 0.5})
        x, y = points.x[0].numpy(), points.y[0].numpy()

        def mean(line: np.ndarray) -> float:
            r = line[0] * x + line[1] - y
            return float((r**2 / (r**2 + 0.5)).mean())

        tried = [minimize(mean, [w, b], method="Nelder-Mead", tol=1e-10).fun for w in range(-1, 5) for b in (-8, 0, 8)]
        assert cost.item() == pytest.approx(min(tried), abs=1e-6)
        assert (slope.item(), level.item()) == pytest.approx((1.0, 0.0), abs=0.02)

    def test_the_picture_holds_the_mean_of_every_line(self) -> None:
        points = line_with_outliers(torch.tensor(9.0).double(), torch.tensor([39.0, 9.0]).double())
        slopes, levels = torch.tensor([0.5, 1.0]).double(), torch.tensor([-1.0, 0.0, 2.0]).double()
        cost = line_costs(own.parse("abs(r)^a"), points, slopes, levels, {"a": torch.tensor([2.0, 1.0]).double()})
        assert cost.shape == (2, 3, 2)
        assert cost[0, 1, 1].item() == pytest.approx(90.0)  # one error of 30 among ten, squared
        assert cost[1, 1, 1].item() == 0
        r = 0.5 * np.arange(10.0) + 2 - np.arange(10.0)
        assert cost[1, 2, 0].item() == pytest.approx(np.abs(r).mean())


def test_the_lines_of_the_presets_hold_their_numbers() -> None:
    slip, shows = preset(CURVE, "A slip of the sign")
    assert abs(slip["own.lowest"][0]) == 0.5
    assert film(CURVE, formula="r^2 - abs(r)", own_r=-0.5).slots["own.loss"][0] == -0.25
    assert "−0.5, not 0, and costs −0.250" in shows
    gap, shows = preset(CURVE, "No number there")
    assert gap["own.gaps"][0] == pytest.approx(101 / 241)  # from −6 to −1, where p is 0 or less
    tilted, shows = preset(CURVE, "Dear when too low")
    assert film(CURVE, formula="max(a * r, -b * r)", own_a=0.5, own_b=2.0, own_r=-2.0).slots["own.loss"][0] == 4.0
    assert film(CURVE, formula="max(a * r, -b * r)", own_a=0.5, own_b=2.0, own_r=2.0).slots["own.loss"][0] == 1.0
    assert (tilted["own.arch"][0], tilted["own.lopsided"][0] > 0) == (0, True)
    squares, shows = preset(FIT, "Squares")
    assert f"{squares['own.w'][0]:.2f}" in shows
    assert squares["own.w"][0] == pytest.approx(squares["mse.w"][0], abs=1e-4)
    by_hand, shows = preset(CURVE, "Huber, by hand")
    for name in ("loss", "slope"):
        assert by_hand[f"own.{name}"][0] == pytest.approx(by_hand[f"huber.{name}"][0], rel=1e-12)
        assert f"{by_hand[f'own.{name}'][0]:.3f}" in shows
    forgiving, shows = preset(CURVE, "Forgiving outliers")
    assert forgiving["own.fall"][0] == pytest.approx(0.01, rel=0.02)
    assert f"by {forgiving['own.arch'][0]:.3f}" in shows
    valleys, shows = preset(FIT, "Two valleys")
    assert f"slope {valleys['own.w'][0]:.3f}" in shows
    turned, shows = preset(FIT, "The wrong sign")
    assert f"slope {turned['own.w'][0]:.2f}".replace("-", "−") in shows


def test_untouched_the_smallest_error_pulls_hardest() -> None:
    slopes = sweep(CURVE, "own_r").slots["own.slope"][61:]
    assert (np.diff(slopes) < 0).all()


def test_what_is_typed_wrongly_is_pointed_at_and_nothing_is_lost() -> None:
    at = walk(opened("own"))
    at.slider(key="own_r").set_value(-1.0).run()
    at.text_input(key="formula").set_value("r^2 + <b>foo</b>(r)").run()
    assert not at.exception
    assert at.session_state["own_r"] == -1.0
    assert at.query_params["formula"] == "r^2 + <b>foo</b>(r)"
    values = set_to(CURVE, formula="r^2 + <b>foo</b>(r)")
    said = CURVE.reading(values)
    assert "<b>" not in said
    assert "↑" in said
    assert "own.loss" not in CURVE.film(values).slots
    at.text_input(key="formula").set_value("a * r^2").run()
    assert not at.exception
    assert at.session_state["own_r"] == -1.0
    assert unread(walk(at, formula="__import__('os')")) == [
        "The link could not be read whole; at its default: your loss."
    ]
