"""The configuration of one installation: read once from the environment, refused when it says something unknown.

What a person may change while working (switches, retention) is not here: it is a row with an audit entry.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from holdspace.errors import NotReady

KNOWN = {
    "HOLDSPACE_HOME": "folder of the practice's records and keys",
    "HOLDSPACE_WEIGHTS": "folder of the model weights",
    "HOLDSPACE_PASSPHRASE_FILE": "file whose first line is the practice's passphrase",  # nosec B105
    "HOLDSPACE_BACKUPS": "folder for backups, best on another disk; by default `backups` in the practice's folder",
    "HOLDSPACE_KMS_URL": "address of a Vault Transit engine that helps to open the practice without a passphrase, "
    "with its mount: `https://vault.example:8200/v1/transit`",
    "HOLDSPACE_KMS_KEY": "name of the key in that engine; by default `holdspace`",
    "HOLDSPACE_KMS_TOKEN_FILE": "file whose first line is the token for that engine",
    "HOLDSPACE_ALLOWED_HOSTS": "names this server answers to, separated by commas",
    "HOLDSPACE_CA_FILE": "certificates of the practice's own authority (PEM), for servers it runs itself",
    "HOLDSPACE_HTTPS": "1 when a proxy in front of Holdspace speaks HTTPS",
}
MOST_NAMED = 10
KNOWN_SERVER = "verify-full"
ENCRYPTED = ("require", "verify-ca", KNOWN_SERVER)
"""PostgreSQL's ways of TLS, the last of which alone knows whom it talks to (its libpq, 34.19.1)."""
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
    otherwise it is an OpenAI-compatible transcription server's, and `speech_model` its name for a model. `language_url`
    is likewise a language model's server; whether it may be asked is decided by rows (outside), not here. `kms_url` is
    empty where no key service helps to open the practice.
    """

    home: Path
    weights: Path
    database_url: str = ""
    passphrase_file: Path | None = None
    allowed_hosts: tuple[str, ...] = LOCAL_HOSTS
    is_https: bool = False
    speech_url: str = ""
    speech_model: str = "whisper-1"
    backups_folder: Path | None = None
    kms_url: str = ""
    kms_key: str = "holdspace"
    kms_token_file: Path | None = None
    language_url: str = ""
    language_model: str = "default"
    certificates: Path | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the environment. Raises UnknownSetting naming the slip, WrongSetting naming the value's name."""
        unknown = sorted(name for name in environ if name.startswith("HOLDSPACE_") and name not in KNOWN)
        if unknown:
            raise UnknownSetting(
                f"There is no setting called {', '.join(map(_named, unknown[:MOST_NAMED]))}.",
                then=f"Known settings: {', '.join(sorted(KNOWN))}.",
            )
        own = _own_folder(environ)
        hosts = tuple(h.strip() for h in environ.get("HOLDSPACE_ALLOWED_HOSTS", "").split(",") if h.strip())
        return cls(
            home=Path(environ.get("HOLDSPACE_HOME") or own / "practice"),
            weights=Path(environ.get("HOLDSPACE_WEIGHTS") or own / "weights"),
            database_url=environ.get("DATABASE_URL", ""),
            passphrase_file=_path(environ, "HOLDSPACE_PASSPHRASE_FILE"),
            allowed_hosts=LOCAL_HOSTS + hosts,
            is_https=_yes_or_no(environ, "HOLDSPACE_HTTPS"),
            speech_url=_parts(environ.get("SPEECH_URL", ""), "SPEECH_URL").geturl(),
            speech_model=environ.get("SPEECH_MODEL", "whisper-1"),
            backups_folder=_path(environ, "HOLDSPACE_BACKUPS"),
            kms_url=environ.get("HOLDSPACE_KMS_URL", ""),
            kms_key=environ.get("HOLDSPACE_KMS_KEY", "holdspace"),
            kms_token_file=_path(environ, "HOLDSPACE_KMS_TOKEN_FILE"),
            language_url=environ.get("LANGUAGE_URL", ""),
            language_model=environ.get("LANGUAGE_MODEL", "default"),
            certificates=_path(environ, "HOLDSPACE_CA_FILE"),
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

    def named(self) -> tuple[str, ...]:
        """Addresses that whoever starts the server allows by naming them. A language model's is not among them."""
        return tuple(url for url in (self.speech_url, self.kms_url) if url)

    @property
    def formats(self) -> Path:
        """The practice's own note formats, one YAML file each (docs/how-to/add-a-note-format.md)."""
        return self.home / "formats"

    @property
    def backups(self) -> Path:
        """Where backups go; best another disk."""
        return self.backups_folder or self.home / "backups"

    def secret_key(self) -> str:
        """Signs cookies; `vault.home.prepare` wrote it. Empty before set-up, when nothing is signed yet."""
        try:
            return (self.home / "secret.key").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""


def _named(name: str) -> str:
    """A slip by its name, where it looks like one: what was typed by accident in its place is not repeated."""
    return (
        name if re.fullmatch(r"HOLDSPACE_[A-Z_]{1,40}", name) else "one with other letters than a setting has"
    )


def _own_folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("XDG_DATA_HOME")
    return (Path(given) if given else Path.home() / ".local" / "share") / "holdspace"


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    given = environ.get(name)
    return Path(given) if given else None


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0")
    if value not in {"0", "1"}:
        raise WrongSetting(f"{name} is neither 0 nor 1.")
    return value == "1"


def _parts(url: str, name: str) -> SplitResult:
    """An address in its parts. What is wrong with one is not repeated: it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        raise WrongSetting(f"{name} is not an address.") from None
    return parts


def _postgres(url: str) -> dict[str, object]:
    parts = _parts(url, "DATABASE_URL")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting("DATABASE_URL is not the address of a PostgreSQL database.")
    return {
        "ENGINE": "holdspace.vault.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder (Unix socket) comes percent-encoded where the host stands; hostname would lower its case.
        "HOST": unquote(parts.netloc.rpartition("@")[2].partition(":")[0]),
        "PORT": str(parts.port or ""),
        "OPTIONS": _options(parts),
    }


def _options(parts: SplitResult) -> dict[str, str]:
    """What the address says besides. To another machine the line is encrypted, or nothing goes there."""
    options = dict(parse_qsl(parts.query))
    if _is_elsewhere(parts) and options.setdefault("sslmode", KNOWN_SERVER) not in ENCRYPTED:
        raise WrongSetting(
            "DATABASE_URL names another machine, and its sslmode would let the records go there in clear.",
            then="Say sslmode=verify-full, and sslrootcert for an authority of your own.",
        )
    return options


def _is_elsewhere(parts: SplitResult) -> bool:
    host = (parts.hostname or "").casefold()
    if not host or host.startswith("%2f") or host == "localhost":  # a folder is a socket of this machine's
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
