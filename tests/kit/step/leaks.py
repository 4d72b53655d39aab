"""No secret in anything that a step produces: every step that the tests run is looked at when it has ended."""

from collections.abc import Iterable, Mapping
from pathlib import Path

SHORTEST = 5  # characters; a shorter one stands in ordinary words
VOCABULARY = frozenset({"false", "RUNNING"})
"""Words of which outputs are made, and which tests also use as secrets: nobody learns a secret from them there."""


def refuse(secrets: Iterable[str], produced: Mapping[str, str]) -> None:
    """AssertionError if a secret, or a line of one, stands in one of these texts, which go by where they were found.

    The commands that tell the runner what to mask are left out: it shows them to nobody.
    """
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    for where, text in produced.items():
        shown = "\n".join(line for line in text.splitlines() if not line.startswith("::add-mask::"))
        for line in lines:
            if where == "output" and line in VOCABULARY:
                continue
            assert len(line) < SHORTEST or line not in shown, f"the secret {line[:3]}… stands in {where}"


def files(folder: Path) -> dict[str, str]:
    """What all files in a folder hold."""
    return {
        str(file.relative_to(folder)): file.read_bytes().decode("utf-8", "replace")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
