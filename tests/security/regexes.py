"""Run as a process of its own: every regular expression of ours against texts made to be slow; prints the slow ones.

Expressions are collected as they are compiled while all of the house is imported, and read out of the source where
they stand in a call. A slow expression holds Python until it is done, so only a process of its own can be stopped.
"""

import ast
import importlib
import os
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

LONG = int(os.environ.get("REGEX_LENGTH", "300"))
SLOW_S = float(os.environ.get("REGEX_SLOW_S", "0.2"))
WORDS = (
    "a",
    " ",
    "\n",
    "0",
    "-",
    ".",
    ":",
    "'",
    "a ",
    "ab",
    "1 ",
    "a-",
    "no ",
    "I ",
    "not a ",
    "Aa: ",
    "<v ",
    "12:34 ",
    "the the ",
)


def compiled() -> set[tuple[str, int]]:
    """Every expression that is compiled when the house is imported, and every one that stands in a call."""
    found: set[tuple[str, int]] = set()
    real = re.compile

    def noticed(pattern: object, flags: int = 0) -> object:
        if isinstance(pattern, str) and "holdspace" in sys._getframe(1).f_code.co_filename:
            found.add((pattern, int(flags)))
        return real(pattern, flags)  # type: ignore[call-overload]  # passed on as it came

    re.compile = noticed  # type: ignore[assignment]  # to notice
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdspace.web.settings")
    django.setup()
    import holdspace  # noqa: PLC0415  # after the noticing began

    for module in pkgutil.walk_packages(holdspace.__path__, "holdspace."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    re.compile = real
    return found | set(_in_calls(Path(holdspace.__path__[0])))


def _in_calls(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, 0


def texts(pattern: str) -> Iterator[str]:
    """Long texts that begin well and end badly: repeated letters, and what the expression itself is made of."""
    own = [word for word in re.findall(r"[a-z]{2,}(?: [a-z]+)*", pattern)[:6] if word]
    for word in (*WORDS, *own[:3], *(f"{word} " for word in own[:3])):
        yield f"I {word * (LONG // len(word))}\x01"


def main() -> int:
    """Print each expression that took too long."""
    every = sorted(compiled())
    for pattern, flags in every:
        for text in texts(pattern):
            began = time.perf_counter()
            re.compile(pattern, flags).search(text)
            took = time.perf_counter() - began
            if took > SLOW_S:
                print(f"{took:6.1f} s on {text[:12]!r}…: {pattern[:150]}", flush=True)  # noqa: T201  # what it is for
                break
    print(f"{len(every)} expressions", flush=True)  # noqa: T201  # likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
