"""Id tokens as GitHub and other CI systems issue them to jobs: who signs them, what they say, and how they are checked.

The claims are GitHub's (https://docs.github.com/actions/reference/security/oidc); the issuer is this localhub.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from .providers import PROVIDERS

ALGORITHM = "RS256"
_LIFE = 5 * 60
"""Seconds that an id token holds."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a workflow. `token` is what it shows to get an id token."""

    repository: str
    ref: str = "refs/heads/main"
    workflow: str = "deploy.yml"
    event: str = "push"
    provider: str = "github"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def claims(self) -> dict[str, Any]:
        """What an id token says about the job."""
        if self.provider in PROVIDERS:
            return PROVIDERS[self.provider](self.repository, self.ref)
        owner = self.repository.partition("/")[0]
        pull_request = self.event == "pull_request"
        return {
            "sub": f"repo:{self.repository}:{'pull_request' if pull_request else f'ref:{self.ref}'}",
            "repository": self.repository,
            "repository_owner": owner,
            "actor": owner,
            "event_name": self.event,
            "ref": self.ref,
            "ref_type": "tag" if self.ref.startswith("refs/tags/") else "branch",
            "workflow": self.workflow.partition(".")[0].title(),
            "workflow_ref": f"{self.repository}/.github/workflows/{self.workflow}@{self.ref}",
            "run_id": "1234567890",
            "run_attempt": "1",
            "runner_environment": "github-hosted",
        }


class Issuer:
    """Signs id tokens with a key that is made when it is first needed, and lives as long as the process."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def jwks(self) -> dict[str, Any]:
        """The public key, as a JSON Web Key Set."""
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [public | {"kid": "localhub", "alg": ALGORITHM, "use": "sig"}]}

    def mint(self, job: Job, issuer: str, audience: str) -> str:
        """An id token of a job. `issuer` is this localhub's address of itself."""
        now = int(time.time())
        about = {"iss": issuer, "aud": audience, "jti": secrets.token_hex(16)}
        times = {"iat": now, "nbf": now - 300, "exp": now + _LIFE}
        return jwt.encode(job.claims() | about | times, self._key, ALGORITHM, headers={"kid": "localhub"})

    def verify(self, token: str, issuers: list[str], audiences: list[str]) -> Mapping[str, Any]:
        """The claims of an id token, once its signature, one of the issuers, audience and times are found right. InvalidTokenError."""
        keys = jwt.PyJWKSet.from_dict(self.jwks)
        try:
            key = keys[jwt.get_unverified_header(token).get("kid", "")]
        except KeyError as error:
            raise jwt.InvalidTokenError("signed by an unknown key") from error
        required = ["iss", "aud", "exp", "sub"]
        claims: dict[str, Any] = jwt.decode(
            token, key, [ALGORITHM], issuer=issuers, audience=audiences, options={"require": required}
        )
        return claims
