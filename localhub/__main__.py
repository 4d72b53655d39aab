"""python -m localhub: a Hugging Face Hub for one machine."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from .accounts.accounts import Accounts
from .control.faults import Traffic
from .hub import Hub, Options
from .loopback import listen
from .server import Server
from .spaces.building.simulated import TICK
from .variants import ALL, Switches


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    if sys.argv[1:2] == ["preview"]:
        from .preview import preview  # not before: nothing else needs rich

        sys.exit(preview.main(sys.argv[2:]))
    parser = argparse.ArgumentParser(
        prog="python -m localhub",
        description="A Hugging Face Hub on 127.0.0.1.",
        epilog="`python -m localhub preview PATH` builds and runs one folder as a Space and needs no options.",
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 (the default) takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument("--accounts", type=Path, help="YAML file with users and organisations")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="delay of each request, in milliseconds")
    parser.add_argument("--simulate", action="store_true", help="gradio and docker Spaces run on a clock, not for real")
    parser.add_argument("--tick", type=float, default=TICK, help="seconds that a simulated stage takes (%(default)s)")
    parser.add_argument("--only", metavar="SDK", help="build Spaces of this SDK, and no others")
    parser.add_argument("--unlimited", action="store_true", help="no rate limits, unless a test sets some")
    parser.add_argument(
        "--variant",
        nargs="+",
        action="extend",
        choices=ALL,
        default=[],
        metavar="NAME",
        help="answer otherwise, as docs/localhub.md lists it",
    )
    arguments = parser.parse_args()

    logging.basicConfig(level=logging.WARNING)
    try:
        accounts = Accounts.load(arguments.accounts)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    try:
        sock = listen(arguments.port)
    except OSError as error:
        parser.error(f"--port {arguments.port}: {error.strerror}")
    options = Options(
        arguments.tick if arguments.simulate else None, arguments.unlimited, Switches(arguments.variant), arguments.only
    )
    hub = Hub(arguments.data.resolve(), accounts, options)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    server = Server(hub, Traffic(arguments.latency_ms / 1000), sock, lambda: print(f"ready {address}", flush=True))
    asyncio.run(server.run_until_signal())


if __name__ == "__main__":
    main()
