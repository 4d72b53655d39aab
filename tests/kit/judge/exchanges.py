"""The samples of a test run: each shape of what its Hubs were asked and answered, in `build/judged/`."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from tests.kit import ROOT

FOLDER = ROOT / "build/judged"
_WHOLE = FOLDER / "whole"


def begin() -> None:
    """Forget what an earlier run left."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def keep(samples: Sequence[Mapping[str, Any]], test: str) -> None:
    """Append samples to this process's part, each with the test for which their Hub was started."""
    if not samples or not test:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as part:
        part.writelines(f"{json.dumps({**sample, 'test': test})}\n" for sample in samples)


def end(*, whole: bool) -> None:
    """Remember whether all tests ran."""
    if whole and FOLDER.exists():
        _WHOLE.touch()


def whole() -> bool:
    """Whether it was so."""
    return _WHOLE.exists()


def log() -> list[dict[str, Any]]:
    """All that was kept."""
    return [
        json.loads(line) for part in sorted(FOLDER.glob("*.jsonl")) for line in part.read_text("utf-8").splitlines()
    ]
