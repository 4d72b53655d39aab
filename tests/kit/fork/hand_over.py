"""What xdist starts in place of a process of pytest: has one forked that takes over its streams, and ends as that ends.

It runs without site-packages, in a few milliseconds.
"""

import json
import os
import signal
import socket
import struct
import sys
import tempfile

NUMBER = struct.Struct("i")


def main(server: str, *arguments: str) -> int:
    """Ask the server at a path for a Python with these arguments, and wait for its end. Returns its exit code."""
    with tempfile.TemporaryFile("w+") as request, socket.socket(socket.AF_UNIX) as control:
        program = arguments[arguments.index("-c") :]
        json.dump(
            {"folder": os.getcwd(), "environment": dict(os.environ), "program": program, "arguments": ()}, request
        )
        request.seek(0)
        status, its_status = os.pipe()
        control.connect(server)
        socket.send_fds(control, [b"\0"], [request.fileno(), its_status, 0, 1, 2])
        os.close(its_status)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):  # a pipe is at its end when nobody holds the other one
            os.dup2(nowhere, stream)
        os.read(status, NUMBER.size)
        return int(NUMBER.unpack(os.read(status, NUMBER.size))[0])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the other one, too
    sys.exit(main(*sys.argv[1:]))
