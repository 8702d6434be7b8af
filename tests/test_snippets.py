"""Every loss as a program of its own: run without the core, it prints the core's number."""

import contextlib
import io
import math
import subprocess
import sys

import draw
import pytest
import torch

import losscore
from losscore import Loss
from losscore.examples import example
from losscore.params import Vector
from losscore.snippet import literal

EVERY = losscore.losses()


def printed(program: str) -> float:
    said = io.StringIO()
    torch.set_printoptions(precision=12)
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(program, "snippet", "exec"), {})
    finally:
        torch.set_printoptions(profile="default")
    return float(said.getvalue().split("tensor(")[1].split(")")[0].split(",")[0])


@pytest.mark.parametrize("record", EVERY, ids=[record.key for record in EVERY])
def test_the_snippet_prints_the_number_of_the_core(record: Loss) -> None:
    inputs = example(record)
    for params in (record.defaults, draw.params_of(record, 3)):
        # As many weights as the example has classes.
        params = {n: v[:3] if isinstance(record.params[n], Vector) and v is not None else v for n, v in params.items()}
        program = record.snippet(**params)
        assert "losscore" not in program
        expected = record(*inputs, **params).item()
        assert math.isclose(printed(program), expected, rel_tol=1e-5, abs_tol=1e-7), f"{params}\n{program}"


@pytest.mark.parametrize("record", EVERY, ids=[record.key for record in EVERY])
def test_the_example_is_an_ordinary_case(record: Loss) -> None:
    inputs = example(record)
    assert torch.isfinite(record(*inputs, reduction="none")).all()
    assert len(record.snippet().splitlines()) <= 120
    if record.differentiable and not record.claims.flat:
        assert record(*inputs).item() != 0


def test_a_snippet_runs_alone() -> None:
    program = losscore.get("huber").snippet(delta=2.0)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("tensor(")


def test_a_snippet_refuses_what_the_loss_refuses() -> None:
    with pytest.raises(ValueError, match="delta must lie in"):
        losscore.get("huber").snippet(delta=-1.0)
    with pytest.raises(TypeError, match="unknown parameter"):
        losscore.get("huber").snippet(sigma=1.0)


def test_one_sample_is_a_batch_of_one() -> None:
    pred, target = torch.tensor([0.2, 0.3, 0.5]), torch.tensor([0.7, 0.2, 0.1])
    program = losscore.get("kl_divergence").snippet({"pred": pred, "target": target})
    want = sum(t * math.log(t / p) for p, t in zip(pred.tolist(), target.tolist(), strict=True))
    assert math.isclose(printed(program), want, rel_tol=1e-5)


def test_many_of_a_kind_are_counted() -> None:
    for picture in (torch.zeros(9, 8), torch.arange(3).repeat_interleave(20).reshape(5, 12), torch.rand(4)):
        line = literal(picture)
        assert torch.allclose(eval(line, {"torch": torch}), picture, rtol=1e-6)
        assert len(line) < 100
