"""Lessons and tours: every one opens what it speaks of, its numbers stand there, one can go through from end to end."""

import csv
from dataclasses import replace

import pytest
from hands import opened
from shown import aimed, claimed, numbers_of
from streamlit.testing.v1 import AppTest

from pages.table import PAGES, placed
from pages.ui.lessons import Choices, Guess, Lesson, lessons, read_number
from pages.ui.presets import presets_of
from pages.ui.tours import Place, Tour, begin, located, of_page, tours
from pages.ui.words import HELD, words

TOURS = list(tours().values())
OF_PAGES = [tour for page in PAGES if (tour := of_page(page.path))]
every_tour = pytest.mark.parametrize("tour", TOURS + OF_PAGES, ids=lambda tour: tour.key)
every_lesson = pytest.mark.parametrize("lesson", lessons().values(), ids=lambda lesson: lesson.key)


def answers(lesson: Lesson) -> tuple[int, int]:
    """A right answer and a wrong one."""
    given = range(1, lesson.asks.count + 1)
    return next(n for n in given if lesson.asks.holds(n)), next(n for n in given if not lesson.asks.holds(n))


@every_lesson
def test_a_lesson_asks_where_it_can_be_seen(lesson: Lesson) -> None:
    (asked, view, before), (answered, other, after) = aimed(lesson.at), aimed(lesson.shown)
    assert asked is answered
    assert asked.path == lesson.page
    assert (view, before) != (other, after), "the answer changes nothing"
    assert lesson.ask.endswith(("?", "."))
    assert lesson.belief.endswith((".", "?"))
    assert lesson.why


@every_lesson
def test_a_lesson_can_be_answered_right_and_wrong(lesson: Lesson) -> None:
    right, wrong = answers(lesson)
    assert right != wrong
    if isinstance(lesson.asks, Choices):
        assert len(lesson.asks.answers) in (2, 3)
        assert len(set(lesson.asks.answers)) == len(lesson.asks.answers)
    else:
        held = [n for n in range(1, lesson.asks.count + 1) if lesson.asks.holds(n)]
        assert len(held) <= lesson.asks.count / 4, "nearly every guess is near enough"
        middle = (lesson.asks.count + 1) // 2
        assert not lesson.asks.holds(middle), "the slider stands at the answer before it was touched"
        assert held == [n for n in held if lesson.asks.answer(lesson.asks.number(n)) == n]
        assert isinstance(lesson.asks.number(middle), float), "a slider wants all its numbers of one type"


@every_lesson
def test_its_numbers_stand_in_the_view_that_answers(lesson: Lesson) -> None:
    said = f"{lesson.seen} {lesson.why}"
    assert claimed(said) <= {number for text in lesson.shows.values() for number in claimed(text)}
    for slot, text in numbers_of(lesson.shown, lesson.shows).items():
        assert text == lesson.shows[slot]
        assert text in said


def test_every_page_of_losses_asks_questions() -> None:
    """Home and Choose lead on to the pages; all others ask."""
    assert [tour.key for tour in OF_PAGES] == [f"on-{page.path}" for page in PAGES if page.path not in ("", "choose")]


def test_every_lesson_says_another_belief() -> None:
    beliefs = [lesson.belief for lesson in lessons().values()]
    assert len(set(beliefs)) == len(beliefs)


@every_lesson
def test_it_is_asked_and_answered_above_its_page(lesson: Lesson) -> None:
    def script(path: str) -> None:
        from pages.ui import tour

        tour.strip(path)

    page, settings = placed(lesson.at)
    steps = of_page(page.path).steps
    at = AppTest.from_function(script, args=(page.path,))
    for key, text in (settings | replace(begin(of_page(page.path)), step=steps.index(lesson) + 1).query()).items():
        at.query_params[key] = text
    at.run()
    assert not at.exception
    assert any(lesson.ask in text.value for text in at.markdown)
    if isinstance(lesson.asks, Guess):
        truest = min(range(1, lesson.asks.count + 1), key=lambda n: abs(lesson.asks.number(n) - lesson.asks.true))
        at.slider[0].set_value(lesson.asks.number(truest))
        next(button for button in at.button if button.label == "That is my guess").click().run()
    else:
        at.button(key=f"tour-answer-{lesson.asks.right}").click().run()
    assert not at.exception
    assert any("✓" in text.value and lesson.seen in text.value for text in at.markdown)


