"""Cryptography: known primitives from known libraries, only where docs/reference/crypto.md says, and strong."""

import ast
import re
from math import log2

from allauth.mfa import app_settings
from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS

from holdspace.access.spoken_code import CODE_LENGTH, CODE_LETTERS
from holdspace.people import codes, factors
from holdspace.vault import envelope, keyfile
from tests.walls.tree import ROOT, modules, parsed, short

PRIMITIVES = {
    "cryptography.exceptions": {"InvalidTag", "InvalidSignature"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
    "cryptography.hazmat.primitives.asymmetric.ed25519": {"Ed25519PrivateKey", "Ed25519PublicKey"},
    "argon2.low_level": {"Type", "hash_secret_raw"},
    "argon2.exceptions": {"HashingError"},
    "hmac": {"compare_digest"},
    "pyrage": {"passphrase", "x25519", "encrypt", "decrypt"},
}
NEVER = (
    "Crypto",
    "Cryptodome",
    "nacl",
    "pycryptodome",
    "rsa",
    "ecdsa",
    "md5",
    "sha1",
    "random",
    "crypt",
    "hashlib.md5",
    "hashlib.sha1",
)
ONLY_THERE = {
    "src/holdspace/outbound/http.py": {"ssl"},
    "src/holdspace/outbound/postgres.py": {"ssl"},
    "src/holdspace/proof/plain_pages.py": {
        f"cryptography.hazmat.primitives.ciphers.{name}" for name in ("Cipher", "algorithms", "modes")
    },
}
"""TLS on the way out; and what reads the database's own pages as a thief would, to show what is in them."""
PAGE = ROOT / "docs" / "reference" / "crypto.md"
NOT_SECRET = {"src/holdspace/engines/"}
"""Where a number by chance keeps nothing secret."""


def faults(tree: ast.AST) -> list[str]:
    """What of cryptography a module uses that is not on the list."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            allowed = PRIMITIVES.get(node.module)
            if node.module.split(".")[0] in ("cryptography", "argon2", "hmac", "pyrage"):
                found += [
                    f"{node.module}.{alias.name}"
                    for alias in node.names
                    if not allowed or alias.name not in allowed
                ]
            found += [node.module] if node.module.split(".")[0] in NEVER else []
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in (*NEVER, "ssl")]
        elif isinstance(node, ast.Call) and re.fullmatch(r"hmac\.\w+", ast.unparse(node.func)):
            found += [] if _is_strong(node) else [ast.unparse(node.func)]
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in NEVER:
            found.append(ast.unparse(node))
        elif (
            isinstance(node, ast.keyword)
            and node.arg in ("verify", "check_hostname")
            and ast.unparse(node.value) == "False"
        ):
            found.append(f"{node.arg}=False")
    return found


def _is_strong(call: ast.Call) -> bool:
    """Comparing in the same time whatever differs, or HMAC with SHA-256."""
    if ast.unparse(call.func) == "hmac.compare_digest":
        return True
    return ast.unparse(call.func) in ("hmac.new", "hmac.digest") and ast.unparse(call.args[-1]) in (
        "sha256",
        "'sha256'",
    )


def test_only_known_primitives_are_used() -> None:
    found = {short(path): set(faults(parsed(path))) for path in modules()}
    assert {
        path: names
        for path, names in found.items()
        if names and not any(path.startswith(ok) for ok in NOT_SECRET)
    } == ONLY_THERE
    reader = (ROOT / "src/holdspace/proof/plain_pages.py").read_text(encoding="utf-8")
    assert "encryptor" not in reader  # it opens what SQLCipher wrote, and seals nothing


def test_the_wall_stops_what_is_broken_or_unknown() -> None:
    bad = (
        "import random\nfrom Crypto.Cipher import DES\nhashlib.md5(x)\n"
        "from cryptography.hazmat.primitives.ciphers.modes import ECB\nget(x, verify=False)\n"
        "import hmac\nhmac.new(key, x, 'md5')"
    )
    assert len(faults(ast.parse(bad))) == 6
    assert (
        faults(ast.parse("import secrets, hashlib\nhashlib.sha256(x)\nfrom hmac import compare_digest")) == []
    )


def test_keys_codes_and_stretching_are_as_strong_as_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(envelope.new_key()) == 32
    assert envelope.NONCE_BYTES == 12
    assert (keyfile.MEMORY_KIB, keyfile.ROUNDS) == (128 * 1024, 3)
    assert f"{keyfile.MEMORY_KIB // 1024} MiB" in page
    assert keyfile.KEY_LETTERS * log2(len(keyfile._LETTERS)) >= 128
    assert CODE_LENGTH * log2(len(CODE_LETTERS)) > 38
    assert codes.LENGTH * log2(len(CODE_LETTERS)) > 77
    assert (len(factors.new_secret()) * 5, app_settings.TOTP_DIGITS) == (160, 6)
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert VALID_KEY_CHARS == "abcdefghijklmnopqrstuvwxyz0123456789"  # of which Django draws 32
    assert 32 * log2(len(VALID_KEY_CHARS)) > 128
    fresh = (ROOT / "src/holdspace/web/settings.py").read_text(encoding="utf-8")
    assert re.search(r'PASSWORD_HASHERS = \["django.contrib.auth.hashers.Argon2PasswordHasher"\]', fresh)


def test_the_page_names_every_place_where_something_is_sealed_signed_or_stretched() -> None:
    page = PAGE.read_text(encoding="utf-8")
    uses = {
        short(path).removeprefix("src/holdspace/")
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ("cryptography", "argon2", "pyrage")
    }
    assert {use for use in uses if f"`{use}`" not in page} == set()
