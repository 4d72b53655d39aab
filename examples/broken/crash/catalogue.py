"""The things on offer."""

import json
from pathlib import Path


def load() -> list[str]:
    """Read the catalogue, which was never committed."""
    return list(json.loads(Path("catalogue.json").read_text("utf-8")))
