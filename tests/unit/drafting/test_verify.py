"""The check that trusts nobody: numbers, names, denials, persons, quotations and content against the
evidence.
"""

from time import perf_counter

import pytest

from holdspace.engines.drafting.verify import doubt_about


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("SUDS fell from 85 to 40.", "It was an eighty-five and it went down to about a forty"),
        ("She has not filled the prescription.", "I haven't filled the prescription"),
        ("Her mother checked homework with a ruler.", "My mom used to check our homework with a ruler"),
        ("Denies SI.", "Any thoughts of suicide? No, nothing like that"),
        ('Ct: "it passed."', "I mean, it passed."),
        ("Ct: \"I was thinkin' they'd be better off.\"", "I was thinkin' they'd be better off, you know"),
        ('Ct: "And then he left and I cried."', "And then he left [pause] and I cried."),
        ("Has left probably 10 carts.", "I've left, I don't know, probably ten carts"),
        (
            "Sertraline raised from 50 to 75 by Dr. Patel.",
            "Dr. Patel bumped the sertraline from fifty to seventy-five",
        ),
    ],
)
def test_a_supported_sentence_raises_no_doubt(sentence: str, evidence: str) -> None:
    assert doubt_about(sentence, [evidence]) is None


@pytest.mark.parametrize(
    ("sentence", "evidence", "about"),
    [
        ("SUDS fell to 30.", "It went down to about a forty", "number"),
        ("She called Daniel on Friday.", "I called my brother on Friday", "name"),
        ("She denied drinking.", "I had two beers on Friday", "denies"),
        ("She took Ativan this week.", "I have not taken any Ativan this week", "denies"),
        ("She faints when giving blood.", "My sister faints when she gives blood", "sister"),
        ("Talked for hours, had 1 beer. Fights.", "Talked for hours, had one beer. No fights.", "fight"),
        ("Has dropped 5 pounds. Chest pain.", "I've dropped five pounds. No chest pain.", "denies"),
        ('Ct: "it never passed."', "It passed", "quotation"),
        ("She maintained good eye contact with flat affect.", "I went to the store on Tuesday", "eye"),
        ("She sells the house.", "If I sold the house I'd go to the lake", "possibility"),
        ("She slept well.", "", "nothing"),
    ],
)
def test_an_unsupported_sentence_names_its_fault(sentence: str, evidence: str, about: str) -> None:
    doubt = doubt_about(sentence, [evidence])
    assert doubt is not None
    assert about in doubt


def test_the_check_is_fast_enough_for_every_keystroke() -> None:
    began = perf_counter()
    for _ in range(100):
        doubt_about(
            "SUDS fell from 85 to 40 in the line.",
            ["It was an eighty-five and went down to about a forty"] * 3,
        )
    assert perf_counter() - began < 1.0
