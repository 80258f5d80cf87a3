"""From "I left the cart, I've left ten" to "she left the cart, she has left 10": person and agreement,
nothing else.

A deterministic transformer: spaCy says which verb a pronoun governs, the tables below say its form. No word
is added
but what grammar asks for, so what comes out is what was said.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from holdspace.engines.drafting.person import Referent

_THIRD = {
    "am": "is",
    "are": "is",
    "'m": "is",
    "'re": "is",
    "have": "has",
    "'ve": "has",
    "do": "does",
    "go": "goes",
}
_PLURAL = {"am": "are", "'m": "are", "'re": "are", "was": "were", "'ve": "have"}
_SAME_IN_PAST = frozenset(
    ["put", "set", "cut", "hit", "let", "quit", "cost", "hurt", "shut", "spread", "bet", "read"]
)
_MODALS = {"'ll": "will", "'d": "would", "ca": "can", "wo": "will", "sha": "shall"}
_IS_HOSTS = frozenset(
    [
        "it",
        "that",
        "there",
        "here",
        "what",
        "who",
        "he",
        "she",
        "this",
        "where",
        "how",
        "everything",
        "everybody",
        "nobody",
    ]
)


def retell(doc: Doc, speaker: Referent, listener: Referent | None = None, *, mark: str = "") -> str:
    """Rewrite a parsed clause in the third person. `listener` is who "you" is, when that is known.

    `mark` is put before every pronoun that stands for "I", to tell it from a "she" that was said.
    """
    words = [(mark if token.lower_ == "i" else "") + _word(token, speaker, listener) for token in doc]
    spaces = [token.whitespace_ for token in doc]
    text = ""
    for token, word, space in zip(doc, words, spaces, strict=True):
        needs_space = bool(text) and not text[-1].isspace() and word != token.text and _is_clitic(token)
        text += (" " if needs_space else "") + word + space
    text = re.sub(r"\b(she|he) (am|do)\b", lambda m: f"{m.group(1)} {_THIRD[m.group(2)]}", text)
    return text.replace("can not", "cannot").strip()


def has_listener(doc: Doc) -> bool:
    """Whether "you" is in it, which the third person cannot carry without knowing who is meant."""
    return any(
        token.lower_ in ("you", "your", "yours", "yourself")
        and not (token.i and token.nbor(-1).lower_ in ("thank", "bless"))
        for token in doc
    )


def _word(token: Token, speaker: Referent, listener: Referent | None) -> str:
    pronoun = _pronoun(token, speaker, listener)
    if pronoun:
        return pronoun
    if _is_finite_of(token, "i"):
        return _inflect(token, speaker)
    if listener is not None and _is_finite_of(token, "you"):
        return _inflect(token, listener)
    return _expand(token)


def _pronoun(token: Token, speaker: Referent, listener: Referent | None) -> str:
    lower = token.lower_
    first = {
        "i": speaker.subject,
        "me": speaker.object,
        "my": speaker.possessive,
        "mine": speaker.possessive_alone,
        "myself": speaker.reflexive,
        "we": "they",
        "us": "them",
        "our": "their",
        "ours": "theirs",
        "ourselves": "themselves",
    }
    if lower == "us" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "'s":
        return ""
    if lower in first and not (lower == "mine" and token.tag_ == "NN"):
        return first[lower]
    if listener is None or lower not in ("you", "your", "yours", "yourself"):
        return ""
    if lower == "you":
        follows_preposition = token.i > 0 and token.nbor(-1).pos_ == "ADP"
        is_subject = token.dep_ in ("nsubj", "nsubjpass") and not follows_preposition
        return listener.subject if is_subject else listener.object
    return {"your": listener.possessive, "yours": listener.possessive_alone}.get(lower, listener.reflexive)


def _is_finite_of(token: Token, subject: str) -> bool:
    """Whether this is the finite verb that agrees with that subject (or shares it by "and")."""
    if token.lower_ == "like" and _follows(token, subject):
        return True  # "I just like it": the parser takes it for a preposition
    if token.tag_ == "MD" or token.pos_ not in ("VERB", "AUX"):
        return False
    if token.lower_ in ("'s", "is", "has", "does"):
        return False
    verb = token.head if token.dep_ in ("aux", "auxpass") else token
    if token.dep_ in ("aux", "auxpass") and any(_is_earlier_finite(other, token) for other in verb.children):
        return False
    if token is verb and any(
        (c.dep_ in ("aux", "auxpass") and c.tag_ in ("VBP", "VBZ", "VBD", "MD"))
        or (c.dep_ == "aux" and c.tag_ == "TO")
        for c in verb.children
    ):
        return False
    return _subject(verb) == subject and (
        token.tag_ in ("VBP", "VBD") or (token.tag_ == "VB" and _follows(token, subject))
    )


def _is_earlier_finite(other: Token, token: Token) -> bool:
    return (
        other.dep_ in ("aux", "auxpass")
        and other.i < token.i
        and other.tag_ in ("VBP", "VBZ", "VBD", "MD", "TO")
    )


def _follows(token: Token, subject: str) -> bool:
    """spaCy tags some finite verbs as infinitives; right after the subject (adverbs apart) they are not."""
    at = token.i - 1
    while at >= 0 and token.doc[at].pos_ == "ADV":
        at -= 1
    return at >= 0 and token.doc[at].lower_ == subject


def _subject(verb: Token) -> str:
    for _ in range(4):
        own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
        if own:
            return own[0].lower_
        if verb.dep_ != "conj" or verb.head.pos_ not in ("VERB", "AUX"):
            return ""
        if any(c.dep_ == "aux" for c in verb.children):
            return ""
        verb = verb.head
        if any(c.tag_ == "MD" for c in verb.children):
            return ""
    return ""


def _inflect(token: Token, speaker: Referent) -> str:
    lower = token.lower_
    if speaker.is_plural:
        return _PLURAL.get(lower, _expand(token))
    if lower == "'d":
        return "had"
    if lower in _THIRD:
        return _THIRD[lower]
    if lower == "were":
        return "was"
    if token.tag_ == "VBD":
        return token.text
    if lower in _SAME_IN_PAST or lower == "was":
        return token.text
    return third_person(lower)


def third_person(base: str) -> str:
    """The -s form of a verb: go → goes, carry → carries, push → pushes, have → has."""
    if base in _THIRD:
        return _THIRD[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _expand(token: Token) -> str:
    lower = token.lower_
    if lower in ("n't", "nt", "n’t"):
        return "not"
    if lower in _MODALS and token.tag_ in ("MD", "VBD", "VBP", "VB", "AUX"):
        if lower == "'d" and _governs_participle(token):
            return "had"
        return _MODALS[lower]
    if lower == "'s" and token.pos_ in ("AUX", "VERB") and token.i and token.nbor(-1).lower_ in _IS_HOSTS:
        return "has" if _governs_participle(token) and token.dep_ == "aux" else "is"
    if lower == "'s" and token.i and token.nbor(-1).lower_ == "let":
        return "us"
    return {"'re": "are", "'ve": "have", "'m": "am"}.get(lower, token.text)


def _governs_participle(token: Token) -> bool:
    following = _next_words(token)
    return next((word.tag_ == "VBN" for word in following if word.pos_ not in ("ADV", "PART")), False)


def _next_words(token: Token) -> Iterator[Token]:
    yield from token.doc[token.i + 1 : token.i + 4]


def _is_clitic(token: Token) -> bool:
    return (
        token.i > 0
        and not token.nbor(-1).whitespace_
        and (token.lower_.startswith("'") or token.lower_ == "n't")
    )