@pytest.mark.parametrize(("text", "number"), [("−0.154", -0.154), ("8.3 %", 8.3), ("2 of 8", 2.0), ("0", 0.0)])
def test_a_number_is_read_as_pages_write_it(text: str, number: float) -> None:
    assert read_number(text) == number


def test_what_is_no_number_cannot_be_guessed() -> None:
    with pytest.raises(ValueError, match="no number"):
        read_number("infinite")
    with pytest.raises(ValueError, match="from 2 to 61"):
        Guess("Slope", 0, 10, 0.1, 0.5, "mse.slope", "2.636")


@every_tour
def test_next_and_back_lead_through_a_tour(tour: Tour) -> None:
    place = begin(tour)
    for step in tour.steps:
        assert place.now is step
        assert place.address() == step.at
        place = place.answered(answers(step)[0])
        assert place.address() == step.shown
        assert located(place.query()) == (place, "")
        assert place.moved(1).moved(-1) == place
        place = place.moved(1)
    assert place.done
    assert place.right() == len(tour.steps)
    assert located(place.query()) == (place, "")
    rows = list(csv.reader(place.table().splitlines()))
    assert len(rows) == 1 + len(tour.steps)
    assert all(row[-1] == "yes" for row in rows[1:])
    assert all(right for _, right in place.verdicts())


def test_a_wrong_and_a_missing_answer_are_told_apart() -> None:
    place = begin(TOURS[0])
    wrong = answers(place.now)[1]
    rows = list(csv.reader(place.answered(wrong).table().splitlines()))
    assert [row[-1] for row in rows[1:]] == ["no"] + [""] * (len(place.tour.steps) - 1)
    assert place.answered(wrong).right() == 0


