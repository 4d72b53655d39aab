"""Gives up what a program of strangers must not have, and becomes that program.

    python -I -S confine.py '{"user": 65533, …}' PROGRAM ARGUMENTS

A program of its own with nothing but the standard library: what it gives up is gone for all that it starts, whichever way it
starts that. It takes another user (as root, where the program can be reached by others), no capabilities, limits, and Landlock:
files outside of the named folders, other processes and their environment, and the ports at which clouds answer their machines
are out of reach then. Sources: landlock(7), capabilities(7), seccomp(2); the ports: Azure, AWS, Google and Alibaba document 80,
Azure's wire server 32526 too.
"""

import ctypes
import json
import os
import platform
import resource
import struct
import sys
from typing import Any

METADATA_PORTS = (80, 32526)
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PATH, _PORT = 1, 2
_CONNECT = 1 << 1
_READ = 0b1101  # execute, read a file, read a folder
_FILES = (13, 14, 15, 15, 16, 16, 16)  # kinds of access to files that each version of Landlock knows
_ON_A_FILE = 0b1100000000000111  # execute, write, read, truncate, control a device
_NO_NEW_PRIVILEGES, _CAPBSET_DROP, _PARENT_DEATH, _SET_SECCOMP, _KEEP_NONE = 38, 24, 1, 22, 0
_ARCHITECTURE, _SOCKET, _SENDTO, _SENDMSG, _SENDMMSG = {
    "x86_64": (0xC000003E, 41, 44, 46, 307),
    "aarch64": (0xC00000B7, 198, 206, 211, 269),
}.get(platform.machine(), (0, 0, 0, 0, 0))
_MPTCP, _FAST_OPEN = 262, 0x20000000
_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Give all up that the first argument says, and run the rest."""
    asked: dict[str, Any] = json.loads(sys.argv[1])
    program = sys.argv[2:]
    _checked(_libc.prctl(_PARENT_DEATH, 9, 0, 0, 0), "ends with its parent")
    _limit(asked["memory"])
    _become(asked.get("user"), asked.get("groups", []))
    _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    if asked["landlock"]:
        _only(asked["read"], asked["write"])
        _no_detours()
    os.execv(program[0], program)  # noqa: S606 - there is no shell between, and none is wanted


def version() -> int:
    """Return the version of Landlock that the kernel has; 0 for none."""
    return int(max(_libc.syscall(_CREATE, None, 0, 1), 0))


def _limit(memory: int) -> None:
    most = {resource.RLIMIT_CORE: 0, resource.RLIMIT_DATA: memory, resource.RLIMIT_NPROC: 4096}
    for what, wanted in most.items():
        hard = resource.getrlimit(what)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (value, value))


def _become(user: int | None, groups: list[int]) -> None:
    """Become another user, or at least lose what root may do."""
    if os.geteuid() != 0:
        return
    for capability in range(64):
        if _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    if user is not None:
        os.setgroups(groups)
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        return
    header, none = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)
    _checked(_libc.capset(header, none), "gives up its capabilities")


def _only(read: list[str], write: list[str]) -> None:
    """Leave nothing but these files and folders, and all ports but those of the cloud's own services."""
    known = version()
    files = (1 << _FILES[min(known, len(_FILES)) - 1]) - 1
    ports = _CONNECT if known >= 4 else 0
    scopes = 0b11 if known >= 6 else 0  # abstract sockets and signals stay among us
    attributes = struct.pack("QQQ", files, ports, scopes)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = _checked(_libc.syscall(_CREATE, attributes, size, 0), "makes rules")
    for paths, access in ((read, _READ & files), (write, files)):
        for path in paths:
            _allow(rules, path, access)
    if ports:
        for port in set(range(65536)) - set(METADATA_PORTS):
            _checked(_libc.syscall(_ADD, rules, _PORT, struct.pack("QQ", ports, port), 0), f"allows port {port}")
    _checked(_libc.syscall(_RESTRICT, rules, 0), "keeps to the rules")
    os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to allow
    access = access if os.path.isdir(path) else access & _ON_A_FILE
    _checked(_libc.syscall(_ADD, rules, _PATH, struct.pack("=Qi", access, at), 0), f"allows {path}")
    os.close(at)


def _no_detours() -> None:
    """Refuse the two ways to open a TCP connection that Landlock does not look at: MPTCP, and data in the first packet."""
    if not _SOCKET:
        return
    load, equal, above, bits, give = 0x20, 0x15, 0x35, 0x45, 0x06
    number, architecture, first = 0, 4, 16
    allowed, refused = 0x7FFF0000, 0x00050000 | 93  # EPROTONOSUPPORT

    def argument(index: int) -> int:
        return first + 8 * index

    # Other instruction sets of the same processor have other numbers for the same calls.
    program = [(load, 0, 0, architecture), (equal, 1, 0, _ARCHITECTURE), (give, 0, 0, refused)]
    program += [(load, 0, 0, number), (above, 0, 1, 0x40000000), (give, 0, 0, refused)]
    checks = [(_SOCKET, 2, equal, _MPTCP), (_SENDTO, 3, bits, _FAST_OPEN), (_SENDMSG, 2, bits, _FAST_OPEN)]
    for call, index, test, value in [*checks, (_SENDMMSG, 3, bits, _FAST_OPEN)]:
        program += [
            (equal, 0, 4, call),
            (load, 0, 0, argument(index)),
            (test, 0, 1, value),
            (give, 0, 0, refused),
            (give, 0, 0, allowed),
        ]
    program.append((give, 0, 0, allowed))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    _checked(_libc.prctl(_SET_SECCOMP, 2, filter_, 0, 0), "filters calls")


def _checked(answer: int, doing: str) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        sys.exit(f"confine: {doing}: {os.strerror(number)}")
    return answer


if __name__ == "__main__":
    main()
