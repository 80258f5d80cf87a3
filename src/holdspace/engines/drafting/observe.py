"""From what was heard to mentions with evidence. Readers, each for one subject, over the same statements:

    turns → statements (who, of whom, asserted or denied, how certain, when)
          → risk · medication · scores · plans · interventions · topics and quotes
    jottings → her pieces, verbatim

Pure: the same turns give the same mentions, so a live session may call it on each new window. Only this
step and its
readers make evidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from holdspace.engines.drafting.jotted import read_jottings
from holdspace.engines.drafting.mention import Certainty, Kind, Mention
from holdspace.engines.drafting.observe_denial import read_denials
from holdspace.engines.drafting.observe_intervention import read_interventions
from holdspace.engines.drafting.observe_medication import read_medication
from holdspace.engines.drafting.observe_plan import (
    read_commitments,
    read_homework_done,
    read_next_appointment,
)
from holdspace.engines.drafting.observe_recap import read_recaps
from holdspace.engines.drafting.observe_risk import read_risk
from holdspace.engines.drafting.observe_score import read_scores
from holdspace.engines.drafting.observe_thread import denials_in_answers, in_thread
from holdspace.engines.drafting.observe_topic import read_quotes, read_topics, without_self_labels
from holdspace.engines.drafting.order import is_for_machine
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.read import Heard
from holdspace.engines.drafting.session import Goal
from holdspace.engines.drafting.statement import Statement
from holdspace.engines.drafting.statements import statements
from holdspace.engines.note import Question
from holdspace.engines.transcript import THERAPIST


@dataclass(frozen=True, slots=True)
class Found:
    """Everything mentioned, jottings first, and what only the clinician can settle."""

    mentions: tuple[Mention, ...]
    questions: tuple[Question, ...] = ()


def observe(
    heard: Heard, jottings: str = "", goals: Sequence[Goal] = (), *, parser: Parser, prior_note: str = ""
) -> Found:
    """Find what was mentioned. `prior_note` and the plan's measures only name a form nobody named aloud."""
    spoken = statements(heard.turns, parser, heard.former_names)
    said = tuple(s for s in spoken if not _is_order(s))
    orders = tuple(_order(s) for s in spoken if _is_order(s))
    risk, asked = read_risk(said)
    risk = denials_in_answers(risk, said)
    medication = _not_of_harm(read_medication(said), risk)
    record = [jottings, prior_note, *(f"{o.text} {o.measure}" for g in goals for o in g.objectives)]
    scores = read_scores(said, record)
    appointment = read_next_appointment(said)
    planned = _unclaimed(read_commitments(said), [*appointment])
    done = _unclaimed(read_homework_done(said), [*planned, *medication])
    claimed = _quotes([*risk, *medication, *planned, *done, *appointment])
    recaps = _unclaimed(read_recaps(said), [*risk, *medication, *planned, *appointment, *scores])
    told = without_self_labels(
        (*recaps, *read_denials(said), *in_thread(read_topics(said, claimed), said), *read_quotes(said))
    )
    mentions = (*risk, *medication, *scores, *done, *planned, *appointment, *told)
    placed = tuple(_with_objective(m, goals) for m in with_names(mentions, said))
    return Found((*read_jottings(jottings), *placed, *read_interventions(said), *orders), asked)


def _is_order(statement: Statement) -> bool:
    """Whether nothing may be read from it: the clinician's own directions to the client are homework."""
    if statement.certainty is not Certainty.ORDER:
        return False
    return statement.speaker != THERAPIST or is_for_machine(statement.text)


def _order(statement: Statement) -> Mention:
    return Mention(
        Kind.OTHER,
        statement.text,
        (statement.evidence,),
        speaker=statement.speaker,
        about=statement.about,
        certainty=Certainty.ORDER,
        salience=0.0,
    )


def with_names(mentions: Iterable[Mention], said: Sequence[Statement]) -> tuple[Mention, ...]:
    """Mentions of another person name them: "he had two beers" is told as "my brother had two beers".

    The sentence that named them is then evidence too, so that the name can be checked like any other word.
    """
    named = {(s.turn, s.text): s for s in said if s.told}
    return tuple(_with_name(m, named) for m in mentions)


def _with_name(mention: Mention, named: dict[tuple[int, str], Statement]) -> Mention:
    if mention.kind is Kind.QUOTE or mention.origin != "session":
        return mention
    for evidence in mention.evidence:
        statement = named.get((evidence.turn or 0, evidence.quote))
        if statement is None or statement.named_in is None or statement.text not in mention.said:
            continue
        before = mention.said[: mention.said.index(statement.text)]
        if statement.named_in.quote in before:
            continue
        return replace(
            mention,
            said=mention.said.replace(statement.text, statement.told, 1),
            evidence=tuple(dict.fromkeys((statement.named_in, *mention.evidence))),
        )
    return mention


def _quotes(mentions: Iterable[Mention]) -> set[tuple[int, str]]:
    return {(e.turn, e.quote) for m in mentions for e in m.evidence if e.turn is not None}


def _not_of_harm(medication: Iterable[Mention], risk: Iterable[Mention]) -> tuple[Mention, ...]:
    """Medication without pills told as a means or an attempt: those stand in the risk assessment."""
    harm = {e.quote for m in risk if m.status in ("attempt", "means", "affirmed") for e in m.evidence}
    return tuple(
        m for m in medication if m.quantities or m.status or not any(e.quote in harm for e in m.evidence)
    )


def _unclaimed(mentions: Iterable[Mention], others: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions whose own sentence no other reader has taken already."""
    taken = {m.said for m in others} | {e.quote for m in others for e in m.evidence}
    return tuple(m for m in mentions if m.said not in taken)


_TOO_COMMON = frozenset(
    [
        "per",
        "day",
        "week",
        "with",
        "from",
        "that",
        "have",
        "least",
        "nights",
        "two",
        "three",
        "each",
        "than",
        "more",
        "least",
        "self",
        "report",
        "client",
        "will",
    ]
)


def _with_objective(mention: Mention, goals: Sequence[Goal]) -> Mention:
    """Name the objective a mention bears on: two content words in common, the best one wins."""
    words = _words(mention.said) | _words(mention.topic)
    best, most = "", 1
    for objective in (o for g in goals for o in g.objectives):
        shared = len(words & (_words(objective.text) | _words(objective.measure)))
        if shared > most:
            best, most = objective.id, shared
    is_told = mention.kind not in (Kind.INTERVENTION, Kind.RISK)
    return replace(mention, objective=best) if best and is_told else mention


def _words(text: str) -> set[str]:
    return {w.strip(".,;:?!'\"").lower()[:6] for w in text.split() if len(w) > 3} - _TOO_COMMON
