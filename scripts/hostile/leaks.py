"""`make leaks`: a Hub, a log and a checkout that repeat a credential in every way: none of it is in what a step writes or sends elsewhere.

Each round plants the credential in one place and one spelling. In the last ones it is planted in what is searched, and must be found.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

from huggingface_hub import CommitOperationAdd

from scripts.faults import credentials, judge
from scripts.faults.credentials import SECRET, TOKEN
from scripts.faults.scenes import SCENES
from scripts.faults.trial import Bench
from tests.kit.gitrepo import write
from tests.kit.step import leaks
from tests.kit.step.action import begin

from .rounds import Round, in_parallel

_numbers = count(1)
_FILL = "The Hub says so. " * 4
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "at the end of 70 characters": lambda secret: f"{_FILL[:55]} {secret}",
    "at the end of 600 characters": lambda secret: f"{(_FILL * 10)[:585]} {secret}",
    "in JSON": json.dumps,
    "in JSON in JSON": lambda secret: json.dumps({"body": json.dumps({"key": secret})}),
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "basic authorization": lambda secret: base64.b64encode(f"alice:{secret}".encode()).decode(),
    "hex": lambda secret: secret.encode().hex(),
    "over lines": lambda secret: "\n".join(secret[at : at + 12] for at in range(0, len(secret), 12)),
    "as Python shows it": lambda secret: repr({"authorization": f"Bearer {secret}"}),
    "in a command": lambda secret: f"::error title={secret}::{secret}%0A{secret}",
}


@dataclass(frozen=True)
class Plant:
    """Where a credential is planted: what is done before the step, with the text, and the command that comes by there."""

    name: str
    command: str
    do: Callable[[Bench, str, Path, str], object]


def _refusal(method: str, path: str, status: int) -> Callable[[Bench, str, Path, str], object]:
    def do(on: Bench, _space: str, _workspace: Path, text: str) -> None:
        headers = {"x-error-message": quote(text, safe=" =:'\"{}")[:2000]}
        on.hub.fault(method=method, path=path, kind="status", status=status, body={"error": text}, headers=headers)

    return do


def _title(on: Bench, space: str, _workspace: Path, text: str) -> None:
    added = [CommitOperationAdd("old.txt", b"by hand\n")]  # localhub, as the Hub, takes no file with a token
    on.api.create_commit(space, added, repo_type="space", commit_message=text.replace("\n", " ")[:1000])


def _script(**stage: Callable[[str], str]) -> Callable[[Bench, str, Path, str], object]:
    def do(on: Bench, space: str, _workspace: Path, text: str) -> None:
        on.hub.script(space, {"stage": "RUNNING_BUILDING"}, {"after": 0.1, "stage": "BUILD_ERROR", **{key: value(text) for key, value in stage.items()}})  # fmt: skip

    return do


def _variable(on: Bench, space: str, _workspace: Path, text: str) -> None:
    on.api.add_space_variable(space, "GREETING", text[:1000])


def _pull_request(on: Bench, space: str, _workspace: Path, text: str) -> None:
    on.api.create_pull_request(space, text.replace("\n", " ")[:150], repo_type="space")


def _untracked(_on: Bench, _space: str, workspace: Path, text: str) -> None:
    write(workspace, {"notes.txt": f"{text}\n"})


PLANTS: Sequence[Plant] = (
    Plant("a refused commit", "redeploy", _refusal("POST", "/commit/main", 400)),
    Plant("a forbidden setting", "settings", _refusal("POST", "/secrets", 403)),
    Plant("a creation that fails", "first", _refusal("POST", "/repos/create", 400)),
    Plant("an unwell Hub", "check", _refusal("GET", "/tree/", 500)),
    Plant("a token refused", "status", _refusal("GET", "^/api/spaces/", 401)),
    Plant("the title of a foreign commit", "redeploy", _title),
    Plant("the build log", "rollback", _script(build_log=lambda text: f"step 3\n{text}\nerror: failed\n")),
    Plant("the Hub's message of a stage", "rollback", _script(errorMessage=lambda text: text)),
    Plant("a variable of the Space", "dry-run", _variable),
    Plant("the title of a pull request", "large", _pull_request),
    Plant("an untracked file", "dry-run", _untracked),
)


def tried(plant: Plant, spelling: str, secret: str, on: Bench) -> Iterator[str]:
    """Try one; yield where a part of the credential is."""
    scene, space = SCENES[plant.command], f"alice/l{next(_numbers):06}"
    workspace = on.set_up(scene, space)
    plant.do(on, space, workspace, SPELLINGS[spelling](secret))
    on.other.got.clear()
    already = len(on.hub.requests())
    inputs = (
        scene.asked(space) | ({} if "secrets" in scene.inputs else {"secrets": f"KEY={SECRET}"}) | {"timeout": "5s"}
    )
    with begin(workspace, on.hub.endpoint, inputs) as running:
        try:
            step = running.end(60)
        except AssertionError as leak:
            yield str(leak)
            return
        produced = leaks.files(running.runner)
    on.hub.no_faults()
    yield from everywhere(on, produced | {"the log": step.log}, on.hub.requests()[already:])
    on.clear(judge.look(on.hub, space))


def everywhere(on: Bench, produced: Mapping[str, str], requests: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield where a part of a credential is: in what was written, in addresses, with the apps, at another server."""
    sent = {
        "the addresses of requests": "\n".join(f"{each['path']}?{each['query']}" for each in requests),
        "what apps received": "\n".join(map(str, on.hub.received())),
        "the other server": "\n".join(on.other.got),
    }
    yield from credentials.found({**produced, **sent}, {"the token": TOKEN, "the secret": SECRET})


def planted(spelling: str, secret: str, on: Bench) -> Iterator[str]:
    """Plant a credential in what is searched; yield that it is not found."""
    for where in ("output", "summary", "the log", "processes"):
        if not list(everywhere(on, {where: f"before {SPELLINGS[spelling](secret)} after"}, [])):
            yield f"what is planted in {where}, {spelling}, is not found"


def main(number: int, seed: int, folder: Path, jobs: int) -> int:
    """Try so many, of all combinations in an order that `seed` turns; 0 if nothing leaks, and what is planted is found."""
    all_of_them = list(product(PLANTS, SPELLINGS, (TOKEN, SECRET)))
    rounds = []
    for turn in range(number):
        plant, spelling, secret = all_of_them[(seed + turn * 29) % len(all_of_them)]
        name = f"{'the token' if secret == TOKEN else 'the secret'} {spelling} in {plant.name}"
        rounds.append(Round(name, partial(tried, plant, spelling, secret)))
    for spelling, secret in product(SPELLINGS, (TOKEN, SECRET)):
        rounds.append(Round(f"planted: {spelling}", partial(planted, spelling, secret)))
    return in_parallel("leaks", rounds, folder, jobs)
