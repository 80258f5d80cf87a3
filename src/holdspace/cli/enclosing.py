"""Before a server or a worker begins its work: the gateway is begun, and the process shuts itself in.

The order matters. What a process may do once it is shut in is less for good: so its port is bound before, its
passphrase read before, and the gateway, which must not be shut in as it is, begun before. Threads come after, because
Landlock holds for those begun later only.
"""

import sys
from contextlib import suppress
from typing import Any

from django.conf import settings

from holdspace.audit.log import event_log
from holdspace.enclosure.landlock import Limits
from holdspace.enclosure.places import DEVICES
from holdspace.enclosure.processes import SERVER, SERVER_WITH_POSTGRES, Enclosed, enclose
from holdspace.outbound import gateway
from holdspace.outbound.door import Door
from holdspace.outbound.postgres import ABOUT_TLS, Database, new_folder
from holdspace.outbound.standing import keep_a_connection
from holdspace.web.config import Config

log = event_log("enclosure")


def shut_in() -> Enclosed:
    """Begin the gateway and shut this process in, for good."""
    config: Config = settings.CONFIG
    database = _through_the_gateway()
    gateway.begin(
        Door.to(config.named()),
        certificates=str(config.certificates or ""),
        database=database.to_json() if database else "",
    )
    keep_a_connection()
    with suppress(OSError):  # a disk that is not there: the backup says so when it is due
        config.backups.mkdir(mode=0o700, exist_ok=True)
    table = SERVER_WITH_POSTGRES if config.database_url else SERVER
    enclosed = enclose(table, Limits(writes=(config.home, config.weights, config.backups, *DEVICES)))
    log("process.enclosed", filter=int(enclosed.has_filter), landlock=enclosed.landlock)
    if not (enclosed.has_filter and enclosed.landlock):
        sys.stderr.write("This system does not keep the way out shut by itself: see `holdspace doctor`.\n")
    return enclosed


def _through_the_gateway() -> Database | None:
    """A database on another machine is reached by the gateway; Django is told of the socket that leads there."""
    described: dict[str, Any] = settings.DATABASES["default"]
    host = described.get("HOST", "")
    if not host or host.startswith("/"):
        return None
    database = Database.described(new_folder(), host, described["PORT"], described["OPTIONS"])
    options = {name: value for name, value in described["OPTIONS"].items() if name not in ABOUT_TLS}
    described.update(HOST=database.folder, PORT=str(database.port), OPTIONS=options)
    return database
