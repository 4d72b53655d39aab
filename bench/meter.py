"""Runs one command and tells what it cost. A program of its own, because a child's peak memory counts from what its parent
had: python bench/meter.py RESULT COMMAND…, which writes JSON to RESULT and ends with the command's exit code.
"""

import json
import os
import sys
import time
from pathlib import Path


def main() -> int:
    """Run the command and wait for it."""
    result, *command = sys.argv[1:]
    began = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # ended but not gone, so that its counters can still be read
    wall = time.monotonic() - began
    counters = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    _, status, usage = os.wait4(pid, 0)
    cost = {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * 1024,  # of the largest single process
        "read": int(counters["rchar"]),  # bytes that it and the processes it waited for read from files and pipes
    }
    Path(result).write_text(json.dumps(cost))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
