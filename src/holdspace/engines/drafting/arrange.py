"""Put checked sentences into the sections of a format, in the order a reader expects, and name the plan's
objectives.

A kind has one section per format, so the same sentences appear in every format and none is lost between them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from holdspace.engines.drafting.format import OBJECTIVES, NoteFormat
from holdspace.engines.drafting.mention import Kind
from holdspace.engines.drafting.session import Goal
from holdspace.engines.drafting.verify import stem
from holdspace.engines.drafting.wording import Proposed, Voice
from holdspace.engines.note import Draft, Evidence, LeftOut, Question, Section, Sentence

_RANK = {
    Kind.OBSERVED: 0,
    Kind.SCORE: 1,
    Kind.HOMEWORK_DONE: 2,
    Kind.SLEEP: 5,
    Kind.SUBSTANCE: 6,
    Kind.MEDICATION: 7,
    Kind.HISTORY: 8,
    Kind.INTERVENTION: 9,
    Kind.IMPRESSION: 11,
    Kind.RISK: 12,
    Kind.NEXT_APPOINTMENT: 12,
}
_REPORTED = frozenset(
    {Kind.SYMPTOM, Kind.EVENT, Kind.SLEEP, Kind.SUBSTANCE, Kind.HISTORY, Kind.OTHER, Kind.RESPONSE}
)
_MIDDLE = 4
_LAST = 10_000


def arrange(
    supported: Sequence[Proposed],
    questions: Iterable[Question],
    left_out: Iterable[LeftOut],
    fmt: NoteFormat,
    *,
    goals: Sequence[Goal] = (),
    voice: Voice,
) -> Draft:
    """Lay a draft out. Sections that nothing belongs to stay, empty: a missing part is seen, not papered
    over.
    """
    placed: dict[str, list[tuple[Kind | None, Sentence]]] = {section.name: [] for section in fmt.sections}
    addressed = objectives_addressed(supported, goals)
    if addressed is not None:
        placed[fmt.section_for(OBJECTIVES)].append((None, addressed))
    for item in _once(sorted(supported, key=_order)):
        placed[fmt.section_for(item.mention.kind.value)].append((item.mention.kind, item.sentence))
    sections = tuple(
        Section(s.name, _introduced(_joined(placed[s.name], voice), voice)) for s in fmt.sections
    )
    return Draft(fmt.name, sections, tuple(questions), tuple(left_out))


def _once(items: Iterable[Proposed]) -> list[Proposed]:
    """Without a sentence that says word for word what stands already; the first keeps both evidences."""
    kept: list[Proposed] = []
    places: dict[str, int] = {}
    for item in items:
        words = " ".join(item.sentence.text.lower().split())
        place = places.setdefault(words, len(kept))
        if place == len(kept) or item.sentence.origin != "session":
            kept.append(item)
            continue
        first = kept[place]
        evidence = tuple(dict.fromkeys((*first.sentence.evidence, *item.sentence.evidence)))
        kept[place] = replace(first, sentence=replace(first.sentence, evidence=evidence))
    return kept


def _order(item: Proposed) -> tuple[int, int, int]:
    """By kind, then by the moment it was said; jottings before what was heard, in the order she wrote
    them.
    """
    turns = [e.turn for e in item.sentence.evidence if e.turn is not None]
    unheard = _LAST if item.mention.kind is Kind.COMMITMENT else -1
    return _RANK.get(item.mention.kind, _MIDDLE), min(turns, default=unheard), item.choice.place


def objectives_addressed(supported: Sequence[Proposed], goals: Sequence[Goal]) -> Sentence | None:
    """One line with the objectives this session's sentences touch, resting on the plan's own words."""
    said = {stem(w.strip(".,;:\"'")) for item in supported for w in item.sentence.text.split() if len(w) > 3}
    named = {item.mention.objective for item in supported if item.mention.objective}
    touched = [
        objective
        for goal in goals
        for objective in goal.objectives
        if objective.id in named or _touches(objective.text, said)
    ]
    if not touched:
        return None
    evidence = tuple(Evidence(None, f"{o.id}: {o.text}") for o in touched)
    return Sentence(f"Addressed {', '.join(o.id for o in touched)}.", "plan", evidence)


def _touches(objective: str, said: set[str]) -> bool:
    content = [w.strip(".,;") for w in objective.split() if len(w.strip(".,;")) > 4]
    return sum(stem(w) in said for w in content) >= 2


def _introduced(items: list[tuple[Kind | None, Sentence]], voice: Voice) -> tuple[Sentence, ...]:
    """In full sentences, every third client report is introduced in her own verb ("Client shared that he …").

    Adds no content: the pronoun the sentence began with becomes "<label> <saying> that <pronoun>".
    """
    if voice.style.is_fragments:
        return tuple(sentence for _, sentence in items)
    begins = f"{voice.client.subject.capitalize()} "
    out: list[Sentence] = []
    reports = 0
    for kind, sentence in items:
        if kind not in _REPORTED or sentence.origin != "session" or not sentence.text.startswith(begins):
            out.append(sentence)
            continue
        told = f"{voice.client.label} {voice.style.saying} that {sentence.text[0].lower()}{sentence.text[1:]}"
        out.append(replace(sentence, text=told) if reports % 3 == 0 else sentence)
        reports += 1
    return tuple(out)


def _joined(items: list[tuple[Kind | None, Sentence]], voice: Voice) -> list[tuple[Kind | None, Sentence]]:
    """Join what the client agreed to, up to three in a sentence: "Client will call, and will go"."""
    lead = f"{voice.client.label} {voice.style.will} "
    out: list[tuple[Kind | None, Sentence]] = []
    open_joins = 0
    for kind, sentence in items:
        begins = kind is Kind.COMMITMENT and sentence.origin == "session" and sentence.text.startswith(lead)
        if begins and open_joins and ". " not in sentence.text:
            earlier = out[-1][1]
            text = f"{earlier.text.removesuffix('.')}, and {voice.style.will} {sentence.text[len(lead) :]}"
            text = text.replace(", and ", ", ", 1) if open_joins == 2 else text
            evidence = tuple(dict.fromkeys((*earlier.evidence, *sentence.evidence)))
            out[-1] = (kind, replace(earlier, text=text, evidence=evidence))
            open_joins = (open_joins + 1) % 3
        else:
            out.append((kind, sentence))
            open_joins = int(begins)
    return out
