"""The audit of dependencies says what it found, and says so when it could ask nobody."""

import json
import sys

import pytest

from tests.dependencies import FAULTY, NOT_CHECKED, PASSED, audited, of_all

CLEAN = {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}
FOUND = {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}


def saying(output: str, code: int, error: str = "") -> tuple[str, ...]:
    """A program that answers so."""
    return (
        sys.executable,
        "-c",
        f"import sys; print({output!r}); sys.stderr.write({error!r}); sys.exit({code})",
    )


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (saying(json.dumps(CLEAN), 0), PASSED, "1 packages checked"),
        (saying(json.dumps(FOUND), 1), FAULTY, "a 1: CVE-1"),
        (saying("", 1, "ERROR: could not be reached"), NOT_CHECKED, "could not be reached"),
        (saying("", 0), NOT_CHECKED, "NOT CHECKED"),
        (saying('{"dependencies": []}', 0), NOT_CHECKED, "without an answer"),
        (saying(json.dumps(CLEAN), 1), NOT_CHECKED, "without an answer"),
        (("/no/such/program",), NOT_CHECKED, "FileNotFoundError"),
    ],
)
def test_an_audit_that_asked_nobody_has_not_passed(command: tuple[str, ...], code: int, words: str) -> None:
    found, said = audited(command)
    assert (found, words in said) == (code, True), said


def test_all_have_passed_only_when_each_has() -> None:
    assert of_all([PASSED, PASSED]) == PASSED
    assert of_all([PASSED, NOT_CHECKED]) == NOT_CHECKED
    assert of_all([FAULTY, NOT_CHECKED]) == FAULTY
