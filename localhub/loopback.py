"""Sockets of this machine alone."""

import socket


def listen(port: int) -> socket.socket:
    """A socket on this port of 127.0.0.1; 0 takes a free one. Raises OSError."""
    # With the protocol named, asyncio switches Nagle off; otherwise each answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock
