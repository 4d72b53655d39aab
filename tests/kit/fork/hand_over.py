"""How a server is asked to fork a program; and by itself, what xdist starts in place of a process of pytest: it has one forked that
takes over its streams, and ends as that ends.

It runs without site-packages, in a few milliseconds.
"""

import json
import os
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Mapping

NUMBER = struct.Struct("i")


def ask(control: socket.socket, asked: Mapping[str, object], *streams: int) -> int:
    """Ask a server for a program: its `folder`, `environment`, `program` and `arguments`, and its three streams. Returns where it
    tells the process, and later the exit code."""
    status, its_status = os.pipe()
    with tempfile.TemporaryFile("w+") as request:
        json.dump(asked, request)
        request.seek(0)
        socket.send_fds(control, [b"\0"], [request.fileno(), its_status, *streams])
    os.close(its_status)
    return status


def told(status: int) -> int:
    """The next number that the server tells. Both may be there at once."""
    return int(NUMBER.unpack(os.read(status, NUMBER.size))[0])


def main(server: str, *arguments: str) -> int:
    """Ask the server at a path for a Python with these arguments, and wait for its end. Returns its exit code."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(server)
        program = arguments[arguments.index("-c") :]
        asked = {"folder": os.getcwd(), "environment": dict(os.environ), "program": program, "arguments": ()}
        status = ask(control, asked, 0, 1, 2)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):  # a pipe is at its end when nobody holds the other one
            os.dup2(nowhere, stream)
        told(status)
        return told(status)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the other one, too
    sys.exit(main(*sys.argv[1:]))
