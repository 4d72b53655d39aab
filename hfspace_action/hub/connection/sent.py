"""How much this process has sent, whichever library did: hf_xet uploads in native code that reports nothing."""

import os
import socket
import stat
import struct
import time
from collections.abc import Callable
from contextlib import suppress

# Where Linux has tcpi_bytes_acked in struct tcp_info (since 4.1). Source: include/uapi/linux/tcp.h.
_ACKED, _LONGEST = 120, 256
SLOWEST = 16 * 1024
"""Bytes in a `SPAN` that are an upload which moves; requests that are made again and again have fewer."""
SPAN = 10.0
"""Seconds."""


def acknowledged() -> dict[int, int]:
    """Return how many bytes the other sides have received, by the inodes of this process's TCP connections; none where
    the system does not say."""
    found: dict[int, int] = {}
    with suppress(OSError, AttributeError):
        for each in map(int, os.listdir("/proc/self/fd")):
            with suppress(OSError, struct.error):  # it is closed meanwhile, or no TCP
                about = os.fstat(each)
                if stat.S_ISSOCK(about.st_mode):
                    with socket.socket(fileno=os.dup(each)) as one:
                        info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LONGEST)
                    (found[about.st_ino],) = struct.unpack_from("Q", info, _ACKED)
    return found


class Movement:
    """Whether uploads move. Ask about once a second; `count` is `acknowledged`."""

    def __init__(
        self,
        count: Callable[[], dict[int, int]] = acknowledged,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._count, self._clock = count, clock
        self._before: dict[int, int] = {}
        self._steps: list[tuple[float, int]] = []

    def moves(self) -> bool:
        """Count, and return whether enough was sent in the last `SPAN`."""
        now, found = self._clock(), self._count()
        more = sum(max(0, sent - self._before.get(inode, 0)) for inode, sent in found.items())
        self._before = found
        self._steps = [(at, sent) for at, sent in self._steps if now - at < SPAN] + [(now, more)]
        return sum(sent for _, sent in self._steps) >= SLOWEST
