"""The risk reader: high recall by patterns, question and answer together, asserted or denied, by whom and
of whom.

No model decides anything here. What was asked and denied is a finding of its own. An obsession is not an
intent, a
figure of speech is not a crisis, another person's danger is not the client's, and last spring is not today.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from holdspace.engines.drafting.lexicon import matching, pattern
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, When
from holdspace.engines.drafting.observe_safety import read_injuries, read_plan_steps
from holdspace.engines.drafting.people import OTHER
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.statement import Statement, is_no, is_yes
from holdspace.engines.note import Evidence, Question
from holdspace.engines.transcript import THERAPIST

_LEXICON = "risk"
SCREENED = (
    "suicidal ideation",
    "suicide plan",
    "suicidal intent",
    "self-harm",
    "homicidal ideation",
    "hallucinations",
    "paranoia",
    "partner violence",
    "abuse or neglect",
    "attempt",
    "means",
    "children present",
    "safety tonight",
)
"""Categories in which a denial is itself a finding."""
_TOPIC = {
    "attempt": "suicide attempts",
    "suicide plan": "a suicide plan",
    "suicidal intent": "suicidal intent",
    "means": "access to firearms",
}
_NARROWER = (
    ("partner violence", re.compile(r"\b(?:neck|throat|chok\w*|strangl\w*)\b", re.I), "strangulation"),
    (
        "partner violence",
        re.compile(r"\b(?:kids?|child\w*|baby|son|daughter)\b", re.I),
        "harm to the children",
    ),
    ("partner violence", re.compile(r"\b(?:gun|knife|weapon)\b", re.I), "threats with a weapon"),
    ("partner violence", re.compile(r"\b(?:sex\w*|forced)\b", re.I), "sexual coercion"),
    (
        "suicidal intent",
        re.compile(r"\b(?:get ready|write (?:anything|a note)|look for|do anything|anything to)\b", re.I),
        "preparatory behavior",
    ),
    ("attempt", re.compile(r"\b(?:other|another|since|new|besides)\b", re.I), "other suicide attempts"),
)
"""What exactly was asked: a narrow question denied is not the whole category denied."""
_ALWAYS_FACT = ("children present", "safety tonight")
"""Topics of which the whole answer is the finding, whether or not a yes or a no stands in it."""
_FACT_TOPICS = ("means", "safety plan", "protective factor", "driving after drinking", *_ALWAYS_FACT)
"""Topics of which a plain answer, neither yes nor no, is itself the finding."""
_TOLD_NEVER = ("suicide plan", "suicidal intent")
"""Too common as words ("the plan", "I meant to") to be read without having been asked."""
_OTHER_PLAN = re.compile(
    r"\bplans? (?:to|for|on|of|about) (?!(?:kill|end|hurt|harm|die|do (?:it|that|anything)|act|suicide"
    r"|yourself|your)\w*)"
    r"|\b(?:treatment|safety|crisis|care|performance|lesson|meal|payment|week's|weekend) plan|\bplan(?:s|ned)? (?:this"
    r"|next|today|tomorrow)",
    re.I,
)
"""A plan of something else ("no plan to move today?") screens for nothing."""
_FIGURE_OF_SPEECH = re.compile(
    r"\b(?:(?:gonna|going to|will|'ll|could|would|might|is|are|was|were|'s|'re)? ?(?:be"
    r" )?kill(?:s|ed|ing)? (?:me|it|time|for)\b(?! (?:and|if he))"
    r"|my \w+ (?:is|are) killing me|dying (?:to|for|of (?:laughter|boredom|embarrass\w+))|to"
    r" death\b|dead (?:tired|serious|last|end|line|weight|body|person)|deadline|drop dead"
    r"|could(?:'ve| have) (?:killed|strangled) (?:him|her|them)|bit the bullet|shot (?:in|down"
    r"|of)|dead in a month|sleep like a dead|kill for|sink through the floor|die of"
    r" embarrass\w+|felt like dying of)",
    re.I,
)
_OBSESSION = re.compile(
    r"\b(?:intrusive|obsess\w+|compuls\w+|OCD|ritual\w*|unwanted|image (?:of|pops?)|images?\b"
    r"|pops? (?:in|into)|what if I|horrif\w+|makes me sick|scares me|neutraliz\w+|the thought"
    r" (?:comes|that I))",
    re.I,
)
_HISTORICAL = re.compile(
    r"\b(?:in the (?:spring|summer|fall|winter)|back in|used to|when i was|years? ago|last"
    r" (?:year|month|spring|summer|fall|winter)|in (?:19|20)\d\d|in (?:january|february|march"
    r"|april|may|june|july|august|september|october|november|december)|as a teen\w*|before the"
    r"|ago\b|was thinkin'?g?|haven't had that since|not since|ain't had that since)",
    re.I,
)
_DIRECTION = re.compile(
    r"\b(?:anyone|anybody|somebody|someone|others?) else|other people|another person|hurting"
    r" (?:anyone|anybody|others)",
    re.I,
)
_PLAIN_SUICIDE = re.compile(
    r"\bsuicid|\bkill(?:ing)? (?:your|my)self|\bend(?:ing)? (?:your|my) life|\b(?:die|dying|dead|alive)\b",
    re.I,
)
_ANSWER_SENTENCES = 4
_TURNS_BACK = re.compile(
    r"\b(?:doing (?:the|that|my) thing|that's not(?: true|,|\.)|not true|i(?:'m| am) lying"
    r"|that(?:'s| was) a lie|i lied|to be honest|"
    r"say no because|i always say no)",
    re.I,
)
"""What shows that a "no" is being taken back; the next answer then belongs to the same question."""


def read_risk(said: Sequence[Statement]) -> tuple[tuple[Mention, ...], tuple[Question, ...]]:
    """Mentions of risk and safety, and what stays unanswered."""
    obsessional = sum(bool(_OBSESSION.search(s.text)) for s in said) >= 3
    found: list[Mention] = []
    asked: list[Question] = []
    answered: set[tuple[int, int]] = set()
    for at, statement in enumerate(said):
        if statement.speaker == THERAPIST and (topics := _screens(statement)):
            mentions, used, question = _answered(said, at, topics)
            found += mentions
            answered |= used
            asked += [question] if question else []
    for at, statement in enumerate(said):
        if (statement.turn, statement.place) not in answered:
            found += [_in_context(m, said, at) for m in _told(statement, is_obsessional=obsessional)]
    return _consistent([*found, *read_injuries(said), *read_plan_steps(said)]), tuple(asked)


def _consistent(found: list[Mention]) -> tuple[Mention, ...]:
    """Without the general denial of what is reported elsewhere: a bruise told outweighs "no" to one
    question.
    """
    reported = {
        m.status
        for m in found
        if m.polarity is Polarity.ASSERTED and m.when is not When.PAST and m.about != "someone else"
    }
    affirmed = {m.topic for m in found if m.status == "affirmed"}
    general = {"partner violence", "abuse or neglect"} & reported
    return tuple(
        m
        for m in found
        if not (m.polarity is Polarity.DENIED and m.status == "screened" and m.topic in general | affirmed)
    )


def _in_context(mention: Mention, said: Sequence[Statement], at: int) -> Mention:
    """A short sentence ("But I drove home.") is told with the sentences before it in the same turn."""
    statement = said[at]
    if statement.words > 8 or mention.polarity is Polarity.DENIED:
        return mention
    before = [
        s for s in said[max(0, at - 3) : at] if s.turn == statement.turn and not s.is_question and s.words > 1
    ]
    text = " ".join([*(s.text for s in before[-2:]), statement.text])
    return replace(mention, said=text, evidence=(*(s.evidence for s in before[-2:]), *mention.evidence))


def _screens(statement: Statement) -> list[str]:
    """What a clinician's sentence screens for; statements about the client ("no thoughts of hurting
    anyone") count too.
    """
    text = statement.text
    if (
        not (statement.is_question or re.search(r"\b(?:no|nothing|nobody|any|and no)\b", text, re.I))
        or statement.words > 60
    ):
        return []
    topics = [t for t in matching(_LEXICON, text) if t in SCREENED]
    if _OTHER_PLAN.search(text):
        topics = [t for t in topics if t not in _TOLD_NEVER]
    if _DIRECTION.search(text) and "self-harm" not in topics and not _PLAIN_SUICIDE.search(text):
        topics = [t for t in topics if t not in ("suicidal ideation",)]
    if (
        re.search(r"\bhurting anyone else\b|\bnobody you're thinking of hurting", text, re.I)
        and "homicidal ideation" not in topics
    ):
        topics.append("homicidal ideation")
    return topics


def _answered(
    said: Sequence[Statement], at: int, topics: list[str]
) -> tuple[list[Mention], set[tuple[int, int]], Question | None]:
    screen = said[at]
    if any(s.turn == screen.turn and _screens(s) for s in said[at + 1 : at + 4]) and not screen.is_question:
        return [], set(), None
    answer = _answer_to(said, at)
    if not answer:
        return (
            [],
            set(),
            Question(
                "A risk question was asked and no answer was heard. What was the answer?", (screen.evidence,)
            ),
        )
    if (fact := _not_a_denial(screen, answer, topics)) is not None:
        return (
            [fact],
            {(e.turn or 0, s.place) for e in fact.evidence for s in answer if s.text == e.quote},
            None,
        )
    used: set[tuple[int, int]] = set()
    found: list[Mention] = []
    denial = _denial(answer, is_fact=all(t in _FACT_TOPICS for t in topics))
    if denial:
        used |= {(s.turn, s.place) for s in denial}
        evidence = (screen.evidence, *(s.evidence for s in denial))
        text = " ".join(s.text for s in denial)
        found += [
            Mention(
                Kind.RISK,
                text,
                evidence,
                speaker=answer[0].speaker,
                about=answer[0].speaker,
                polarity=Polarity.DENIED,
                topic=_asked_topic(t, screen.text),
                status="screened",
                salience=1.0,
            )
            for t in topics
        ]
    elif _affirms(answer):
        used |= {(s.turn, s.place) for s in answer[:3]}
        found.append(_affirmed(screen, answer, topics))
    elif any(t in _FACT_TOPICS for t in matching(_LEXICON, screen.text)):
        told = [s for s in answer if s.words > 1][:4]
        used |= {(s.turn, s.place) for s in told}
        found += (
            [_fact(screen, told, next(t for t in matching(_LEXICON, screen.text) if t in _FACT_TOPICS))]
            if told
            else []
        )
    elif not any(any(_told(s, is_obsessional=False)) for s in answer):
        return (
            found,
            used,
            Question(
                "The answer to a risk question was not clear. What was it?",
                (screen.evidence, answer[0].evidence),
            ),
        )
    return found, used, None


_OF_ANOTHER = re.compile(
    r"\b(?i:has|did|does|had|is|was) (?:he|she|they|your (?:\w+ )?\w+|[A-Z][a-z]+) (?:ever |also |just )?"
    r"(?:\w+ to )?(?P<did>threaten\w*|hurt\w*|hit|touch\w*|harm\w*|tr(?:y|ied)|talk\w*|attempt\w*|kill\w*)"
)


def _asks_of_another(screen: Statement, topics: Sequence[str]) -> str:
    """What is asked of somebody else's doing ("has he threatened to kill himself?"); "" if of the client's."""
    asked = _OF_ANOTHER.search(screen.text)
    if asked is None:
        return ""
    if "suicidal ideation" in topics or "attempt" in topics:
        return "another person's threat of suicide"
    harmed = re.search(r"\b(?:kids|children|child|baby|boys?|girls?|son|daughter)\b", screen.text, re.I)
    return "harm to the children" if harmed and "homicidal ideation" in topics else ""


def _not_a_denial(screen: Statement, answer: list[Statement], topics: Sequence[str]) -> Mention | None:
    """An answer that is no screening of the client: told as it was said, of whomever it was asked."""
    told = [s for s in answer if s.words > 1 or is_no(s.text)][:4]
    if not any(s.words > 2 or is_no(s.text) for s in told):
        return None
    if topic := _asks_of_another(screen, topics):
        return _of_another(screen, told, topic)
    if topics[0] in _ALWAYS_FACT and any(s.words > 3 for s in told):
        return _whole_fact(screen, told, topics[0])
    return None


def _of_another(screen: Statement, told: list[Statement], topic: str) -> Mention:
    denied = is_no(told[0].text)
    return Mention(
        Kind.RISK,
        " ".join(s.text for s in told),
        (screen.evidence, *(s.evidence for s in told)),
        speaker=told[0].speaker,
        about=told[0].speaker if denied else OTHER,
        polarity=Polarity.DENIED if denied else Polarity.ASSERTED,
        topic=topic,
        status="screened" if denied else "partner violence",
        salience=1.0,
    )


def _asked_topic(topic: str, question: str) -> str:
    narrower = next((name for of, cue, name in _NARROWER if of == topic and cue.search(question)), "")
    return narrower or _TOPIC.get(topic, topic)


def _fact(screen: Statement, told: list[Statement], topic: str) -> Mention:
    """ "And the hunting rifles?" – "Those are at Stan's": the question names what the answer is about."""
    subject = pattern(_LEXICON, topic).search(screen.text)
    text = " ".join(s.text for s in told)
    named = subject is not None and subject.group(0).lower() in text.lower()
    lead = "" if named or subject is None else f"{subject.group(0)[0].upper()}{subject.group(0)[1:]}: "
    return Mention(
        Kind.RISK,
        lead + text,
        (screen.evidence, *(s.evidence for s in told)),
        speaker=told[0].speaker,
        about=told[0].speaker,
        topic=topic,
        status=topic,
        salience=1.0,
    )


def _whole_fact(screen: Statement, told: list[Statement], topic: str) -> Mention:
    lead = {"children present": "Children", "safety tonight": "Tonight"}[topic]
    return Mention(
        Kind.RISK,
        f"{lead}: " + " ".join(s.text for s in told),
        (screen.evidence, *(s.evidence for s in told)),
        speaker=told[0].speaker,
        about=told[0].speaker,
        topic=topic,
        status=topic,
        salience=1.0,
    )


def _answer_to(said: Sequence[Statement], at: int) -> list[Statement]:
    """The sentences of the next turn by someone else, up to a few."""
    turn = next((s.turn for s in said[at + 1 :] if s.speaker != THERAPIST), None)
    if turn is None or turn > said[at].turn + 2:
        return []
    answer = [s for s in said if s.turn == turn and s.certainty is not Certainty.JOKE][
        : 2 * _ANSWER_SENTENCES
    ]
    if not answer:
        return []
    if any(_TURNS_BACK.search(s.text) for s in answer) and not any(is_yes(s.text) for s in answer):
        later = next((s.turn for s in said if s.turn > turn and s.speaker == answer[0].speaker), None)
        answer += [s for s in said if s.turn == later][: 2 * _ANSWER_SENTENCES]
    return answer


def _denial(answer: list[Statement], *, is_fact: bool) -> list[Statement]:
    """The sentences that deny, or [] where the answer turns to yes ("No. I mean. Yes, four days").

    Asked for a fact ("and the rifles?"), only a plain no denies: "I don't have the key" tells where they are.
    """
    lead = answer[:_ANSWER_SENTENCES]
    if any(
        is_yes(s.text)
        and not is_no(s.text)
        and s.place
        and not re.match(r"(?:yeah|yes),? no\b", s.text, re.I)
        for s in lead
    ) and any(
        re.search(r"\b(?:doing the thing|not true|that's not|lie|honest|truth|i mean)\b", s.text, re.I)
        for s in lead
    ):
        return []
    turned = next((n for n, s in enumerate(answer) if _TURNS_BACK.search(s.text)), None)
    if turned is not None and any(is_yes(s.text) for s in answer[turned:]):
        return []
    denying = [s for s in lead if is_no(s.text) or re.match(r"(?:yeah|yes|well),? no\b", s.text, re.I)]
    if not denying and not is_fact:
        denying = [
            s
            for s in answer
            if re.match(
                r"(?:but )?(?:no\b|i (?:don't|do not|never|haven't|would never|wouldn't)\b|not (?:at all"
                r"|anymore|now))",
                s.text,
                re.I,
            )
        ][:2]
    denying = [s for s in denying if not _HISTORICAL.search(s.text) or is_no(s.text)]
    return (
        denying[:2]
        if denying and not re.match(r"not really\b|not exactly\b", denying[0].text, re.I)
        else denying[1:2]
    )


_NOT_MEANT = (Certainty.RETRACTED, Certainty.JOKE)


def _affirms(answer: list[Statement]) -> bool:
    return any(is_yes(s.text) and s.certainty not in _NOT_MEANT for s in answer)


def _affirmed(screen: Statement, answer: list[Statement], topics: list[str]) -> Mention:
    meant = [s for s in answer if s.certainty not in _NOT_MEANT]
    start = 0 if numbers_said(meant[0].text) else next(n for n, s in enumerate(meant) if is_yes(s.text))
    told = meant[start : start + 4]
    detail = re.sub(r"^(?:yes|yeah|yep|sure)[.,!]?\s*", "", " ".join(s.text for s in told), flags=re.I)
    text = detail or " ".join(s.text for s in told)
    when = When.PAST if _HISTORICAL.search(text) else When.NOW
    evidence = (screen.evidence, *(s.evidence for s in told))
    return Mention(
        Kind.RISK,
        text.strip(),
        evidence,
        speaker=told[0].speaker,
        about=told[0].speaker,
        topic=topics[0],
        status="affirmed",
        when=when,
    )


_THREAT = re.compile(
    r"\b(?:he|she|they|[A-Z][a-z]+)(?:'d|'s)? (?:said|says|told me|texted|yelled|goes|went|was like|swore|promised)\b.*"
    r"(?:\b(?:I'll|I will|I'm (?:going to|gonna)|(?:he|she|they)(?:'d| would| will|'ll)|you'll)\b.{0,40}"
    r"\b(?:kill|hurt|bury|in the ground|shoot|stab|burn|beat|break|ruin|find (?:me|you)|regret"
    r"|(?:take|never see) (?:\w+ ){0,2}(?:kids|children|baby|boys?|girls?)|never see))\b",
)


_ASKS_YOU = re.compile(
    r"\b(?:you|your|yourself)\b"
    r"|^(?:and )?(?:(?:is|are) there )?(?:any|a) (?:\w+ )?(?:thoughts?|plans?|urges?|guns?|firearms?|weapons?"
    r"|pills?)\b",
    re.I,
)
"""A screening question heard under the wrong label is still a question."""
_GRAVE = ("threat", "partner violence", "abuse or neglect", "means", "attempt", "safety plan")
"""Topics told unasked that a note must not lack."""


def _told(statement: Statement, *, is_obsessional: bool) -> Iterator[Mention]:
    """What somebody said of risk without being screened for it."""
    text = statement.text
    topics = matching(_LEXICON, text)
    if statement.speaker != THERAPIST and _THREAT.search(text):
        topics = ["threat", *topics]
    if statement.speaker == THERAPIST:
        topics = [t for t in topics if t in ("means", "safety plan")] if not statement.is_question else []
    asks_of_client = statement.speaker == THERAPIST or _ASKS_YOU.search(text) is not None
    if not topics or (statement.is_question and asks_of_client):
        return
    bare = _FIGURE_OF_SPEECH.sub(" ", text)
    topics = [
        t for t in topics if t not in _TOLD_NEVER and (t == "threat" or pattern(_LEXICON, t).search(bare))
    ]
    if not topics or statement.words < 3:
        return
    topic = topics[0]
    mention = Mention(
        Kind.RISK,
        text,
        _own(statement),
        speaker=statement.speaker,
        about=statement.about,
        polarity=_risk_polarity(statement, topic),
        certainty=statement.certainty,
        when=When.PAST if _HISTORICAL.search(text) else statement.when,
        topic=_TOPIC.get(topic, topic),
        status=topic,
        salience=0.8 if topic in _GRAVE else 0.5,
    )
    if is_obsessional and topic in (
        "homicidal ideation",
        "suicidal ideation",
        "self-harm",
        "abuse or neglect",
    ):
        mention = replace(mention, kind=Kind.SYMPTOM, topic="unwanted intrusive thoughts", status="obsession")
    yield mention


def _own(statement: Statement) -> tuple[Evidence, ...]:
    return (statement.evidence,)


def _risk_polarity(statement: Statement, topic: str) -> Polarity:
    """A denial only where the negation governs the risk itself; stored guns "I don't have the key to" are
    asserted.
    """
    if topic in ("means", "safety plan", "protective factor", "threat", *_ALWAYS_FACT):
        return Polarity.ASSERTED
    hit = pattern(_LEXICON, topic).search(statement.text)
    before = statement.text[: hit.start()] if hit else ""
    near = " ".join(before.split()[-7:])
    denied = re.search(
        r"\b(?:no|not|never|nothing|don't|didn't|doesn't|haven't|wasn't|ain't|wouldn't)\b", near, re.I
    )
    if hit and re.match(r"(?:not|n't|never)", hit.group(0), re.I):
        return Polarity.ASSERTED
    return Polarity.DENIED if denied else Polarity.ASSERTED
