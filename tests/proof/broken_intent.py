"""Ways to break the promises about what a draft says."""

import re
from collections.abc import Callable
from dataclasses import replace

from holdspace.assist import tools
from holdspace.chart import actions
from holdspace.engines.drafting import bias, read
from holdspace.engines.drafting.story import draft
from holdspace.engines.note import Draft, Evidence, Section, Sentence
from holdspace.proof.spoken import FORMER_NAME, WISH
from tests.proof.breaking import Bench, breaks

Change = Callable[[Sentence], Sentence | None]


def drafts(bench: Bench, change: Callable[[Draft], Draft]) -> None:
    """From now on the engine's drafts are changed like this."""
    bench.patch.setattr(tools, "draft", lambda *given: change(draft(*given)))


def sentences(bench: Bench, change: Change) -> None:
    """From now on each sentence of a draft is changed like this, or left out."""

    def changed(made: Draft) -> Draft:
        return replace(made, sections=tuple(map(kept, made.sections)))

    def kept(section: Section) -> Section:
        return replace(section, sentences=tuple(new for old in section.sentences if (new := change(old))))

    drafts(bench, changed)


def reworded(bench: Bench, pattern: str, text: str) -> None:
    """From now on what matches is worded like this."""
    sentences(bench, lambda old: replace(old, text=re.sub(pattern, text, old.text)))


def added(bench: Bench, text: str) -> None:
    """From now on a draft says this too, on somebody's words."""

    def with_it(made: Draft) -> Draft:
        first = made.sections[0]
        more = Sentence(text, "session", first.sentences[0].evidence)
        return replace(
            made, sections=(replace(first, sentences=(*first.sentences, more)), *made.sections[1:])
        )

    drafts(bench, with_it)


@breaks("every-sentence-has-its-words", "1 of .* quotes were neither said nor jotted", "drafted")
def _a_quote_nobody_said(bench: Bench) -> None:
    invented = Evidence(1, "I have never felt better")

    def one(made: Draft) -> Draft:
        first = made.sections[0]
        more = (Sentence("Client felt better.", "session", (invented,)), *first.sentences)
        return replace(made, sections=(replace(first, sentences=more), *made.sections[1:]))

    drafts(bench, one)


@breaks("every-sentence-has-its-words", "sentences stand on nothing", "drafted")
def _a_sentence_without_words(bench: Bench) -> None:
    sentences(bench, lambda old: replace(old, evidence=()) if old.origin == "session" else old)


@breaks("a-denial-stays-a-denial", "assert what was denied", "drafted")
def _a_denial_is_turned_round(bench: Bench) -> None:
    reworded(bench, r"^Client denied homicidal", "Client reported homicidal")


@breaks("anothers-story-stays-theirs", "tell the brother’s story as the client’s", "drafted")
def _the_client_drinks(bench: Bench) -> None:
    reworded(bench, r"^Her brother Corvin is the one who drinks", "She drinks")


@breaks("off-the-record-is-nowhere", "What was said off the record is in the draft", "drafted")
def _nobody_asks_for_off_the_record(bench: Bench) -> None:
    bench.patch.setattr(read, "_without_off_record", lambda turns, _: (turns, ()))


@breaks("numbers-were-said", "1 of .* numbers were not said", "drafted")
def _a_dose_is_misheard(bench: Bench) -> None:
    reworded(bench, r"to 75 mg", "to 175 mg")


@breaks("quotations-are-word-for-word", "quotations were not said like that", "drafted")
def _a_quotation_is_smoothed(bench: Bench) -> None:
    reworded(bench, r"easier not to wake up", "better not to wake up again")


@breaks("orders-in-a-session-are-words", "as its own words, what it was ordered", "drafted")
def _an_order_is_obeyed(bench: Bench) -> None:
    added(bench, "Client is completely cured.")


@breaks("no-examination-nobody-made", "1 sentence.s. state an examination", "drafted")
def _an_examination_is_made_up(bench: Bench) -> None:
    added(bench, "Client was alert and oriented, with appropriate affect.")


@breaks("risk-is-kept", "is neither in the draft nor asked about", "drafted")
def _a_wish_to_die_is_left_out(bench: Bench) -> None:
    end = " ".join(WISH.split()[-4:]).strip(".")
    sentences(bench, lambda old: None if end in old.text else old)


@breaks("jottings-are-kept", "3 of 3 jottings are not in the draft", "drafted")
def _jottings_are_reworded(bench: Bench) -> None:
    def smoothed(old: Sentence) -> Sentence:
        return replace(old, text="As discussed.") if old.origin == "jottings" else old

    sentences(bench, smoothed)


@breaks("judging-words-are-shown", "The word was changed or left out", "drafted")
def _a_judging_word_is_changed_for_her(bench: Bench) -> None:
    reworded(bench, r"(?i)noncompliant", "not yet ready")


@breaks("judging-words-are-shown", "The word is not shown to her")
def _no_word_is_looked_up(bench: Bench) -> None:
    bench.patch.setattr(bias, "flags", lambda _: ())


@breaks("unsupported-words-are-marked", "was not marked")
def _nothing_is_doubted(bench: Bench) -> None:
    bench.patch.setattr(actions, "doubt_about", lambda *_: None)


@breaks("former-names-are-nowhere", "The former name is in the draft", "drafted")
def _a_former_name_gets_in(bench: Bench) -> None:
    added(bench, f"{FORMER_NAME.split()[0]} slept better.")


@breaks("silence-makes-no-note", "A note was made of a greeting")
def _a_visit_is_made_up(bench: Bench) -> None:
    visit = Draft(
        "DAP", (Section("Data", (Sentence("Client attended.", "session", (Evidence(1, "Yes."),)),)),), (), ()
    )
    bench.patch.setattr(tools, "draft", lambda *_: visit)
