"""The controls that a loss's record asks for: one for each parameter, shown while that loss is chosen."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import losscore
from losscore.params import AnyParam, Param
from losscore.params import Choice as ParamChoice
from pages.ui.controls import Choice, Control, Slider, Values


def _chosen_in(control: str, loss: str) -> Callable[[Values], bool]:
    def shown(values: Values) -> bool:
        return loss in values[control] if isinstance(values[control], list) else bool(values[control] == loss)

    return shown


def sliders(keys: Iterable[str], chosen_by: str, *, more: bool = True) -> tuple[Control, ...]:
    """Controls for every parameter of these losses, keyed `<loss>_<parameter>`.

    chosen_by: the key of the control that holds the chosen loss or losses; the others' parameters are not shown.
    """
    made: list[Control] = []
    for key in keys:
        loss = losscore.get(key)
        for name, param in loss.params.items():
            common: dict[str, Any] = {"key": f"{key}_{name}", "more": more, "shown": _chosen_in(chosen_by, key)}
            label = f"{loss.title}: {name.replace('_', ' ')}"
            if isinstance(param, Param) and loss.defaults[name] is not None:
                default = float(loss.defaults[name])
                common |= {"label": label, "help": param.meaning, "unit": param.unit, "default": default}
                if param.stops:
                    low, high, steps, log = param.stops[0], param.stops[-1], len(param.stops), False
                else:
                    low, high, steps, log = _grid(param, default)
                made.append(Slider(low=low, high=high, steps=steps, log=log, stops=param.stops, **common))
            elif isinstance(param, ParamChoice):
                common |= {"label": label, "help": param.meaning, "default": _named(loss.defaults[name])}
                made.append(Choice(options={_named(option): _named(option) for option in param.options}, **common))
    return tuple(made)


def on_release(controls: Iterable[Control]) -> tuple[Control, ...]:
    """The same controls, but the figure waits until a slider is let go: for what takes too long to sweep."""
    return tuple(replace(control, live=False) if isinstance(control, Slider) else control for control in controls)


def params(keys: Iterable[str], values: Values) -> dict[str, dict[str, Any]]:
    """loss key -> its parameters as the controls of `sliders` are set."""
    found: dict[str, dict[str, Any]] = {}
    for key in keys:
        settings = {name: values.get(f"{key}_{name}") for name in losscore.get(key).params}
        found[key] = {
            name: _option(losscore.get(key).params[name], setting)
            for name, setting in settings.items()
            if setting is not None
        }
    return found


def _option(param: AnyParam, setting: Any) -> Any:
    """What the loss takes for what the control says: a number as it is, an option by its name."""
    if isinstance(param, ParamChoice):
        return next(option for option in param.options if _named(option) == setting)
    return setting


def _named(option: Any) -> str:
    return {True: "yes", False: "no"}[option] if isinstance(option, bool) else str(option)


def _grid(param: Param, default: float) -> tuple[float, float, int, bool]:
    """The slider's ends, number of steps and whether they are of equal ratio, so that the default is one of them."""
    low, high = min(param.low, default), max(param.high, default)
    if not param.log or low <= 0:
        for step in (s * 10.0**p for p in range(-4, 3) for s in (1, 2, 2.5, 5)):
            count, before = (high - low) / step, (default - low) / step
            if count <= 110 and math.isclose(count, round(count)) and math.isclose(before, round(before)):
                return low, high, round(count) + 1, False
    if low <= 0:
        raise ValueError(f"no steps from {low} to {high} pass {default}")
    # Steps of equal ratio bend around a default that even steps would miss, such as 4.685.
    return low, high, 61, True
