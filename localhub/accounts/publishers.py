"""Trusted publishers: CI jobs that may write to one repository without a stored token.

https://huggingface.co/docs/hub/trusted-publishers
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt

from localhub.json_files import read_json
from localhub.repos.repository import Repo

from .accounts import Identity, User
from .signing_key import signing_key
from .tokens import Token

LIFE = 60 * 60
"""Seconds that a token holds, from the exchange on."""
PREFIX = "hf_jwt_"
SYSTEM_USER = User("[OIDC]")
"""Whom the Hub names as the author of what such a token pushes."""
CLAIMS = ("repository", "branch", "workflow")
_ALGORITHM = "HS256"

Publisher = Mapping[str, str]
"""The claims that all must match exactly: of GitHub's jobs some of CLAIMS; of another `provider`'s its own, and its `issuer`."""


class Publishers:
    """Who may publish without a stored token, and the tokens they get; signed, so that these hold over a restart."""

    def __init__(self, key_file: Path) -> None:
        self._key = signing_key(key_file)

    def token(self, repo: Repo, subject: str) -> str:
        """A token that writes to this repository and nowhere else, for an hour."""
        claims = {"sub": subject, "repository": repo.meta.object_id, "exp": int(time.time()) + LIFE}
        return PREFIX + jwt.encode(claims, self._key, _ALGORITHM)

    def identity(self, token: str) -> Identity | None:
        """Who holds a token that `token` made, as long as it holds."""
        if not token.startswith(PREFIX):
            return None
        try:
            claims = jwt.decode(token.removeprefix(PREFIX), self._key, [_ALGORITHM], options={"require": ["exp"]})
        except jwt.InvalidTokenError:
            return None
        return Identity(SYSTEM_USER, Token("write"), str(claims["repository"]))


def load(repo: Repo) -> list[Publisher]:
    """The publishers of a repository."""
    file = repo.dir / "publishers.json"
    return list(read_json(file)) if file.exists() else []


def matches(publisher: Publisher, claims: Mapping[str, Any]) -> bool:
    """Whether a job is that publisher. GitHub's id token has no `branch` and calls the workflow by its title, so the two are
    taken from `ref` and `workflow_ref`."""
    if "provider" in publisher:
        wanted = {**publisher, "iss": publisher["issuer"]}
        return all(claims.get(name) == value for name, value in wanted.items() if name not in ("provider", "issuer"))
    ref = str(claims.get("ref", ""))
    workflow = str(claims.get("workflow_ref", "")).partition("@")[0].rpartition("/")[2]
    said = {"repository": claims.get("repository"), "workflow": workflow}
    if ref.startswith("refs/heads/"):
        said["branch"] = ref.removeprefix("refs/heads/")
    return all(said.get(name) == value for name, value in publisher.items())
