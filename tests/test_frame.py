"""The frame around the losses: declaring, finding, validating, differentiating, typesetting."""

import dataclasses
from typing import Annotated, Any

import pytest
import torch
from torch import Tensor

import losscore
from losscore import registry, typeset
from losscore.claims import Claims
from losscore.declare import loss
from losscore.inputs import Input, LabelMap, ProbabilityMap, Values
from losscore.params import Choice, Param, Vector

CARD: dict[str, Any] = {
    "title": "Trial", "family": "trial", "insight": "A trial.", "source": "Nobody 2000", "claims": Claims()
}  # fmt: skip


@pytest.fixture(autouse=True)
def _trial_losses_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_records", dict(registry._records))


def trial() -> losscore.Loss:
    @loss(formula="k*r**2", **CARD)
    def trial(
        pred: Values,
        target: Values,
        *,
        k: Annotated[float, Param("k", 0.0, 5.0, "how steep", domain="[0, inf)")] = 2.0,
        up: Annotated[bool, Choice((False, True), "upside down")] = False,
        weight: Annotated[Any, Vector("w", 0.0, 1.0, "weight of a class")] = None,
    ) -> Tensor:
        """A trial."""
        return (-k if up else k) * (pred - target).square()

    return trial


# Finding


def test_a_loss_is_found_by_its_key_and_family_in_the_order_of_declaration() -> None:
    assert losscore.get("huber").key == "huber"
    made = trial()
    assert losscore.get("trial") is made
    assert losscore.losses()[-1] is made
    assert losscore.losses("trial") == [made]
    assert losscore.families()[0] == "regression"
    assert losscore.families()[-1] == "trial"
    assert [record.key for record in losscore.losses("regression")[:3]] == ["mse", "mae", "huber"]


def test_an_unknown_key_names_the_nearest_and_an_unknown_family_names_them_all() -> None:
    with pytest.raises(KeyError, match=r"no loss 'hubber'; nearest: .*huber"):
        losscore.get("hubber")
    with pytest.raises(KeyError, match=r"see losscore.losses\(\)"):
        losscore.get("?" * 10_000)
    with pytest.raises(ValueError, match="no family 'nothing'; there are: regression"):
        losscore.losses("nothing")


def test_the_regression_family_is_complete() -> None:
    signatures = {record.key: (*record.inputs, "-", *record.params) for record in losscore.losses("regression")}
    two = ("pred", "target", "-")
    assert signatures == {
        "mse": two,
        "mae": two,
        "huber": (*two, "delta"),
        "smooth_l1": (*two, "beta"),
        "log_cosh": two,
        "pinball": (*two, "tau"),
        "epsilon_insensitive": (*two, "eps"),
        "squared_epsilon_insensitive": (*two, "eps"),
        "barron": (*two, "alpha", "c"),
        "cauchy": (*two, "c"),
        "cauchy_classic": (*two, "c"),
        "geman_mcclure": (*two, "c"),
        "geman_mcclure_classic": (*two, "sigma"),
        "welsch": (*two, "c"),
        "tukey_biweight": (*two, "c"),
        "charbonnier": (*two, "eps"),
        "charbonnier_barron": (*two, "c"),
        "pseudo_huber": (*two, "delta"),
        "wing": (*two, "w", "eps"),
        "berhu": (*two, "c"),
        "rmse": two,
        "msle": two,
        "silog": (*two, "lam"),
        "poisson_nll": (*two, "log_input", "eps", "full"),
        "gaussian_nll": ("pred", "target", "var", "-", "eps", "full"),
    }


# Declaring


def test_a_declaration_becomes_a_record() -> None:
    made = trial()
    assert made.key == "trial"
    assert list(made.inputs) == ["pred", "target"]
    assert made.defaults == {"k": 2.0, "up": False, "weight": None}
    assert made.__doc__ == "A trial."
    assert repr(made) == "<Loss trial(pred, target, k=2.0, up=False, weight=None)>"
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.title = "Another"  # type: ignore[misc]


def test_a_declaration_that_says_too_little_or_too_much_is_refused() -> None:
    trial()
    with pytest.raises(ValueError, match="two losses are declared as 'trial'"):
        trial()
    with pytest.raises(ValueError, match="Trial: give either formula"):
        loss(**CARD)
    with pytest.raises(ValueError, match="Trial: give either formula"):
        loss(formula="r", latex="r", **CARD)

    def bare(pred: Tensor, target: Values) -> Tensor:
        return pred - target

    def without_default(pred: Values, *, k: Annotated[float, Param("k", 0.0, 1.0, "k")]) -> Tensor:
        return pred * k

    def swapped(pred: Annotated[float, Param("k", 0.0, 1.0, "k")], *, k: Values = 1.0) -> Tensor:  # type: ignore[assignment]
        return k * pred

    for function, name in ((bare, "pred"), (without_default, "k"), (swapped, "pred")):
        with pytest.raises(TypeError, match=f"{function.__name__}: '{name}' needs an annotation"):
            loss(formula="r", **CARD)(function)


