"""The practice's folder belongs to one account of the machine, and nobody else may look into it."""

import os
from pathlib import Path

from django.conf import settings

from holdspace.proof.places import files_of_the_practice
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.8",
    says="No other account of this machine can read the practice’s folder, its database or its keys.",
    tried="The rights of the folder and of every file in it were looked at.",
    red="Others who use this machine can read the files named. Close the folder to them (`chmod -R go-rwx` "
    "on it), and ask who could have read it.",
)
OTHERS = 0o077


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Look at the rights."""
    home: Path = settings.CONFIG.home
    demand(home.is_dir(), "The practice’s folder is not there.")
    demand(not home.stat().st_mode & OTHERS, "The practice’s folder is open to others.")
    demand(home.stat().st_uid == os.getuid(), "The practice’s folder belongs to another account.")
    files = [path for path in files_of_the_practice() if path.is_relative_to(home)]
    opened = [path for path in files if path.stat().st_mode & OTHERS]
    demand(not opened, f"{len(opened)} of {len(files)} files can be read by others.")
    return (f"The folder and its {len(files)} files are open to one account alone.",)
