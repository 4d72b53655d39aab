"""What a preview is asked for."""

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from localhub.repos import card

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Wish(NamedTuple):
    """What to preview, and how. `port` is the app's, 0 for a free one."""

    folder: Path
    sdk: str | None
    port: int
    open: bool
    watch: bool
    variables: dict[str, str]
    secrets: dict[str, str]


def read(arguments: Sequence[str]) -> Wish:
    """Read the command line. Exits with 2 where it can't be read."""
    parser = argparse.ArgumentParser(
        prog="python -m localhub preview",
        description="Build and run a folder as the Hub would, print the logs and the address. Ctrl-C leaves nothing behind.",
    )
    parser.add_argument("path", type=Path, help="the folder to deploy")
    parser.add_argument("--sdk", choices=card.SDKS, help="in place of what its README says")
    parser.add_argument("--port", type=int, default=0, help="the port of the app; a free one if left out")
    parser.add_argument("--open", action="store_true", help="open the app in a browser once it runs")
    parser.add_argument("--watch", action="store_true", help="deploy again whenever a file is saved")
    parser.add_argument(
        "--variable", action="append", default=[], metavar="NAME=VALUE", help="a variable of the Space; may be repeated"
    )
    parser.add_argument(
        "--secret",
        action="append",
        default=[],
        metavar="NAME",
        help="a secret of the Space, whose value is in the environment (or NAME=VALUE, which others on this machine can see)",
    )
    chosen = parser.parse_args(arguments)
    folder = chosen.path.resolve()
    if not folder.is_dir():
        parser.error(f"{chosen.path} is not a folder")
    if not 0 <= chosen.port < 65536:
        parser.error(f"--port {chosen.port}: a port is a number below 65536")
    try:
        variables, secrets = _pairs("--variable", chosen.variable), _pairs("--secret", chosen.secret)
    except ValueError as wrong:
        parser.error(str(wrong))
    return Wish(folder, chosen.sdk, chosen.port, chosen.open, chosen.watch, variables, secrets)


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return the values by their names; one without a value is in the environment. Raises ValueError, with no value in it."""
    pairs: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{option} takes NAME=VALUE; a name is a letter, then letters, digits and '_'")
        if not equals and name not in os.environ:
            raise ValueError(f"{option} {name} has no value, and the environment has no variable of that name")
        pairs[name] = value if equals else os.environ[name]
    return pairs
