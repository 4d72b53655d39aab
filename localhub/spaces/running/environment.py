"""What programs find in their environment. Never localhub's own, which may hold tokens."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from localhub.accounts.accounts import account_id
from localhub.spaces.space import Entry, Space

NETWORK = frozenset({
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("ssl_cert_file", "ssl_cert_dir", "requests_ca_bundle", "curl_ca_bundle", "node_extra_ca_certs", "git_ssl_cainfo"),
})  # fmt: skip
"""How this machine reaches the network, which every program may know; compared in lower case."""
INSTALLERS = ("uv_", "pip_", "npm_config_")
"""How packages are found; index addresses may hold passwords, so only builds get these."""


def for_build(home: Path) -> dict[str, str]:
    """For the tools of a build."""
    return _base(home) | _own(lambda name: name.startswith(INSTALLERS))


def for_app(space: Space, commit: str, home: Path) -> dict[str, str]:
    """For an app that runs on this machine without a container."""
    settings = values(space.settings.variables | space.settings.secrets)
    return _base(home) | settings | of_the_hub(space, commit)


def values(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Variables or secrets as a program finds them."""
    return {key: entry.value for key, entry in entries.items()}


def of_the_hub(space: Space, commit: str) -> dict[str, str]:
    """What the Hub tells every app: https://huggingface.co/docs/hub/spaces-overview#helper-environment-variables."""
    owner, _, name = space.id.partition("/")
    title = (space.front_matter(commit) or {}).get("title", name)
    return {
        "SPACE_ID": space.id,
        "SPACE_HOST": space.host.partition("://")[2],
        "SPACE_AUTHOR_NAME": owner,
        "SPACE_REPO_NAME": name,
        "SPACE_TITLE": str(title),
        "SPACE_CREATOR_USER_ID": account_id(space.meta.creator),
    }


def _base(home: Path) -> dict[str, str]:
    # A home of its own: the user's may hold a token for the real Hub.
    own = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    return own | _own(lambda name: name in NETWORK)


def _own(wanted: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if wanted(name.lower())}
