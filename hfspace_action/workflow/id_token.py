"""The job that this step runs in, as far as it may prove to others who it is: by an id token (OpenID Connect)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

AUDIENCE = "https://huggingface.co"
"""Whom an id token must be for. Source: https://huggingface.co/docs/hub/trusted-publishers, which knows no other."""
PROVIDER = "GitHub Actions"
"""The name under which the Hub's settings list GitHub."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that has an id token, `ready`, or may ask its runner for one: where (`url`), with which `token`.

    `claims` are what the id token says of the job and a publisher of a Space is known by; `provider` is who issues it, in the
    words of the Hub's settings.
    """

    url: str = ""
    token: str = field(default="", repr=False)
    claims: Mapping[str, str] = field(default_factory=dict)
    ready: str = field(default="", repr=False)
    provider: str = PROVIDER

    @property
    def name(self) -> str:
        """The repository, or whatever the job is known by first."""
        return self.claims.get("repository") or next(iter(self.claims.values()), self.provider)


def payload(token: str) -> Mapping[str, object]:
    """Return what an id token says, unchecked: whom it is for and what it is known by, never whether it is genuine."""
    import base64
    import json

    try:
        body = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):  # no JWT
        return {}
    return said if isinstance(said, dict) else {}


def audiences(token: str) -> tuple[str, ...]:
    """Return whom an id token is for; nothing where that can't be read."""
    said = payload(token).get("aud")
    return (said,) if isinstance(said, str) else tuple(map(str, said)) if isinstance(said, list) else ()


def for_the_hub(token: str) -> bool:
    """Return whether an id token is for the Hub. One that is for others must not leave the job: they would accept it."""
    return AUDIENCE in audiences(token)


def given(token: str, provider: str, *known_by: str) -> Job | None:
    """Return the job whose id token is in its environment, or None where it is empty. `known_by` names the claims that a
    publisher is set up with."""
    if not token.strip():
        return None
    said = payload(token.strip())
    claims = {name: str(said[name]) for name in ("iss", *known_by) if isinstance(said.get(name), str)}
    return Job(claims=claims, ready=token.strip(), provider=provider)
