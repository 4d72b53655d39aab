"""Lets the actions of this work tree run what was released: `python -m scripts.release.pin 1.2.3 ghcr.io/org/name sha256:… sha256:…`.

`action.yml` gets the image by its digest, which nobody can move, in place of the Dockerfile; so does `rehearse/action.yml`, whose image
is name-rehearse with the second digest; `uvx/action.yml` the version on PyPI in place of the checkout.
"""

import re
import sys
from pathlib import Path

from .version import Version, parse

ROOT = Path(__file__).parents[2]
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9.:-]+(?:/[a-z0-9._-]+)+")
_DOCKERFILE = re.compile(r"^  image: (?:\.\./)?Dockerfile[^\n]*\n", re.MULTILINE)
_CHECKOUT = '--with "$GITHUB_ACTION_PATH/.."'


class CannotPin(Exception):
    """What is wrong with the image's name or digest, or with an action's file."""


def action(text: str, version: Version, name: str, digest: str) -> str:
    """Return an action's text with the image for the Dockerfile. Raises `CannotPin`."""
    if not _DIGEST.fullmatch(digest):
        raise CannotPin(f"'{digest}' is not a digest such as sha256:… with 64 hexadecimal digits")
    if not _NAME.fullmatch(name):
        raise CannotPin(f"'{name}' is not the name of an image without a tag, such as ghcr.io/org/name")
    found = _DOCKERFILE.findall(text)
    return _once(
        text,
        found[0] if found else "  image: Dockerfile\n",
        f"  image: docker://{name}@{digest} # {version}\n",
        "action.yml",
    )


def without_docker(text: str, version: Version) -> str:
    """Return uvx/action.yml with the version on PyPI for the checkout. Raises `CannotPin`."""
    return _once(text, _CHECKOUT, f"--with hf-space-deploy=={version}", "uvx/action.yml")


def _once(text: str, old: str, new: str, where: str) -> str:
    if text.count(old) != 1:
        raise CannotPin(f"{where} has {text.count(old)} times {old.strip()!r}: it is pinned already, or was changed")
    return text.replace(old, new)


def main() -> int:
    """Rewrite all three files, or none."""
    version, name, digest, rehearsing = parse(sys.argv[1]), sys.argv[2].lower(), sys.argv[3], sys.argv[4]
    files = ROOT / "action.yml", ROOT / "rehearse/action.yml", ROOT / "uvx/action.yml"
    try:
        if version is None:
            raise CannotPin(f"'{sys.argv[1]}' is not a version such as 1.2.3")
        texts = (
            action(files[0].read_text("utf-8"), version, name, digest),
            action(files[1].read_text("utf-8"), version, f"{name}-rehearse", rehearsing),
            without_docker(files[2].read_text("utf-8"), version),
        )
    except CannotPin as error:
        print(error, file=sys.stderr)
        return 1
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
