"""The rules of the house: who may import whom, how long a file is, what no file says."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {
    ".ci", ".gitignore", ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "app.py",
    "assets", "benchmarks", "docs", "losscore", "pages", "pyproject.toml", "requirements-dev.txt", "requirements.txt",
    "tests",
}
# Written in two halves, so that this file does not contain what it looks for.
UNSAID = (
    "pypi" ".org", "python" "hosted.org", "download.py" "torch.org", "anaconda" ".org", "npm" "js.org",
    "js" "delivr.net", "un" "pkg.com", "cdn.pl" "ot.ly",
    "/wo" "rk/", "/tm" "p/", "/ro" "ot/", "/ho" "me/", "/Us" "ers/", "C:" "\\",
    "TO" "DO", "FIX" "ME",
)
DISTRIBUTIONS = {"PIL": "pillow"}


def _files() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for name in listed if (path := ROOT / name).is_file()]


FILES = _files()
MODULES = [path for path in FILES if path.suffix == ".py"]
SHIPPED = [path for path in MODULES if path.relative_to(ROOT).parts[0] in ("losscore", "pages", "app.py")]
PINS = ("requirements.txt", "requirements-dev.txt")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    """The dotted name of everything a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*path.relative_to(ROOT).parent.parts][: 1 - node.level or None] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)}


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("-r "))


def test_there_is_something_to_look_at() -> None:
    assert len(SHIPPED) > 10
    assert "torch" in _roots(ROOT / "losscore/record.py")
    assert "losscore.params.AnyParam" in set(_imports(ROOT / "losscore/record.py"))


@pytest.mark.parametrize("path", SHIPPED, ids=_name)
def test_imports_go_one_way(path: Path) -> None:
    where, imported = path.relative_to(ROOT), _roots(path)
    if where.parts[0] == "losscore":
        assert not imported & {"streamlit", "pages", "app"}, "the core works with no app around it"
        if where.parts[1] != "figures":
            assert "plotly" not in imported, "only losscore/figures draws"
    if where.parent == Path("pages"):
        assert not imported & {"torch", "numpy", "math", "plotly"}, "pages compute nothing"


@pytest.mark.parametrize("path", SHIPPED, ids=_name)
def test_what_is_imported_at_run_time_is_required(path: Path) -> None:
    foreign = _roots(path) - sys.stdlib_module_names - {"losscore", "pages", "app"}
    assert {DISTRIBUTIONS.get(name, name) for name in foreign} <= _pins("requirements.txt").keys()


@pytest.mark.parametrize("path", [*SHIPPED, *(p for p in MODULES if "benchmarks" in p.parts)], ids=_name)
def test_modules_are_short(path: Path) -> None:
    longest = 150 if path.parent == ROOT / "pages" else 250
    assert len(path.read_text(encoding="utf-8").splitlines()) <= longest


def test_no_two_files_of_tests_have_one_name() -> None:
    """pytest imports each by its name alone, and refuses the second."""
    names = [path.name for path in MODULES if path.name.startswith("test_")]
    assert sorted(set(names)) == sorted(names)


def test_the_top_level_holds_what_it_should() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} <= TOP


def test_no_file_names_a_registry_a_machine_or_work_left_over() -> None:
    found = []
    for path in FILES:
        content = path.read_bytes()
        if b"\0" not in content:
            text = content.decode("utf-8")
            found += [f"{_name(path)}: {unsaid}" for unsaid in UNSAID if unsaid in text]
    assert found == []


def test_assets_carry_their_licence() -> None:
    folders = {path.parent for path in FILES if path.suffix in (".png", ".jpg", ".csv", ".npy", ".npz", ".svg")}
    for folder in folders - {ROOT / "assets"}:
        readme = folder / "README.md"
        assert readme.is_file(), f"{_name(folder)} needs a README.md with source and licence"
        assert re.search("licence|license|public domain", readme.read_text(), re.IGNORECASE), _name(readme)


@pytest.mark.parametrize("name", PINS)
def test_requirements_are_pinned_and_installed_so(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line]
    assert [line for line in lines if not re.fullmatch(r"[\w-]+==[\d.]+|-r requirements\.txt", line)] == []
    # What follows a plus sign only says how a wheel was built.
    assert {package: version(package).split("+")[0] for package in _pins(name)} == _pins(name)


def test_dev_requirements_build_on_those_of_the_app() -> None:
    assert (ROOT / "requirements-dev.txt").read_text().startswith("-r requirements.txt\n")
    assert not _pins("requirements.txt").keys() & _pins("requirements-dev.txt").keys()


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert [one for one in headings[1:] if not re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", one)] == []


class TestStreamlitConfig:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())

    def test_nothing_is_sent_anywhere(self) -> None:
        assert self.config["browser"]["gatherUsageStats"] is False
        assert self.config["server"]["headless"] is True
        # Unset, a headless start asks a server on the internet for the machine's public address.
        assert self.config["browser"]["serverAddress"] == "localhost"

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
    @pytest.mark.parametrize("ink", ["textColor", "primaryColor", "linkColor"])
    def test_colours_can_be_read(self, theme: str, ground: str, ink: str) -> None:
        colours = self.config["theme"][theme]
        darker, lighter = sorted((_luminance(colours[ground]), _luminance(colours[ink])))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Relative luminance of a colour written #RRGGBB (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
