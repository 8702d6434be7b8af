"""A film: a Plotly figure, and all that changes in it from step to step of one slider.

The settled figure is one frame of the film, so what a drag shows and what stands after it are the same tensors.
"""

import base64
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from plotly.io.json import to_json_plotly
from torch import Tensor

from losscore.figures import sprites
from losscore.figures.numbers import short
from losscore.params import Param
from losscore.record import Loss
from losscore.snippet import program


class Film:
    """A figure of `steps` frames.

    figure: what stays. alt: the figure in words. narrow: changes of layout for a narrow screen.
    Add what moves with `move`, `picture`, `say` and `speak`; tensors have a leading dimension of `steps`, or 1
    (or none) where they are the same in every frame. `handle` says what a hand can take hold of.
    """

    def __init__(self, figure: go.Figure, steps: int, alt: str, narrow: dict[str, Any] | None = None) -> None:
        self.figure, self.steps, self.alt, self.narrow = figure, steps, alt, narrow or {}
        self._arrays: dict[tuple[int, str], np.ndarray] = {}
        self._pictures: dict[int, tuple[Tensor, list[sprites.RGBA]]] = {}
        self.slots: dict[str, np.ndarray] = {}
        self._texts: dict[str, Callable[[float], str]] = {}
        self._speech: list[str] = []
        self.handles: list[dict[str, Any]] = []
        self._programs: dict[str, tuple[str, Callable[[int], str]]] = {}
        self._examples: dict[str, Callable[[int], str]] = {}

    def move(self, trace: int, **arrays: Tensor) -> None:
        """What changes in a trace: x, y (steps, n) or z (steps, h, w); z of points in space is (steps, n) too."""
        for name, values in arrays.items():
            dims = 3 if name == "z" and self.figure.data[trace].type != "scatter3d" else 2
            self._arrays[trace, name] = self._stacked(values, dims, f"{name} of trace {trace}")

    def picture(self, image: int, indices: Tensor, palette: Sequence[sprites.RGBA]) -> None:
        """What a picture of the figure shows: (steps, H, W) indices into a palette."""
        if indices.ndim == 2:
            indices = indices[None]
        self._check_steps(len(indices), f"picture {image}")
        self._pictures[image] = (indices.detach().to(torch.uint8), list(palette))

    def say(self, slot: str, values: Tensor | float, text: Callable[[float], str] = short) -> None:
        """A number of the reading: (steps,) values, each shown as `text` of it."""
        numbers = self._stacked(torch.as_tensor(values).reshape(-1), 1, slot).astype(np.float64)
        self.slots[slot] = np.broadcast_to(numbers, (self.steps,))
        self._texts[slot] = text

    def given_by(self, slot: str, loss: Loss, inputs: Mapping[str, Tensor], params: Mapping[str, Any]) -> None:
        """The call that gives a slot's number: the mean loss of these inputs at these parameters.

        Inputs have a leading dimension of `steps`, or 1; a parameter that is a number may be a tensor of steps.
        """
        for name, values in inputs.items():
            self._check_steps(len(values), f"{name} of {slot}")

        def lines(step: int) -> str:
            here = {name: values[step if len(values) > 1 else 0] for name, values in inputs.items()}
            return loss.snippet(here, **_all_at(loss, params, step))

        self._programs[slot] = loss.key, lines

    def written(self, slot: str, key: str, lines: Callable[[int], str], *uses: Loss | Callable[..., Any]) -> None:
        """The lines that print a slot's number at a step, where it is no mean of one loss; that of `key` heads them.

        uses: the losses, by their keys, and the functions of the core that the lines call.
        """
        self._programs[slot] = key, lambda step: program(lines(step), uses)

    def made_with(self, loss: Loss, params: Mapping[str, Any] | None = None) -> None:
        """A loss that the figure is made with, though no slot names it; a parameter may be a tensor of steps."""
        self._examples[loss.key] = lambda step: loss.snippet(**_all_at(loss, params or {}, step))

    def speak(self, sentences: Sequence[str]) -> None:
        """What a screen reader hears at each step."""
        self._check_steps(len(sentences), "speech")
        self._speech = list(sentences) if len(sentences) == self.steps else list(sentences) * self.steps

    def handle(
        self, trace: int, *, x: str | None = None, y: str | None = None, point: int | None = None, name: str = ""
    ) -> None:  # fmt: skip
        """Let a hand drag one point of a trace, or all of the trace where no `point` is given.

        x, y: the keys of the sliders that the drag sets, in the units of the trace's axes: one step of a slider moves
        what is dragged by as much as the slider's value grows. name: what is dragged, in the figure's words.
        Raises ValueError where neither slider is given.
        """
        if x is None and y is None:
            raise ValueError(f"a handle on trace {trace} sets no slider")
        self.handles.append({"trace": trace, "point": point, "x": x, "y": y, "name": name})

    def frame(self, step: int) -> dict[str, Any]:
        """One frame, whole: the figure as JSON text, the slots, the sentence."""
        whole = self.figure.to_plotly_json()
        whole["layout"].pop("template", None)
        traces = [dict(trace) for trace in whole["data"]]
        for (trace, name), values in self._arrays.items():
            traces[trace][name] = values[step if len(values) > 1 else 0]
        if self._pictures:
            images = [dict(image) for image in whole["layout"]["images"]]
            for image in self._pictures:
                images[image]["source"] = self._sprite(image, step)
            whole["layout"]["images"] = images
        return {
            "figure": to_json_plotly({"data": traces, "layout": whole["layout"]}),
            "narrow": self.narrow,
            "alt": self._told(),
            "slots": {name: [_plain(v[step]), self._texts[name](float(v[step]))] for name, v in self.slots.items()},
            "speech": self._speech[step] if self._speech else "",
        }

    def reel(self, only: int | None = None) -> dict[str, Any]:
        """Everything that moves, as the stage reads it, and what the film of another slider has not.

        Of all steps, or a film of one step: `only` that one.
        """
        some = slice(None) if only is None else slice(only, only + 1)
        arrays = {place: values[some] if len(values) > 1 else values for place, values in self._arrays.items()}
        return {
            "steps": len(range(self.steps)[some]),
            "still": self._still(),
            "arrays": [
                {
                    "trace": trace, "name": name, "frames": len(values), "shape": values.shape[1:],
                    "floats": base64.b64encode(values.astype("<f4").tobytes()).decode(),
                }
                for (trace, name), values in arrays.items()
            ],
            "images": [
                {
                    "image": image,
                    "sources": [
                        self._sprite(image, step) for step in (range(self.steps)[some] if len(pictures) > 1 else (0,))
                    ],
                }
                for image, (pictures, _) in self._pictures.items()
            ],
            "slots": {
                name: {"values": [_plain(v) for v in values], "texts": [self._texts[name](v) for v in values]}
                for name, values in ((name, values[some].tolist()) for name, values in self.slots.items())
            },
            "speech": self._speech[some],
        }  # fmt: skip

    def programs(self, step: int) -> dict[str, tuple[str, str]]:
        """slot -> the loss that gives its number, and the lines of PyTorch that print it at this step.

        A slot that has no number at this step, since its loss refuses what is asked, is left out.
        """
        shown = {slot: made for slot, made in self._programs.items() if np.isfinite(self.slots[slot][step])}
        return {slot: (key, lines(step)) for slot, (key, lines) in shown.items()}

    def examples(self, step: int) -> dict[str, str]:
        """loss -> its lines on example tensors, of the losses that the figure is made with."""
        return {key: lines(step) for key, lines in self._examples.items()}

    def text(self, slot: str, step: int) -> str:
        """A slot's number as it stands in the reading."""
        return self._texts[slot](float(self.slots[slot][step]))

    def _told(self) -> str:
        """The figure in words, and what in it can be dragged."""
        names = [handle["name"] for handle in self.handles if handle["name"]]
        return f"{self.alt} To be dragged, or moved by the sliders: {', '.join(names)}." if names else self.alt

    def _still(self) -> str:
        """Axes, words and lines that stay in this film, as JSON text: the film of another slider may have others."""
        whole = self.figure.to_plotly_json()
        layout = {name: value for name, value in whole["layout"].items() if name not in ("template", "images")}
        lines = [
            {name: trace[name] for name in ("x", "y") if name in trace and (index, name) not in self._arrays}
            if trace["type"] == "scatter" else {}
            for index, trace in enumerate(whole["data"])
        ]  # fmt: skip
        return to_json_plotly({"data": lines, "layout": layout})

    def table(self, slider: str, values: Sequence[float], labels: Mapping[str, str] | None = None) -> str:
        """All numbers of the reading over the slider's steps, as CSV; a slot is headed by its label, if it has one."""
        head = io.StringIO()
        csv.writer(head, lineterminator="").writerow([slider, *((labels or {}).get(slot, slot) for slot in self.slots)])
        rows = [head.getvalue()]
        for step, value in enumerate(values):
            rows.append(",".join(f"{number:.9g}" for number in (value, *(slot[step] for slot in self.slots.values()))))
        return "\n".join(rows) + "\n"

    def _sprite(self, image: int, step: int) -> str:
        pictures, palette = self._pictures[image]
        return sprites.indexed(pictures[step if len(pictures) > 1 else 0], palette)

    def _stacked(self, values: Tensor, dims: int, what: str) -> np.ndarray:
        array = torch.as_tensor(values).detach().cpu().numpy()
        array = array.reshape((1,) * (dims - array.ndim) + array.shape) if array.ndim < dims else array
        if array.ndim != dims:
            raise ValueError(f"{what}: expected {dims} dimensions with the steps first, got shape {array.shape}")
        self._check_steps(len(array), what)
        return array.astype(np.float32) if dims > 1 else array

    def _check_steps(self, count: int, what: str) -> None:
        if count not in (1, self.steps):
            raise ValueError(f"{what}: a film of {self.steps} steps got {count}")


def _plain(value: float) -> float | None:
    """Seven digits of a number; JSON has no word for "not a number" or infinity."""
    return float(f"{value:.7g}") if np.isfinite(value) else None


def _all_at(loss: Loss, params: Mapping[str, Any], step: int) -> dict[str, Any]:
    """Parameters at one step; a vector is the same in all of them."""
    return {
        name: pick(value, step) if isinstance(value, Tensor) and isinstance(loss.params[name], Param) else value
        for name, value in params.items()
    }


def pick(value: float | Tensor, step: int) -> float:
    """A number, or a tensor of steps, at one step."""
    steps = torch.as_tensor(value).double().reshape(-1).tolist()
    return float(f"{steps[step if len(steps) > 1 else 0]:.7g}")
