"""The embedded database as a thief with its key would see it: every page decrypted, free ones and the log's included.

SQLCipher 4: pages of 4,096 bytes, the last 80 of each an initialisation vector (16) and a seal (64); AES-256-CBC under
the raw key. The first page begins with 16 bytes of salt, which stand where a plain file says what it is. A record's
bytes may be cut by the end of a page, so several pieces of anything are searched for.
(https://www.zetetic.net/sqlcipher/design/)
"""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from holdspace.proof.beside import read_beside

PAGE = 4096
RESERVED = 80
VECTOR = 16
SALT = 16
LOG_HEAD, FRAME_HEAD = 32, 24
AT_ONCE = 2048


def plain_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """The decrypted content of the database's file, some megabytes at a time."""
    with read_beside(path) as stream:
        number = 0
        while raw := stream.read(PAGE * AT_ONCE):
            pages = [raw[at : at + PAGE] for at in range(0, len(raw) - PAGE + 1, PAGE)]
            yield b"".join(
                _plain(page, key, skip=SALT if number + at == 0 else 0) for at, page in enumerate(pages)
            )
            number += len(pages)


def plain_log(path: Path, key: bytes) -> Iterator[bytes]:
    """The decrypted pages of the write-ahead log, newer and older ones."""
    with read_beside(path) as stream:
        raw = stream.read()
    for at in range(LOG_HEAD, len(raw) - FRAME_HEAD - PAGE + 1, FRAME_HEAD + PAGE):
        page_number = int.from_bytes(raw[at : at + 4], "big")
        page = raw[at + FRAME_HEAD : at + FRAME_HEAD + PAGE]
        yield _plain(page, key, skip=SALT if page_number == 1 else 0)


def _plain(page: bytes, key: bytes, *, skip: int) -> bytes:
    end = PAGE - RESERVED
    vector = page[end : end + VECTOR]
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return decryptor.update(page[skip:end]) + decryptor.finalize()
