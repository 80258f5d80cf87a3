"""The only maker of loggers. A log line is an event and ids: there is no argument that could carry clinical text.

log = event_log("room")
log("draft.failed", run=run.pk, code=error.code)
"""

import logging
import re
from collections.abc import Callable

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
