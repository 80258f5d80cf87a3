"""Reading: what may be seen of a session, and what stops before anything else sees it."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from holdspace.engines.drafting.read import Heard, former_names_said, read
from holdspace.engines.transcript import OffRecordSpan
from holdspace.errors import NotEnglish, NothingToDraft
from tests.unit.drafting.spoken import FILLER, talk

SAID = yaml.safe_load((Path(__file__).parent / "off_record.yaml").read_text(encoding="utf-8"))


def indexes(heard: Heard) -> set[int]:
    return {t.index for t in heard.turns}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Can we keep this out of the notes?", "Sure, we can do that."),
        ("This is just between us, okay?", "That stays between us."),
        ("Please don't write this down.", "I won't write that down."),
        ("I don't want this in my file anywhere.", "It doesn't need to be in there. I'll leave it out."),
        ("Could you turn that off a second?", "Okay, it's off now."),
        ("Can I tell you something? But I don't want it in here.", "Tell me, and I'll leave it out."),
        ("I'd rather not have his name in anything.", "I will leave that out."),
    ],
)
def test_an_agreed_request_takes_the_span_away_whatever_the_words(asked: str, answered: str) -> None:
    said = talk(
        *FILLER,
        f"C: {asked}",
        f"T: {answered}",
        "C: My cousin Rafe took money from the shop.",
        "T: How is your sleep these nights?",
        "C: I sleep six hours.",
    )
    heard = read(said)
    assert not indexes(heard) & {4, 5, 6}
    assert {7, 8} <= indexes(heard)
    assert heard.questions == ()


def test_what_the_clinician_brought_up_goes_too_when_the_request_points_back_to_it() -> None:
    said = talk(
        *FILLER,
        "T: You wrote that there was something about Rafe.",
        "C: Oh. That's his, I shouldn't have. Can you leave that out?",
        "T: I'll leave it out of the record.",
        "T: How is your sleep these nights?",
        "C: I sleep six hours.",
    )
    assert not indexes(read(said)) & {4, 5, 6}


def test_a_refused_request_stays_on_the_record() -> None:
    said = talk(
        *FILLER,
        "C: Do you have to write this down? I drove home after five beers.",
        "T: I do have to write that one down. It is a safety matter.",
    )
    assert {4, 5} <= indexes(read(said))


def test_a_request_without_an_answer_is_kept_out_and_asked_about_without_its_content() -> None:
    said = talk(
        *FILLER,
        "C: Keep this out of the notes. Rafe is stealing from the till.",
        "T: And how is your sleep these nights?",
        "C: Six hours.",
    )
    heard = read(said)
    assert 4 not in indexes(heard)
    assert [q.evidence for q in heard.questions] == [()]
    assert "Rafe" not in heard.questions[0].text


def test_marked_spans_are_gone_for_good() -> None:
    said = talk(*FILLER, "C: Something I said in confidence about my cousin.", "T: Thank you.")
    assert indexes(read(said, [OffRecordSpan(4, 5)])) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    "innocent",
    [
        "I never put that together before.",
        "I don't want him in here when the kids are asleep.",
        "Things between us have been tense.",
        "I told him to turn that off.",
    ],
)
def test_everyday_words_are_not_a_request(innocent: str) -> None:
    said = talk(*FILLER, f"C: {innocent}", "T: What was that like?")
    assert 4 in indexes(read(said))


def test_swapped_speakers_are_put_right_and_asked_about() -> None:
    said = talk(*FILLER, "T: Any thoughts of hurting yourself?", "C: No. I have my kids and I love my kids.")
    swapped = tuple(replace(t, speaker="client" if t.speaker == "therapist" else "therapist") for t in said)
    heard = read(swapped)
    assert [t.speaker for t in heard.turns] == [t.speaker for t in said]
    assert "swapped" in heard.questions[0].text


def test_unknown_labels_get_roles_and_one_voice_is_said_to_be_one() -> None:
    named = tuple(
        replace(t, speaker={"therapist": "speaker 1", "client": "speaker 2"}[t.speaker])
        for t in talk(*FILLER)
    )
    assert [t.speaker for t in read(named).turns] == ["therapist", "client", "therapist", "client"]
    alone = tuple(replace(t, speaker="speaker 1") for t in talk(*FILLER))
    assert "Only one speaker" in read(alone).questions[0].text


def test_too_little_nothing_clinical_and_other_languages_make_no_note() -> None:
    with pytest.raises(NothingToDraft):
        read(talk("T: Hi.", "C: Hello.", "T: Bye.", "C: Bye."))
    chat = (
        "We went to the garden shop and bought two chairs and a lamp and then we looked at paint"
        " for the kitchen wall. " * 3
    )
    with pytest.raises(NothingToDraft):
        read(talk(f"C: {chat}", "T: Nice."))
    spanish = (
        "Esta semana he estado muy triste y no puedo dormir por la noche porque pienso en mi"
        " madre y en el trabajo. " * 4
    )
    with pytest.raises(NotEnglish):
        read(talk(f"C: {spanish}", "T: Gracias."))
    with pytest.raises(NotEnglish):
        read(talk(*FILLER), language="de")


def test_turns_in_a_second_language_are_left_out_and_asked_about() -> None:
    said = talk(
        *FILLER,
        "C: Mi madre está enferma y no puedo dormir por la noche pensando en ella.",
        "T: I hear how worried you are.",
    )
    heard = read(said)
    assert 4 not in indexes(heard)
    assert "not in English" in heard.questions[0].text


def test_a_former_name_said_in_the_session_is_known() -> None:
    assert former_names_said(
        talk("C: She still calls me Martin, that is not my name.", "C: My dead name is Martin.")
    ) == ("Martin",)


@pytest.mark.parametrize("asked", SAID["asked"])
def test_a_request_is_heard_in_whatever_words(asked: str) -> None:
    heard = read(talk(*FILLER, f"C: {asked}", "T: Okay. I'll leave it out."))
    assert asked not in [turn.text for turn in heard.turns]


@pytest.mark.parametrize("everyday", SAID["everyday"])
def test_talk_of_ones_own_diary_drawer_or_doctor_stays(everyday: str) -> None:
    heard = read(talk(*FILLER, f"C: {everyday}", "T: And how was that?"))
    assert everyday in [turn.text for turn in heard.turns]


def test_an_answer_that_waits_for_the_outline_is_not_yet_an_answer() -> None:
    heard = read(
        talk(
            *FILLER,
            "C: Can I tell you something and it doesn't go in the notes?",
            "T: Tell me roughly what it is, and I'll be honest about whether I can leave it out.",
            "C: It's my brother. Karthik is quitting his residency.",
            "T: Then it isn't about your care. I won't put it in the note.",
            "C: Thank you.",
            "T: Let's get back to the week. How was the sleep?",
            "C: Four hours on Monday.",
        )
    )
    assert "residency" not in " ".join(turn.text for turn in heard.turns)
    assert "Four hours on Monday." in [turn.text for turn in heard.turns]


def test_somebody_named_only_off_the_record_stays_off_it_and_so_does_what_is_sealed_again() -> None:
    heard = read(
        talk(
            *FILLER,
            "C: This is off the record. It's my brother. It's about Karthik and his job.",
            "T: I'll leave it out.",
            "T: And how was the sleep this week, with the new bedtime?",
            "C: Better. Six hours most nights.",
            "T: What helped with it, do you think?",
            "C: The alarm in the other room, and no phone in bed.",
            "T: And the mood in the mornings?",
            "C: It was a four on Monday and a six since then.",
            "T: What was different since then?",
            "C: I walked before work and ate breakfast.",
            "C: My mom will be upset about Karthik anyway.",
            "T: Where were we with the breakfast?",
            "C: He's moving to Ohio, he told me last night.",
            "T: And that stays out, too.",
        )
    )
    said = " ".join(turn.text for turn in heard.turns)
    assert "Karthik" not in said
    assert "Ohio" not in said
    assert "Six hours most nights." in said


def test_plain_talk_with_few_function_words_is_still_english() -> None:
    heard = read(talk(*FILLER, "C: I told Lorna Sunday morning. Gene never told nobody nothing."))
    assert "Lorna" in " ".join(turn.text for turn in heard.turns)
