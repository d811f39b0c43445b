"""The seal: a seccomp filter that the jailed process puts on itself, so that no tool may open a socket, trace, mount or fork."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000
# io_uring_setup/enter/register, open_tree, move_mount, fsopen, fsmount, pidfd_getfd: numbered alike everywhere.
_NEWER = (425, 426, 427, 428, 429, 430, 432, 438)
_CLONE3 = 435


@dataclass(frozen=True)
class _Machine:
    """System call numbers of one processor (Linux: asm/unistd.h)."""

    arch: int
    denied: tuple[int, ...]
    forks: tuple[int, ...]
    clone: int


_MACHINES = {
    "x86_64": _Machine(
        arch=0xC000003E,
        # socket connect accept sendto sendmsg bind listen socketpair accept4 | ptrace pivot_root chroot mount umount2 modules kexec
        denied=(
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 101, 155, 161, 165, 166, 175, 176, 313, 246, 320),
            # keys unshare setns perf_event_open open_by_handle_at process_vm_* bpf userfaultfd
            *(248, 249, 250, 272, 308, 298, 304, 310, 311, 321, 323),
        ),
        forks=(57, 58),
        clone=56,
    ),
    "aarch64": _Machine(
        arch=0xC00000B7,
        denied=(
            *(198, 203, 202, 206, 211, 200, 201, 199, 242, 117, 41, 51, 40, 39, 105, 106, 273, 104, 294),
            *(217, 218, 219, 97, 268, 241, 265, 270, 271, 280, 282),
        ),
        forks=(),
        clone=220,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def seal(*, may_fork: bool) -> bool:
    """Forbids this process and its children the calls above for good; returns false on a processor we have no numbers for."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    steps = b"".join(_steps(machine, may_fork=may_fork))
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(steps) // 8, steps)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    return True


def _steps(machine: _Machine, *, may_fork: bool) -> list[bytes]:
    """Returns the filter: foreign calling conventions and denied calls get an error, everything else passes."""
    denied = (*machine.denied, *_NEWER, *(() if may_fork else machine.forks))
    return [
        *_checked(_ARCH, _step(_EQUAL, machine.arch, 1, 0), errno.EPERM),
        _step(_LOAD, _NUMBER),
        *(_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _ERROR | errno.EPERM)),
        *(step for number in denied for step in _refused(number, errno.EPERM)),
        *(() if may_fork else _threads_only(machine.clone)),
        _step(_RETURN, _ALLOW),
    ]


def _checked(what: int, question: bytes, error: int) -> Sequence[bytes]:
    return _step(_LOAD, what), question, _step(_RETURN, _ERROR | error)


def _refused(number: int, error: int) -> Sequence[bytes]:
    return _step(_EQUAL, number, 0, 1), _step(_RETURN, _ERROR | error)


def _threads_only(clone: int) -> Sequence[bytes]:
    """Lets clone make threads but no processes; clone3 hides its flags, so it "does not exist" and libc uses clone."""
    return (
        *_refused(_CLONE3, errno.ENOSYS),
        _step(_EQUAL, clone, 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_ANY_BIT, _CLONE_THREAD, 1, 0),
        _step(_RETURN, _ERROR | errno.EPERM),
    )


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
