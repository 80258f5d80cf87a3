"""The whole of hearing, as a story: where somebody speaks, what was said, who said it, in turns.

channels   one room, or a person per channel
activity   spans of speech
words      stretches → words, language; nothing believed without speech under it
speakers   windows → voices → people
who        phrases → speakers, and who they are;  turns: consecutive phrases of one speaker
"""

from collections.abc import Callable, Sequence
from functools import partial

from holdspace.engines.speech.channels import Channel, Unleaking, channels_to_hear
from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.port import ActivityReader, Recogniser, Span, VoiceReader
from holdspace.engines.speech.roles import guess_roles
from holdspace.engines.speech.speakers import parted, voices_in
from holdspace.engines.speech.turns import Phrase, in_turns, phrases_of, seams
from holdspace.engines.speech.who import ALONE_WITH_CLIENT, Company, who_spoke
from holdspace.engines.speech.words import recognise
from holdspace.engines.transcript import Transcript
from holdspace.errors import NoSpeech

Progress = Callable[[str, float], None]
"""Told the step in plain words, and how much of it is done (0 to 1)."""

FINDING, HEARING, TELLING = "finding speech", "hearing what was said", "telling the speakers apart"
LEAST_SPEECH_S = 0.5


def hear(
    pcm: Pcm,
    *,
    recogniser: Recogniser,
    activity: ActivityReader,
    voices: VoiceReader,
    vocabulary: Sequence[str] = (),
    progress: Progress | None = None,
    company: Company = ALONE_WITH_CLIENT,
) -> Transcript:
    """Hear a recording. Raises NoSpeech when nobody speaks in it, or nothing spoken can be made out."""
    tell = progress or _quietly
    spoken = _spoken(pcm, activity, tell)
    phrases: list[Phrase] = []
    names: tuple[str, ...] = ()
    language = ""  # of whoever speaks most; a few words on the other channel are no sample
    for number, (channel, spans) in enumerate(spoken):
        done = _share(tell, HEARING, number, len(spoken))
        done(0.0)
        hearing = recognise(spans, partial(pcm.part, channel=channel), recogniser, vocabulary, done, language)
        language = hearing.language
        if channel is None:
            tell(TELLING, 0.0)
            parts = parted(spans, seams(hearing.words))
            windows = voices_in(parts, pcm.part, voices, _share(tell, TELLING, 0, 1))
            phrases, names = who_spoke(hearing.words, windows, company)
        else:
            phrases += [Phrase(words, channel) for words in phrases_of(hearing.words)]
    if not phrases:
        raise _no_speech()
    phrases.sort(key=lambda phrase: phrase.words[0].start_s)
    return Transcript(in_turns(phrases, names or guess_roles(phrases)), language, pcm.duration_s)


def _spoken(pcm: Pcm, activity: ActivityReader, tell: Progress) -> list[tuple[Channel, tuple[Span, ...]]]:
    """Each channel worth hearing with its spans of speech, the one with most speech first."""
    tell(FINDING, 0.0)
    spoken: list[tuple[Channel, tuple[Span, ...]]] = []
    channels = channels_to_hear(pcm)
    if len(channels) > 1:
        Unleaking()(pcm.samples)
    for number, channel in enumerate(channels, start=1):
        spans = activity.find(pcm.blocks(channel))
        spoken.append((channel, spans))
        tell(FINDING, number / len(channels))
    if sum(_length_s(spans) for _, spans in spoken) < LEAST_SPEECH_S:
        raise _no_speech()
    return sorted(spoken, key=lambda one: -_length_s(one[1]))


def _length_s(spans: Sequence[Span]) -> float:
    return sum(span.length_s for span in spans)


def _share(tell: Progress, step: str, number: int, count: int) -> Callable[[float], None]:
    return lambda fraction: tell(step, (number + fraction) / count)


def _quietly(_step: str, _fraction: float) -> None:
    """Nobody asked to be told."""


def _no_speech() -> NoSpeech:
    return NoSpeech(
        "Nobody speaks in this recording.",
        then="Check that the microphone was on, or bring a transcript instead.",
    )
