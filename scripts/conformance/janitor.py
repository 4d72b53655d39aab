"""Deletes the Spaces of a run once the run is over, also where that was killed: a process of its own, which notices by a pipe.

Its first line is the endpoint; each further one names a Space that was made, and the token that may delete it.
"""

import subprocess
import sys
from typing import IO

import httpx2

NAMES = "conformance-"


class Janitor:
    """The process, seen from the run."""

    def __init__(self, endpoint: str) -> None:
        command = [sys.executable, "-m", "scripts.conformance.janitor"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)
        if self._process.stdin is None:
            raise RuntimeError("the janitor has no pipe")
        self._pipe = self._process.stdin
        self._tell(endpoint)

    def made(self, space: str, token: str) -> None:
        """Take in a Space that is about to be made."""
        self._tell(f"{space} {token}")

    def end(self) -> int:
        """Have everything deleted; how many Spaces could not be."""
        self._pipe.close()
        return self._process.wait(120)

    def _tell(self, line: str) -> None:
        self._pipe.write(line + "\n")
        self._pipe.flush()


def main(lines: IO[str]) -> int:
    """Wait for the end of the run, and delete; how many Spaces are left."""
    endpoint, *made = (line.strip() for line in lines)
    left = 0
    with httpx2.Client(base_url=endpoint, timeout=60) as client:
        for space, token in dict(line.split(" ") for line in made).items():
            owner, _, name = space.partition("/")
            if not name.startswith(NAMES):
                continue
            body = {"name": name, "organization": owner, "type": "space"}
            answer = client.request(
                "DELETE", "/api/repos/delete", json=body, headers={"authorization": f"Bearer {token}"}
            )
            left += answer.status_code not in (200, 404)
    return left


if __name__ == "__main__":
    sys.exit(min(main(sys.stdin), 100))
