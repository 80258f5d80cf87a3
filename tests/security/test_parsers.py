"""Every parser, given what nobody meant it to read: it reads it or refuses it in our words, and repeats none of it.

A few hundred inputs each here; `python -m evaluation.fuzz` gives each a hundred thousand (evaluation/README.md).
"""

import os
from pathlib import Path

import pytest
from evaluation.fuzz.mutate import MARK
from evaluation.fuzz.parsers import LOCK, PARSERS, Parser
from evaluation.fuzz.run import fuzz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdspace.access.spoken_code import CODE_LENGTH, CODE_LETTERS, as_read, new_code, plain_code
from holdspace.consent.rules import Version, participants, people
from holdspace.engines.drafting.session_file import read_session
from holdspace.errors import HoldspaceError, NotReady
from holdspace.ui.http import whole_number
from holdspace.ui.uploads import is_words
from holdspace.vault import keyfile
from holdspace.vault.home import KEYFILE
from holdspace.web.config import Config

INPUTS = int(os.environ.get("FUZZ_INPUTS", "250"))
few = settings(
    max_examples=40,
    deadline=None,
    derandomize=INPUTS <= 250,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_mutated_inputs_are_read_or_refused_in_our_words(parser: Parser) -> None:
    found = fuzz(parser, INPUTS)
    assert found.faults == []
    assert found.inputs >= INPUTS


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
@few
@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_at_all_are_read_or_refused_in_our_words(parser: Parser, data: bytes) -> None:
    said = refusal(parser, data)
    assert len(data) < 12 or data.decode("utf-8", "replace") not in said


def refusal(parser: Parser, data: bytes) -> str:
    """What is said of these bytes; nothing where they are read."""
    try:
        parser.read(data)
    except HoldspaceError as error:
        return str(error)
    return ""


def test_the_fuzzer_sees_a_crash_a_repeated_input_and_a_slow_one() -> None:
    def repeats(data: bytes) -> None:
        raise HoldspaceError(f"What is {data.decode('latin-1')}?")

    crashed = fuzz(Parser("crash", lambda data: len(data) // 0, (b"abc",)), 5)
    assert "ZeroDivisionError" in crashed.faults[0]
    assert any("repeats" in fault for fault in fuzz(Parser("repeats", repeats, (b"abc",)), 50).faults)


words = st.text(
    st.characters(codec="utf-8", exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
    min_size=1,
    max_size=60,
)


@few
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(["Therapist", "Client"]), words.filter(str.strip)), min_size=1, max_size=20
    )
)
def test_what_is_written_as_a_plain_transcript_is_read_back(turns: list[tuple[str, str]]) -> None:
    written = "\n".join(f"{who}: {said}" for who, said in turns).encode()
    read = read_session(written, "")
    assert " ".join(" ".join(turn.text for turn in read.turns).split()) == " ".join(
        " ".join(said for _, said in turns).split()
    )


@few
@given(st.text(max_size=40))
def test_a_code_is_the_same_however_it_is_read_aloud_and_typed(typed: str) -> None:
    code = new_code()
    assert len(code) == CODE_LENGTH
    assert plain_code(as_read(code).lower().replace(" ", " - ")) == code
    assert set(plain_code(typed)) <= set(CODE_LETTERS)
    assert plain_code(plain_code(typed)) == plain_code(typed)


@few
@given(st.integers(0, 10**17), st.text(max_size=30))
def test_a_number_is_read_back_and_nothing_else_is_one(number: int, other: str) -> None:
    assert whole_number(str(number)) == number
    found = whole_number(other)
    assert found is None or (other.isascii() and other.isdigit())


@few
@given(ours=st.integers(0, 10**8), own=st.integers(0, 10**8))
def test_a_version_is_read_back(ours: int, own: int) -> None:
    assert Version.read(str(Version(ours, own))) == Version(ours, own)


@few
@given(st.lists(st.tuples(st.sampled_from(["partner", "child", "mother"]), words.map(str.strip)), max_size=6))
def test_everyone_who_comes_along_is_somebody_of_their_own(others: list[tuple[str, str]]) -> None:
    written = "\n".join(f"{role}: {name}" for role, name in others)
    found = people("Ruth", None, written, {})
    assert len(found) == 1 + len(others) == len(participants(written))
    assert len({person.role for person in found}) == len(found)


@few
@given(st.text(min_size=1, max_size=300))
def test_text_is_words_and_sound_is_not(text: str) -> None:
    is_plain = all(letter >= " " or letter in "\t\n\r\f" for letter in text.removeprefix("\ufeff"))
    assert is_words(text.encode("utf-8", "replace")) == is_plain
    assert not is_words(b"RIFF\x00\x00\x00\x00WAVE" + text.encode("utf-8", "replace"))


@few
@given(
    st.dictionaries(
        st.sampled_from(["DATABASE_URL", "SPEECH_URL", "HOLDSPACE_HTTPS", "HOLDSPACE_ALLOWED_HOSTS"]),
        st.text(max_size=80),
    )
)
def test_a_setting_is_used_or_refused_and_its_value_is_never_repeated(environ: dict[str, str]) -> None:
    marked = {name: f"{value}{MARK.decode()}" for name, value in environ.items()}
    made = Parser("configuration", lambda _: Config.from_environ(marked).database(), ())
    assert MARK.decode() not in refusal(made, b"")


@pytest.mark.parametrize("memory_kib", [2**32, 10**12, -1, 0])
def test_a_key_file_that_asks_for_all_the_memory_is_refused(tmp_path: Path, memory_kib: int) -> None:
    import json  # noqa: PLC0415

    lock = {
        **LOCK,
        "derivation": {"memory_kib": memory_kib, "rounds": 3},
        "salt": "A" * 24,
        "sealed": "A" * 80,
    }
    (tmp_path / KEYFILE).write_text(json.dumps({"version": 2, "locks": {"passphrase": lock}}))
    with pytest.raises(NotReady, match="cannot be read"):
        keyfile.opened(tmp_path, "harbor lamp mosaic")
