"""`make costs`: the requests of a deploy of Open WebUI to every Hub that decides otherwise what is a large file.

OPEN_WEBUI names the program that lays its tree out. Requests are counted up to where a step would begin to wait for the Space.
Those by which the client's own library brings a large file to its storage are the file's cost and not the deploy's: they are
counted beside.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from localhub.variants import uploads
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub, localhub
from tests.kit.step.action import begin

VARIANTS = ("", *(variant.name for variant in uploads.VARIANTS))
TEXT, PICTURE = "backend/open_webui/main.py", "static/favicon.png"
MOST = {"nothing changed": 5, "a text changed": 8, "a picture changed": 8}


STORAGE = ("/_xet/", "/xet-write-token/", "/lfs-storage/", ".git/info/lfs/")


class Cost(NamedTuple):
    """The requests of one deploy, as methods and addresses, and how many more its large files took."""

    variant: str
    case: str
    requests: Sequence[str]
    storage: int

    @property
    def good(self) -> bool:
        """Whether that is few enough."""
        return len(self.requests) <= MOST[self.case]


def costs(layout: Path, variant: str) -> Iterator[Cost]:
    """Deploy the tree to a new Hub, and again after each change. RuntimeError where a deploy fails."""
    with (
        tempfile.TemporaryDirectory(prefix="costs-") as folder,
        localhub("--simulate", "--tick", "0.1", *(["--variant", variant] if variant else [])) as hub,
    ):
        workspace = Path(folder) / "open-webui"
        subprocess.run([layout, workspace], check=True, stdout=subprocess.DEVNULL)
        _deploy(hub, workspace, changed=True)
        yield _cost(variant, "nothing changed", _deploy(hub, workspace, changed=False))
        for case, path in (("a text changed", TEXT), ("a picture changed", PICTURE)):
            with (workspace / path).open("ab") as file:
                file.write(b"\n# changed\n")
            git(workspace, "commit", "--quiet", "--all", "--message", case)
            yield _cost(variant, case, _deploy(hub, workspace, changed=True))


def _deploy(hub: LocalHub, workspace: Path, *, changed: bool) -> list[str]:
    hub.forget()
    with begin(workspace, hub.endpoint, {"space": "alice/open-webui", "wait": "false"}) as running:
        step = running.end(300)
    if (step.outputs["result"], step.outputs["changed"]) != ("published", str(changed).lower()):
        raise RuntimeError(step.log)
    return [f"{request['method']} {request['path']}" for request in hub.requests()]


def _cost(variant: str, case: str, requests: Sequence[str]) -> Cost:
    own = [request for request in requests if not any(part in request for part in STORAGE)]
    return Cost(variant, case, own, len(requests) - len(own))


def table(layout: Path, variants: Sequence[str] = VARIANTS) -> Iterator[tuple[str, bool]]:
    """Yield the lines of the table, each with whether all in it is few enough."""
    yield f"{'':20}" + "".join(f"{f'{case} (≤ {most})':>26}" for case, most in MOST.items()), True
    for variant in variants:
        row = list(costs(layout, variant))
        cells = [
            f"{len(cost.requests)}{f' + {cost.storage}' * bool(cost.storage)}{' ✗' * (not cost.good)}" for cost in row
        ]
        yield f"{variant or 'as it is':20}" + "".join(f"{cell:>26}" for cell in cells), all(cost.good for cost in row)


def main() -> int:
    """Print the table; 0 if every deploy is cheap enough."""
    layout = os.environ.get("OPEN_WEBUI")
    if not layout:
        print("Set OPEN_WEBUI to a program that lays out Open WebUI's tree as a git checkout at its argument")
        return 2
    good = []
    for line, few in table(Path(layout)):
        print(line, flush=True)
        good.append(few)
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
