"""How the places that keep repositories write the addresses of commits, files and lines."""

import re
from urllib.parse import urlsplit

from hfspace_action import text
from hfspace_action.workflow.run import Forge

GITHUB = Forge()
GITLAB = Forge("/-/commit/", "/-/blob/", "#L", "GitLab")
BITBUCKET = Forge("/commits/", "/src/", "#lines-", "Bitbucket")
FORGEJO = Forge("/commit/", "/src/commit/", "#L", "Forgejo")

_BY_HOST = {"github.com": GITHUB, "gitlab.com": GITLAB, "bitbucket.org": BITBUCKET, "codeberg.org": FORGEJO}
_SSH = re.compile(r"(?:ssh://)?[\w.-]+@([\w.-]+)(?::\d+(?=/))?[:/](.+)")


def page(remote: str) -> str:
    """Return a repository's page for the address that git clones it from; without credentials, empty if it has none."""
    remote = remote.strip().removesuffix("/").removesuffix(".git")
    if ssh := _SSH.fullmatch(remote):
        return f"https://{ssh[1]}/{ssh[2].lstrip('/')}"
    try:
        parts = urlsplit(remote)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def forge(page: str) -> Forge:
    """Return the forge of a repository's page; on an unknown host GitHub's, whose form most others understand."""
    return _BY_HOST.get(text.host(page), GITHUB)
