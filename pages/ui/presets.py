"""Presets: settings of a view worth seeing, each with a line on what they show, from `assets/presets/<view key>.toml`.

A table of the file is a preset, its heading the name that the menu offers. `set` has the settings as a link has them,
`shows` what is then seen; `fails` marks one that is known to go wrong.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pages.ui.controls import Values
from pages.ui.views import View

FILES = Path(__file__).parents[2] / "assets" / "presets"


class Preset(NamedTuple):
    settings: Values
    shows: str
    fails: bool = False


Presets = Mapping[str, Preset]  # by their names, in the order of the file


def presets_of(view: View) -> Presets:
    """The presets of a view; none where it has no file. ValueError or KeyError for what its controls do not know."""
    file = FILES / f"{view.key}.toml"
    if not file.exists():
        return {}
    controls = {control.key: control for control in view.controls}

    def read(settings: Mapping[str, str], **words: Any) -> Preset:
        return Preset({key: controls[key].read(text) for key, text in settings.items()}, **words)

    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: read(table.pop("set"), **table) for name, table in tables.items()}
