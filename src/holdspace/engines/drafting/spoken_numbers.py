"""Numbers as said, with their value and place: "eighty-five" → 85, "five and a half" → 5.5, "a hundred and
ten" → 110.
"""

import re
from dataclasses import dataclass

ONES = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_SMALL = "|".join(sorted(ONES, key=len, reverse=True))
_LARGE = "|".join(TENS)
_UNDER_100 = rf"(?:(?:{_LARGE})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\b)?|(?:{_SMALL}))"
_HUNDREDS = "one|two|three|four|five|six|seven|eight|nine"
_PAIRED = (
    rf"(?<!at )(?<!till )(?:{_HUNDREDS})-(?:twenty|fifty|sixty|seventy|eighty|ninety)(?:-(?:{_HUNDREDS}))?\b"
    r"|one (?:fifty|twenty-five|seventy-five)\b"
)
"""A dose or price said in pairs: "one-fifty" is 150, never 1 and 50. "three-thirty" and "four-forty-five" are times."""
_NUMBER = re.compile(
    rf"(?<![\w.])(?:(?P<digits>\d[\d,]*(?:\.\d+)?)|(?P<hundreds>(?:a|{_SMALL}) hundred)"
    rf"(?:(?: and)? (?P<rest>{_UNDER_100}))?"
    rf"|(?P<paired>{_PAIRED})"
    rf"|(?P<point>(?:(?:{_SMALL}) )?point (?:{_SMALL}))|(?P<under>{_UNDER_100}))"
    r"(?P<half> and a half)?\b(?!-year)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a text: its value and the characters that say it."""

    value: float
    start: int
    end: int


def numbers_said(text: str) -> tuple[Said, ...]:
    """All cardinal numbers in order. Ordinals (dates) and "one of them" are not numbers here."""
    found = []
    for match in _NUMBER.finditer(text):
        if match.group(0).lower() == "one" and _is_pronoun(text, match):
            continue
        if re.match(
            r"(?:st|nd|rd|th)\b|-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b",
            text[match.end() :],
        ):
            continue
        found.append(Said(_value(match), match.start(), match.end()))
    return tuple(found)


def _is_pronoun(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip().lower()
    after = text[match.end() :].lower()
    if re.search(
        r"\b(?:that|this|the|which|another|every|no|any|each|last|first|next|bad|good|big|little|right)$",
        before,
    ):
        return True
    return re.match(r" (?:of|thing|i|that|who|day|more|time i|where)\b", after) is not None


def _value(match: re.Match[str]) -> float:
    if digits := match.group("digits"):
        value = float(digits.replace(",", ""))
    elif hundreds := match.group("hundreds"):
        first = hundreds.lower().split()[0]
        value = 100.0 * (1 if first == "a" else ONES[first]) + (
            _under(match.group("rest")) if match.group("rest") else 0
        )
    elif paired := match.group("paired"):
        value = float(paired_value(paired))
    elif point := match.group("point"):
        whole, part = point.lower().rsplit("point", 1)
        value = float(f"{ONES[whole.strip()] if whole.strip() else 0}.{ONES[part.strip()]}")
    else:
        value = float(_under(match.group("under")))
    return value + 0.5 if match.group("half") else value


def with_pairs_as_figures(text: str) -> str:
    """The text with "one-fifty" written as 150."""
    return re.sub(rf"\b(?:{_PAIRED})", lambda m: str(paired_value(m.group(0))), text, flags=re.I)


def paired_value(words: str) -> int:
    """The value of a number said in pairs."""
    first, rest = re.split(r"[- ]", words.lower(), maxsplit=1)
    return 100 * ONES[first] + _under(rest)


def _under(words: str) -> int:
    parts = re.split(r"[- ]", words.lower())
    return sum(TENS.get(p, ONES.get(p, 0)) for p in parts)
