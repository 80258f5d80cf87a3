"""Stigmatizing words are flagged with reason, alternative and source; quotations and risk screening
are left alone.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from holdspace.cli.draft import printed
from holdspace.engines.drafting.bias import flags, flags_in
from holdspace.engines.note import Draft, Evidence, Section, Sentence, as_json
from holdspace.errors import BadInput


@pytest.mark.parametrize(
    "text",
    [
        "He is an alcoholic.",
        "Brother committed suicide.",
        "Ct refused the referral.",
        "Client claims she slept.",
        "Non-compliant with meds.",
    ],
)
def test_a_stigmatizing_word_is_flagged_with_an_alternative_and_a_source(text: str) -> None:
    (flag,) = flags(text)
    assert text[flag.start : flag.end] == flag.words
    assert flag.instead
    assert flag.why
    assert flag.source


@pytest.mark.parametrize(
    "text",
    [
        "Denies SI/HI.",
        'Client said, "I\'m a junkie."',
        "Ct: 'I can't, he's an addict and refused.'",
        "He said ‘I’m a junkie’ twice.",
        "Person with an alcohol use disorder.",
    ],
)
def test_screening_quotations_and_current_usage_are_left_alone(text: str) -> None:
    assert flags(text) == ()


@pytest.mark.parametrize(
    "text",
    ["The boys' parents refused.", "In the '90s he refused; the boys' dad too.", "'no,' he refused, 'yes'"],
)
def test_an_apostrophe_is_no_quotation(text: str) -> None:
    assert [flag.words for flag in flags(text)] == ["refused"]


def test_the_flags_of_a_draft_say_which_sentence_and_where_in_it() -> None:
    jotted = (Evidence(None, "claims sleep is fine; refused the diary"),)
    draft = Draft(
        "DAP",
        (
            Section("Data", (Sentence("Came on time.", "session", (Evidence(1, "on time"),)),)),
            Section(
                "Assessment",
                (
                    Sentence("Steadier.", "jottings", jotted),
                    Sentence("Claims sleep is fine, refused the diary.", "jottings", jotted),
                ),
            ),
        ),
        (),
        (),
    )
    first, second = flags_in(draft)
    assert (first["section"], first["sentence"], first["start"], first["end"]) == ("Assessment", 1, 0, 6)
    assert (second["term"], second["alternative"]) == ("refused", "declined, chose not to")
    written = as_json(draft, seconds=1.0, word_flags=flags_in(draft))
    assert written["word_flags"] == [first, second]
    assert written["sections"][1]["sentences"][1]["text"].startswith("Claims")  # never changed
    shown = printed(draft)
    assert "~ “Claims” (Assessment, sentence 2): casts doubt. Instead: reports, says." in shown
    assert "WORD CHOICES" not in printed(replace(draft, sections=draft.sections[:1]))


def test_what_the_person_prefers_overrides_the_list() -> None:
    assert flags("He is an alcoholic in long recovery.", preferred=("alcoholic",)) == ()


def test_an_entry_without_a_known_source_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "bias.yaml"
    wrong.write_text(
        "date: 2026-01-01\nsources: {a: b}\nterms:\n  - {pattern: x, instead: y, why: z, source: nobody}\n"
    )
    with pytest.raises(BadInput, match="wrong entry"):
        flags("x", lexicon=wrong)
