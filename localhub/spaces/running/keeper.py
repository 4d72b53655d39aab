"""Runs a command and ends it, with everything it started, as soon as its own standard input ends.

    python keeper.py '["command", "and", "arguments"]' '["command", "to", "run", "last"]'

localhub holds the other end of that pipe, so nothing that it started goes on without it, whatever ended it: SIGKILL too.
Exits with the command's status as a container does: 128 + N for signal N, 127 for a command that isn't there.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading

NOT_FOUND = 127
_DUMPABLE = 4  # PR_SET_DUMPABLE, linux/prctl.h


def main() -> int:
    """Run the command. The last one, which may be empty, runs whatever became of the first."""
    command, last = (json.loads(argument) for argument in sys.argv[1:])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)  # what it keeps must not trace it
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return NOT_FOUND
    threading.Thread(target=_end_with_stdin, args=[child.pid], daemon=True).start()
    status = child.wait()
    _kill(child.pid)  # what it started and left behind
    if last:
        subprocess.run(
            last, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
    return status if status >= 0 else 128 - status


def _end_with_stdin(group: int) -> None:
    while os.read(0, 1):
        pass
    _kill(group)


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:  # all of it has ended by itself
        return


if __name__ == "__main__":
    sys.exit(main())
