"""The eighteen identifiers, as far as words go: found, replaced, put back; and what is nobody's stays."""

import json
import re

import pytest
import spacy

from holdspace.engines.language.deidentified import (
    PLACEHOLDER,
    DeidentifiedModel,
    Deidentifier,
    Told,
    names_in,
)
from holdspace.engines.language.identifiers import Identifiers, names_heard
from holdspace.engines.language.port import Schema
from holdspace.errors import EngineFailed
from holdspace.weights.store import Store, default_root

pytestmark = pytest.mark.weights
RECORD = ("Elizabeth Abel", "Will Okafor-Hart", "Dr. Tom Bright")


@pytest.fixture(scope="module")
def identifiers() -> Identifiers:
    return Identifiers(spacy.load(Store(default_root()).path("spacy-en-core-web-sm")))


# ruff: noqa: E501  # a table: one kind a line
# One kind a line, as 45 CFR 164.514(b)(2)(i) counts them; what must not be left of it.
EIGHTEEN = [
    ("A names", "I told Priyanka and Mr. Delgado about it.", ("Priyanka", "Delgado")),
    ("A of employers", "She has worked at Kroger since then.", ("Kroger",)),
    ("B places", "We drove from Duluth to the clinic in Cookeville.", ("Duluth", "Cookeville")),
    ("B addresses", "He lives at 14 Maple Street apartment 4b now.", ("14", "Maple", "4b")),
    ("B ZIP codes", "The zip is 97201 over there.", ("97201",)),
    ("C dates", "It was on March 3rd, then 3/14/2026, then the third of July.", ("March", "3rd", "3/14", "third", "July")),
    ("C days of note", "He died on Christmas, she was born on a Tuesday in October.", ("Christmas", "Tuesday", "October")),
    ("C ages over 89", "My mother is 93 years old and my aunt turned ninety-one.", ("93", "ninety-one")),
    ("D telephone", "Call me at 555-010-2233 or (503) 555-0199.", ("555", "2233", "0199")),
    ("D spoken", "It is five oh three five five five oh one nine nine.", ("oh three", "nine nine")),
    ("F mail", "Write to ruth.abel@example.org or ruth at example dot com.", ("ruth", "example")),
    ("G social security", "My social is 078-05-1120.", ("078", "1120")),
    ("H record numbers", "The record number is 48213.", ("48213",)),
    ("I plan numbers", "My member ID is XQZ204817.", ("XQZ204817",)),
    ("J accounts", "The account number is 4417 1234 5678 9113.", ("4417", "9113")),
    ("K licences", "License D123-4567-8901 was taken.", ("D123", "8901")),
    ("L plates", "A car with the plate 7ABC123 followed me.", ("7ABC123",)),
    ("M devices", "The pump has the serial SN-99X2210.", ("99X2210",)),
    ("N web", "She posts on www.ruthsgarden.example.com every day.", ("ruthsgarden",)),
    ("O IP addresses", "It came from 203.0.113.77 at night.", ("203.0.113.77",)),
    ("R handles", "He found me as @ruthie_a there.", ("ruthie_a",)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "gone"), EIGHTEEN, ids=[row[0] for row in EIGHTEEN])
def test_each_kind_of_identifier_is_replaced_and_comes_back(
    identifiers: Identifiers, kind: str, text: str, gone: tuple[str, ...]
) -> None:
    told = Deidentifier(identifiers, RECORD).tell(text)
    assert kind
    assert [word for word in gone if word in told.text] == []
    assert told.put_back(told.text, is_json=False) == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("then elizabeth said it", "elizabeth"),
        ("LIZ never calls", "LIZ"),
        ("It was Beth's idea.", "Beth"),
        ("Abel was there.", "Abel"),
        ("I asked Will to go.", "Will"),
        ("Hart is late.", "Hart"),
    ],
)
def test_names_of_the_record_are_found_in_parts_short_forms_and_any_case(
    identifiers: Identifiers, text: str, gone: str
) -> None:
    assert not re.search(rf"\b{gone}\b", Deidentifier(identifiers, RECORD).tell(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "Client slept about five hours most nights and will try again.",
        "PHQ-9 was 14, down from 19; takes 50 mg in the morning.",
        "I did CBT and OCD work for two weeks, mood 6 of 10.",
        "The panic lasted ten minutes, three times a day.",
    ],
)
def test_what_is_nobodys_stays_as_it_is(identifiers: Identifiers, text: str) -> None:
    assert Deidentifier(identifiers, RECORD).tell(text).text == text


def test_the_same_words_have_one_placeholder_within_a_request_and_another_in_the_next(
    identifiers: Identifiers,
) -> None:
    told = Deidentifier(identifiers, RECORD).tell(
        "I saw Daniel. Then Priyanka met Daniel’s sister in Duluth."
    )
    names = PLACEHOLDER.findall(told.text)
    assert names == [("NAME", "1"), ("NAME", "2"), ("NAME", "1"), ("PLACE", "1")]
    assert "[NAME-1]’s sister" in told.text
    again = Deidentifier(identifiers, RECORD).tell("I saw Priyanka.")
    assert again.stands_for == {"[NAME-1]": "Priyanka"}
    cried = Deidentifier(identifiers, RECORD).tell("Elizabeth called. ELIZABETH called. Elizabeth called.")
    assert cried.text == "[NAME-1] called. [NAME-2] called. [NAME-1] called."


def test_names_a_session_gives_away_anywhere_are_known_everywhere_in_it(identifiers: Identifiers) -> None:
    said = ["Remy called.", "I think Remy is tired of it.", "Okay, good. I said okay to Remy."]
    assert names_heard(identifiers, said) == ("Remy",)


class _Keeps:
    """A model that keeps what it was asked and answers as told."""

    def __init__(self, answer: str) -> None:
        self.answer, self.prompts = answer, list[str]()

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        assert max_tokens
        assert schema is None or schema
        self.prompts.append(prompt)
        return self.answer


def test_a_model_is_told_placeholders_and_its_answer_is_put_back_even_in_json(
    identifiers: Identifiers,
) -> None:
    keeps = _Keeps('{"sentence": "[NAME-1] met [NAME-2]."}')
    ours = "Example: She went on Tuesday."
    model = DeidentifiedModel(keeps, Deidentifier(identifiers, ('Ruth "Ru" Abel',), (ours,)))
    answer = model.complete(
        f'{ours}\nThen Ruth "Ru" Abel met Daniel.', schema={"type": "object"}, max_tokens=9
    )
    assert "Ruth" not in keeps.prompts[0]
    assert "Daniel" not in keeps.prompts[0]
    assert keeps.prompts[0].startswith(ours)  # what is ours is no name, and costs the model nothing
    assert "met Daniel" in json.loads(answer)["sentence"]


def test_a_placeholder_nobody_gave_stays_and_a_text_that_holds_one_is_not_sent(
    identifiers: Identifiers,
) -> None:
    assert Told("", {"[NAME-1]": "Ruth"}).put_back("[NAME-1] [NAME-7]", is_json=False) == "Ruth [NAME-7]"
    keeps = _Keeps("never")
    with pytest.raises(EngineFailed):
        DeidentifiedModel(keeps, Deidentifier(identifiers, ())).complete(
            "Write [NAME-1] here.", schema=None, max_tokens=9
        )
    assert keeps.prompts == []


def test_empty_names_name_nobody() -> None:
    assert names_in(["Ruth", " ", ""], ["Ruth", "Ike"]) == ("Ruth", "Ike")
