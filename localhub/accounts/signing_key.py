"""Keys by which the Hub knows its own tokens again."""

import os
import secrets
from pathlib import Path


def signing_key(file: Path) -> bytes:
    """The key kept in a file, made on first use, so that tokens hold over a restart."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))
        new.replace(file)
    return file.read_bytes()
