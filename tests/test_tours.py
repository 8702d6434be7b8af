"""Tours: every step opens what it speaks of, its numbers stand there, and one can go through from end to end."""

import csv

import pytest
from hands import opened
from shown import aimed, claimed, numbers_of
from streamlit.testing.v1 import AppTest

from pages.table import placed
from pages.ui.tours import Place, Step, Tour, begin, located, tours

TOURS = list(tours().values())
STEPS = [pytest.param(step, id=f"{tour.key}-{number}") for tour in TOURS for number, step in enumerate(tour.steps, 1)]
every_tour = pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.key)
every_step = pytest.mark.parametrize("step", STEPS)


@every_step
def test_a_step_asks_where_it_can_be_seen(step: Step) -> None:
    (asked, view, before), (answered, other, after) = aimed(step.at), aimed(step.shown)
    assert asked is answered
    assert (view, before) != (other, after), "the answer changes nothing"
    assert len(step.answers) in (2, 3)
    assert len(set(step.answers)) == len(step.answers)
    assert 1 <= step.right <= len(step.answers)
    assert step.ask.endswith(("?", "."))
    assert step.why


@every_step
def test_its_numbers_stand_in_the_view_that_answers(step: Step) -> None:
    said = f"{step.seen} {step.why}"
    assert claimed(said) <= {number for text in step.shows.values() for number in claimed(text)}
    for slot, text in numbers_of(step.shown, step.shows).items():
        assert text == step.shows[slot]
        assert text in said


@every_tour
def test_next_and_back_lead_through_a_tour(tour: Tour) -> None:
    place = begin(tour)
    for step in tour.steps:
        assert place.now is step
        assert place.address() == step.at
        place = place.answered(step.right)
        assert place.address() == step.shown
        assert located(place.query()) == (place, "")
        assert place.moved(1).moved(-1) == place
        place = place.moved(1)
    assert place.done
    assert place.right() == len(tour.steps)
    assert located(place.query()) == (place, "")
    rows = list(csv.reader(place.table().splitlines()))
    assert len(rows) == 1 + len(tour.steps)
    assert all(row[-1] == "yes" and row[2] == row[3] for row in rows[1:])


def test_a_wrong_and_a_missing_answer_are_told_apart() -> None:
    place = begin(TOURS[0])
    wrong = place.now.right % len(place.now.answers) + 1
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
        assert any(step.ask in text.value for text in at.markdown)
        assert not any(step.seen in text.value for text in at.markdown)
        assert at.slider(key="y").value == 9
        at.button(key="tour-answer-1").click().run()
        assert not at.exception
        assert at.slider(key="y").value == after["y"]
        assert any(step.seen in text.value and "✗" in text.value for text in at.markdown)
        assert self.query(at) == {"tour": "robust", "step": "1", "answers": "1" + "0" * (len(tour.steps) - 1)}
        at.button(key="tour-Next").click().run()
        assert any(tour.steps[1].ask in text.value for text in at.markdown)
        assert self.query(at)["part"] == "one-error"
        at.button(key="tour-Back").click().run()
        assert any(step.seen in text.value for text in at.markdown)

    def test_what_is_moved_on_the_way_keeps_the_tour_and_leaving_drops_it(self) -> None:
        at = self.start(tours()["robust"])
        at.slider(key="y").set_value(20.0).run()
        assert self.query(at) == {"tour": "robust", "step": "1", "y": "20"}
        at.button(key="tour-leave").click().run()
        assert self.query(at) == {"y": "20"}
        assert at.slider(key="y").value == 20

    def test_at_the_end_the_answers_can_be_taken_away(self) -> None:
        tour = tours()["robust"]
        done = Place(tour, len(tour.steps) + 1, "".join(str(step.right) for step in tour.steps))
        page, settings = placed(done.address())
        at = self.visit(page.path, **settings, **done.query())
        assert any(f"right in {len(tour.steps)} of {len(tour.steps)}." in text.value for text in at.markdown)
        assert len(at.get("download_button")) == 1

    def test_on_another_page_it_says_where_it_stands(self) -> None:
        at = self.visit("boxes", **begin(tours()["robust"]).query())
        assert any("another page: Regression" in link.label for link in at.get("page_link"))

    @pytest.mark.parametrize(
        "query",
        [
            {"tour": "nowhere"}, {"tour": "x" * 10_000, "step": "2"}, {"tour": "robust", "step": "nan"},
            {"tour": "robust", "step": "99"}, {"tour": "robust", "step": "-1", "answers": "9" * 10_000},
            {"tour": "robust", "answers": "000009"}, {"tour": "robust", "answers": "<b>"},
            {"tour": "robust", "answers": "١00000"},
        ],
        ids=lambda query: "-".join(query.values())[:30],
    )  # fmt: skip
    def test_a_hostile_link_is_said_in_one_calm_line(self, query: dict[str, str]) -> None:
        at = self.visit("regression", **query)
        assert len([caption for caption in at.caption if "link" in caption.value]) == 1
        assert at.title[0].value == "Regression"


def test_home_and_choose_offer_every_tour() -> None:
    for path in ("", "choose"):
        at = opened(path).run()
        labels = " ".join(link.label for link in at.get("page_link"))
        assert all(tour.title in labels for tour in TOURS), path
