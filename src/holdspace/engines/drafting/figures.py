"""Numbers as people say them, written as figures: "a hundred and ten" → "110", "five and a half" → "5.5".

"one" alone stays a word unless a unit follows: "one of them", "that one" are not measurements.
"""

import re

from holdspace.engines.drafting.spoken_numbers import ONES, TENS, with_pairs_as_figures

_ORDINALS = {
    w: n
    for n, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
} | {"thirtieth": 30}
_UNIT = re.compile(
    r"(percent|%|mg|milligrams?|hours?|hrs?|minutes?|min|days?|nights?|weeks?|wks?|months?|years?|times?|beers?|drinks?"
    r"|glass(es)?|pounds?|lbs?|meals?|out|of|am|pm|a\.m|p\.m|o'clock|sessions?|attacks?|points?|pills?)\b",
    re.I,
)
_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[^A-Za-z\d]+")


def with_figures(text: str) -> str:
    """Write spoken numbers in `text` as figures and common pairs in their clinical form ("4 of 7",
    "80-90").
    """
    tokens = _TOKEN.findall(with_pairs_as_figures(text))
    out: list[str] = []
    at = 0
    while at < len(tokens):
        number, used = _read(tokens, at)
        if used and not _stays_word(tokens, at, used):
            out.append(number)
            at += used
        else:
            out.append(tokens[at])
            at += 1
    return _pairs("".join(out))


def _read(tokens: list[str], at: int) -> tuple[str, int]:
    """The number that starts at `at` as figures, and how many tokens it takes; ("", 0) if none does."""
    word = tokens[at].lower()
    if [_word(tokens, at + n) for n in (0, 2, 4)] == ["nine", "one", "one"]:
        return "", 0  # the emergency number is said digit by digit and reads as such
    if word in _ORDINALS and _is_date_place(tokens, at):
        return _ordinal(_ORDINALS[word]), 1
    if word == "a" and _word(tokens, at + 2) == "hundred":
        return _hundreds(tokens, at + 2, 1, 3)
    if word in TENS:
        return _tens(tokens, at)
    if word not in ONES:
        return "", 0
    if _word(tokens, at + 2) == "hundred":
        return _hundreds(tokens, at + 2, ONES[word], 3)
    if _word(tokens, at + 2) in TENS and word in ("nineteen",):
        return _joined_year(tokens, at)
    return _with_half(tokens, at, ONES[word], 1)


def _joined_year(tokens: list[str], at: int) -> tuple[str, int]:
    rest, used = _tens(tokens, at + 2)
    return f"{ONES[tokens[at].lower()]}{rest}", used + 2


def _tens(tokens: list[str], at: int) -> tuple[str, int]:
    value = TENS[tokens[at].lower()]
    following = _word(tokens, at + 2)
    joint = _word(tokens, at + 1)
    if joint in ("-", " ") and following in ONES:
        unit = ONES[following]
        if 0 < unit < 10:
            return _with_half(tokens, at, value + unit, 3)
        if value == 20 and unit >= 10 and joint == " ":
            return str(2000 + unit), 3
    if joint in ("-", " ") and following in _ORDINALS and _ORDINALS[following] < 10:
        return _ordinal(value + _ORDINALS[following]), 3
    return _with_half(tokens, at, value, 1)


def _hundreds(tokens: list[str], at: int, count: int, used: int) -> tuple[str, int]:
    value = count * 100
    skip = at + 4 if _word(tokens, at + 2) == "and" else at + 2
    word = _word(tokens, skip)
    if word in TENS:
        rest, more = _tens(tokens, skip)
        if rest.isdigit():
            return str(value + int(rest)), skip + more - (at + 1) + used
    if word in ONES and _word(tokens, at + 2) == "and":
        return str(value + ONES[word]), skip + 1 - (at + 1) + used
    return str(value), used


def _with_half(tokens: list[str], at: int, value: int, used: int) -> tuple[str, int]:
    end = at + used
    if [_word(tokens, end + n) for n in (1, 3, 5)] == ["and", "a", "half"]:
        return f"{value}.5", used + 6
    if _word(tokens, end + 1) == "point" and _word(tokens, end + 3) in ONES:
        return f"{value}.{ONES[_word(tokens, end + 3)]}", used + 4
    return str(value), used


def _word(tokens: list[str], at: int) -> str:
    return tokens[at].lower() if 0 <= at < len(tokens) else ""


def _ordinal(value: int) -> str:
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _is_date_place(tokens: list[str], at: int) -> bool:
    """Whether an ordinal is a date: "the eighth", "October eighth"; "the first time" is not."""
    before = _word(tokens, at - 2)
    months = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
    )
    if before in (*months, "november", "december"):
        return True
    after = tokens[at + 1] if at + 1 < len(tokens) else "."
    closes = not re.match(r"\s+[a-z]", after + _word(tokens, at + 2))
    return (
        before == "the"
        and _word(tokens, at - 4) in ("on", "by", "since", "until", "till", "for")
        and (closes or _word(tokens, at + 2) in ("at", "and", "or", "of"))
    )


def _stays_word(tokens: list[str], at: int, used: int) -> bool:
    if used == 1 and _is_ambiguous_pair(tokens, at):
        return True
    if tokens[at].lower() != "one" or used > 1:
        return False
    if _word(tokens, at + 2) == "time":
        return True  # "one time her foot fell asleep" is once, no count
    rest = "".join(tokens[at + 1 : at + 3]).strip()
    return not _UNIT.match(rest) or rest.lower().startswith("of")


def _is_ambiguous_pair(tokens: list[str], at: int) -> bool:
    """ "four-ten" may be ten past four or 410: it stays as it was said, in both halves."""
    for first in (at, at - 2):
        small, joint, rest = (_word(tokens, first + n) for n in range(3))
        if (
            joint == "-"
            and small in ONES
            and 0 < ONES[small] < 10
            and (rest in TENS or ONES.get(rest, 0) > 9)
        ):
            return rest not in ("fifteen", "thirty", "forty")
    return False


def _pairs(text: str) -> str:
    """ "4 out of 7" → "4 of 7"; "5, 6 minutes" → "5-6 minutes"; "3-30" said as a time → "3:30"; "50
    percent" → "50%".
    """
    text = re.sub(r"\b(\d+) out of (\d+)\b", r"\1 of \2", text)
    text = re.sub(
        r"\b(\d+),? (?:or |to )?(\d+)(?=,? (?:hours|minutes|days|nights|times|weeks|pounds)\b)", _range, text
    )
    text = re.sub(r"(\d) ?percent\b", r"\1%", text)
    text = re.sub(r"\b9 8 8\b", "988", text)
    text = re.sub(r"\b(1[0-2])-([1-5][05])\b(?!%| ?(?:minutes|hours|days|times|weeks))", r"\1:\2", text)
    return re.sub(r"\b([1-9]|1[0-2])[- ](15|30|45)\b(?!%)", r"\1:\2", text)


def _range(match: re.Match[str]) -> str:
    low, high = match.group(1), match.group(2)
    return f"{low}-{high}" if int(low) < int(high) else match.group(0)
