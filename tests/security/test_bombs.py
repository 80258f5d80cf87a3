"""Bombs: small files that unpack to large ones are refused within their bounds, or are not read at all."""

import ast
import resource
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from holdspace.engines.drafting.format import FORMATS, BadFormat, load_format, load_format_file
from holdspace.engines.drafting.session_file import LARGEST_BYTES, read_session
from holdspace.errors import HoldspaceError, NotASession
from tests.everything import RUTHS, Everything, browser
from tests.walls.tree import ROOT, modules, parsed, short

BILLION = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = '{"turns": ' + "[" * 100_000 + "]" * 100_000 + "}"
BOMBS = {
    "JSON of a hundred thousand storeys": DEEP.encode(),
    "JSON of a hundred thousand objects in each other": ('{"a":' * 100_000).encode(),
    "a number of ten thousand digits": b'{"turns": [{"text": "x", "t0": ' + b"9" * 10_000 + b"}]}",
    "a time without end": b'{"turns": [{"text": "x", "t0": 1e999, "t1": NaN}]}',
    "a million lines of one letter": b"a\n" * 1_000_000,
    "a million captions": b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n<v T>a\n\n" * 60_000,
    "a line of blanks": b"T:" + b" " * 1_000_000,
    "far more than a transcript": b"a" * (LARGEST_BYTES + 1),
    "no text": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_transcript_made_to_be_heavy_is_read_or_refused_at_once(data: bytes) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with suppress(NotASession):
        assert all(0 <= turn.start_s < float("inf") for turn in read_session(data, "").turns)
    assert time.process_time() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_200_000  # kilobytes


@pytest.mark.parametrize(
    "text", [BILLION, "!!python/object/apply:os.system ['id']", "&a [*a]", "a" * 3_000_000, "{" * 10_000]
)
def test_a_format_made_to_be_heavy_or_to_run_something_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "evil.yaml"
    file.write_text(text)
    began = time.process_time()
    with pytest.raises(BadFormat):
        load_format_file(file)
    assert time.process_time() - began < 10


def test_a_formats_name_leads_to_no_other_folder(tmp_path: Path) -> None:
    own = tmp_path / "formats"
    own.mkdir()
    (tmp_path / "evil.yaml").write_bytes((FORMATS / "dap.yaml").read_bytes())
    for name in ("../evil", "..%2fevil", str(tmp_path / "evil"), "dap/../../evil", "evil\x00", ""):
        with pytest.raises(BadFormat):
            load_format(name, own)
    assert load_format("DAP", own).name == "DAP"


def test_an_archive_is_refused_and_not_unpacked(house: Everything) -> None:
    maya, session = browser(house.cast.maya), house.records[RUTHS].ids["session_id"]
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    for name, data in {
        "a.txt": b"PK\x03\x04" + bytes(500),
        "b.wav": b"\x1f\x8b\x08" + bytes(500),
        "c.vtt": b"BZh9" + bytes(500),
    }.items():
        answer = maya.post(reverse("room:upload", args=[session]), {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422
        assert b"Holdspace reads WAV" in answer.content


def readers(tree: ast.AST) -> set[str]:
    """Modules that unpack, or that read XML or objects."""
    named = {
        "zipfile",
        "tarfile",
        "gzip",
        "bz2",
        "lzma",
        "zlib.decompress",
        "shutil.unpack_archive",
        "xml",
        "lxml",
        "pickle",
        "marshal",
        "shelve",
        "dill",
        "jsonpickle",
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "yaml.load",
            "yaml.unsafe_load",
            "yaml.full_load",
        ):
            found.add("pickle")
    return {name for name in found if {name, name.partition(".")[0]} & named}


UNPACKS = {"src/holdspace/weights/store.py", "src/holdspace/weights/sources.py"}
"""Model files that arrived with their hash, by command and from a known place; nothing a person uploads."""
HEADERS = "src/holdspace/vault/archive.py"
"""Reads and writes the headers of a backup's parts, by command; no name in them becomes a file's."""


def test_nothing_here_reads_xml_objects_or_archives_that_somebody_sent() -> None:
    found = {short(path): readers(parsed(path)) for path in modules()}
    assert {path for path, names in found.items() if names} <= UNPACKS | {HEADERS}
    uses = {
        node.attr
        for node in ast.walk(parsed(ROOT / HEADERS))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "tarfile"
    }
    assert uses <= {"BLOCKSIZE", "TarInfo", "HeaderError", "USTAR_FORMAT"}
    assert readers(ast.parse("import xml.etree.ElementTree\nyaml.load(x)\nfrom zipfile import ZipFile"))
    assert readers(ast.parse("yaml.safe_load(x)\nimport json, zlib")) == set()


def test_every_yaml_of_ours_is_read_by_the_safe_reader() -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load("!!python/object/apply:os.system ['id']")
    assert issubclass(BadFormat, HoldspaceError)
