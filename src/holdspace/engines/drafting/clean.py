"""Spoken words to written ones: fillers, false starts and repeats out; hedges stay, because they carry
certainty.
"""

import re

_STAGE = re.compile(r"\[[^\]]*\]|\([a-z ]+\)")
_FILLER = re.compile(
    r"(?:(?<=^)|(?<=[\s,—-]))(?:um+|uh+|er|erm|hm+|mm+(?:-hm+)?"
    r"|you know(?! (?:what|how|why|that|if|the|who))|i mean"
    r"|i don't know(?=[,.?!]|$)|sort of|kind of|i'd say|let's say|let me see"
    r"|i'm (?:going to|gonna) be honest(?: with you)?|honestly|basically|i guess|hang on|god|oh"
    r"|or whatever|or something|and stuff|anyhow|anyway|knock on wood"
    r"|to be honest|i'll be honest|i'll tell you a thing)"
    r"(?=[\s,.?!—-]|$),?",
    re.I,
)
_LIKE_HEDGE = re.compile(
    r"\blike (?=(?:a |an )?(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen)\b"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred))",
    re.I,
)
_LIKE_FILLER = re.compile(
    r"(?:,\s*|(?<=^)|(?<=\bit's )|(?<=\bwas )|(?<=\bjust )|(?<=\bI'm ))like,\s*|, like(?= [a-z])|\blike,",
    re.I,
)
_OPENING = re.compile(
    r"^(?:(?:so|well|yeah|yep|yes|nah|okay|ok|oh|and|but|then"
    r"|no(?=[,.]| (?:i|i'm|he|she|we|they|it|it's|that|that's|there)\b)"
    r"|because|'cause|cause|now|right|which|see|look|actually|also|all right|ha|ugh|sure|like|plus)"
    r"\b[,.]?\s*(?:then\b\s*)?)+(?=\S)",
    re.I,
)
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten"
_REPEAT = re.compile(rf"\b(?!(?:{_COUNT})\b)([\w']+(?: [\w']+){{0,2}})(?:,? (?:\1\b))+", re.I)
_RESTART = re.compile(r"\b((?:[\w']+ ){2,5}[\w']+), (?:[^,.]{0,25}[,.] )?(?=\1\b)", re.I)
_STAMMER = re.compile(r"\b(\w{2,6}), (?=\1\w+)", re.I)
_JUDGING = "dumb|stupid|silly|embarrassing|ridiculous|crazy|funny|weird|pathetic|lame|insane"
_CHANGED_MIND = re.compile(r"\bI(?:'ll| will)? \w+, (?=I (?:can|could|will)\b|I'll\b)")
_ASIDE = re.compile(
    rf",? which,? (?:is|was|sounds?) (?:so |really |kind of )?(?:{_JUDGING})\b[^,.;]*"
    rf"|,? (?:it's|it is|it was|i know it's) (?:so |really )?(?:{_JUDGING})(?=,)",
    re.I,
)
_CUT_OFF = re.compile(r"\b[\w']+(?: [\w']+){0,3}(?:—|--|-\s)\s*(?=[A-Za-z])")
_TAG = re.compile(
    r",? (?:right|you know|isn't it|huh|okay|yeah|yes|i guess"
    r"|or so I think|I think so|call it|that's it)\s*(?=[.?!]*$)",
    re.I,
)
_TRAILING = re.compile(r",? (?:but|and|so|or|though)(?: then)?(?: I)?$", re.I)
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<=[.!?])\s+(?=[A-Z\"“])")
_ANSWER = re.compile(
    r"(?:but|and|so|well|yes|yeah|yep|no|nope|nah|okay|ok|sure|right|good|fine|mm|true|exactly|thanks?)\W*",
    re.I,
)
_LOOSE = (
    (re.compile(r"\bgonna\b", re.I), "going to"),
    (re.compile(r"\bwanna\b", re.I), "want to"),
    (re.compile(r"\bgotta\b", re.I), "have to"),
    (re.compile(r"(?<!\w)'cause\b|\bcause (?=i |it |he |she |they |we )", re.I), "because"),
    (re.compile(r"'em\b", re.I), "them"),
    (re.compile(r"\bkinda\b", re.I), "somewhat"),
    (re.compile(r"\bdunno\b", re.I), "do not know"),
    (re.compile(r"\bain't (?=(?:had|been|got|done|seen|ate|put|gone|took|\w+ed)\b)", re.I), "have not "),
    (re.compile(r"\bI ain't\b", re.I), "I am not"),
    (re.compile(r"\bain't\b", re.I), "is not"),
    (
        re.compile(
            r"\bI'd (?=(?:run|gone|been|done|had|taken|gotten|quit|come|become|eaten|drunk|seen)\b)", re.I
        ),
        "I had ",
    ),
    (re.compile(r"'d of\b|\b(?<=would) of\b", re.I), " would have"),
    (re.compile(r"\b([a-z]{2,})in'(?=\W|$)", re.I), r"\1ing"),
    (re.compile(r"\b(better)'n\b", re.I), r"\1 than"),
)


def clean(said: str) -> str:
    """Written clauses from spoken ones: same words otherwise, same person, no closing stop."""
    text = _STAGE.sub(" ", said).replace("’", "'").replace("…", ",")
    for pattern, written in _LOOSE:
        text = pattern.sub(written, text)
    text = _LIKE_HEDGE.sub("about ", text)
    pieces = [_clean_sentence(piece) for piece in _SENTENCE_END.split(text)]
    kept = [piece for piece in pieces if re.search(r"\w", piece) and not _ANSWER.fullmatch(piece)]
    return ". ".join(sentence_start(piece) if n else piece for n, piece in enumerate(kept))


def _clean_sentence(text: str) -> str:
    ending = "?" if text.rstrip().endswith("?") else ""
    for _ in range(2):
        text = _CUT_OFF.sub("", text)
        text = _FILLER.sub(" ", text)
        text = _LIKE_FILLER.sub(" ", text)
        text = _tidy(text)
        text = _REPEAT.sub(r"\1", text)
        text = _STAMMER.sub("", _RESTART.sub("", _CHANGED_MIND.sub("", _ASIDE.sub("", text))))
        text = _OPENING.sub("", _TAG.sub("", text))
    return _TRAILING.sub("", _tidy(text).rstrip(".?! ")) + ending


def sentence_start(text: str) -> str:
    """The words with a capital first letter."""
    return text[:1].upper() + text[1:]


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.;?!])", r"\1", text)
    text = re.sub(r"([,;])(?:\s*[,;])+", r"\1", text)
    text = re.sub(r"\babout about\b", "about", text)
    return text.strip(" ,;.—-")
