"""The Dockerfiles for apps without one: a Space's container runs as user 1000, and is asked on one port."""

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple

PORT = 7860
_TEMPLATES = Path(__file__).parent / "templates"


class Start(NamedTuple):
    """How an app is started: the command, the packages that this needs, and the port."""

    command: Sequence[str]
    packages: Sequence[str] = ()
    port: int = PORT


def rendered(template: str, start: Start, **facts: str) -> str:
    """Return a Dockerfile."""
    text = Template((_TEMPLATES / f"{template}.Dockerfile").read_text("utf-8"))
    return text.substitute(facts, command=json.dumps(start.command), port=start.port)
