"""Numbers as people say and write them, read anew and apart from the engine, so that the one checks the other."""

import re

_ONES = {
    word: number
    for number, word in enumerate(
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
_TENS = {
    word: number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_OTHERS = {"once": 1, "twice": 2, "hundred": 100, "thousand": 1000}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
HALF = 0.5


def written(text: str) -> set[float]:
    """The numbers written in figures."""
    return {float(found) for found in _NUMBER.findall(text)}


def told(text: str) -> set[float]:
    """Every number a text can be read to hold: in figures, in words, put together, and with a half."""
    tokens = _TOKEN.findall(text.lower().replace("-", " "))
    found: set[float] = set()
    for at, token in enumerate(tokens):
        value = _value(token)
        if value is None:
            continue
        found.add(value)
        following = _value(tokens[at + 1]) if at + 1 < len(tokens) else None
        if token in _TENS and following is not None and 0 < following < 10:
            found.add(value + following)
        if "half" in tokens[at + 1 : at + 4]:
            found.add(value + HALF)
    return found


def _value(token: str) -> float | None:
    if token in _TENS:
        return 10.0 * _TENS[token]
    if token in _ONES or token in _OTHERS:
        return float({**_ONES, **_OTHERS}[token])
    return float(token) if _NUMBER.fullmatch(token) else None
