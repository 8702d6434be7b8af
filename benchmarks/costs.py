"""What each loss costs against MSE, kept for the catalogue."""

import json
import platform
from collections.abc import Iterator
from datetime import UTC, datetime

import torch

import losscore
from benchmarks.row import Row
from losscore.cost import KEPT, milliseconds

ROUNDS = 3


def rows() -> Iterator[Row]:
    """Times every loss between two timings of MSE, keeps the median ratio of a few rounds, and tells of the dearest."""
    torch.set_num_threads(1)
    mse, ratios = losscore.get("mse"), dict[str, float]()
    for loss in losscore.losses():
        rounds = []
        for _ in range(ROUNDS):
            before, own, after = milliseconds(mse, 25), milliseconds(loss), milliseconds(mse, 25)
            rounds.append(own / ((before + after) / 2))
        ratios[loss.key] = sorted(rounds)[ROUNDS // 2]
    ratios = {key: float(f"{ratio / ratios['mse']:.2g}") for key, ratio in ratios.items()}  # MSE is 1
    machine = f"{platform.machine()}, one thread, torch {torch.__version__.split('+')[0]}"
    kept = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine, "ratios": ratios}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    dearest = sorted(ratios, key=lambda key: -ratios[key])[:3]
    yield Row(
        "Value and gradient against MSE, the median loss", sorted(ratios.values())[len(ratios) // 2],
        note="dearest: " + ", ".join(f"{key} {ratios[key]:g}" for key in dearest),
    )  # fmt: skip
