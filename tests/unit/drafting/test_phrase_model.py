"""A model proposes; the check decides. The stand-in behind the one-method port says what each test needs."""

import json

import pytest

from holdspace.engines.drafting.mention import Kind, Polarity
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.phrase import TemplatePhraser
from holdspace.engines.drafting.phrase_model import ModelPhraser
from holdspace.errors import EngineFailed
from tests.unit.drafting.voices import SENTENCES, said, voice

SPOKEN = "I went to the store on Tuesday and I did not leave the cart there"
PLAIN = "She went to the store on Tuesday and she did not leave the cart there."


class Says:
    """A language model that always gives the same answer and counts how often it was asked."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked = 0

    def complete(self, prompt: str, *, schema: dict[str, object] | None, max_tokens: int) -> str:
        assert prompt
        assert schema
        assert max_tokens
        self.asked += 1
        if not self.answer:
            raise EngineFailed("stopped")
        return self.answer


def worded(parser: Parser, answer: str) -> str:
    return ModelPhraser(Says(answer), TemplatePhraser(parser)).phrase(
        said(Kind.EVENT, SPOKEN), voice(SENTENCES)
    )


def test_a_faithful_wording_is_taken(parser: Parser) -> None:
    better = "She went to the store on Tuesday and did not leave the cart."
    assert worded(parser, json.dumps({"sentence": better})) == better


@pytest.mark.parametrize(
    "proposal",
    [
        "She went to the store on Tuesday and left the cart there.",
        "She went to the store on Monday and did not leave the cart.",
        "She went to the store twice on Tuesday and did not leave the cart.",
        "She went to the store with Daniel on Tuesday and did not leave the cart.",
        "She did not go.",
        "",
    ],
)
def test_a_wording_that_turns_adds_or_loses_is_refused(parser: Parser, proposal: str) -> None:
    assert worded(parser, json.dumps({"sentence": proposal})) == PLAIN


@pytest.mark.parametrize("answer", ["not json", "[]", '{"sentence": 4}', ""])
def test_a_broken_answer_leaves_the_plain_wording(parser: Parser, answer: str) -> None:
    assert worded(parser, answer) == PLAIN


def test_a_model_is_never_asked_about_risk(parser: Parser) -> None:
    model = Says("{}")
    denial = said(Kind.RISK, "No, nothing like that", polarity=Polarity.DENIED, topic="suicidal ideation")
    ModelPhraser(model, TemplatePhraser(parser)).phrase(denial, voice(SENTENCES))
    assert model.asked == 0


def test_a_model_that_cannot_answer_is_said_to_have_failed(parser: Parser) -> None:
    phraser = ModelPhraser(Says(""), TemplatePhraser(parser))
    assert phraser.phrase(said(Kind.EVENT, SPOKEN), voice(SENTENCES)) == PLAIN
    assert "stopped" in phraser.failure


def test_a_hedge_is_not_rubbed_off(parser: Parser) -> None:
    spoken = "I am sleeping a little better and I went to the store on Tuesday"
    surer = json.dumps({"sentence": "She is sleeping better and went to the store on Tuesday."})
    worded_by_model = ModelPhraser(Says(surer), TemplatePhraser(parser)).phrase(
        said(Kind.EVENT, spoken), voice(SENTENCES)
    )
    assert "a little" in worded_by_model
