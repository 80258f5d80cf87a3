"""How well speech was heard: which words are wrong, and who was taken for whom. Pure functions on plain values.

Words are compared as `wording` writes them. A recognised word belongs to the gold turns its middle lies in; one that
lies in none belongs to the nearest turn within half a second, for recognisers' times are loose.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.speech.wording import words_of

NEAR_S = 0.5
SHORT_S = 1.0


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """Who said what from when to when, in seconds. `text` is "" where only the speaker is known."""

    speaker: str
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A recognised word, times in seconds. `speaker` is a person's name or any label; "" says nobody was named.
    `doubtful`: the hearing itself is unsure whose word it is.
    """

    text: str
    start: float
    end: float
    speaker: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Edits:
    """What it takes to turn the words said into the words heard."""

    substituted: int
    dropped: int
    added: int
    said: int

    @property
    def rate(self) -> float:
        """The word error rate; above 1 when more was invented than said. 0 where nothing was said or heard."""
        return (self.substituted + self.dropped + self.added) / max(1, self.said)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many turns: given to the right speaker, and without any word heard in their time."""

    turns: int
    right: int
    unheard: int

    @property
    def of_heard(self) -> float:
        """Share right of the turns in which anything was heard; 1 where there are none."""
        heard = self.turns - self.unheard
        return self.right / heard if heard else 1.0

    @property
    def of_all(self) -> float:
        """Share right of all turns: an unheard turn is wrong. 1 where there are none."""
        return self.right / self.turns if self.turns else 1.0


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who was taken for whom. `doubtful` are the heard turns most of whose words the hearing marked, `sure` the other
    heard turns. `outside` are recognised words near no turn; they are in no other figure.
    """

    person_of: Mapping[str, str]
    turns: Tally
    short: Tally
    sure: Tally
    doubtful: Tally
    words: int
    words_right: int
    outside: int

    @property
    def of_words(self) -> float:
        """Share of the recognised words given to somebody who spoke at that time; 1 where there are none."""
        return self.words_right / self.words if self.words else 1.0


def word_errors(said: str, heard: str) -> Edits:
    """The fewest edits between two texts; of several ways the one that a dynamic program finds first.

    Takes the product of their lengths: half a minute for a session of fifty minutes, a second for one of three.
    """
    reference, recognised = words_of(said), words_of(heard)
    row = [(n, 0, 0, n) for n in range(len(recognised) + 1)]
    for dropped, word in enumerate(reference, 1):
        above, row = row, [(dropped, 0, dropped, 0)]
        for column, other in enumerate(recognised, 1):
            row.append(_cheapest(above[column - 1], above[column], row[-1], is_same=word == other))
    _, substituted, dropped, added = row[-1]
    return Edits(substituted, dropped, added, len(reference))


def word_errors_of(gold: Iterable[GoldTurn], heard: Iterable[HeardWord]) -> Edits:
    """The same for a whole session: turns in the order they began, words in the order they were heard.

    Where people overlap the two orders differ a little: perfect hearing of one of our dialogues costs up to 0.01.
    """
    said = " ".join(turn.text for turn in sorted(gold, key=lambda turn: turn.start))
    return word_errors(said, " ".join(word.text for word in sorted(heard, key=lambda word: word.start)))


