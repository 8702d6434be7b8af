"""What the README shows, runs; what it names, exists."""

import doctest
import re
from pathlib import Path

import losscore

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_example_prints_what_the_readme_says() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert result.attempted > 5
    assert not result.failed, "".join(said)


def test_its_make_commands_are_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"^    .*|`.*?`", README, re.MULTILINE))))
    assert {"run", "test"} <= named <= targets


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((.+?)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_it_counts_the_losses_that_there_are() -> None:
    for path in ("README.md", "CHANGELOG.md"):
        text = (ROOT / path).read_text()
        assert {int(number) for number in re.findall(r"(\d+) losses and metrics", text)} == {len(losscore.losses())}
