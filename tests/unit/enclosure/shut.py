"""Runs a few lines in a fresh process that was shut in, and brings back what they answered.

The lines see `tried(call, *arguments)`, which makes a bare system call and gives "ok" or the error's name, and put what
they find into `found`.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from holdspace.enclosure.calls import this_machine

BEFORE = """
import ctypes, errno, json, os, socket, sys, threading
from pathlib import Path
from holdspace.enclosure import landlock, processes, seccomp
from holdspace.enclosure.calls import this_machine
from holdspace.enclosure.landlock import Limits
from holdspace.enclosure.processes import *
libc, numbers, found = ctypes.CDLL(None, use_errno=True), this_machine().numbers, {}
def tried(call, *arguments):
    number = numbers[call] if isinstance(call, str) else call
    made = [ctypes.c_ulonglong(one) if isinstance(one, int) else one for one in arguments]
    ctypes.set_errno(0)
    answer = libc.syscall(ctypes.c_long(number), *made, *([ctypes.c_ulonglong(0)] * (6 - len(made))))
    return "ok" if answer >= 0 else errno.errorcode[ctypes.get_errno()]
"""
AFTER = "\nprint(json.dumps(found))\n"

linux_only = pytest.mark.skipif(this_machine() is None, reason="seccomp and Landlock are Linux's")


def shut_in(lines: str) -> dict[str, Any]:
    """What the lines found."""
    done = subprocess.run(
        [sys.executable, "-c", BEFORE + lines + AFTER],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))
