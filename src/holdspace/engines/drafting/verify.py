"""Check a sentence against its evidence, trusting nobody: not the drafter, not a model, not her.

`doubt_about` is plain text against plain text, needs no parser and takes about a millisecond, so the review
page runs it at every edit. It returns one reason in plain words, or None. The story calls `verify`: it keeps
supported sentences and turns the rest into questions or left-out material.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from holdspace.engines.drafting.figures import with_figures
from holdspace.engines.drafting.mention import Kind
from holdspace.engines.drafting.wording import Proposed
from holdspace.engines.note import LeftOut, Question, Sentence

_LISTS = yaml.safe_load((Path(__file__).parent / "lexicon" / "check.yaml").read_text(encoding="utf-8"))
_NEGATION = frozenset(_LISTS["negation"].split())
_KIN = tuple(_LISTS["kin"].split())
_STOP = frozenset(_LISTS["stop"].split())
_FREE = frozenset(_LISTS["template"].split())
_SAME = tuple(frozenset(group.split()) for group in _LISTS["same"])
_IFFY = re.compile(
    r"\b(if|would|might|could|maybe|unless|what if|may|whether|imagine|wish\w*|fear\w*|afraid|worr\w+)\b",
    re.I,
)
_DROPPED_G = re.compile(r"\b([a-z]{2,})in['’](?=\W|$)", re.I)
_UNSURE = re.compile(r"(?:(?<=, )|^)I don't know,\s*", re.I)
"""Said while searching for a word ("I've left, I don't know, ten carts"); it denies nothing."""
_CONDITION = re.compile(r"\b(if|what if|unless|i wish|imagine)\b", re.I)
_OTHERS_SUBJECT = re.compile(rf"^(?:and |but |so )?my (?:\w+ )?({'|'.join(_KIN)})\b(?!')", re.I)


@dataclass(frozen=True, slots=True)
class Checked:
    """What passed, what must be asked and what is dropped with its reason."""

    supported: tuple[Proposed, ...]
    questions: tuple[Question, ...]
    dropped: tuple[LeftOut, ...]


def verify(proposed: Iterable[Proposed], turns: dict[int, str], known: Sequence[str] = ()) -> Checked:
    """Check every proposed sentence; her jottings and the plan's own words are not doubted, only what we
    worded.
    """
    supported: list[Proposed] = []
    questions: list[Question] = []
    dropped: list[LeftOut] = []
    for item in proposed:
        doubt = None if item.sentence.origin != "session" else doubt_in(item, turns, known)
        if doubt is None:
            supported.append(item)
        elif item.choice.is_always:
            questions.append(_question(item, doubt))
        else:
            dropped.append(
                LeftOut(
                    f"Not certain enough: {doubt}", item.sentence.evidence, sentence=_doubted(item, doubt)
                )
            )
    return Checked(tuple(supported), tuple(questions), tuple(dropped))


def doubt_in(item: Proposed, turns: dict[int, str], known: Sequence[str]) -> str | None:
    """The doubt about a proposed sentence, read against its quotes and, for names and numbers, their whole
    turns.
    """
    quotes = [e.quote for e in item.sentence.evidence]
    if item.mention.kind is Kind.INTERVENTION:
        quotes.append(item.mention.topic)  # the field's term for what those turns show
    wider = [turns.get(e.turn, "") for e in item.sentence.evidence if e.turn is not None]
    terms = [item.mention.topic, *(q.name for q in item.mention.quantities)]
    return doubt_about(item.sentence.text, quotes, context=[*wider, *known, *terms])


def doubt_about(text: str, evidence_texts: Sequence[str], *, context: Sequence[str] = ()) -> str | None:
    """Why a sentence is not supported by its evidence, or None.

    `context` (the whole turn, the record's names) may support names, numbers and content, never polarity or
    person.
    """
    if not any(t.strip() for t in evidence_texts):
        return "nothing in the session or record stands behind it"
    text = _with_g(text)
    evidence_texts = [_with_g(_UNSURE.sub("", t)) for t in evidence_texts]
    wide = " ".join([*evidence_texts, *map(_with_g, context)])
    return (
        _numbers(text, wide)
        or _quotation(text, wide)
        or _names(text, wide)
        or _polarity(text, evidence_texts)
        or _person(text, evidence_texts)
        or _certainty(text, evidence_texts)
        or _content(text, wide)
    )


@lru_cache(maxsize=8192)
def numbers_in(text: str) -> frozenset[str]:
    """Numbers in a text as figures, spoken ones included ("twice" is 2)."""
    found = set(re.findall(r"\d+", with_figures(text.lower().replace("-", " ")))) | set(
        re.findall(r"\d+", with_figures(text))
    )
    for word, number in {
        "one": "1",
        "once": "1",
        "twice": "2",
        "both": "2",
        "first": "1",
        "second": "2",
        "third": "3",
    }.items():
        if re.search(rf"\b{word}\b", text, re.I):
            found.add(number)
    return frozenset({n.lstrip("0") or "0" for n in found} | _ordinals(text))


def _ordinals(text: str) -> set[str]:
    return set(
        re.findall(
            r"\d+",
            " ".join(
                with_figures(f"on the {m}")
                for m in re.findall(r"\b(?:twenty-|thirty-)?\w+(?:st|nd|rd|th)\b", text.lower())
            ),
        )
    )


def _numbers(text: str, evidence: str) -> str | None:
    missing = sorted(set(re.findall(r"\d+", text)) - numbers_in(evidence) - {"988"})
    missing = [n for n in missing if (n.lstrip("0") or "0") not in numbers_in(evidence)]
    return f"the number {', '.join(missing)} is not in the evidence" if missing else None


def _quotation(text: str, evidence: str) -> str | None:
    spoken = _flat(evidence)
    for quoted in re.findall(r"[\"“]([^\"”]+)[\"”]", text):
        if _flat(quoted) not in spoken:
            return "the words in quotation marks were not said so"
    return None


def _names(text: str, evidence: str) -> str | None:
    known = {w.lower() for w in re.findall(r"[^\W\d_]+", evidence)}
    for sentence in re.split(r"(?<=[.!?:;])\s+|^|(?<=[\"“'(])", text):
        words = re.findall(r"[^\W\d_][\w'’]*", sentence)
        for word in words[1:]:
            name = re.sub(r"['’]s?$", "", word)
            if name[0].isupper() and not name.isupper() and name.lower() not in known | _FREE | _STOP:
                return f"the name {name} is not in the evidence"
    return None


def _with_g(text: str) -> str:
    return _DROPPED_G.sub(r"\1ing", text)


def _polarity(text: str, evidence_texts: Sequence[str]) -> str | None:
    mine = _scopes(_TITLE.sub("", text), _MY_SCOPE)
    if any(mine.values()) and not any(_scopes(" ".join(evidence_texts), _THEIR_SCOPE).values()):
        return "it denies something the evidence does not deny"
    # A question's own words ("any thoughts of suicide?") assert and deny nothing.
    told = [t for t in evidence_texts if not t.rstrip().endswith("?")]
    stated = _scopes(" ".join(told), _THEIR_SCOPE)
    turned = [word for word, denied in mine.items() if not denied and stated.get(word)]
    return f"the evidence denies “{turned[0]}”" if turned else None


_TITLE = re.compile(r"^[A-Z][a-z]+: ")
"""The heading of an answer ("Guns: …"), which asserts nothing."""
_MY_SCOPE, _THEIR_SCOPE = 9, 4
"""Words after a negation that it reaches: wide where we word it, narrow where it was said, so that only a plain
reversal ("No fights" told as "Fights") is doubted."""


def _scopes(text: str, reach: int) -> dict[str, bool]:
    """Each content stem, and whether a negation reaches every place it occurs in; none reaches past a stop."""
    scope: dict[str, bool] = {}
    for sentence in re.split(r"(?<=[.?!;])\s+|(?<=\bno,)\s+", text.lower().replace("’", "'")):
        words = re.findall(r"[\w'/]+", sentence)
        for at, word in enumerate(words):
            if word in _NEGATION or word.endswith("n't"):
                scope.setdefault("¬", True)
            if word in _STOP or len(word) < 3:
                continue
            denied = any(w in _NEGATION or w.endswith("n't") for w in words[max(0, at - reach) : at])
            scope[stem(word)] = scope.get(stem(word), True) and denied
    return scope


def _person(text: str, evidence_texts: Sequence[str]) -> str | None:
    subjects = [m.group(1).lower() for t in evidence_texts if (m := _OTHERS_SUBJECT.match(t.strip()))]
    for kin in subjects:
        same = next((group for group in _SAME if kin in group), {kin})
        if not any(re.search(rf"\b{k}", text, re.I) for k in same) and not re.search(
            r"\b[A-Z][a-z]+\b", text[1:]
        ):
            return f"it was said of the client's {kin}"
    return None


def _certainty(text: str, evidence_texts: Sequence[str]) -> str | None:
    if evidence_texts and all(_CONDITION.match(t.strip()) for t in evidence_texts) and not _IFFY.search(text):
        return "it was said only as a possibility"
    return None


def _content(text: str, evidence: str) -> str | None:
    allowed = {stem(w) for w in re.findall(r"[\w'’-]+", evidence.lower())}
    allowed |= {stem(w) for w in re.findall(r"\w+", evidence.lower())}
    for group in _SAME:
        if group & set(re.findall(r"\w+", evidence.lower())):
            allowed |= {stem(w) for w in group}
    words = [
        w
        for w in re.findall(r"[^\W\d_][\w'’-]*", text.lower())
        if w not in _STOP and w not in _FREE and len(w) > 2
    ]
    foreign = [
        w
        for w in words
        if stem(w) not in allowed and not any(a.startswith(stem(w)[:5]) for a in allowed if len(stem(w)) > 4)
    ]
    if foreign and len(foreign) > 0.3 * len(words):
        return f"“{', '.join(foreign[:4])}” is not in the evidence"
    return None


def stem(word: str) -> str:
    """A rough stem, enough to match "exposures" with "exposure" and "stayed" with "stay"."""
    word = re.sub(r"['’](s|d|m|re|ve|ll)?$", "", word.lower())
    for ending in ("ations", "ation", "ingly", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 4:
        word = word.rstrip("iy")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _flat(text: str) -> str:
    text = re.sub(r"\[[^\]]*\]", " ", text)  # "[pause]" was not said
    return " ".join(re.findall(r"[\w]+", text.lower().replace("’", "").replace("'", "")))


def _question(item: Proposed, doubt: str) -> Question:
    return Question(
        f"Please check: “{item.sentence.text}” ({doubt}). Keep it, correct it or leave it out?",
        item.sentence.evidence,
    )


def _doubted(item: Proposed, doubt: str) -> Sentence:
    sentence = item.sentence
    return Sentence(sentence.text, sentence.origin, sentence.evidence, doubt)
