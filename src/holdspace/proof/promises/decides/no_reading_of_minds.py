"""No emotion, no sentiment, no personality, no suggested diagnosis, no score of risk: not kept, not drafted, not shown.

Illinois Public Act 104-0054 §20, and our own promise. Looked for in the real tables, in a draft, and on pages.
"""

import re
from collections.abc import Iterator

from django.db import connection

from holdspace.proof.drafted import own_words
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.routes import addresses
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="4.14",
    says="Holdspace reads no emotions, gives no score of risk, judges no personality and suggests no "
    "diagnosis.",
    tried="Every table and column of this practice’s database was read by its name, the trial’s draft by its "
    "words, and the clinician’s pages by what they show.",
    red="Something judges your client. Switch drafting off until this is mended, and show this report to "
    "whoever looks after the machine.",
)
KEPT = re.compile(
    r"emotion|sentiment|mood|personality|temperament|valence|arousal|risk_(?:score|level|rating)|"
    r"(?:suicide|danger|relapse)\w*_(?:score|level|risk|probability)|"
    r"(?:suggest|predict|likely)\w*_diagnos|diagnos\w*_(?:suggest|predict|guess)",
    re.IGNORECASE,
)
SHOWN = re.compile(
    r"\b(?:emotion(?:s|al)? (?:score|reading|detected|analysis)|sentiment|mood (?:score|trend|detected)|"
    r"personality (?:type|trait|score)|risk (?:score|level|rating)|(?:suicide|danger) (?:score|level|risk)|"
    r"(?:suggested|likely|probable|predicted) diagnos[ie]s)\b",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:no|not|never|nor|without)\b[^.]*$", re.IGNORECASE)
PAGES = (
    "chart:today",
    "chart:client",
    "room:session",
    "room:said",
    "chart:note",
    "chart:voice",
    "chart:client_log",
)


def try_now(trial: Trial) -> Seen:
    """Read the schema, a draft, and pages."""
    names = list(_names())
    kept = [name for name in names if KEPT.search(name)]
    demand(not kept, *(f"{name} is kept in the database." for name in kept))
    drafted = trial.drafted()
    written = [sentence for sentence in drafted.sentences if SHOWN.search(own_words(sentence.text))]
    demand(not written, f"{len(written)} sentences of a draft judge the client.")
    pages = {name: path for name, path in addresses(trial).items() if name in PAGES}
    shown = [name for name, path in pages.items() if _claims(trial.browser().get(path).text)]
    demand(not shown, *(f"{name} shows something of it." for name in shown))
    return (
        f"{len(names)} tables and columns, {len(drafted.sentences)} sentences, {len(pages)} pages: nothing of it.",
    )


def _names() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            yield table
            for column in connection.introspection.get_table_description(cursor, table):
                yield f"{table}.{column.name}"


def _claims(page: str) -> bool:
    """Whether a page says it, other than to deny it."""
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return any(not DENIED.search(text[: found.start()].rpartition(". ")[2]) for found in SHOWN.finditer(text))
