"""The keys that open everything are in memory only; on the disk they are wrapped, and in no setting."""

import json
import os

from django.conf import settings

from holdspace.proof.needles import of_keys
from holdspace.proof.places import Decrypted, files_of_the_practice, in_files, search
from holdspace.proof.promise import NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.vault import keyfile
from holdspace.vault.home import KEYFILE
from holdspace.vault.keys import ring

PROMISE = Promise(
    number="1.7",
    says="The keys of the practice lie nowhere in clear: on the disk they are locked by the passphrase, "
    "which is slow to guess.",
    tried="Every file of the practice, the decrypted database and the settings of this process were searched "
    "for the keys in memory, in four encodings; then the lock of the key file was looked at.",
    red="Whoever copies this folder can open the practice. Move it to an encrypted disk at once, rotate the "
    "key, and destroy copies of the folder.",
)
PURPOSES = ("database", "log-heads")


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Search for the keys, look at the lock."""
    practice_key = ring._practice_key  # the one place that asks: nothing else may see the key itself
    if practice_key is None:
        raise NotTried("The practice is locked.", then="Unlock it first.")
    needles = of_keys([practice_key, *(ring.key_for(purpose) for purpose in PURPOSES)])
    files = files_of_the_practice()
    found = search([*in_files(files, needles), Decrypted()], needles)
    demand(not found, *map(str, found))
    told = "\0".join(f"{name}={value}" for name, value in os.environ.items()).encode()
    demand(
        not any(key in told for some in needles.values() for key in some),
        "A key is in the settings of this process.",
    )
    return (
        f"{len(files)} files, the decrypted database and the settings: none of {len(PURPOSES) + 1} keys is in them.",
        _lock(),
    )


def _lock() -> str:
    """What the lock of the key file is. Raises Broken where it is weaker than ours."""
    path = settings.CONFIG.home / KEYFILE
    if not path.exists():
        raise NotTried("There is no key file in the practice’s folder.", then="Set the practice up.")
    told = json.loads(path.read_bytes())
    lock = told.get("locks", {}).get(keyfile.PASSPHRASE, told)["derivation"]
    strong = (
        lock["name"] == "argon2id"
        and lock["memory_kib"] >= keyfile.MEMORY_KIB
        and lock["rounds"] >= keyfile.ROUNDS
    )
    demand(strong, "The key file’s lock is weaker than it should be.")
    return f"The passphrase is stretched by Argon2id over {lock['memory_kib'] // 1024} MB, {lock['rounds']} times."
