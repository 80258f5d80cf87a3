"""Her voice is counted from her own signed notes: naming, fragments, tense, short forms, length."""

from holdspace.engines.drafting.session import Person
from holdspace.engines.drafting.style import Style, learn

TERSE = (
    "D: Ct on time. Reports 2 arguments w/ boss past wk. Sleep 5 hrs. 'Can't switch off.' "
    "A: Steady gains. Denies SI/HI. P: Walk x3. RTC 1 wk.",
    "D: Ct late. Reports 3 walks past wk. PHQ-9 = 9 (was 13). A: Less avoidant. No SI/HI. "
    "P: Walk x4. RTC 2 wks.",
)
FULL = (
    'S: Ruth shared that she had returned to the choir. She described her sister\'s visit as "lovely." '
    "She denied suicidal ideation. A: It is this clinician's impression that Ruth is grieving. "
    "P: We will meet again next Tuesday.",
)


def test_a_terse_voice() -> None:
    style = learn(TERSE, Person("client", "Ruth Amsel"))
    assert (style.label, style.is_fragments, style.is_past, style.risk_short) == ("Ct", True, False, True)
    assert ("week", "wk") in style.short_forms
    assert (style.return_phrase, style.quote_mark) == ("RTC", "'")


def test_a_full_voice() -> None:
    style = learn(FULL, Person("client", "Ruth Amsel"))
    assert (style.label, style.is_fragments, style.is_past, style.risk_short) == ("Ruth", False, True, False)
    assert (style.saying, style.own_name, style.return_phrase) == ("shared", "this clinician", "We will meet")


def test_usual_length_is_the_median() -> None:
    style = learn(TERSE)
    assert 20 <= style.usual_words <= 30


def test_nothing_known_is_the_plain_voice() -> None:
    assert learn([" "]) == Style()
    assert not Style().is_learnt
