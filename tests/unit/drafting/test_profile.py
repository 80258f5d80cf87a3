"""A voice is given to her as habits, comes back the same, and her correction wins."""

import pytest

from holdspace.assist.voice import FIRST_NAME, HABITS, LEAST_WORDS, checked
from holdspace.engines.drafting.profile import corrected, habits_of, named_for, section_words
from holdspace.engines.drafting.session import Person
from holdspace.engines.drafting.style import SHORT_FORMS, Style, learn
from holdspace.errors import BadInput
from tests.unit.drafting.test_style import FULL, TERSE

RUTH = Person("client", "Ruth Amsel")
VOICES = [Style(), learn(TERSE), learn(FULL, RUTH)]


@pytest.mark.parametrize("style", VOICES)
def test_a_voice_nobody_corrected_comes_back_as_it_was_learnt(style: Style) -> None:
    assert corrected(style, {}) == style


@pytest.mark.parametrize("style", VOICES[:2])
def test_every_habit_has_its_place_on_the_page_and_its_words(style: Style) -> None:
    said = habits_of(style)
    assert set(said) == {habit.key for habit in HABITS}
    for habit in HABITS:
        if said[habit.key]:
            assert checked(habit.key, said[habit.key]) == said[habit.key]
        assert habit.reads(said[habit.key])


def test_every_short_form_that_drafting_applies_can_be_chosen() -> None:
    (choices,) = (habit.choices for habit in HABITS if habit.key == "short_forms")
    applied = [short for _, short in SHORT_FORMS if short not in {"re", "qo"}]
    assert [short for short, _ in choices] == applied


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.key)
def test_whatever_she_may_choose_is_what_the_voice_then_has(habit: object) -> None:
    (found,) = (one for one in HABITS if one is habit)
    for value in [choice for choice, _ in found.choices] or ["240"]:
        again = habits_of(corrected(learn(TERSE), {"tense": "present", found.key: value}))
        assert again[found.key] == value


def test_a_corrected_tense_takes_the_learnt_verb_along() -> None:
    style = corrected(learn(FULL), {"tense": "present"})
    assert (style.is_past, style.saying) == (False, "shares")


def test_a_client_called_by_first_name_is_called_by_her_own() -> None:
    style = corrected(Style(), {"naming": FIRST_NAME})
    assert named_for(style, RUTH, first_name=FIRST_NAME).label == "Ruth"
    assert named_for(style, Person("client", ""), first_name=FIRST_NAME).label == "Client"
    assert named_for(Style(label="Ct"), RUTH, first_name=FIRST_NAME).label == "Ct"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("naming", "the patient in room 4"),
        ("short_forms", "wk,lol"),
        ("length", str(LEAST_WORDS - 1)),
        ("length", "many"),
        ("mood", "x"),
    ],
)
def test_an_answer_there_is_not_is_refused(key: str, value: str) -> None:
    with pytest.raises(BadInput):
        checked(key, value)


def test_short_forms_are_kept_in_one_order_and_none_is_an_answer() -> None:
    assert checked("short_forms", "w/,wk") == "wk,w/"
    assert checked("short_forms", "") == ""


def test_sections_are_as_long_as_they_usually_are() -> None:
    notes = ["Data: one two three\nPlan: one", "Data: one\nPlan: one two three", "Data: one two"]
    assert section_words(notes) == (("Data", 2), ("Plan", 2))
