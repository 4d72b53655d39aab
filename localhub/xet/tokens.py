"""Tokens of the CAS: the Hub signs what a caller may do, the CAS only checks the signature.

Facts: https://huggingface.co/docs/xet/auth. An access token holds a scope and the repository it was issued for; a fetch token, part of
an address, opens one range of one xorb. A write token may read too. Content is found by its hash alone, so a token of one
repository reads what another shares with it; knowing a file's hash takes having seen that file.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jwt

from localhub.accounts.signing_key import signing_key

Scope = Literal["read", "write"]
_LIFE = 15 * 60
"""Seconds, longer than the minute before the end at which clients ask for another."""
_ALGORITHM = "HS256"


class TokenError(Exception):
    """A token that is not ours, is over, or is for something else."""


@dataclass(frozen=True, slots=True)
class Access:
    """An access token and the second (since 1970) at which it ends."""

    token: str
    expires: int


class Tokens:
    """Issues and checks tokens with the key in `path`, made once, so that they hold over a restart."""

    def __init__(self, path: Path) -> None:
        self._key = signing_key(path)

    def access(self, scope: Scope, repo: str, *, life: int = _LIFE) -> Access:
        """A token for the CAS, for `life` seconds."""
        expires = int(time.time()) + life
        return Access("xet_" + self._sign(expires, scope=scope, repo=repo), expires)

    def check_access(self, token: str) -> Scope:
        """What this access token allows. Raises TokenError."""
        scope: Scope = self._read(token.removeprefix("xet_"), "scope")["scope"]
        return scope

    def fetch(self, xorb: str, start: int, end: int, *, life: int = _LIFE) -> str:
        """A token for the bytes [start, end) of a xorb."""
        return self._sign(int(time.time()) + life, xorb=xorb, bytes=[start, end])

    def check_fetch(self, token: str, xorb: str) -> tuple[int, int]:
        """The bytes of `xorb` that this token opens. Raises TokenError."""
        claims = self._read(token, "xorb", "bytes")
        if claims["xorb"] != xorb:
            raise TokenError("This token is for another xorb")
        start, end = claims["bytes"]
        return start, end

    def _sign(self, expires: int, **claims: object) -> str:
        return jwt.encode({"exp": expires, **claims}, self._key, _ALGORITHM)

    def _read(self, token: str, *claims: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key, [_ALGORITHM], options={"require": ["exp", *claims]})
        except jwt.InvalidTokenError as error:
            raise TokenError(str(error)) from error
