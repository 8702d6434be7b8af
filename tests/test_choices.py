"""Choosing a loss: every way to answer ends in two or three losses, and what a rule says is so where it sends you."""

import re
from itertools import pairwise

import pytest
from hands import opened, walk
from shown import claimed, numbers_of

import losscore
from losscore.choices import Rule, Task, tasks
from losscore.figures.labels import label
from pages import choose
from pages.table import placed
from pages.ui.controls import Choice, read, write
from pages.ui.presets import presets_of

TASKS = list(tasks().values())
RULES = [pytest.param(rule, id=f"{task.key}-{rule.loss}-{n}") for task in TASKS for n, rule in enumerate(task.rules)]
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)


@every_task
def test_every_way_ends_in_two_or_three_losses(task: Task) -> None:
    for answers in task.paths():
        left = [rule.loss for rule in task.left(answers)]
        assert 2 <= len(left) <= 3, answers
        assert len(set(left)) == len(left), answers
        narrowed = task.narrowed(answers)
        assert narrowed[0] == task.losses()
        assert set(narrowed[-1]) == set(left)
        assert all(set(after) <= set(before) for before, after in pairwise(narrowed))


@every_task
def test_every_question_matters_and_every_rule_is_reached(task: Task) -> None:
    for question in task.questions:
        assert question.default in question.answers
        asked = [rule for rule in task.rules if question.key in rule.when]
        assert any(set(rule.when[question.key]) < set(question.answers) for rule in asked), question.key
    reached = [rule for answers in task.paths() for rule in task.left(answers)]
    assert all(rule in reached for rule in task.rules)
    for rule in task.rules:
        for key, allowed in rule.when.items():
            (question,) = (q for q in task.questions if q.key == key)
            assert set(allowed) <= question.answers.keys()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_leads_where_its_numbers_stand(rule: Rule) -> None:
    assert losscore.get(rule.loss)
    assert rule.source
    said = f"{rule.why} {rule.price}"
    assert claimed(said) <= {number for text in rule.shows.values() for number in claimed(text)}
    for slot, text in numbers_of(rule.see, rule.shows).items():
        assert text == rule.shows[slot]
        assert text.lstrip("−") in said
    page, query = placed(rule.see)
    view = next(v for v in page.views if v.key.endswith("/" + query.get("part", page.views[0].key.split("/")[1])))
    options = [option for control in view.controls if isinstance(control, Choice) for option in control.options]
    assert page.path != "catalogue"  # where a loss is looked up, and no trade-off is seen
    assert rule.loss in options or rule.shows


def test_the_page_offers_what_the_rules_leave() -> None:
    """One visitor walks the ends of every task; on the way the address holds the answers."""
    at = opened("choose")
    for task in TASKS:
        for answers in (task.paths()[0], task.paths()[-1]):
            query = {"task": task.key} | {f"{task.key}_{key}": answer for key, answer in answers.items()}
            walk(at, **query)
            assert not at.exception
            heads = [text.value for text in at.markdown if text.value.startswith("### ")]
            assert heads == [f"### {label(rule.loss)}" for rule in task.left(answers)]
            values, unread = read(choose.MAP.controls, query)
            assert not unread
            assert {k: v[0] if isinstance(v, list) else v for k, v in at.query_params.items()} == write(
                choose.MAP.controls, values
            )
            assert len([link for link in at.get("page_link") if link.label.startswith("See it live")]) == len(heads)
            assert len(at.code) == len(heads)


KEPT = {  # what each preset's answers leave
    "Tumours in a scan": {"dice", "tversky"},
    "A detector of many small things": {"diou", "giou", "retinanet_sum"},
    "Labels by volunteers": {"cross_entropy", "label_smoothing_ce", "generalized_ce"},
    "Prices, some mistyped": {"huber", "mae", "tukey_biweight"},
    "Stock that must not run out": {"pinball", "msle"},
    "Small, but answered No": {"combo_bce_dice", "pixel_cross_entropy"},
    "Apart, but answered No": {"diou", "iou", "retinanet_sum"},
    "Sharp, but judged by pixels": {"mse", "charbonnier"},
}
WORDS = {"three": 3, "five": 5, "six": 6, "seven": 7}


@pytest.mark.parametrize("name", list(presets_of(choose.MAP)))
def test_a_preset_tells_what_its_answers_leave_and_what_the_rules_say(name: str) -> None:
    changes, shows, _ = presets_of(choose.MAP)[name]
    values = read(choose.MAP.controls, {})[0] | changes
    assert all(control.shown(values) for control in choose.MAP.controls if control.key in changes)
    task, left = tasks()[values["task"]], {rule.loss for rule in choose.left_of(values)}
    assert left == KEPT[name]
    assert [WORDS[word] for word in re.findall("of ([a-z]+) losses", shows)] in ([], [len(task.losses())])
    assert [WORDS[word] for word in re.findall("([a-z]+) are left", shows) if word in WORDS] in ([], [len(left)])
    numbers = r"\d+\.\d+|\d{2,}"
    told = " ".join(f"{rule.why} {rule.price}" for rule in task.rules)
    assert set(re.findall(numbers, shows)) <= set(re.findall(numbers, told))


def test_some_presets_go_well_and_some_go_wrong() -> None:
    assert {preset.fails for preset in presets_of(choose.MAP).values()} == {True, False}


def test_hostile_answers_open_the_defaults_and_say_so_once() -> None:
    at = opened("choose")
    for text in ("nan", "no_such", "x" * 10_000, "mask,mask"):
        walk(at, task=text, mask_small=text, counted=text)
        assert not at.exception
        assert len([caption for caption in at.caption if "link" in caption.value]) == 1
        assert at.session_state["task"] == "mask"


def test_untouched_the_lesson_counts_right() -> None:
    values = read(choose.MAP.controls, {})[0]
    film = choose.MAP.film(values | {"counted": 0})
    assert film.slots["choose.left"][0] == 7  # "Seven losses can learn a mask"
    assert choose.MAP.film(values).slots["choose.left"][0] == 2
    assert len(choose.left_of(values)) == 2
