"""Whether a secret of the Space still is the one that was set last, although the Hub never shows its value.

A secret's description, which the Hub keeps and lists, ends with a mark: when it was set, a salt, and a digest of the value
that is slow to make and keyed by the deploy's own token. Who reads it can't test guesses without that token; and who may
list a Space's secrets may also publish an app to it that prints them. docs/decisions.md says what else was weighed.
"""

import functools
import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

_MARK = re.compile(r"\s*\[hf-space-deploy (\d{1,15}) ([\w-]{16}) ([\w-]{24})\]")
_SALT, _DIGEST = 12, 18  # bytes; multiples of three, so that base64 needs no padding
# A Space's clock and ours may differ, and a set that met a rate limit may arrive minutes late.
_LATE = 30 * 60.0  # seconds


def mark(description: str, value: str, key: str) -> str:
    """The description with a mark for `value`, in place of the mark it may have. `key` is the token; it may be empty."""
    salt = secrets.token_bytes(_SALT)
    digest = _digest(value, salt, key)
    made = f"[hf-space-deploy {time.time():.0f} {_text(salt)} {_text(digest)}]"
    return f"{_MARK.sub('', description)} {made}".strip()


def matches(description: str, updated: datetime | None, value: str, key: str) -> bool:
    """Whether the mark in a description is that of `value`, and the secret was not changed since by somebody else."""
    found = _MARK.search(description)
    if found is None or is_foreign(description, updated):
        return False
    digest = _digest(value, urlsafe_b64decode(found[2]), key)
    return hmac.compare_digest(digest, urlsafe_b64decode(found[3]))


def is_foreign(description: str, updated: datetime | None) -> bool:
    """Whether somebody else than a deploy has set the secret last."""
    found = _MARK.search(description)
    return found is None or (updated is not None and updated.timestamp() > int(found[1]) + _LATE)


@functools.cache  # what a deploy has marked, it compares again when it reads it back
def _digest(value: str, salt: bytes, key: str) -> bytes:
    keyed = hmac.digest(key.encode(), salt, "sha256")
    return hashlib.scrypt(value.encode(), salt=keyed, n=2**14, r=8, p=1, dklen=_DIGEST)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii")
