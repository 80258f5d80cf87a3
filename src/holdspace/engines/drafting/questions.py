"""The handful of questions a careful colleague would ask before she signs: what was not asked, not seen,
not sure.

A missing finding is never filled in. Each question is asked once, and there are at most `MOST` of them.
"""

import re
from collections.abc import Iterable, Sequence

from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.note import Evidence, Question
from holdspace.engines.transcript import Turn, Word

MOST = 8
DOUBTFUL = 0.5
"""Word probability under which a word carrying a number, drug or risk is asked about."""

_WEIGHTY = re.compile(
    r"\d|^(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)(?:-\w+)?$"
    r"|^(?:suicid\w*|kill\w*|die|dying|dead|hurt\w*|harm\w*|gun|pills?|overdos\w*|mg|milligrams?"
    r"|\w+(?:ine|pram|azole|pine|zepam|olol|trexone))$",
    re.I,
)
_NEGATIONS = frozenset({"no", "not", "never", "don't", "didn't", "haven't", "isn't", "wasn't", "won't"})
_SUICIDE = re.compile(
    r"suicid|\bSI\b|not wanting to be alive|end(?:ing)? your life|kill(?:ing)? yourself|hurt(?:ing)? yourself"
    r"|wake up|better off dead",
    re.I,
)


def questions_for(
    mentions: Sequence[Mention], turns: Iterable[Turn], jottings: str, asked: Iterable[Question]
) -> tuple[Question, ...]:
    """All questions of a draft: those the steps raised, then doubtful hearing, then what is missing."""
    turns = tuple(turns)
    raised = [*asked, *doubtful_hearing(turns)]
    if not _risk_settled(mentions, jottings):
        raised.append(
            Question(
                "Suicide risk was not asked about in what was heard. Was it assessed, and with what result?",
                (),
            )
        )
    if not any(m.kind is Kind.OBSERVED for m in mentions):
        raised.append(
            Question(
                "Nothing about mental status was jotted. Did you observe anything that belongs in the note?",
                (),
            )
        )
    if not any(m.kind is Kind.NEXT_APPOINTMENT for m in mentions):
        raised.append(Question("No next appointment was heard. When do you meet next?", ()))
    unique = {question.evidence or question.text: question for question in raised}
    return tuple(unique.values())[:MOST]


def _risk_settled(mentions: Iterable[Mention], jottings: str) -> bool:
    return bool(_SUICIDE.search(jottings)) or any(
        m.kind is Kind.RISK and ("suicid" in m.topic.lower() or _SUICIDE.search(m.said) is not None)
        for m in mentions
    )


def doubtful_hearing(turns: Iterable[Turn]) -> list[Question]:
    """One question per turn in which a doubtful word carries a number, a drug, a risk or a denial."""
    return [question for turn in turns if (question := _doubt_in(turn)) is not None]


def _doubt_in(turn: Turn) -> Question | None:
    doubtful = [word for word in turn.words if word.probability < DOUBTFUL and _carries(word)]
    if not doubtful:
        return None
    heard = ", ".join(f"“{word.text.strip()}”" for word in doubtful)
    minute, second = divmod(int(doubtful[0].start_s), 60)
    return Question(
        f"Heard unclearly at {minute}:{second:02d}: {heard}. Is it right?", (Evidence(turn.index, turn.text),)
    )


def _carries(word: Word) -> bool:
    bare = word.text.strip(" .,?!;:'\"").lower()
    return bool(_WEIGHTY.search(bare)) or bare in _NEGATIONS
