"""What the client told: symptoms, sleep, substances, events, insight, strengths, history, and words worth
quoting.

A sentence's kind comes from its own words or, for the first sentences of an answer, from the question.
Neighbours of
one kind are one mention, so that "still bad; five hours maybe; up at three" stays together.
"""

import re
from collections.abc import Iterable, Sequence

from holdspace.engines.drafting.lexicon import pattern
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, When
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.transcript import THERAPIST

_LEXICON = "topics"
_KINDS = (
    ("decline", Kind.RESPONSE),
    ("sleep", Kind.SLEEP),
    ("substance", Kind.SUBSTANCE),
    ("body", Kind.SYMPTOM),
    ("response", Kind.RESPONSE),
    ("symptom", Kind.SYMPTOM),
    ("strength", Kind.STRENGTH),
    ("history", Kind.HISTORY),
    ("event", Kind.EVENT),
    ("relationship", Kind.EVENT),
)
LONGEST_WORDS = 34
"""Words after which neighbours are no longer joined."""
SHORTEST_WORDS = 4
_SMALL_TALK = re.compile(
    r"\b(?:parking|parked|weather|traffic|raining|coffee\?|the chair|that chair|frozen|mute"
    r"|camera|can you hear|bill you|towed|mug)\b",
    re.I,
)
_OF_A_LIFE = re.compile(
    r"\b(?:I|I'm|I've|I'd|my|me|we|our|he|she|they|he's|she's|they're|it's|[A-Z][a-z]+'s)\b"
)
_MANNERS = re.compile(
    r"\b(?:you know what i mean|i don't know what|thank you|thanks|sorry|bless you|you're the"
    r" doctor|like that\.$)\b",
    re.I,
)
_SELF_LABEL = re.compile(
    r"\b(?:I'm|I am|I was|I've always been|a|such a|the) (?:\w+ ){0,2}(?:junkie|drunk|addict"
    r"|alcoholic|druggie|crackhead|psycho|crazy|nuts|cripple|retard\w*|loser|whore|slut|fag\w*"
    r"|dyke|tranny|freak|lunatic|basket case|dope fiend|fatso|pig|idiot|trash|monster|nutcase"
    r"|schizo)\b",
    re.I,
)
_CALLED = re.compile(
    r"\b(?:junkie|druggie|crackhead|dope fiend|cripple|tranny|fag(?:got)?|retard(?:ed)?|whore|slut)s?\b", re.I
)


def read_topics(said: Sequence[Statement], claimed: Iterable[tuple[int, str]]) -> tuple[Mention, ...]:
    """What remains of the talk once risk, medication, scores and plans have taken theirs, sorted by kind."""
    taken = set(claimed)
    found: list[Mention] = []
    open_run: list[Statement] = []
    kind: Kind | None = None
    for statement in said:
        its_kind = None if (statement.turn, statement.text) in taken else _kind(statement)
        if its_kind is None and open_run and _is_tail(open_run, statement, taken):
            open_run.append(statement)
            continue
        joins = its_kind is kind and its_kind is not None and bool(open_run) and _joins(open_run, statement)
        if not joins:
            found += _told(open_run, kind)
            open_run, kind = [], its_kind
        if its_kind is not None:
            open_run.append(statement)
    return (*found, *_told(open_run, kind))


def is_self_label(text: str) -> bool:
    """Whether the speaker hangs a demeaning word on themself: never the note's own word."""
    return _SELF_LABEL.search(text) is not None or _CALLED.search(text) is not None


def _kind(statement: Statement) -> Kind | None:
    text = statement.text
    if (
        statement.speaker == THERAPIST
        or statement.is_question
        or is_self_label(text)
        or _SMALL_TALK.search(text)
    ):
        return None
    own = next((kind for key, kind in _KINDS if pattern(_LEXICON, key).search(text)), None)
    if _reports_back(statement, own):
        return Kind.HOMEWORK_DONE
    if own in (None, Kind.EVENT) and pattern("scales", "asks_rating").search(statement.asked):
        return own or (Kind.EVENT if _tells(statement) else None)
    if statement.place < 3 and (own is None or own in (Kind.EVENT, Kind.HISTORY)):
        asked = next(
            (kind for key, kind in _KINDS[1:4] if pattern(_LEXICON, key).search(statement.asked)), None
        )
        if asked is not None and (numbers_said(text) or (own is None and statement.words > 2)):
            return asked
    return Kind.EVENT if own is None and _tells(statement) else own


