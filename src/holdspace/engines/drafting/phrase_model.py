"""Let a language model propose a better wording, sentence by sentence, and keep it only if the check passes.

Never asked about risk, scores, medication or her own jottings: small models soften or invent
exactly there. A refused, empty or failed proposal leaves the template's wording, so a model can only
improve reading.
"""

import json
import re
from pathlib import Path
from typing import Protocol

from holdspace.engines.drafting.lexicon import words
from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.drafting.phrase import Phraser
from holdspace.engines.drafting.phrase_fields import sentence_case
from holdspace.engines.drafting.verify import doubt_about, numbers_in, stem
from holdspace.engines.drafting.wording import Voice
from holdspace.errors import EngineFailed

_PROMPT = (Path(__file__).parent / "prompts" / "reword.txt").read_text(encoding="utf-8")
_EXAMPLES = {
    True: "Went to store Tuesday and stayed despite crowd.",
    False: "She went to the store on Tuesday and stayed although it was crowded.",
}
OURS = (*(line for line in _PROMPT.splitlines() if line and "{" not in line), *_EXAMPLES.values())
"""What of a request is ours and names nobody: whoever takes names out of requests leaves it as it is."""
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"sentence": {"type": "string", "maxLength": 400}},
    "required": ["sentence"],
    "additionalProperties": False,
}
_NEVER_ASKED = frozenset(
    {
        Kind.RISK,
        Kind.SCORE,
        Kind.MEDICATION,
        Kind.QUOTE,
        Kind.NEXT_APPOINTMENT,
        Kind.INTERVENTION,
        Kind.IMPRESSION,
    }
)
_NEGATION = re.compile(r"\b(no|not|never|none|nothing|without|cannot|den\w+|declin\w+)\b|n't\b", re.I)
_HEDGE = re.compile(
    r"\b(?:maybe|about|around|probably|perhaps|thinks?|thought|guess\w*|a little|a bit|somewhat|might|may|could|seems?"
    r"|seemed|almost|nearly|sometimes|usually|mostly|most)\b",
    re.I,
)
_LEAST_WORDS = 8


class LanguageModel(Protocol):
    """The port of `engines.language`, restated so that drafting runs without it."""

    def complete(self, prompt: str, *, schema: dict[str, object] | None, max_tokens: int) -> str:
        """The model's answer; JSON of `schema` when one is given."""
        ...


class ModelPhraser:
    """A phraser that asks a model to reword what another phraser wrote."""

    def __init__(self, language_model: LanguageModel, plain: Phraser) -> None:
        self._model = language_model
        self._plain = plain
        self.failure = ""
        """Why the model last failed to answer, in plain words; "" while it answers."""

    def phrase(self, mention: Mention, voice: Voice) -> str:
        """The model's wording if it says exactly what the plain one says, else the plain one."""
        plain = self._plain.phrase(mention, voice)
        if mention.origin != "session" or mention.kind in _NEVER_ASKED or len(plain.split()) < _LEAST_WORDS:
            return plain
        proposal = self._propose(plain, voice)
        return proposal if proposal and says_the_same(proposal, plain) else plain

    def _propose(self, plain: str, voice: Voice) -> str:
        example = _EXAMPLES[voice.style.is_fragments]
        form = (
            "in fragments without a subject"
            if voice.style.is_fragments
            else "one full sentence in the same tense"
        )
        prompt = _PROMPT.format(label=voice.client.label, form=form, example=example, sentence=plain)
        try:
            answer = json.loads(self._model.complete(prompt, schema=_SCHEMA, max_tokens=160))
        except EngineFailed as error:
            self.failure = str(error)
            return ""
        except json.JSONDecodeError:
            return ""
        words = answer.get("sentence", "") if isinstance(answer, dict) else ""
        return sentence_case(words) if isinstance(words, str) and words.strip() else ""


def says_the_same(proposal: str, plain: str) -> bool:
    """Whether a rewording keeps every number, name, person, quotation and denial of `plain`, and adds nothing."""
    if doubt_about(proposal, [plain]) is not None or len(proposal.split()) > len(plain.split()) + 2:
        return False
    if numbers_in(proposal) != numbers_in(plain):
        return False
    for kept in (_NEGATION, _HEDGE):
        if len(kept.findall(proposal)) != len(kept.findall(plain)):
            return False
    if _people(proposal) != _people(plain) or _QUOTED.findall(proposal) != _QUOTED.findall(plain):
        return False
    if _content(proposal) - _content(plain) or len(_ORDERS.findall(proposal)) != len(_ORDERS.findall(plain)):
        return False
    return _names(plain) <= _names(proposal) | {"client"} and _kept_share(plain, proposal) >= _LEAST_KEPT


_LEAST_KEPT = 0.7
_QUOTED = re.compile(r"[\"“‘][^\"”’]+[\"”’]")
_PERSON = re.compile(
    r"\b(i|he|she|they|we|ze|xe|ey|husband|wife|partner|mother|father|brother|sister|son|daughter|friend)\b",
    re.I,
)
_ORDERS = re.compile(
    r"\b(?:write|put|say|note|record|print|list|send|sign|e-?mail|delete|remove|change|set)\b", re.I
)
_GLUE = words(
    "the a an and or but so as at in on of to for with by from after before during while when which who "
    "that this these those his her hers their its is are was were be been being am has had have having do "
    "does did will would then there it him them because although though since until if than also both "
    "each"
)


def _people(text: str) -> set[str]:
    return {word.lower() for word in _PERSON.findall(text)}


def _content(text: str) -> set[str]:
    return {stem(w) for w in re.findall(r"[a-z][a-z'-]*", text.lower()) if w not in _GLUE and len(w) > 1}


def _names(text: str) -> set[str]:
    return {w.lower() for w in re.findall(r"(?<=[\w,;] )[A-Z][a-z]+", text)}


def _kept_share(plain: str, proposal: str) -> float:
    mine = {stem(w) for w in re.findall(r"[a-z][a-z'-]{3,}", plain.lower())}
    theirs = {stem(w) for w in re.findall(r"[a-z][a-z'-]{3,}", proposal.lower())}
    return len(mine & theirs) / max(1, len(mine))
