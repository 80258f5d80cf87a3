"""Who the client is changes nothing but the words for it: name, pronouns, ethnicity, religion, age, orientation and
more, each in every session of `people.yaml`.

Two drafts are compared with those words blanked out: sentences, their sections and order, questions, what is left
out and why, flagged words, and the evidence of each.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml
from _pytest.mark.structures import ParameterSet

from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.person import referent
from holdspace.engines.drafting.session import Goal, Objective, Person, SessionInput
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.note import Draft, Evidence
from tests.unit.drafting.test_style import FULL, TERSE
from tests.unit.drafting_promises.given import CLINICIAN, HERE, Piece, drafted, pieces, sentences, turns

Words: TypeAlias = dict[str, str]

PEOPLE = yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8"))
BASE: Words = {blank: values[0] for blank, values in PEOPLE["words"].items()}
VOICES = {"plain": (), "terse": TERSE, "full": FULL}
_FIGURES = {
    "thirty-four": "34",
    "nineteen": "19",
    "forty-seven": "47",
    "fifty-eight": "58",
    "sixty-nine": "69",
    "eighty-three": "83",
}


def _told(name: str, words: Words, voice: str = "plain") -> SessionInput:
    client = Person("client", words["name"], words["pronouns"])
    they = referent(client, "Client")
    blanks = words | {
        "name": words["name"].split()[0],
        "They": they.subject.capitalize(),
        "them": they.object,
        "their": they.possessive,
    }
    lines = [re.sub(r"\{(\w+)\}", lambda m: blanks[m.group(1)], line) for line in PEOPLE["sessions"][name]]
    return SessionInput(
        turns=turns(lines),
        clinician=CLINICIAN,
        client=client,
        participants=(Person("partner", "Marc Brandt", "he/him"),) if name == "a couple" else (),
        goals=(Goal("G1", "", (Objective("O1.1", "Talk to one person a week"),)),),
        jottings="calmer than last time",
        signed_notes=tuple(note.replace("Ruth", blanks["name"]) for note in VOICES[voice]),
    )


def _blanked(text: str, words: Words) -> str:
    """The text with this person's own words taken out again; the base's, too, where they are also common words."""
    first = {words["name"].split()[0], BASE["name"].split()[0]}
    text = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, first))})(?!\w)", "<name>", text)
    for blank in set(words) - {"name", "pronouns"}:
        forms = [words[blank]] + ([_FIGURES[words[blank]]] if blank == "age" else [])
        either = "|".join(re.escape(form) for form in forms)
        text = re.sub(rf"(?<!\w)(?:{either})(?!\w)", f"<{blank}>", text, flags=re.I)
    return text


_PRONOUN = re.compile(
    r"\b(?:she|he|they|xe|her|him|them|xem|his|their|xyr|hers|theirs|herself|himself|themsel(?:f|ves))\b",
    re.I,
)
_AGREEING = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "worries": "worry"}
_INTRODUCED = re.compile(r"^Client reported that (?=<they>)")


def _without_pronouns(text: str) -> str:
    """The text with every pronoun as one, verbs that agree with it in one form, and no introduction.

    Every third report is introduced, counted over those that begin with the client's pronoun.
    """
    words = _INTRODUCED.sub("", _PRONOUN.sub("<they>", text)).split()
    return " ".join(_AGREEING.get(w, re.sub(r"(?<=\w{3})(?<!s)s(?=\W*$)", "", w)) for w in words)


def _compared(made: Draft, words: Words, *, pronouns: bool = False) -> list[Piece]:
    """What a draft holds, with the words that may change taken out.

    Where someone else is called he or she in the same sentence, that it is quoted for one client and retold for
    another is no difference: the same pronoun for both would mislead. Its place and evidence are compared all the same.
    """

    def bare(text: str) -> str:
        text = _blanked(text, words)
        return _without_pronouns(text) if pronouns else text

    def compared(piece: Piece) -> Piece:
        evidence = tuple(Evidence(e.turn, bare(e.quote)) for e in piece.evidence)
        is_shared = pronouns and any(_PRONOUN.search(e.quote) for e in piece.evidence)
        return replace(piece, text="" if is_shared else bare(piece.text), evidence=evidence)

    return [compared(piece) for piece in pieces(made)]


def _changed() -> list[ParameterSet]:
    """Every value but the first of every blank, in every session that has the blank."""
    return [
        pytest.param(
            name, blank, value, marks=_known(name, blank, value), id=f"{blank}-{value or 'none'}-{name}"
        )
        for name in PEOPLE["sessions"]
        for blank, values in PEOPLE["words"].items()
        for value in values[1:]
    ]


def _known(name: str, blank: str, value: str) -> list[pytest.MarkDecorator]:
    return [
        pytest.mark.xfail(reason=known["reason"], strict=True)
        for known in PEOPLE["known"]
        if known["blank"] == blank and value in known["values"] and name in known["sessions"]
    ]


@pytest.mark.parametrize(("name", "blank", "value"), _changed())
def test_who_the_client_is_changes_nothing_but_its_own_word(
    parser: Parser, name: str, blank: str, value: str
) -> None:
    other = BASE | {blank: value}
    is_pronoun = blank == "pronouns"
    base = {"name": other["name"]} if blank == "name" else {}
    first = _compared(drafted(parser, _told(name, BASE)), BASE | base, pronouns=is_pronoun)
    assert _compared(drafted(parser, _told(name, other)), other, pronouns=is_pronoun) == first


@pytest.mark.parametrize("voice", ["terse", "full"])
@pytest.mark.parametrize("name", ["Omar Diallo", "Nguyễn Lan", "Hope Grace"])
@pytest.mark.parametrize("session", PEOPLE["sessions"])
def test_nor_does_the_name_in_her_own_voice(parser: Parser, session: str, name: str, voice: str) -> None:
    other = BASE | {"name": name}
    first = _compared(drafted(parser, _told(session, BASE, voice)), BASE)
    assert _compared(drafted(parser, _told(session, other, voice)), other) == first


@pytest.mark.parametrize("pronouns", PEOPLE["words"]["pronouns"][:3])
@pytest.mark.parametrize("session", ["worry at work", "low mood and wishes to be dead", "drinking less"])
def test_the_client_is_called_by_the_pronouns_of_the_record_and_no_others(
    parser: Parser, session: str, pronouns: str
) -> None:
    given = _told(session, BASE | {"pronouns": pronouns})
    own = {"she/her": "she", "he/him": "he", "they/them": "they"}[pronouns]
    opening = [m.group(1).lower() for t in sentences(drafted(parser, given)) if (m := _OPENING.match(t))]
    assert opening
    assert set(opening) == {own}


_OPENING = re.compile(r"(?:Client reported that )?(she|he|they)\b", re.I)
_BUILD = Path(__file__).parents[3] / "evaluation" / "sessions" / "build"


@pytest.mark.parametrize("name", ["Hyejin Okonkwo", "Tyrone Begaye", "Fatima Lindgren"])
@pytest.mark.parametrize("file", ["b01-pain-act", "b02-social-anxiety", "b05-insomnia-cbti"])
def test_a_whole_session_reads_the_same_under_another_name(parser: Parser, file: str, name: str) -> None:
    text = (_BUILD / f"{file}.json").read_text(encoding="utf-8")
    own = str(json.loads(text)["client"]["name"])
    first, last = own.split()
    other_first, other_last = name.split()
    renamed = re.sub(rf"\b{first}\b", other_first, re.sub(rf"\b{last}\b", other_last, text))
    made = drafted(parser, read_session(renamed.encode(), f"{file}.json"))
    base = drafted(parser, read_session(text.encode(), f"{file}.json"))
    back = repr(pieces(made)).replace(other_first, first).replace(other_last, last)
    assert back == repr(pieces(base))