# Validating


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"k": -1.0}, ValueError, r"trial: k must lie in \[0, inf\), got -1"),
        ({"k": float("nan")}, ValueError, r"k must lie in \[0, inf\), got nan"),
        ({"k": float("inf")}, ValueError, r"k must lie in \[0, inf\), got inf"),
        ({"k": True}, TypeError, "k must be a number or a floating-point tensor, got bool True"),
        ({"k": "2"}, TypeError, "k must be a number or a floating-point tensor, got str '2'"),
        ({"k": torch.tensor([1])}, TypeError, "k must be a number .* tensor, got a tensor of torch.int64"),
        ({"k": torch.tensor([1.0, -1.0])}, ValueError, r"k must lie in \[0, inf\), got values from -1 to 1"),
        ({"up": 1}, ValueError, r"up must be one of \[False, True\], got 1"),
        ({"weight": 3.0}, TypeError, "weight must be a list of numbers or a 1-dim tensor, got float 3.0"),
        ({"weight": "abc"}, TypeError, "weight must be a list of numbers"),
        ({"weight": [1.0, "a"]}, TypeError, "weight must hold numbers only"),
        ({"weight": []}, ValueError, r"weight must have one number a class, got shape \(0,\)"),
        ({"weight": [[1.0]]}, ValueError, r"weight must have one number a class, got shape \(1, 1\)"),
        ({"weight": [1.0, -1.0]}, ValueError, r"every weight must lie in \[0, inf\)"),
        ({"q": 1}, TypeError, "unknown parameter 'q'; accepted: k, up, weight"),
    ],
)
def test_a_wrong_parameter_is_refused(given: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        trial()(torch.ones(2), torch.zeros(2), **given)


def test_parameters_at_the_ends_of_their_domain() -> None:
    mine, one = trial(), torch.ones(1)
    assert mine(one, 0 * one, k=0).item() == 0
    assert mine(one, 0 * one, k=3).item() == 3
    assert mine(one, 0 * one, up=True, weight=[0.5]).item() == -2
    barron = losscore.get("barron")
    assert barron(one, 0 * one, alpha=-float("inf")).item() == pytest.approx(0.393469)
    with pytest.raises(ValueError, match=r"alpha must lie in \[-inf, inf\), got inf"):
        barron(one, 0 * one, alpha=float("inf"))
    for key, name in (("huber", "delta"), ("cauchy", "c"), ("charbonnier", "eps"), ("gaussian_nll", "eps")):
        record = losscore.get(key)
        with pytest.raises(ValueError, match=rf"{name} must lie in \(0, inf\), got 0"):
            record(*[one] * len(record.inputs), **{name: 0.0})


def test_shapes_are_held_to_what_they_name() -> None:
    @loss(latex="x", **CARD)
    def mapped(pred: ProbabilityMap, target: LabelMap) -> Tensor:
        """A trial."""
        return (pred - target).flatten(-2).mean(-1)

    ones, labels = torch.ones(2, 3, 4), torch.zeros(2, 3, 4, dtype=torch.long)
    assert mapped(ones, labels, reduction="none").shape == (2,)
    assert mapped(ones, labels[0], reduction="none").shape == (2,)
    with pytest.raises(ValueError, match=r"mapped: pred must have shape \(..., H, W\), got \(4,\)"):
        mapped(ones[0, 0], labels)
    with pytest.raises(ValueError, match="mapped: W is 4 in pred but 2 in target"):
        mapped(ones, labels[..., :2])
    with pytest.raises(TypeError, match=r"target \(label map\) must be integer, got torch.float32"):
        mapped(ones, ones)
    with pytest.raises(TypeError, match=r"target \(label map\) must be integer, got torch.bool"):
        mapped(ones, labels.bool())
    with pytest.raises(TypeError, match=r"pred \(probability map\) must be floating-point, got torch.complex64"):
        mapped(ones.to(torch.complex64), labels)
    with pytest.raises(ValueError, match=r"pred must lie in \[0, 1\], got values from 1 to 2"):
        mapped(ones + labels.float() + torch.eye(3, 4), labels)
    with pytest.raises(ValueError, match=r"target must lie in \[0, inf\), got values from -1 to -1"):
        mapped(ones, labels - 1)
    with pytest.raises(ValueError, match=r"wrt must be one of \['pred'\], got 'target'"):
        mapped.gradient(ones, labels, wrt="target")


def test_not_a_number_is_refused_where_there_is_an_interval() -> None:
    with pytest.raises(ValueError, match=r"msle: pred must lie in \(-1, inf\), got values from nan to nan"):
        losscore.get("msle")(torch.tensor([1.0, float("nan")]), torch.ones(2))


def test_a_switch_frees_the_rate_from_its_interval() -> None:
    poisson, low = losscore.get("poisson_nll"), torch.tensor([-1.0])
    assert poisson(low, torch.ones(1), log_input=True).item() == pytest.approx(1.3678794)
    assert poisson.gradient(low, torch.ones(1), log_input=True).item() == pytest.approx(-0.6321206)
    for call in (poisson, poisson.gradient):
        with pytest.raises(ValueError, match=r"pred must lie in \[0, inf\), got values from -1 to -1"):
            call(low, torch.ones(1))


def test_the_interval_of_a_kind_reads_as_mathematics() -> None:
    assert Input("x").interval == "(-inf, inf)"
    assert Input("x", low=0.0, high=1.0).interval == "[0, 1]"
    assert Input("x", low=-1.0, open_low=True).interval == "(-1, inf)"


# Differentiating


def test_gradient_of_mean_of_sum_and_of_another_input() -> None:
    mse, p, y = losscore.get("mse"), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.zeros(2)
    assert torch.equal(mse.gradient(p, y), p / 2)
    assert torch.equal(mse.gradient(p, y, reduction="sum"), 2 * p)
    # The target was broadcast: its gradient gathers what both rows say.
    assert torch.equal(mse.gradient(p, y, wrt="target", reduction="sum"), torch.tensor([-8.0, -12.0]))
    assert not mse.gradient(p, y).requires_grad
    with pytest.raises(ValueError, match=r"wrt must be one of \['pred', 'target'\], got 'delta'"):
        mse.gradient(p, y, wrt="delta")
    with pytest.raises(ValueError, match="reduction must be 'mean' or 'sum' for a gradient, got 'none'"):
        mse.gradient(p, y, reduction="none")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes 2 inputs"):
        mse.gradient(p)
    with pytest.raises(TypeError, match="pred must be a torch tensor, got int"):
        mse.gradient(3, y)


def test_gradient_is_at_home_where_gradients_are_off_and_for_training_tensors() -> None:
    mse, p = losscore.get("mse"), torch.ones(2, requires_grad=True)
    with torch.no_grad():
        assert torch.equal(mse.gradient(p, torch.zeros(2)), torch.ones(2))
    assert p.grad is None
    mse(p, torch.zeros(2)).backward()
    assert torch.equal(p.grad, torch.ones(2))


def test_gradient_of_a_constant_is_zero() -> None:
    @loss(formula="sign(r)", **CARD)
    def steps(pred: Values, target: Values) -> Tensor:
        """A trial."""
        return (pred > target).to(pred.dtype)

    assert torch.equal(steps.gradient(torch.ones(3), torch.zeros(3)), torch.zeros(3))

    @loss(formula="y", **CARD)
    def deaf(pred: Values, target: Values) -> Tensor:
        """A trial."""
        return target * 1

    assert torch.equal(deaf.gradient(torch.ones(3), torch.zeros(3, requires_grad=True)), torch.zeros(3))


def test_a_parameter_may_be_learnt() -> None:
    alpha = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    barron, far = losscore.get("barron"), torch.tensor([3.0], dtype=torch.float64)
    (slope,) = torch.autograd.grad(barron(far, torch.zeros_like(far), alpha=alpha), alpha)
    step = 1e-6
    ends = [barron(far, torch.zeros_like(far), alpha=0.5 + h).item() for h in (step, -step)]
    assert slope.item() == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


# Typesetting and claims


def test_formulas_are_typeset_in_the_order_they_are_written_with_symbols_or_numbers() -> None:
    made = trial()
    assert made.latex == "k r^{2}"
    assert made.latex_with(r="-1.5", k="3") == "3 (-1.5)^{2}"
    huber = losscore.get("huber").latex
    assert huber.startswith(r"\begin{cases} \frac{r^{2}}{2} & \text{for}\: \left|{r}\right| \leq \delta")
    assert losscore.get("hinge").latex == r"\max\left(0, 1 - z y\right)"  # a logit is no probability
    assert losscore.get("brier_binary").latex == r"\left(p - y\right)^{2}"
    assert losscore.get("charbonnier").latex == r"\sqrt{r^{2} + \epsilon^{2}}"
    assert losscore.get("welsch").latex == r"1 - e^{- \frac{\left(\frac{r}{c}\right)^{2}}{2}}"
    assert r"\alpha = -\infty" in losscore.get("barron").latex
    assert r"\text{log input}" in losscore.get("poisson_nll").latex
    with pytest.raises(ValueError, match="rmse: the formula of a tensor loss has no single numbers"):
        losscore.get("rmse").latex_with(r="1")


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("Abs(r)", r"\left|{-1.5}\right|"),
        ("log(cosh(r))", r"\ln{\left(\cosh{\left(-1.5\right)} \right)}"),
        ("(r/c)**2", r"\left(\frac{-1.5}{c}\right)^{2}"),
        ("1 - r", r"1 - (-1.5)"),
        ("exp(r)", r"e^{-1.5}"),
    ],
)
def test_a_negative_number_wears_parentheses_only_where_it_needs_them(formula: str, written: str) -> None:
    assert typeset.latex(formula, {"r": "-1.5"}) == written


