"""The configuration of one installation: read once from the environment, refused when it says something unknown.

What a person may change while working (switches, retention) is not here: it is a row with an audit entry.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from holdspace.errors import NotReady

KNOWN = {
    "HOLDSPACE_HOME": "folder of the practice's records and keys",
    "HOLDSPACE_WEIGHTS": "folder of the model weights",
    "HOLDSPACE_PASSPHRASE_FILE": "file whose first line is the practice's passphrase",
    "HOLDSPACE_ALLOWED_HOSTS": "names this server answers to, separated by commas",
    "HOLDSPACE_HTTPS": "1 when a proxy in front of Holdspace speaks HTTPS",
}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class UnknownSetting(NotReady):
    """A HOLDSPACE_ name nobody reads: a slip of the pen must not silently leave a protection off."""

    code = "unknown-setting"


class WrongSetting(NotReady):
    """A setting whose value cannot be used."""

    code = "wrong-setting"


@dataclass(frozen=True, slots=True)
class Config:
    """One installation.

    `database_url` is empty for the embedded, encrypted database in `home`; `speech_url` for hearing on this machine,
    otherwise it is an OpenAI-compatible transcription server's, and `speech_model` its name for a model.
    """

    home: Path
    weights: Path
    database_url: str = ""
    passphrase_file: Path | None = None
    allowed_hosts: tuple[str, ...] = LOCAL_HOSTS
    is_https: bool = False
    speech_url: str = ""
    speech_model: str = "whisper-1"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the environment. Raises UnknownSetting naming the slip, WrongSetting naming the value's name."""
        unknown = sorted(name for name in environ if name.startswith("HOLDSPACE_") and name not in KNOWN)
        if unknown:
            raise UnknownSetting(
                f"There is no setting called {', '.join(unknown)}.",
                then=f"Known settings: {', '.join(sorted(KNOWN))}.",
            )
        own = _own_folder(environ)
        passphrase_file = environ.get("HOLDSPACE_PASSPHRASE_FILE")
        hosts = tuple(h.strip() for h in environ.get("HOLDSPACE_ALLOWED_HOSTS", "").split(",") if h.strip())
        return cls(
            home=Path(environ.get("HOLDSPACE_HOME") or own / "practice"),
            weights=Path(environ.get("HOLDSPACE_WEIGHTS") or own / "weights"),
            database_url=environ.get("DATABASE_URL", ""),
            passphrase_file=Path(passphrase_file) if passphrase_file else None,
            allowed_hosts=LOCAL_HOSTS + hosts,
            is_https=_yes_or_no(environ, "HOLDSPACE_HTTPS"),
            speech_url=environ.get("SPEECH_URL", ""),
            speech_model=environ.get("SPEECH_MODEL", "whisper-1"),
        )

    def database(self) -> dict[str, object]:
        """Django's description of the database."""
        if self.database_url:
            return _postgres(self.database_url)
        return {
            "ENGINE": "holdspace.vault.sqlcipher",
            "NAME": self.home / "practice.db",
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            "CONN_MAX_AGE": 0,
        }

    @property
    def formats(self) -> Path:
        """The practice's own note formats, one YAML file each (docs/how-to/add-a-note-format.md)."""
        return self.home / "formats"

    def secret_key(self) -> str:
        """Signs cookies; `vault.home.prepare` wrote it. Empty before set-up, when nothing is signed yet."""
        try:
            return (self.home / "secret.key").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""


def _own_folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("XDG_DATA_HOME")
    return (Path(given) if given else Path.home() / ".local" / "share") / "holdspace"


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0")
    if value not in {"0", "1"}:
        raise WrongSetting(f"{name} is neither 0 nor 1.")
    return value == "1"


def _postgres(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting("DATABASE_URL is not the address of a PostgreSQL database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder (Unix socket) comes percent-encoded where the host stands; hostname would lower its case.
        "HOST": unquote(parts.netloc.rpartition("@")[2].partition(":")[0]),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
