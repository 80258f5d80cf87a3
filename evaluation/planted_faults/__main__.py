"""`python -m evaluation.planted_faults [WORD …]`: plants each fault in a copy of the tree and sees what notices.

By hand; a minute or less each. With words, only faults whose name or class holds one of them. Prints a table to paste.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory  # noqa: TID251  # a copy of the source, not of a practice

from tests.walls.tree import ROOT, kept_files

FAULTS = Path(__file__).with_name("faults.toml")
BIN = Path(sys.executable).parent
SEMGREP = ROOT / ".venv-semgrep" / "bin" / "semgrep"
GIT = shutil.which("git") or "/usr/bin/git"
SCANNERS = {
    "ruff": (BIN / "ruff", "check", "--quiet", "--no-cache", "--select", "S,TID"),
    "bandit": (BIN / "bandit", "--quiet", "--configfile", "pyproject.toml"),
    "semgrep": (
        *(
            SEMGREP,
            "scan",
            "--metrics",
            "off",
            "--disable-version-check",
            "--oss-only",
            "--quiet",
            "--jobs",
            "1",
        ),
        *("--emacs", "--error", "--config", "tests/security/rules"),
    ),
}
"""Semgrep is there once `make lint` was."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One replacement, and where to look for it."""

    name: str
    kind: str
    file: str
    find: str
    replace: str
    look: tuple[str, ...]
    every: bool = False
    also: tuple[str, str] = ("", "")

    def plant(self, tree: Path) -> bool:
        """Put it into a tree; False where the place is not as it was when the fault was written."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        times = text.count(self.find)
        if times == 0 or (times > 1 and not self.every):
            return False
        first, second = self.also
        if first and text.count(first) != 1:
            return False
        planted = text.replace(self.find, self.replace)
        path.write_text(planted.replace(first, second) if first else planted, encoding="utf-8")
        return True


def faults() -> tuple[Fault, ...]:
    """All of them."""
    rows = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    return tuple(
        Fault(
            name=row["name"],
            kind=row["class"],
            file=row["file"],
            find=row["find"],
            replace=row["replace"],
            look=tuple(row["look"]),
            every=row.get("every", False),
            also=(row.get("also_find", ""), row.get("also_replace", "")),
        )
        for row in rows
    )


def copied(tree: Path) -> None:
    """Everything git keeps or would keep, elsewhere."""
    for path in kept_files():
        copy = tree / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    subprocess.run([GIT, "init", "--quiet", "."], cwd=tree, check=True)  # the walls ask git what there is


def notices(tree: Path, where: str, file: str) -> str:
    """What noticed, by name; nothing when nothing did."""
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'src'}:{tree}", "PYTHONDONTWRITEBYTECODE": "1"}
    if where in SCANNERS:
        done = subprocess.run(
            [*SCANNERS[where], file],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{where}: {_first(done.stdout)}" if done.returncode else ""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", where],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done.returncode == 1 or failed:
        return failed[0].split(" - ")[0].removeprefix("FAILED ").removeprefix("ERROR ") if failed else where
    return ""


def _first(output: str) -> str:
    return next((line.strip()[:120] for line in output.splitlines() if line.strip()), "")


def tried(fault: Fault, tree: Path) -> str:
    """What found it; "does not apply" where the code has moved on, "" where nothing did."""
    path = tree / fault.file
    before = path.read_text(encoding="utf-8")
    if not fault.plant(tree):
        return "does not apply"
    try:
        return next((found for where in fault.look if (found := notices(tree, where, fault.file))), "")
    finally:
        path.write_text(before, encoding="utf-8")


def main() -> int:
    """Print the table; 1 when a fault went unnoticed or does not apply any more."""
    wanted = [
        fault
        for fault in faults()
        if not sys.argv[1:] or any(word in f"{fault.name} {fault.kind}" for word in sys.argv[1:])
    ]
    found = 0
    print("| fault | class | found by |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        tree = Path(folder)
        copied(tree)
        for fault in wanted:
            by = tried(fault, tree)
            found += bool(by) and by != "does not apply"
            print(f"| {fault.name} | {fault.kind} | {by or 'NOT FOUND'} |", flush=True)
    print(f"\n{found} of {len(wanted)} found")
    return int(found < len(wanted))


if __name__ == "__main__":
    sys.exit(main())
