"""What every language model behind the port must do: the fake, the address, the one in this process."""

import json

import pytest

from holdspace.engines.language.port import LanguageModel
from holdspace.errors import EngineFailed

YES_OR_NO = {
    "type": "object",
    "properties": {"answer": {"enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
PROMPT = "Is water wet? Answer yes or no."


class PortContract:
    """Inherit, and give a fixture `model`."""

    def test_an_answer_under_a_schema_is_json_that_fits_it(self, model: LanguageModel) -> None:
        answered = json.loads(model.complete(PROMPT, schema=YES_OR_NO, max_tokens=30))
        assert answered in ({"answer": "yes"}, {"answer": "no"})

    def test_the_same_question_gets_the_same_answer(self, model: LanguageModel) -> None:
        first, second = (model.complete(PROMPT, schema=YES_OR_NO, max_tokens=30) for _ in range(2))
        assert first == second

    def test_an_answer_that_would_be_cut_off_is_refused(self, model: LanguageModel) -> None:
        with pytest.raises(EngineFailed, match="past the length"):
            model.complete(PROMPT, schema=YES_OR_NO, max_tokens=2)

    def test_a_text_too_long_to_read_is_refused_without_repeating_it(self, model: LanguageModel) -> None:
        with pytest.raises(EngineFailed) as refused:
            model.complete("lighthouse " * 20_000, schema=None, max_tokens=5)
        assert "longer than the language model can read" in str(refused.value)
        assert "lighthouse" not in str(refused.value)
