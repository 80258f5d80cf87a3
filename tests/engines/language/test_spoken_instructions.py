"""What is said to the machine, with a real small model in place: it may word a sentence, and it changes nothing else.

A few instructions in the default run; ALL_INSTRUCTIONS=1 puts every one of them in, some minutes long.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from holdspace.assist.language_process import LanguageProcess
from holdspace.engines.drafting.parser import Parser, load_parser
from holdspace.engines.drafting.phrase import TemplatePhraser
from holdspace.engines.drafting.phrase_model import ModelPhraser, says_the_same
from holdspace.errors import WeightsMissing
from holdspace.weights.store import Store, default_root
from tests.engines.language.test_builtin import SMALL
from tests.unit.drafting_promises.given import drafted, given, pieces
from tests.unit.drafting_promises.test_spoken_instructions import COUPLE, INSTRUCTIONS

pytestmark = pytest.mark.weights
FEW = 4
EVERY = [item for items in INSTRUCTIONS.values() for item in items]
TRIED = EVERY if os.environ.get("ALL_INSTRUCTIONS") == "1" else EVERY[:: len(EVERY) // FEW][:FEW]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser(Store(default_root()).path("spacy-en-core-web-sm"))


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageProcess]:
    try:
        made = LanguageProcess(Store(default_root()).path(SMALL))
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    yield made
    made.stop()


@pytest.mark.parametrize("item", TRIED, ids=lambda item: item["says"][:40])
def test_a_real_model_says_what_the_rules_say_or_nothing(
    parser: Parser, model: LanguageProcess, item: dict[str, Any]
) -> None:
    name = COUPLE if item["who"] == "P" else "risk denied"
    session = given(name, f"{item['who']}: {item['says']}")
    by_rules = pieces(drafted(parser, session))
    by_model = pieces(drafted(parser, session, ModelPhraser(model, TemplatePhraser(parser))))
    assert len(by_model) == len(by_rules)
    for said, plain in zip(by_model, by_rules, strict=True):
        assert (said.part, said.place, said.evidence) == (plain.part, plain.place, plain.evidence)
        assert said.text == plain.text or says_the_same(said.text, plain.text)
