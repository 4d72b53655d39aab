"""One way in which a deploy fails: the files of the Space, how to provoke the failure, and what should be said about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from hfspace_action.errors import Place
from hfspace_action.file import File
from hfspace_action.readers.files import Deployed
from tests.kit.corpus.workshop import Workshop

FOLDER = Path(__file__).parent
GRADIO = "---\ntitle: Demo\nsdk: gradio\nsdk_version: 5.49.1\npython_version: '3.10'\n---\n# Demo\n"
DOCKER = "---\ntitle: Demo\nsdk: docker\napp_port: 7860\n---\n# Demo\n"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A failure. `id` and `place` are the cause's; `run` makes the log; `stage` and `message` are what the Hub would say.

    `files` are those in the Space, without those that the failure leaves out on purpose (`absent`)."""

    name: str
    id: str
    place: Place | None
    run: Callable[[Workshop], str]
    stage: str
    files: Mapping[str, str]
    message: str | None = None
    absent: tuple[str, ...] = ()
    """Files of the Space that are not there when the app runs."""
    words: str = ""
    """What the failure's text has to name."""

    @cached_property
    def data(self) -> dict[str, Any]:
        """The README's front matter."""
        loaded: dict[str, Any] = yaml.safe_load(self.files["README.md"].split("---\n")[1])
        return loaded

    @property
    def deployed(self) -> Deployed:
        """The files as a deploy has them."""
        return Deployed({path: File.of(path, text.encode()) for path, text in self.files.items()})

    @property
    def paths(self) -> frozenset[str]:
        """The `Files` that `explain` asks for: which there are …"""
        return frozenset(self.files)

    def text(self, path: str) -> str | None:
        """… and what is in them."""
        return self.files.get(path)


def log(part: str, scenario: Scenario) -> Path:
    """Where the log of a scenario of `part` (tuned or heldout) is kept."""
    return FOLDER / part / f"{scenario.name}.log"
