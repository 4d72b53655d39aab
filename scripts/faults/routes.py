"""The requests that each command makes where nothing goes wrong, as a run of each has shown (`--record` shows them again)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("routes.txt")
_MOST = 2
"""Of requests to one address, the first ones that have cells of their own."""
_IDS = {
    "{scratch}": r"-selftest-[0-9a-f]{8}",
    "{sha256}": r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])",
    "{sha}": r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])",
    "{token}": r"(?<=ticket=)[^&]+|(?<=expiration=)[^&]+",
}
"""What is another in each run, and how it looks."""


class Route(NamedTuple):
    """A request: method, path and query with names for what is another in each run; `nth` of those to this address."""

    method: str
    address: str
    nth: int = 1

    def __str__(self) -> str:
        """Return it as the file has it."""
        return f"{self.method} {self.address}" + (f" #{self.nth}" if self.nth > 1 else "")

    def pattern(self, space: str) -> str:
        """Return a regular expression for the addresses of such requests about a Space."""
        text = re.escape(self.address)
        for name, looks in {"{space}": re.escape(space), **_IDS}.items():
            text = text.replace(re.escape(name), looks)
        return f"^{text}$"


def parse(line: str) -> Route:
    """Return the request that a line names. Raises ValueError."""
    method, address, *nth = line.split()
    return Route(method, address, *(int(number.removeprefix("#")) for number in nth))


def read() -> Mapping[str, list[Route]]:
    """Return the requests of each command, as the file has them."""
    found: dict[str, list[Route]] = {}
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = requests = []
        elif line:
            requests.append(parse(line))
    return found


def write(found: Mapping[str, Iterable[Route]]) -> None:
    """Write the file."""
    blocks = ("\n".join([f"[{command}]", *map(str, requests)]) for command, requests in found.items())
    FILE.write_text("\n\n".join(blocks) + "\n", "utf-8")


def named(requests: Iterable[Mapping[str, str]], space: str) -> list[Route]:
    """Return what localhub recorded about a Space, each address as often as it has cells."""
    seen = Counter[tuple[str, str]]()
    found = []
    for request in requests:
        address = request["path"] + (f"?{request['query']}" if request["query"] else "")
        address = address.replace(space, "{space}")
        for name, looks in _IDS.items():
            address = re.sub(looks, name, address)
        key = request["method"], address
        seen[key] += 1
        if seen[key] <= _MOST:
            found.append(Route(*key, seen[key]))
    return found
