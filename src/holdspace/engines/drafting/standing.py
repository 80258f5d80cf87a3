"""Whether a spoken sentence can stand in a note: who it is about, and that it says something.

Plain questions to the parsed clause, asked before it is retold. What cannot stand is quoted or left out, never mended.
"""

import re

from spacy.tokens import Doc, Token

from holdspace.engines.drafting.lexicon import words
from holdspace.engines.drafting.mention import Kind

_HE = frozenset(["he", "him", "his", "himself"])
_SHE = frozenset(["she", "her", "hers", "herself"])
_MEN = words(
    "husband boyfriend dad father brother son grandson uncle nephew grandpa grandfather man guy fella boy papa "
    "son-in-law brother-in-law father-in-law"
)
_WOMEN = words(
    "wife girlfriend mom mother sister daughter granddaughter aunt niece grandma grandmother woman lady girl mama "
    "ma comadre daughter-in-law sister-in-law mother-in-law"
)
_EITHER = words(
    "partner doctor boss friend neighbor cousin teacher kid baby nurse psychiatrist prescriber law"
)
_LIGHT = words(
    "do go have get be say think know come look mean make put want try guess notice happen see tell pass let "
    "thing stuff one way time bit lot something anything nothing everything that it there here just really will "
    "would can could may might shall should must okay right good first then again maybe more much"
)
_WHEN = words(
    "monday tuesday wednesday thursday friday saturday sunday morning afternoon evening night noon tomorrow today "
    "tonight day week month o'clock time hour minute"
)
_POINTING = frozenset(["it", "that", "this", "those", "these"])
_GLUE = words(
    "i i'll i'd we a an the at on in to for and or of by after before maybe yeah yes next this every till until "
    "is be am going gonna will him them her one two three four five six seven eight nine ten eleven twelve thirty "
    "fifteen not so but"
)
_CONTENT = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "NUM"])
_REPORTS = frozenset(
    [Kind.SLEEP, Kind.MEDICATION, Kind.SUBSTANCE, Kind.SYMPTOM, Kind.RISK, Kind.HOMEWORK_DONE]
)


def is_person_unclear(doc: Doc, client: str) -> bool:
    """Whether a he or she in it is unnamed, or shares a sentence with an "I" that will become the same word."""
    named = {"he": False, "she": False}
    for sentence in doc.sents:
        mine = any(t.lower_ in ("i", "me") for t in sentence)
        for token in sentence:
            who = "he" if token.lower_ in _HE else "she" if token.lower_ in _SHE else ""
            if who and (not named[who] or (mine and who == client)):
                return True
            lemma = token.lower_.removesuffix("'s")
            either = token.ent_type_ == "PERSON" or token.pos_ == "PROPN" or lemma in _EITHER
            named["he"] |= either or lemma in _MEN
            named["she"] |= either or lemma in _WOMEN
    return False


def content_words(doc: Doc) -> list[str]:
    """The words that carry the matter: no auxiliaries, no pronouns, no "do it", no "thing"."""
    return [
        t.lower_
        for t in doc
        if (t.pos_ in _CONTENT or t.tag_ in ("JJR", "RBR", "VBP") or t.lower_ == "like")
        and t.lemma_.lower() not in _LIGHT
        and t.lower_ not in _LIGHT
    ]


def is_only_when(doc: Doc) -> bool:
    """Whether it only says when, or only "do it" or "do that": it belongs to what was said before."""
    return all(w in _WHEN or re.fullmatch(r"[\d:]+(?:am|pm)?|\d+\w\w", w) for w in content_words(doc))


def leans(said: str) -> bool:
    """Whether the bare words only make sense after what was said before: "do it Saturday", "Friday morning"."""
    if re.search(r"\b(?:do|try|doing) (?:it|that|this)\b", said, re.I):
        return True
    words = re.findall(r"[a-z']+", said.lower())
    return all(w in _LIGHT | _WHEN | _GLUE or w.removesuffix("s") in _WHEN for w in words)


def stands(doc: Doc, kind: Kind, *, has_topic: bool = False) -> bool:
    """Whether a reader who was not there can make sense of it: a subject or a full fragment, and a matter."""
    content = content_words(doc)
    has_number = any(re.search(r"\d", t.text) for t in doc)
    if doc[0].lower_ == "let" or doc[-1].text == "?":
        return False
    if is_only_when(doc) and not has_topic and (kind is Kind.COMMITMENT or not has_number):
        return False
    first = next(iter(doc.sents))
    speaks_of_self = any(t.lower_ == "i" for t in first)
    if not (content or has_number) or (
        len(content) < 2 and not (has_number or speaks_of_self or kind in _REPORTS)
    ):
        return False
    if all(_hangs(sentence.root) for sentence in doc.sents):
        return False
    if not speaks_of_self and not any(_is_finite(t) for t in first):
        enough = 2 if kind is Kind.RISK else 1 if kind in _REPORTS or kind is Kind.COMMITMENT else 3
        return has_topic or has_number or len(content) >= enough
    subject = next((c.lower_ for c in first.root.children if c.dep_ in ("nsubj", "nsubjpass")), "")
    return has_topic or has_number or subject not in _POINTING or len(content) >= 4


def _hangs(root: Token) -> bool:
    """ "Of the socks", "that I would faint", "when I look at it": the main clause was somebody else's."""
    before = [c for c in root.children if c.i < root.i]
    return root.pos_ in ("ADP", "SCONJ") or any(
        c.dep_ == "mark" or (c.dep_ == "advmod" and c.lower_ in ("when", "where", "how", "why"))
        for c in before
    )


def _is_finite(token: Token) -> bool:
    return token.tag_ in ("VBD", "VBP", "VBZ", "MD")
