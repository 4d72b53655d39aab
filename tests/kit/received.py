"""What all apps received from their visitors in a test run, and whether a token of a deploy is in it.

Each Hub that the tests start leaves it in `build/received/`; `tests/conftest.py` judges it when the run ends.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.kit import ROOT

FOLDER = ROOT / "build/received"
# The Hub's tokens, a trusted publisher's, GitHub's. Those that open one Space for minutes look otherwise.
_TOKEN = re.compile(r"\b(?:hf|gh[pousr])_[A-Za-z0-9]")
# Tests of localhub's edge visit apps by themselves, and show them tokens on purpose.
_OF_THE_EDGE = "tests/hub/"


def begin() -> None:
    """Forget what an earlier run left."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def keep(requests: Sequence[Mapping[str, Any]], test: str) -> None:
    """Append requests to this process's part of the log, each with the test for which their Hub was started."""
    if not requests or not test:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as log:
        log.writelines(f"{json.dumps({**request, 'test': test})}\n" for request in requests)


def log() -> list[dict[str, Any]]:
    """All that was kept."""
    return [
        json.loads(line) for part in sorted(FOLDER.glob("*.jsonl")) for line in part.read_text("utf-8").splitlines()
    ]


def with_tokens(requests: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that show an app a token, by their query or a header."""
    return [
        request
        for request in requests
        if not request["test"].startswith(_OF_THE_EDGE)
        and _TOKEN.search(f"{request['path']}?{request['query']} {request['headers']}")
    ]
