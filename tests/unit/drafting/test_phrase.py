"""What was said, in her voice: person, agreement, fragments or sentences, and nothing that was not said."""

from dataclasses import replace

import pytest

from holdspace.engines.drafting.mention import Kind, Polarity, Quantity
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.phrase import TemplatePhraser
from holdspace.engines.drafting.session import Person
from tests.unit.drafting.voices import FRAGMENTS, SENTENCES, jotted, said, voice


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("I stood there and I held my bottle", "She stood there and she held her bottle."),
        ("I don't want to be groggy for work", "She does not want to be groggy for work."),
        ("I've left, I don't know, probably ten carts", "She has left, probably 10 carts."),
        ("I can't sleep and I won't take it", "She cannot sleep and she will not take it."),
        ("I'm building myself a desk", "She is building herself a desk."),
        ("Um, so I, I went to the, the store", "She went to the store."),
        ("My sister faints when she gives blood", "Her sister faints when she gives blood."),
        ("I just like it being there", "She just likes it being there."),
        ("I think maybe I'm getting better", "She thinks maybe she is getting better."),
    ],
)
def test_first_person_becomes_third_with_the_verbs_agreeing(
    parser: Parser, spoken: str, written: str
) -> None:
    assert TemplatePhraser(parser).phrase(said(Kind.EVENT, spoken), voice(SENTENCES)) == written


def test_they_takes_the_plural_verb(parser: Parser) -> None:
    kai = Person("client", "Kai", "they/them")
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "I was late and I don't mind"), voice(SENTENCES, kai)
    )
    assert worded == "They were late and they do not mind."


def test_nobody_s_pronouns_are_guessed_from_a_name(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "I called my boss"), voice(SENTENCES, Person("client", "Mary"))
    )
    assert worded == "They called their boss."


def test_fragments_drop_the_subject_and_use_her_short_forms(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "I walked with my son all week"), voice(FRAGMENTS)
    )
    assert worded == "Walked w/ her son all wk."


def test_someone_else_s_she_is_quoted_never_retold_as_the_client(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "She drank for two years after that"), voice(FRAGMENTS)
    )
    assert worded == 'Ct: "She drank for two years after that."'


def test_words_to_the_clinician_are_quoted_because_you_cannot_be_retold(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "You come in and the quiet has a weight"), voice(SENTENCES)
    )
    assert worded == 'Client said, "You come in and the quiet has a weight."'


def test_risk_denials_follow_her_form(parser: Parser) -> None:
    denial = said(Kind.RISK, "No", polarity=Polarity.DENIED, topic="suicidal ideation; homicidal ideation")
    phraser = TemplatePhraser(parser)
    assert phraser.phrase(denial, voice(FRAGMENTS)) == "Denies SI/HI."
    assert (
        phraser.phrase(denial, voice(SENTENCES)) == "Client denied suicidal ideation or homicidal ideation."
    )


def test_scores_carry_the_earlier_value(parser: Parser) -> None:
    phq = said(Kind.SCORE, "eleven", topic="PHQ-9", quantities=(Quantity("PHQ-9", (14.0, 11.0)),))
    suds = said(Kind.SCORE, "forty", topic="SUDS", quantities=(Quantity("SUDS", (85.0, 40.0)),))
    phraser = TemplatePhraser(parser)
    assert (
        phraser.phrase(phq, voice(replace(SENTENCES, score_joint=", compared with ")))
        == "PHQ-9 was 11, compared with 14."
    )
    assert phraser.phrase(suds, voice(FRAGMENTS)) == "SUDS 85 to 40."


def test_a_commitment_becomes_a_plan(parser: Parser) -> None:
    promise = said(Kind.COMMITMENT, "I'll call my sister on Sunday")
    phraser = TemplatePhraser(parser)
    assert phraser.phrase(promise, voice(SENTENCES)) == "Client will call her sister on Sunday."
    assert phraser.phrase(promise, voice(FRAGMENTS)) == "Call her sister on Sunday."


def test_a_partner_is_named_not_taken_for_the_client(parser: Parser) -> None:
    ben = Person("partner", "Ben", "he/him")
    worded = TemplatePhraser(parser).phrase(
        said(Kind.EVENT, "I slept on the couch", speaker="partner", about="partner"),
        voice(SENTENCES, voice_client(), ben),
    )
    assert worded == "Ben slept on the couch."


def test_jottings_stay_hers(parser: Parser) -> None:
    worded = TemplatePhraser(parser).phrase(
        jotted(Kind.IMPRESSION, "stayed in store!! think shame > fear"), voice(SENTENCES)
    )
    assert worded == "Stayed in store. think shame > fear."


def voice_client() -> Person:
    return Person("client", "Ruth", "she/her")