_DID = re.compile(
    r"\b(?:I|we)(?:'d|'ve| had| have)? (?:just |only |even |actually |still |kind of |did(?:n't"
    r"| not) )?(?:did|went|tried|made|got|took"
    r"|wrote|called|told|asked|sat|stayed|kept|put|left|came|had|said|sang|walked|ran|bought|met|drove|sent|read|ate"
    r"|used|practi[cs]ed|\w{3,}ed|go|do|make|call|try|leave|finish)\b"
)
REPORTS_AT_MOST = 4
"""Sentences of an answer to "how did it go?" that report; what follows is told by its own words."""


def _reports_back(statement: Statement, own: Kind | None) -> bool:
    """The answer to a question about what was planned: what the client did."""
    return (
        own in (None, Kind.EVENT, Kind.RESPONSE, Kind.STRENGTH, Kind.SYMPTOM)
        and statement.place < REPORTS_AT_MOST
        and statement.is_self
        and statement.when is not When.PLANNED
        and _DID.search(statement.text) is not None
        and pattern("plans", "follow_up").search(statement.asked) is not None
    )


def _tells(statement: Statement) -> bool:
    """A sentence without a clinical word still tells something: it has a subject and is more than a reply."""
    return (
        statement.words >= 6
        and _OF_A_LIFE.search(statement.text) is not None
        and not _MANNERS.search(statement.text)
    )


def _is_tail(run: list[Statement], statement: Statement, taken: set[tuple[int, str]]) -> bool:
    """A fragment that completes the sentence before it ("I signed the thing. The hospice paper.")."""
    if (statement.turn, statement.text) in taken or statement.turn != run[0].turn or statement.is_question:
        return False
    opening = re.match(
        r"(?:the|a|an|my|her|his|with|on|in|at|second|every|from|like|for|two|three|four|five|no"
        r"|not|just|twice|once)\b",
        statement.text,
        re.I,
    )
    return statement.words <= 6 and opening is not None and not is_self_label(statement.text)


def _joins(run: list[Statement], statement: Statement) -> bool:
    first = run[0]
    same = (
        statement.turn == first.turn
        and statement.about == first.about
        and statement.certainty is run[-1].certainty
    )
    return same and sum(s.words for s in run) + statement.words <= LONGEST_WORDS


def _told(run: list[Statement], kind: Kind | None) -> list[Mention]:
    if not run or kind is None:
        return []
    text = " ".join(s.text for s in run)
    if len(text.split()) < SHORTEST_WORDS and not (
        numbers_said(text) or (run[0].asked and kind in (Kind.SLEEP, Kind.SUBSTANCE, Kind.SYMPTOM))
    ):
        return []
    first = run[0]
    text = with_heading(text, first)
    if kind is Kind.HOMEWORK_DONE and first.place == 0 and (planned := _PLANNED_BEFORE.search(first.asked)):
        text = f"I planned to {_as_client(planned.group('what'))}. {text}"
    is_answer = first.place < 3 and not pattern(_LEXICON, _key(kind)).search(first.text)
    evidence = (*(first.asked_evidence if is_answer else ()), *(s.evidence for s in run))
    return [
        Mention(
            kind,
            text,
            evidence,
            speaker=first.speaker,
            about=first.about,
            polarity=first.polarity,
            certainty=_certainty(run),
            when=first.when,
            topic=_topic(kind, first),
            salience=_salience(run, kind),
        )
    ]


_PLANNED_BEFORE = re.compile(
    r"\byou (?:were|are|'re) (?:going|gonna|supposed|planning) to (?:try (?:to"
    r"|and) )?(?P<what>[a-z][^.?!]{6,90})[.?!]",
    re.I,
)


def _as_client(words: str) -> str:
    """The clinician's words about a plan as the client would say them: "your" is "my"."""
    for yours, mine in (("yourself", "myself"), ("your", "my"), ("you", "I")):
        words = re.sub(rf"\b{yours}\b", mine, words, flags=re.I)
    return words.strip()


_HEADING = re.compile(
    r"^(?:(?:and|okay|so|good|now),? )*(?:(?:how's|how about|what about|what of) )?(?:the "
    r"|your )?(?P<what>[A-Za-z][a-z]+(?: [a-z]+){0,2}?)"
    r"(?: (?:this|last|these) (?:week|days)| today| lately| now)?(?:, [^?]{3,24})?\?$",
    re.I,
)
_NO_HEADING = re.compile(
    r"\b(?:what|how|who|when|where|why|which|yeah|yes|no|okay|right|really|so|you|it|that|this|he|she|they|him|her|them|else"
    r"|anything|do|did|does|is|are|was|were|can|could|would|will|have|has|had|there|here|then|more|percent|one|two|three"
    r"|four|five|ten|number|sure|ready|good|bad|better|worse|because|if|for|with|about|of|in|at|on|to|out)\b",
    re.I,
)
_FULL = re.compile(
    r"^\W*(?:(?:and|but|so|well|like|yeah),? )*(?:I|he|she|it|we|they|there|that|my|the|you|this|[A-Z][a-z]+'s)\b",
    re.I,
)


