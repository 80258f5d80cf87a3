"""The only maker of loggers. A log line is an event and ids: there is no argument that could carry clinical text.

log = event_log("room")
log("draft.failed", run=run.pk, code=error.code)
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

_PLAIN = re.compile(r"[\w.\-:]{1,64}")


def event_log(room: str) -> Callable[..., None]:
    """A function that logs an event with ids and codes."""
    logger = logging.getLogger(f"holdspace.{room}")

    def log(event: str, **ids: int | str | None) -> None:
        """Log one event. Raises ValueError if a value could be text rather than an id or a code."""
        words = [str(value) for value in ids.values()]
        if not all(_PLAIN.fullmatch(word) for word in (event, *words)):
            raise ValueError("a log line takes ids and codes, never text")
        logger.info("%s %s", event, " ".join(f"{k}={v}" for k, v in ids.items()))

    return log


class NoWords(logging.Filter):
    """Lets other libraries' records pass as what and where they are, without their texts.

    An exception's message or a request's path may hold what somebody typed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the words out of a record that is not ours."""
        if not record.name.startswith("holdspace."):
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "event"
            record.msg, record.args = "%s in %s:%s", (kind, record.module, record.lineno)
            record.exc_info = record.exc_text = record.stack_info = None
        return True


LOGGERS = ("", "holdspace", "django", "django.request", "django_tasks", "django_tasks_db")


def written_about(message: str, error: BaseException) -> list[str]:
    """What each log of this process would write if a library gave it this message and this error. Nothing is logged.

    For who checks that no words come through (`holdspace prove`).
    """
    handlers = {handler for name in LOGGERS for handler in logging.getLogger(name).handlers}
    return [_would_write(handler, message, error) for handler in handlers]


def _would_write(handler: logging.Handler, message: str, error: BaseException) -> str:
    told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed: %s", (message,), told)
    passed: object = handler.filter(record)  # from Python 3.12 on it may give another record
    if not passed:
        return ""
    return handler.format(passed if isinstance(passed, logging.LogRecord) else record)


class Wordless(Exception):
    """Something broke; its kind and its place are known, what it said is not kept."""


@contextmanager
def wordless() -> Iterator[None]:
    """Whatever breaks inside leaves as its kind alone. For work whose failures somebody else writes down:

    the table of tasks keeps the text of an exception, and a database's may quote the row it refused.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  # an outermost loop
        raise Wordless(type(error).__name__) from None


def told_without_words(error: BaseException | None, where: TracebackType | None) -> str:
    """Where something broke and of which kind, without what it said."""
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(where)]
    return "\n".join([*lines, type(error).__name__ if error else "unknown"]) + "\n"


def keep_words_out_of_crashes() -> None:
    """From now on a crash of this process or of a thread writes where and of which kind, and nothing it said."""
    sys.excepthook = lambda _, error, where: _write(error, where)
    threading.excepthook = lambda args: _write(args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _write(args.exc_value, args.exc_traceback)


def _write(error: BaseException | None, where: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt | SystemExit):
        sys.stderr.write(told_without_words(error, where))
