"""Words as they are compared: what people would call the same words becomes the same letters.

Lower case, no punctuation, numbers in words ("7.5" and "seven and a half" stay two things; "7.5" and "seven point
five" are one), and the few spellings that differ between whoever writes down speech.
"""

import re
from itertools import pairwise

ONES = [
    *(
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
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
PAIRED_YEARS = (range(1100, 2000), range(2010, 2100))
SAME = {
    "alright": ["all", "right"],
    "cannot": ["can", "not"],
    "cause": ["because"],
    "dr": ["doctor"],
    "em": ["them"],
    "mg": ["milligrams"],
    "mr": ["mister"],
    "mrs": ["missus"],
    "ok": ["okay"],
    "til": ["till"],
    "until": ["till"],
    "yep": ["yeah"],
    "yup": ["yeah"],
}
MARKS = {"%": " percent ", "&": " and ", "$": " dollars "}


def words_of(text: str) -> list[str]:
    """The words of `text` as they are compared."""
    text = text.lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"\$(\d[\d,.]*\d|\d)", r"\1 dollars", text)
    for mark, word in MARKS.items():
        text = text.replace(mark, word)
    text = re.sub(r"\b(?:mm+|m)[ -]?h+m+\b", "mmhm", text)
    text = re.sub(r"\buh[ -]huh\b", "uhhuh", text)
    text = re.sub(r"(\w{2}in)'(?=\W|$)", r"\1g", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+(?:[.:]\d+)?(?:st|nd|rd|th)?(?!\d)", lambda found: f" {in_words(found[0])} ", text)
    found = re.findall(r"\w+", text.replace("'", ""))
    return counted([same for word in found for same in SAME.get(word, [word])])


def in_words(digits: str) -> str:
    """ "153" → "one hundred fifty three", "8:30" → "eight thirty", "3rd" → "third", "2014" → "twenty fourteen"."""
    if digits[-1].isalpha():
        return ordinal(int(digits[:-2]))
    if "." in digits:
        whole, part = digits.split(".")
        return f"{cardinal(int(whole))} point {' '.join(ONES[int(digit)] for digit in part)}"
    if ":" in digits:
        hour, minute = map(int, digits.split(":"))
        return cardinal(hour) + (f" {'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else "")
    number = int(digits)
    if any(number in years for years in PAIRED_YEARS) and number % 100 >= 10:
        return f"{cardinal(number // 100)} {cardinal(number % 100)}"
    return cardinal(number)


def cardinal(number: int) -> str:
    """A number under a thousand million in words, without "and"."""
    for size, name in SCALES:
        if number >= size:
            rest = f" {cardinal(number % size)}" if number % size else ""
            return f"{cardinal(number // size)} {name}{rest}"
    if number < len(ONES):
        return ONES[number]
    return TENS[number // 10] + (f" {ONES[number % 10]}" if number % 10 else "")


def ordinal(number: int) -> str:
    """ "twenty first" for 21."""
    *before, last = cardinal(number).split()
    ending = ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*before, ending])


def counted(words: list[str]) -> list[str]:
    """With "a hundred" as "one hundred" and "one hundred and five" as "one hundred five"."""
    large, small = {name for _, name in SCALES}, {*ONES, *TENS}
    kept = list[str]()
    for word, after in pairwise([*words, ""]):
        if word == "and" and after in small and kept and kept[-1] in large:
            continue
        kept.append("one" if word == "a" and after in large else word)
    return kept
