"""What no note may lose is always chosen; the rest fits her length; nothing disappears without a reason."""

from dataclasses import replace

from holdspace.engines.drafting.format import load_format
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, Quantity
from holdspace.engines.drafting.select import SAID_BEFORE, TOO_LONG, fold, put_back, select
from tests.unit.drafting.voices import FRAGMENTS, jotted, said

SHORT = replace(FRAGMENTS, usual_words=10)


def words_of(mention: Mention) -> int:
    return len(mention.said.split())


def test_critical_things_and_jottings_stay_even_when_they_alone_are_too_long() -> None:
    always = [
        said(Kind.RISK, "I thought about not waking up", topic="suicidal ideation"),
        said(Kind.MEDICATION, "Dr. Lee raised the lithium to nine hundred", topic="lithium"),
        said(Kind.SCORE, "the questionnaire came to fifteen today", quantities=(Quantity("PHQ-9", (15.0,)),)),
        said(Kind.COMMITMENT, "I'll write the letter before Sunday"),
        said(Kind.NEXT_APPOINTMENT, "same time next Tuesday"),
        jotted(Kind.IMPRESSION, "anger under the sadness, not ready for it yet"),
    ]
    chosen, omitted = select(always, SHORT, words_of)
    assert {c.mention for c in chosen} == set(always)
    assert omitted == ()


def test_the_rest_is_left_out_for_length_with_a_sentence_ready_to_put_back() -> None:
    chat = said(
        Kind.EVENT,
        "I repainted the whole garden fence because the old green paint came off in strips everywhere",
    )
    chosen, omitted = select([chat], SHORT, words_of)
    assert chosen == ()
    (left,) = put_back(omitted, lambda m: m.said, load_format("SOAP"))
    assert (left.reason, left.section) == (TOO_LONG, "Subjective")
    assert left.sentence is not None
    assert left.sentence.evidence == chat.evidence


def test_figures_the_plan_and_the_client_weigh_more_than_chat_about_others() -> None:
    slept = said(Kind.SLEEP, "I slept six hours on four nights", turn=2)
    other = said(Kind.EVENT, "my neighbour bought a boat this summer", turn=3, about="neighbour")
    chosen, omitted = select([other, slept], replace(FRAGMENTS, usual_words=6), words_of)
    assert [c.mention for c in chosen] == [slept]
    assert [o.choice.mention for o in omitted] == [other]


def test_a_possibility_a_wish_and_a_joke_are_not_stated_as_events() -> None:
    for certainty in (Certainty.HYPOTHETICAL, Certainty.WISH, Certainty.JOKE, Certainty.RETRACTED):
        chosen, omitted = select(
            [said(Kind.EVENT, "I move to Florida", certainty=certainty)], FRAGMENTS, words_of
        )
        assert chosen == ()
        assert omitted[0].reason != TOO_LONG


def test_the_same_thing_is_said_once() -> None:
    again = said(Kind.COMMITMENT, "I'll go to choir Thursday", turn=40)
    chosen, omitted = select(
        [said(Kind.COMMITMENT, "I'll go to choir on Thursday", turn=30), again], FRAGMENTS, words_of
    )
    assert len(chosen) == 1
    assert omitted[0].reason == SAID_BEFORE


def test_denials_of_risk_and_interventions_are_said_in_one_breath() -> None:
    denials = [
        said(Kind.RISK, "No", turn=4, polarity=Polarity.DENIED, topic="suicidal ideation"),
        said(Kind.RISK, "Nobody", turn=6, polarity=Polarity.DENIED, topic="homicidal ideation"),
    ]
    done = [
        said(Kind.INTERVENTION, "open questions", topic="open questions"),
        said(Kind.INTERVENTION, "x", topic="reflections"),
    ]
    chosen, _ = select([*denials, *done], FRAGMENTS, words_of)
    assert {c.mention.topic for c in chosen} == {
        "suicidal ideation; homicidal ideation",
        "open questions; reflections",
    }
    assert {e.turn for c in chosen for e in c.mention.evidence} == {4, 5, 6}


def test_a_promise_that_only_says_when_goes_on_from_the_one_before() -> None:
    promise = said(Kind.COMMITMENT, "I could try the ferry", turn=5)
    when = said(Kind.COMMITMENT, "Saturday and then Sunday", turn=7)
    [joined] = fold([promise, when])
    assert joined.said == "I could try the ferry. Saturday and then Sunday"
    assert len(joined.evidence) == 2


def test_the_same_figures_under_two_names_are_one_score() -> None:
    figures = (8.0, 12.0)
    named = said(Kind.SCORE, "eight, was twelve", quantities=(Quantity("GAD-7", figures),))
    double = said(Kind.SCORE, "eight, was twelve", quantities=(Quantity("Mornings", figures),))
    assert fold([double, named]) == (named,)


def test_what_two_mentions_share_is_told_once() -> None:
    one = said(Kind.STRENGTH, "I have the kids. I want to see them grow.", quote="I have the kids.")
    two = said(Kind.STRENGTH, "I have the kids. I have my brother.", quote="I have the kids.")
    [joined] = fold([one, two])
    assert joined.said == "I have the kids. I want to see them grow. I have my brother."
