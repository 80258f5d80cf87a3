"""`holdspace draft`: a session becomes a note whose every sentence shows where it comes from. No
database needed.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from holdspace.assist.language_process import LanguageProcess
from holdspace.cli.progress import shown_progress
from holdspace.cli.transcribe import loaded_ear
from holdspace.engines.drafting.bias import flags_in
from holdspace.engines.drafting.format import NoteFormat, load_format, load_format_file
from holdspace.engines.drafting.parser import Parser, Remembering, load_parser
from holdspace.engines.drafting.phrase import Phraser, TemplatePhraser
from holdspace.engines.drafting.phrase_model import ModelPhraser
from holdspace.engines.drafting.session import Person, SessionInput
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.drafting.story import draft
from holdspace.engines.drafting.style import learn
from holdspace.engines.language.http import HttpLanguageModel
from holdspace.engines.note import Draft, Evidence, Sentence, WordFlagJson, as_json
from holdspace.errors import NotAllowed
from holdspace.outbound.http import send_to
from holdspace.weights.store import Store, default_root

PARSER_WEIGHTS = "spacy-en-core-web-sm"
LANGUAGE_WEIGHTS = "qwen2.5-coder-1.5b-instruct-q4"
WRITTEN = frozenset({".json", ".vtt", ".txt"})
QUOTE_WIDTH = 90


def command(
    session: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="Session file, WebVTT or plain transcript, or audio."
        ),
    ],
    *,
    note_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="SOAP, DAP, BIRP, GIRP, PIRP, intake or a format file of your own; by default the session's.",
        ),
    ] = "",
    language: Annotated[
        str, typer.Option(help="Who may propose wordings: none, builtin, or the address of a server.")
    ] = "none",
    json_out: Annotated[bool, typer.Option("--json", help="Print the draft as JSON.")] = False,
) -> None:
    """Draft a note from a session, on this machine."""
    given = session_from(session)
    fmt = format_for(note_format or given.note_format)
    parser = loaded_parser()
    began = perf_counter()
    phraser = phraser_for(language, parser)
    made = draft_session(given, fmt, phraser, parser)
    seconds = perf_counter() - began
    if isinstance(phraser, ModelPhraser) and phraser.failure:
        sys.stderr.write(f"{phraser.failure} The sentences it did not word are in plain wording.\n")
    if json_out:
        json.dump(
            as_json(made, seconds=seconds, word_flags=flags_in(made)),
            sys.stdout,
            ensure_ascii=False,
            indent=1,
        )
        sys.stdout.write("\n")
    else:
        sys.stdout.write(printed(made))


def draft_session(session: SessionInput, fmt: NoteFormat, phraser: Phraser, parser: Parser) -> Draft:
    """Draft with the voice learnt from the session's own signed notes."""
    return draft(session, learn(session.signed_notes, session.client), fmt, phraser, parser)


def session_from(path: Path) -> SessionInput:
    """Read a written session, or hear a recording."""
    content = path.read_bytes()
    if path.suffix.lower() in WRITTEN:
        return read_session(content, path.name)
    with shown_progress() as progress:
        transcript = loaded_ear().hear(content, progress=progress)
    nobody = SessionInput(turns=(), clinician=Person("therapist", ""), client=Person("client", ""))
    return replace(nobody, turns=transcript.turns, language=transcript.language)


def format_for(given: str) -> NoteFormat:
    """The format of that name, or of that file. Raises BadFormat."""
    path = Path(given)
    return load_format_file(path) if path.suffix == ".yaml" and path.is_file() else load_format(given)


def loaded_parser() -> Parser:
    """The parser of this machine's weights. Raises WeightsMissing or WeightsDamaged."""
    return Remembering(load_parser(Store(default_root()).path(PARSER_WEIGHTS)))


def phraser_for(language: str, parser: Parser) -> Phraser:
    """Templates alone, or with a model that may propose wordings under the check."""
    plain = TemplatePhraser(parser)
    if language == "none":
        return plain
    if language == "builtin":
        return ModelPhraser(LanguageProcess(Store(default_root()).path(LANGUAGE_WEIGHTS)), plain)
    if not language.startswith(("http://", "https://")):
        raise NotAllowed("--language is none, builtin, or an address that begins with http.")
    return ModelPhraser(HttpLanguageModel(send=send_to(language), url=language, model="default"), plain)


def printed(made: Draft) -> str:
    """The draft for a reader: the note with numbered evidence marks, the evidence, questions, words to
    look at twice, what was left out.
    """
    marks: list[Evidence] = []
    lines = [f"{made.format} note, draft, {made.words} words"]
    for section in made.sections:
        lines += ["", section.name.upper(), *(f"  {_marked(s, marks)}" for s in section.sentences)]
        if not section.sentences:
            lines.append("  (nothing was said, jotted or recorded for this section)")
    lines += ["", "EVIDENCE", *(f"  [{n}] {_shown(e)}" for n, e in enumerate(marks, start=1))]
    if made.questions:
        lines += ["", "QUESTIONS", *(f"  ? {q.text}" for q in made.questions)]
    if flagged := flags_in(made):
        lines += ["", "WORD CHOICES", *map(_reconsidered, flagged)]
    lines += ["", "LEFT OUT", *_counted(o.reason for o in made.left_out), ""]
    return "\n".join(lines)


def _marked(sentence: Sentence, marks: list[Evidence]) -> str:
    for evidence in sentence.evidence:
        if evidence not in marks:
            marks.append(evidence)
    numbers = ",".join(str(marks.index(e) + 1) for e in sentence.evidence)
    hers = "" if sentence.origin == "session" else f" ({sentence.origin})"
    doubt = f" ⚠ {sentence.doubt}" if sentence.doubt else ""
    return f"{sentence.text} [{numbers}]{hers}{doubt}"


def _reconsidered(flag: WordFlagJson) -> str:
    where = f"{flag['section']}, sentence {flag['sentence'] + 1}"
    return f"  ~ “{flag['term']}” ({where}): {flag['reason']}. Instead: {flag['alternative']}."


def _shown(evidence: Evidence) -> str:
    where = "written" if evidence.turn is None else f"turn {evidence.turn}"
    quote = " ".join(evidence.quote.split())
    return f"{where}: {quote if len(quote) <= QUOTE_WIDTH else quote[:QUOTE_WIDTH] + '…'}"


def _counted(reasons: Iterable[str]) -> list[str]:
    listed = list(reasons)
    counts = {reason: listed.count(reason) for reason in dict.fromkeys(listed)}
    return [f"  {count} × {reason}" for reason, count in counts.items()] or ["  nothing"]