@pytest.mark.parametrize(
    ("formula", "given", "written"),
    [
        ("k*r", {"k": "3", "r": "1.5"}, r"3 \cdot 1.5"),
        ("k*r**2", {"k": r"\text{@k}", "r": r"\text{@r}"}, r"\text{@k} \cdot \text{@r}^{2}"),
        ("(1 - k)*r", {"r": "1.5"}, r"\left(1 - k\right) \cdot 1.5"),
        ("r**2/(2*c)", {"c": r"\text{@c}"}, r"\frac{r^{2}}{2 \cdot \text{@c}}"),
        ("k*r", {"k": "3"}, "3 r"),
        ("k*r", {"r": "1.5"}, "k 1.5"),
        ("k*r", {"k": "3", "r": "-1.5"}, "3 (-1.5)"),
        ("k - r + 2", {"k": "3", "r": "1.5"}, "3 - 1.5 + 2"),
        ("k*log(r)", {"k": "3", "r": "1.5"}, r"3 \ln{\left(1.5 \right)}"),
        ("k*r", {"k": r"\text{log input}", "r": r"\text{log input}"}, r"\text{log input} \text{log input}"),
    ],
)
def test_a_dot_stands_between_factors_that_would_read_as_one_number(
    formula: str, given: dict[str, str], written: str
) -> None:
    assert typeset.latex(formula, given) == written


