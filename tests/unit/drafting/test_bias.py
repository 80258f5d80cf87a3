"""Stigmatizing words are flagged with reason, alternative and source; quotations and risk screening
are left alone.
"""

from pathlib import Path

import pytest

from holdspace.engines.drafting.bias import flags
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
    "text", ["Denies SI/HI.", 'Client said, "I\'m a junkie."', "Person with an alcohol use disorder."]
)
def test_screening_quotations_and_current_usage_are_left_alone(text: str) -> None:
    assert flags(text) == ()


def test_what_the_person_prefers_overrides_the_list() -> None:
    assert flags("He is an alcoholic in long recovery.", preferred=("alcoholic",)) == ()


def test_an_entry_without_a_known_source_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "bias.yaml"
    wrong.write_text(
        "date: 2026-01-01\nsources: {a: b}\nterms:\n  - {pattern: x, instead: y, why: z, source: nobody}\n"
    )
    with pytest.raises(BadInput, match="wrong entry"):
        flags("x", lexicon=wrong)
