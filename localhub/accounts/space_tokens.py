"""Short-lived tokens that open one Space's address, and nothing on the Hub."""

import time
from pathlib import Path

import jwt

from localhub.repos.repository import Repo

from .signing_key import signing_key

LIFE = 24 * 60 * 60
"""Seconds that a token holds if nothing else is asked for, and at most."""
_ALGORITHM = "HS256"


class SpaceTokens:
    """Signs tokens, and knows them again."""

    def __init__(self, key_file: Path) -> None:
        self._key = signing_key(key_file)

    def token(self, repo: Repo, expires: float | None = None) -> str:
        """A token for one Space until a moment (seconds since 1970)."""
        latest = time.time() + LIFE
        claims = {"space": repo.meta.object_id, "exp": int(latest if expires is None else min(expires, latest))}
        return jwt.encode(claims, self._key, _ALGORITHM)

    def opens(self, token: str, repo: Repo) -> bool:
        """Whether a token is for this Space, and still holds."""
        try:
            claims = jwt.decode(token, self._key, [_ALGORITHM], options={"require": ["exp", "space"]})
        except jwt.InvalidTokenError:
            return False
        return bool(claims["space"] == repo.meta.object_id)