def speakers(
    gold: Sequence[GoldTurn], heard: Sequence[HeardWord], *, named: Collection[str] = ()
) -> Speakers:
    """Whose turns and words were given to the right person.

    `named` are people the hearing knows by name (the therapist once enrolled, everybody on a call): such a label means
    that person and nobody else may be that person. The other labels are matched one to one with the other people so
    that most words come out right; a label left over is nobody. While people overlap, a word belongs to the turn of the
    one it was given to, and to all of their turns when it was given to somebody else.
    """
    places = [_turns_at(gold, word) for word in heard]
    inside = [(word, turns) for word, turns in zip(heard, places, strict=True) if turns]
    person_of = _best_match(gold, inside, named)
    in_turn: list[list[HeardWord]] = [[] for _ in gold]
    for word, turns in inside:
        own = [number for number in turns if gold[number].speaker == person_of.get(word.speaker)]
        for number in own or turns:
            in_turn[number].append(word)
    judged = [
        (turn, words, _is_right(turn, words, person_of)) for turn, words in zip(gold, in_turn, strict=True)
    ]
    doubted = [2 * sum(word.doubtful for word in words) > len(words) for _, words, _ in judged]
    right = [any(gold[n].speaker == person_of.get(word.speaker) for n in turns) for word, turns in inside]
    return Speakers(
        person_of=person_of,
        turns=_tally(judged),
        short=_tally(case for case in judged if case[0].end - case[0].start < SHORT_S),
        sure=_tally(case for case, doubt in zip(judged, doubted, strict=True) if case[1] and not doubt),
        doubtful=_tally(case for case, doubt in zip(judged, doubted, strict=True) if doubt),
        words=len(inside),
        words_right=sum(right),
        outside=len(heard) - len(inside),
    )


_Cost = tuple[int, int, int, int]
"""Edits in all, substituted, dropped, added."""
_Judged = tuple[GoldTurn, list[HeardWord], bool]


def _cheapest(diagonal: _Cost, above: _Cost, left: _Cost, *, is_same: bool) -> _Cost:
    """The cheapest way to a cell: both words, a word of the reference alone, a heard word alone."""
    if is_same:
        return diagonal
    return min(
        (diagonal[0] + 1, diagonal[1] + 1, diagonal[2], diagonal[3]),
        (above[0] + 1, above[1], above[2] + 1, above[3]),
        (left[0] + 1, left[1], left[2], left[3] + 1),
        key=lambda cost: cost[0],
    )


def _turns_at(gold: Sequence[GoldTurn], word: HeardWord) -> list[int]:
    """The turns a word lies in, by number: more than one where people overlap, the nearest where it lies in none."""
    middle = (word.start + word.end) / 2
    away = [max(turn.start - middle, middle - turn.end, 0.0) for turn in gold]
    nearest = min(away, default=NEAR_S + 1)
    if nearest > NEAR_S:
        return []
    return [n for n, far in enumerate(away) if far == 0.0] or [away.index(nearest)]


def _best_match(
    gold: Sequence[GoldTurn], inside: Sequence[tuple[HeardWord, list[int]]], named: Collection[str]
) -> dict[str, str]:
    """Label → person. Tries, label by label, every set of people already taken: exact, and few people speak."""
    shared = Counter(
        (word.speaker, person)
        for word, turns in inside
        for person in {gold[number].speaker for number in turns}
    )
    labels = sorted({word.speaker for word, _ in inside} - {"", *named})
    people = sorted({turn.speaker for turn in gold} - set(named))
    best: dict[frozenset[str], tuple[int, dict[str, str]]] = {frozenset(): (0, {})}
    for label in labels:
        for taken, (words, match) in list(best.items()):
            for person in (person for person in people if person not in taken):
                now, gained = taken | {person}, words + shared[label, person]
                if gained > best.get(now, (-1, {}))[0]:
                    best[now] = (gained, {**match, label: person})
    _, match = max(best.values(), key=lambda found: found[0])
    return {**{name: name for name in named}, **match}


def _is_right(turn: GoldTurn, words: Sequence[HeardWord], person_of: Mapping[str, str]) -> bool:
    """Whether most words of a turn were given to its speaker; a tie between two is wrong."""
    most = Counter(word.speaker for word in words).most_common(2)
    is_tie = len(most) == 2 and most[0][1] == most[1][1]
    return bool(most) and not is_tie and person_of.get(most[0][0]) == turn.speaker


def _tally(judged: Iterable[_Judged]) -> Tally:
    """Judged turns, counted."""
    cases = list(judged)
    return Tally(len(cases), sum(right for _, _, right in cases), sum(not words for _, words, _ in cases))
