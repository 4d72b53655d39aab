"""Memory that is free: given back to the system at once."""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_LARGE = 256 * 1024  # bytes


def give_back() -> None:
    """Have the C library give each large buffer back once it is free. It keeps them otherwise, and a deploy that sends much then takes
    a fifth more memory at its peak. Source: mallopt(3); only glibc has it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