class TestStrip:
    """As a visitor meets it, above the page that it is about."""

    def visit(self, path: str, **query: str) -> AppTest:
        def script(path: str) -> None:
            from pages import table
            from pages.ui import tour

            tour.strip(path)
            next(page for page in table.PAGES if page.path == path).draw()

        at = AppTest.from_function(script, default_timeout=60, args=(path,))
        for key, text in query.items():
            at.query_params[key] = text
        at.run()
        assert not at.exception
        return at

    def query(self, at: AppTest) -> dict[str, str]:
        return {key: text if isinstance(text, str) else text[0] for key, text in at.query_params.items()}

    def start(self, tour: Tour) -> AppTest:
        page, settings = placed(tour.steps[0].at)
        return self.visit(page.path, **settings, **begin(tour).query())

    def test_an_answer_shows_the_view_that_answers_and_next_goes_on(self) -> None:
        tour = tours()["robust"]
        at = self.start(tour)
        step, (_, _, after) = tour.steps[0], aimed(tour.steps[0].shown)
        assert isinstance(step.asks, Guess)
        assert any(step.ask in text.value for text in at.markdown)
        assert not any(step.seen in text.value for text in at.markdown)
        assert at.slider(key="y").value == 9
        at.slider(key=f"tour-guess-{step.key}").set_value(1.2)
        next(button for button in at.button if button.label == "That is my guess").click().run()
        assert not at.exception
        assert at.slider(key="y").value == after["y"]
        assert any(step.seen in text.value and "✗ **1.2**. It is **2.636**." in text.value for text in at.markdown)
        assert self.query(at) == {"tour": "robust", "step": "1", "answers": "d" + "0" * (len(tour.steps) - 1)}
        at.button(key="tour-Next").click().run()
        assert any(tour.steps[1].ask in text.value for text in at.markdown)
        assert self.query(at)["part"] == "one-error"
        at.button(key="tour-answer-2").click().run()
        assert any("✓" in text.value and tour.steps[1].seen in text.value for text in at.markdown)
        at.button(key="tour-Back").click().run()
        assert any(step.seen in text.value for text in at.markdown)

    def test_a_guess_in_whole_steps(self) -> None:
        place = begin(of_page("embeddings"))
        place = place.moved([step.key for step in place.tour.steps].index("embeddings/cold"))
        page, settings = placed(place.address())
        at = self.visit(page.path, **settings, **place.query())
        at.slider(key="tour-guess-embeddings/cold").set_value(96.0)
        next(button for button in at.button if button.label == "That is my guess").click().run()
        assert not at.exception
        assert any("✓ **96 %**: near enough, it is **96.2 %**." in text.value for text in at.markdown)

    def test_what_is_moved_on_the_way_keeps_the_tour_and_leaving_drops_it(self) -> None:
        at = self.start(tours()["robust"])
        at.slider(key="y").set_value(20.0).run()
        assert self.query(at) == {"tour": "robust", "step": "1", "y": "20"}
        at.button(key="tour-leave").click().run()
        assert self.query(at) == {"y": "20"}
        assert at.slider(key="y").value == 20

    def test_at_the_end_the_answers_can_be_taken_away(self) -> None:
        tour = tours()["robust"]
        done = Place(tour, len(tour.steps) + 1, "0" * len(tour.steps))
        for number, step in enumerate(tour.steps, start=1):
            done = replace(done, step=number).answered(answers(step)[0])
        done = replace(done, step=len(tour.steps) + 1)
        page, settings = placed(done.address())
        at = self.visit(page.path, **settings, **done.query())
        assert any(f"right in {len(tour.steps)} of {len(tour.steps)}." in text.value for text in at.markdown)
        assert len(at.get("download_button")) == 1
        assert all(any(step.belief in text.value for text in at.markdown) for step in tour.steps)

    def test_a_page_keeps_what_there_is_to_notice_until_its_question_is_answered(self) -> None:
        tour = tours()["robust"]
        at = self.start(tour)
        notice = words("regression/outliers")[0]
        line = presets_of(aimed(tour.steps[0].at)[1])["All agree"].shows  # of the preset that is set where it asks

        def told() -> list[bool]:
            said = [text.value for text in at.markdown]
            folded = any(fold.label == "Why is that?" for fold in at.expander)
            return [notice in said, any(line in text for text in said), folded, HELD in [c.value for c in at.caption]]

        assert told() == [False, False, False, True]
        at.slider(key="y").set_value(39.0).run()
        assert told() == [False, False, False, True]
        at.button(key="tour-Next").click().run()
        at.button(key="tour-Back").click().run()
        assert told() == [False, False, False, True]
        next(button for button in at.button if button.label == "That is my guess").click().run()
        assert told() == [True, False, True, False]
        at.slider(key="y").set_value(9.0).run()
        assert told() == [False, True, True, False]
        at.button(key="tour-Next").click().run()
        assert told()[2:] == [False, True]
        at.button(key="tour-leave").click().run()
        assert told()[2:] == [True, False]

    def test_on_another_page_it_says_where_it_stands_and_the_words_are_told(self) -> None:
        at = self.visit("boxes", **begin(tours()["robust"]).query())
        assert any("another page: Regression" in link.label for link in at.get("page_link"))
        assert words("boxes/pair")[0] in [text.value for text in at.markdown]

    @pytest.mark.parametrize(
        "query",
        [
            {"tour": "nowhere"}, {"tour": "x" * 10_000, "step": "2"}, {"tour": "robust", "step": "nan"},
            {"tour": "robust", "step": "99"}, {"tour": "robust", "step": "-1", "answers": "9" * 10_000},
            {"tour": "robust", "answers": "000009"}, {"tour": "robust", "answers": "<b>"}, {"tour": "on-nowhere"},
            {"tour": "robust", "answers": "١00000"}, {"tour": "on-regression", "answers": "Z00000"}, {"tour": ""},
        ],
        ids=lambda query: "-".join(query.values())[:30],
    )  # fmt: skip
    def test_a_hostile_link_is_said_in_one_calm_line(self, query: dict[str, str]) -> None:
        at = self.visit("regression", **query)
        assert len([caption for caption in at.caption if "link" in caption.value]) == 1
        assert at.title[0].value == "Regression"


def test_a_page_offers_its_questions_until_they_are_asked() -> None:
    at = opened("regression").run()
    count = len(of_page("regression").steps)
    button = at.button(key="tour-begin-on-regression")
    assert button.label == f"{count} questions"
    button.click().run()
    assert not at.exception
    assert at.query_params["tour"] in ("on-regression", ["on-regression"])
    assert "tour-begin-on-regression" not in {button.key for button in at.button}


def test_home_and_choose_offer_every_tour() -> None:
    for path in ("", "choose"):
        at = opened(path).run()
        labels = " ".join(link.label for link in at.get("page_link"))
        assert all(tour.title in labels for tour in TOURS), path
