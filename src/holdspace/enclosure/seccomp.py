"""Seccomp filters from a table of rules: what is not in the table is allowed, what is gets an error and does nothing.

The kernel runs a filter at every system call of the process, of all its threads, of its children and of whatever they
execute, and nothing can take it off again (seccomp(2)). A rule names a call, the error it gets, and tests of its
arguments that must all hold. Numbers are compared as the kernel reads them, in 32 bits: a filter that compared 64 could
be passed by setting a bit the kernel ignores.
"""

import ctypes
import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from holdspace.enclosure.calls import ELSEWHERE, Machine, this_machine

ALLOW, ERRNO, ASK = 0x7FFF0000, 0x00050000, 0x7FC00000
NEVER = -1
"""In place of an error: the call waits for an answer from a supervisor, and there is none. It sleeps until the end."""
SET_MODE_FILTER = 1
ALL_THREADS, WITH_SUPERVISOR = 1, 1 << 3 | 1 << 4
"""SECCOMP_FILTER_FLAG_TSYNC; _NEW_LISTENER and _TSYNC_ESRCH (Linux 5.7)."""
PR_SET_NO_NEW_PRIVS = 38
X32_BIT = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NR, _ARCH, _ARGUMENTS = 0, 4, 16
_NEXT = -1
"""In a test's instruction: jump to the rule after this one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on an argument, counted from 0.

    `how`: after `mask` "in" or "not in" `values`, or "has" any bit of them; "given" for a pointer that is not null.
    """

    argument: int
    how: str
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Rule:
    """A call that gets an error when every condition holds.

    0: it is told that it succeeded, and nothing was done. NEVER: it is told nothing.
    """

    call: str
    error: int
    when: tuple[Condition, ...] = ()


def rules(calls: str, error: int, *when: Condition) -> tuple[Rule, ...]:
    """The same rule for several calls."""
    return tuple(Rule(call, error, when) for call in calls.split())


def is_given(argument: int) -> Condition:
    """Holds when a pointer argument is not null."""
    return Condition(argument, "given", ())


def program(table: Sequence[Rule], machine: Machine) -> bytes:
    """The filter's instructions (struct sock_filter). Calls of another machine's numbering are all refused."""
    refuse = _instruction(_RETURN, k=ERRNO | errno.EPERM)
    made = [_instruction(_LOAD, k=_ARCH), _instruction(_EQUAL, 1, 0, machine.audit_arch), refuse]
    made.append(_instruction(_LOAD, k=_NR))
    if machine.has_x32:
        made += [_instruction(_AT_LEAST, 0, 1, X32_BIT), refuse]
    for rule in table:
        if rule.call in machine.numbers or rule.call not in ELSEWHERE:
            made += _block(rule, machine.numbers[rule.call])
    return b"".join([*made, _instruction(_RETURN, k=ALLOW)])


def install(table: Sequence[Rule]) -> bool:
    """Put the filter over every thread of this process, for good. False where the system does not let us.

    The supervisor that some tables need is a file number this process keeps and never reads.
    """
    machine = this_machine()
    if machine is None:
        return False
    code = ctypes.create_string_buffer(program(table, machine))
    described = ctypes.create_string_buffer(struct.pack("HP", (len(code) - 1) // 8, ctypes.addressof(code)))
    is_supervised = any(rule.error == NEVER for rule in table)
    flags = ALL_THREADS | (WITH_SUPERVISOR if is_supervised else 0)
    if not give_up_privileges():
        return False
    call = partial(_libc().syscall, ctypes.c_long(machine.numbers["seccomp"]))
    answer = call(SET_MODE_FILTER, flags, ctypes.byref(described))
    return bool(answer > 0 if is_supervised else answer == 0)


def give_up_privileges() -> bool:
    """No program this process executes gains rights by it (no_new_privs); without this no filter may be set."""
    return bool(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _block(rule: Rule, number: int) -> list[bytes]:
    """Load the call's number, then its tests; the first that fails jumps past the block."""
    steps = [(_LOAD, 0, 0, _NR), (_EQUAL, 0, _NEXT, number)]
    for test in rule.when:
        steps += _steps(test)
    steps.append((_RETURN, 0, 0, ASK if rule.error == NEVER else ERRNO | rule.error))
    # A jump counts from the instruction after it.
    past = [len(steps) - 1 - at for at in range(len(steps))]
    return [
        _instruction(code, past[at] if yes == _NEXT else yes, past[at] if no == _NEXT else no, k)
        for at, (code, yes, no, k) in enumerate(steps)
    ]


def _steps(test: Condition) -> list[tuple[int, int, int, int]]:
    low = _ARGUMENTS + 8 * test.argument
    if test.how == "given":  # either half of the pointer is not zero
        return [(_LOAD, 0, 0, low), (_EQUAL, 0, 2, 0), (_LOAD, 0, 0, low + 4), (_EQUAL, _NEXT, 0, 0)]
    loaded = [(_LOAD, 0, 0, low), (_AND, 0, 0, test.mask)]
    if test.how == "has":
        return [*loaded, (_HAS_BIT, 0, _NEXT, sum(test.values))]
    if test.how == "not in":
        return [*loaded, *((_EQUAL, _NEXT, 0, value) for value in test.values)]
    last = len(test.values) - 1
    found = [(_EQUAL, last - at, _NEXT if at == last else 0, value) for at, value in enumerate(test.values)]
    return [*loaded, *found]


def _instruction(code: int, yes: int = 0, no: int = 0, k: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, k)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