def heading_of(question: str) -> str:
    """What a bare question is about ("Googling this week?" → "Googling"); "" where it is a sentence."""
    found = _HEADING.match(question)
    what = found.group("what") if found else ""
    return "" if not what or _NO_HEADING.search(what) else what[0].upper() + what[1:].lower()


def with_heading(text: str, first: Statement) -> str:
    """An answer without a subject under the heading of its question: "Googling: forty minutes a day"."""
    heading = heading_of(first.asked) if first.place == 0 and not _FULL.match(text) else ""
    if not heading or heading.lower()[:5] in text.lower():
        return text
    return f"{heading}: {text[0].lower()}{text[1:]}"


def _salience(run: list[Statement], kind: Kind) -> float:
    """Figures, days and a first time weigh; hedged talk of others does not."""
    text = " ".join(s.text for s in run)
    weight = 0.3 + 0.2 * bool(numbers_said(text)) + 0.15 * (len(run) > 1)
    weight += 0.3 * (kind is Kind.HOMEWORK_DONE)
    weight += 0.2 * bool(
        re.search(r"\b(?:first time|never (?:told|said)|since|every day|\w+day|anymore|again)\b", text, re.I)
    )
    weight += 0.15 * bool(
        pattern(_LEXICON, "symptom").search(text) or pattern(_LEXICON, "response").search(text)
    )
    return min(1.0, max(0.0, weight - 0.2 * (not run[0].is_self)))


def _key(kind: Kind) -> str:
    return next((key for key, its in _KINDS[1:] if its is kind), "event")


def _topic(kind: Kind, statement: Statement) -> str:
    if kind is Kind.SLEEP:
        return "sleep"
    if kind is not Kind.SUBSTANCE:
        return ""
    hit = pattern(_LEXICON, "substance").search(statement.text) or pattern(_LEXICON, "substance").search(
        statement.asked
    )
    return hit.group(0).lower() if hit else ""


def _certainty(run: list[Statement]) -> Certainty:
    return run[0].certainty


_ECHO_STOP = frozenset(
    [
        "that",
        "this",
        "with",
        "what",
        "your",
        "you're",
        "have",
        "like",
        "just",
        "know",
        "well",
        "yeah",
        "okay",
        "about",
        "when",
        "them",
        "they",
        "there",
        "been",
    ]
)


def read_quotes(said: Sequence[Statement]) -> tuple[Mention, ...]:
    """Words worth keeping as said: given back by the clinician, asked to be said again, or written down
    exactly.
    """
    found: list[Mention] = []
    for at, statement in enumerate(said):
        if statement.speaker == THERAPIST or not 4 <= statement.words <= 18 or statement.is_question:
            continue
        reply = _reply(said, at)
        if (
            reply
            and (
                _echoes(statement.text, reply)
                or re.search(
                    r"\b(?:write that down|say (?:that|it) again|exactly that|put that on)\b", reply, re.I
                )
            )
            and (
                statement.certainty in (Certainty.FACT, Certainty.CORRECTED)
                and not numbers_said(statement.text)
                and _is_telling(statement)
            )
        ):
            found.append(
                Mention(
                    Kind.QUOTE,
                    statement.text,
                    (statement.evidence,),
                    speaker=statement.speaker,
                    about=statement.about,
                )
            )
    return tuple(found)


def _reply(said: Sequence[Statement], at: int) -> str:
    turn = said[at].turn
    later = [s for s in said[at + 1 : at + 12] if s.turn > turn]
    first = later[0] if later else None
    if first is None or first.speaker != THERAPIST:
        return ""
    return " ".join(s.text for s in later if s.turn == first.turn)


def _is_telling(statement: Statement) -> bool:
    return pattern(_LEXICON, "symptom").search(statement.text) is not None or len(_words(statement.text)) >= 3


def _echoes(said: str, reply: str) -> bool:
    mine = _words(said)
    return len(mine) >= 2 and len(mine & _words(reply)) >= max(2, 0.7 * len(mine))


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z']{4,}", text.lower()) if w not in _ECHO_STOP}


def without_self_labels(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions without those that carry a demeaning self-label: left out, as the clinician may quote it
    herself.
    """
    return tuple(m for m in mentions if m.origin != "session" or not is_self_label(m.said))
