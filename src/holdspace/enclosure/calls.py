"""The numbers of the system calls the tables name, by kind of machine (Linux: arch/*/syscalls, asm-generic/unistd.h).

From number 424 on every machine counts alike. A test compares them with the system's own headers.
"""

import ctypes
import platform
import struct
import sys
from dataclasses import dataclass

_X86_64 = """
    socket 41  socketpair 53  bind 49  listen 50  accept 43  accept4 288  connect 42
    sendto 44  sendmsg 46  sendmmsg 307
    clone 56  unshare 272  setns 308  execve 59  execveat 322  ioctl 16  seccomp 317
    ptrace 101  process_vm_readv 310  process_vm_writev 311  bpf 321  perf_event_open 298  userfaultfd 323
    add_key 248  request_key 249  keyctl 250
    init_module 175  finit_module 313  delete_module 176  kexec_load 246  kexec_file_load 320
    mount 165  umount2 166  pivot_root 155  chroot 161  open_by_handle_at 304
    iopl 172  ioperm 173  swapon 167  acct 163  reboot 169
"""
_AARCH64 = """
    socket 198  socketpair 199  bind 200  listen 201  accept 202  accept4 242  connect 203
    sendto 206  sendmsg 211  sendmmsg 269
    clone 220  unshare 97  setns 268  execve 221  execveat 281  ioctl 29  seccomp 277
    ptrace 117  process_vm_readv 270  process_vm_writev 271  bpf 280  perf_event_open 241  userfaultfd 282
    add_key 217  request_key 218  keyctl 219
    init_module 105  finit_module 273  delete_module 106  kexec_load 104  kexec_file_load 294
    mount 40  umount2 39  pivot_root 41  chroot 51  open_by_handle_at 265
    swapon 224  acct 89  reboot 142
"""
_EVERYWHERE = """
    io_uring_setup 425  io_uring_enter 426  io_uring_register 427
    open_tree 428  move_mount 429  fsopen 430  fsconfig 431  fsmount 432  fspick 433  mount_setattr 442
    clone3 435  pidfd_getfd 438
    landlock_create_ruleset 444  landlock_add_rule 445  landlock_restrict_self 446
"""

ELSEWHERE = frozenset({"iopl", "ioperm"})
"""Calls that not every kind of machine has."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine: how a filter recognises it, its calls, and whether a second numbering (x32) must be shut."""

    audit_arch: int
    numbers: dict[str, int]
    has_x32: bool


def _numbers(*tables: str) -> dict[str, int]:
    words = " ".join(tables).split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


MACHINES = {
    "x86_64": Machine(0xC000003E, _numbers(_X86_64, _EVERYWHERE), has_x32=True),
    "aarch64": Machine(0xC00000B7, _numbers(_AARCH64, _EVERYWHERE), has_x32=False),
}


def this_machine() -> Machine | None:
    """This machine, or None where the tables do not hold: another system, processor, or a 32-bit process."""
    if not sys.platform.startswith("linux") or struct.calcsize("P") != 8:  # bytes of a pointer
        return None
    return MACHINES.get(platform.machine())


def call(name: str, *arguments: object) -> int:
    """A bare system call, by this machine's number for it; -1, with the reason in errno, where it failed."""
    machine = this_machine()
    if machine is None:
        return -1
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(machine.numbers[name]), *arguments))