def test_the_first_row_of_a_case_begins_without_a_dot() -> None:
    rows = typeset.latex("Piecewise((k*r, r < 1), (k, True))", {"k": "3", "r": r"\text{@r}"})
    assert rows.startswith(r"\begin{cases} 3 \cdot \text{@r} & \text{for}\: \text{@r} < 1 \\3 &")


def test_which_losses_are_functions_of_the_residual() -> None:
    assert losscore.get("barron").of_residual
    assert not losscore.get("msle").of_residual
    assert not losscore.get("rmse").of_residual


def test_bounds_are_numbers_for_numbers() -> None:
    assert losscore.get("huber").claims.bound("slope_bound", {"delta": 2.5}) == 2.5
    assert losscore.get("tukey_biweight").claims.bound("maximum", {"c": 3}) == 1.5
    assert losscore.get("mse").claims.bound("maximum", {}) == float("inf")
    assert losscore.get("poisson_nll").claims.bound("minimum", {"eps": 0.5, "full": False}) == -float("inf")
    assert losscore.get("poisson_nll").claims.bound("minimum", {"eps": 0.5, "full": True}) == -0.5
    assert Claims().bound("maximum", {}) is None
    barron = losscore.get("barron").claims
    assert barron.bound("slope_bound", {"alpha": -float("inf"), "c": 2.0}) == pytest.approx(0.30326533)
    assert barron.bound("maximum", {"alpha": -float("inf"), "c": 2.0}) == 1


def test_a_sweep_keeps_its_shape_over_a_parameter_that_is_not_used() -> None:
    eps = torch.full((3, 1), 1e-3)
    swept = losscore.get("poisson_nll")(torch.ones(2), torch.ones(2), reduction="none", log_input=True, eps=eps)
    assert swept.shape == (3, 2)
