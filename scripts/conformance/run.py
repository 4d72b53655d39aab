"""One run: it asks, writes each request and its answer as a line of JSON, and keeps what the comparison needs to know."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import httpx2

from .janitor import NAMES, Janitor
from .masks import Masks

LONGEST_BODY = 20_000
_HEADERS = ("x-error-", "ratelimit", "location", "x-proxied-", "link", "content-type", "retry-after", "set-cookie")
Files = Mapping[str, bytes]


class Run:
    """The state of a run. `facts` are what was found out, by the name of the assumption."""

    def __init__(
        self, endpoint: str, token: str, recording: IO[str], janitor: Janitor, others: Mapping[str, str]
    ) -> None:
        self.endpoint, self.token, self._recording, self._janitor = endpoint, token, recording, janitor
        self.others = others
        self.client = httpx2.Client(timeout=60, follow_redirects=False)
        self.masks = Masks([token, *others.values()])
        self.facts: dict[str, str] = {}
        self.step = ""
        self.random = secrets.token_hex(4)
        whoami = self.client.get(f"{endpoint}/api/whoami-v2", headers={"authorization": f"Bearer {token}"})
        self.account = self.masks.name = str(whoami.json().get("name", ""))  # before anything is recorded

    def ask(
        self, method: str, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None, **body: Any
    ) -> httpx2.Response:
        """Send one request, and record it. `path` may be a whole address; `token` "" is none."""
        url = path if path.startswith("http") else self.endpoint + path
        token = self.token if token is None else token
        sent = {**({"authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        began = time.monotonic()
        answer = self.client.request(method, url, headers=sent, **body)
        self.client.cookies.clear()
        self._record(method, url, answer, (time.monotonic() - began) * 1000)
        return answer

    def find(self, name: str, answer: str) -> None:
        """Keep what was found out about an assumption."""
        self.facts[name] = answer
        self._write({"fact": name, "answer": answer})

    def until(self, holds: Callable[[], bool], seconds: float, pause: float = 0.1) -> float | None:
        """Wait until something holds; after how many seconds, or None if it does not in time."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > seconds:
                return None
            time.sleep(pause)
        return time.monotonic() - began

    # What most steps do

    def create(
        self, label: str, sdk: str = "static", *, token: str | None = None, owner: str = "", **more: Any
    ) -> tuple[str, httpx2.Response]:
        """Make a Space; its full name, and the answer. A conflict is asked again, as the official client does."""
        space = self.announce(label, owner, token)
        name = space.partition("/")[2]
        body = {"name": name, "type": "space", "sdk": sdk, "organization": owner or None, **more}
        for _ in range(5):
            answer = self.ask("POST", "/api/repos/create", json=body, token=token)
            if answer.status_code != 409 or "conflicting operation" not in answer.text:
                break
        return space, answer

    def announce(self, label: str, owner: str = "", token: str | None = None) -> str:
        """Return the full name of a Space that is about to be made, and have it deleted in the end."""
        space = f"{owner or self.account}/{NAMES}{self.random}-{label}"
        self._janitor.made(space, token or self.token)
        return space

    def head(self, space: str) -> str:
        """The commit that main is at, as it is read now."""
        return str(self.ask("GET", f"/api/spaces/{space}?expand=sha").json().get("sha"))

    def commit(
        self, space: str, files: Files, revision: str = "main", *, token: str | None = None, **header: Any
    ) -> httpx2.Response:
        """Commit regular files, and large ones as preupload says."""
        from base64 import b64encode

        lines: list[dict[str, Any]] = [
            {"key": "header", "value": {"summary": "Conformance", "description": "", **header}}
        ]
        for path, content in files.items():
            lines.append(
                {"key": "file", "value": {"path": path, "content": b64encode(content).decode(), "encoding": "base64"}}
            )
        body = "\n".join(json.dumps(line) for line in lines)
        revision = revision.replace("/", "%2F")
        return self.ask(
            "POST", f"/api/spaces/{space}/commit/{revision}", token=token, content=body,
            headers={"content-type": "application/x-ndjson"},
        )  # fmt: skip

    def stage(self, space: str) -> dict[str, Any]:
        """What the Space does now."""
        found: dict[str, Any] = self.ask("GET", f"/api/spaces/{space}/runtime").json()
        return found

    def settle(self, space: str, seconds: float = 300) -> str:
        """Wait until a Space changes no more by itself; its stage."""
        changing = ("BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING")
        self.until(lambda: self.stage(space).get("stage") not in changing, seconds, 0.5)
        return str(self.stage(space).get("stage"))

    def host(self, space: str) -> str:
        """The address of the app."""
        return str(self.ask("GET", f"/api/spaces/{space}").json().get("host") or "")

    def _record(self, method: str, url: str, answer: httpx2.Response, ms: float) -> None:
        try:
            body: Any = json.loads(answer.text[:LONGEST_BODY]) if len(answer.content) <= LONGEST_BODY else None
        except ValueError:
            body = answer.text[:LONGEST_BODY]
        headers = {name: value for name, value in answer.headers.items() if name.startswith(_HEADERS)}
        self._write(
            {
                "step": self.step, "method": method, "path": url.removeprefix(self.endpoint), "status": answer.status_code,
                "ms": round(ms), "headers": headers, "body": body,
            }
        )  # fmt: skip

    def _write(self, line: dict[str, Any]) -> None:
        masked = json.dumps(self.masks.value(line), ensure_ascii=False).replace(self.random, "<random>")
        self._recording.write(masked + "\n")
        self._recording.flush()


def read(recording: Path) -> dict[str, str]:
    """The facts of a recording."""
    lines = (json.loads(line) for line in recording.read_text("utf-8").splitlines())
    return {line["fact"]: line["answer"] for line in lines if "fact" in line}
