"""The documents are plain, say what they must, and a changed word makes a new version."""

import re

import pytest

from holdspace.consent.document import Around, text_of, told_of
from holdspace.consent.law import state_of
from holdspace.consent.rules import PART2, PURPOSES, SELF, TELEHEALTH, TRANSCRIPTION, Version
from tests.unit.consent.texts import HOST, every_text, fingerprint

HARDEST = 8.0


def grade(text: str) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975). A reference in brackets is looked up, not read.

    textstat counts the same way, but brings three packages and fetches a dictionary when it is installed.
    """
    read = re.sub(r"\([^)]*\)", "", text)
    sentences = [part for part in re.split(r"[.!?]\s", read + " ") if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z0-9’]+", read)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e; a number is read digit by digit."""
    plain = word.lower()
    if plain.isdigit():
        return len(plain)
    groups = len(re.findall(r"[aeiouy]+", plain))
    is_silent = plain.endswith(("e", "es", "ed")) and not plain.endswith(("le", "ted", "ded", "ses"))
    return max(1, groups - is_silent)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_text_can_be_read_in_the_eighth_grade(purpose: str) -> None:
    wholes = {
        " ".join(words for part in text.parts for words in part.paragraphs) for text in every_text(purpose)
    }
    parts = {" ".join(part.paragraphs) for text in every_text(purpose) for part in text.parts}
    for words in wholes | parts:  # headings are no sentences and would flatter
        assert grade(words) <= HARDEST, words


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    assert grade("The cat sat on the mat. It was warm. The dog came in.") < 2
    hard = (
        "Notwithstanding the aforementioned authorization, the undersigned irrevocably acknowledges that "
        "computational transcription methodologies necessarily introduce inaccuracies of interpretation."
    )
    assert grade(hard) > 16


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_changed_word_is_a_new_version(purpose: str) -> None:
    told = told_of(purpose)
    assert fingerprint(purpose) == told["sha256"], (
        f"The words of {purpose} or of a state have changed: raise `version`, and `asks_again_since` where it "
        f'matters to who signed; then sha256 = "{fingerprint(purpose)}"'
    )
    assert 1 <= told["asks_again_since"] <= told["version"]


def said(purpose: str, code: str, host: str = "") -> str:
    return text_of(purpose, SELF, Around("Harbor Counseling", state_of(code), host=host)).plain


def test_a_state_adds_what_its_law_asks_for() -> None:
    assert "for a purpose that is named" in said(TRANSCRIPTION, "IL")
    assert "You may say no and still get the same care." in said(TRANSCRIPTION, "ME")
    assert "yes in writing before such a program records" in said(TRANSCRIPTION, "ME")
    assert "Colorado asks for your yes in writing" in said(TRANSCRIPTION, "CO")
    assert "check what such a program wrote for your notes or bills" in said(TRANSCRIPTION, "NV")
    assert "in plain words, before care starts" in said(TRANSCRIPTION, "TX")
    assert "This program does not talk to you." in said(TRANSCRIPTION, "UT")
    assert "unless a licensed person read them first" in said(TRANSCRIPTION, "CA")
    assert "each person before talk is recorded (Cal. Penal Code § 632)" in said(TRANSCRIPTION, "CA")
    assert "We ask each person all the same." in said(TRANSCRIPTION, "NY")
    assert "Cal. Bus. & Prof. Code § 2290.5" in said(TELEHEALTH, "CA")


@pytest.mark.parametrize("code", ["VT", "", "XX"])
def test_what_is_not_known_is_met_by_the_strictest_rule(code: str) -> None:
    assert "the strictest rule: each person is asked, in writing" in said(TRANSCRIPTION, code)


def test_where_sound_leaves_the_practice_the_text_says_so() -> None:
    assert f"sent to a server your therapist chose: {HOST}." in said(TRANSCRIPTION, "IL", HOST)
    assert "sent to no one else" not in said(TRANSCRIPTION, "IL", HOST)
    assert "sent to no one else" in said(TRANSCRIPTION, "IL")


def test_a_part_2_consent_has_what_42_cfr_2_31_lists() -> None:
    text = said(PART2, "IL")
    for wanted in ("Harbor Counseling may share", "With those who treat you", "for treatment, for payment"):
        assert wanted in text
    for wanted in ("counts until you take it back", "against you in court", "pass them on"):
        assert wanted in text


def test_the_practices_own_words_stand_below_and_are_part_of_what_is_signed() -> None:
    plain = Around("Harbor Counseling", state_of("IL"))
    own = Around("Harbor Counseling", state_of("IL"), own="We meet on the second floor.", own_version=3)
    text = text_of(TRANSCRIPTION, SELF, own)
    assert text.parts[-1].paragraphs == ("We meet on the second floor.",)
    assert text.sha256 != text_of(TRANSCRIPTION, SELF, plain).sha256
    assert str(text.version) == f"{told_of(TRANSCRIPTION)['version']}.3"


def test_a_version_is_as_new_as_the_last_that_mattered() -> None:
    assert Version(2, 5).is_as_new_as(Version(2, 4))
    assert not Version(1, 5).is_as_new_as(Version(2, 4))
    assert not Version(2, 3).is_as_new_as(Version(2, 4))
    assert not Version.read("2026-11").is_as_new_as(Version(1, 0))
