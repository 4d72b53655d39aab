"""The input `volumes`: one volume a line, in the form that the `hf` command takes and the official client parses.

The form is `hf://TYPE/OWNER/NAME[@REVISION][/FOLDER]:/MOUNT/PATH[:ro|:rw]`; without a type it is a model. Source:
huggingface_hub 2.4, `parse_hf_mount`, which also knows kernels; the Hub mounts none.
"""

import re
from urllib.parse import unquote

from hfspace_action.text import closest
from hfspace_action.volume import TYPES, Volume

from .key_values import Refused

_SCHEME = "hf://"
_PAGES = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/")
_ONE = {kind: word for word, kind in TYPES.items()}
_OTHERS = ("kernels", "kernel")
_NAME = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)\w(?:[\w.-]{0,94}\w)?", re.ASCII)
_SPECIAL = re.compile(r"refs/(?:convert/[\w.-]+|pr/\d+)")
_MOUNT = re.compile(r"(?:/[^/\s:]+)+/?")
_FORM = "Write one volume a line, for example hf://datasets/alice/data:/data, or hf://buckets/alice/store:/store:ro."
_FLAGS = {":ro": True, ":rw": False}


def read(text: str) -> tuple[Volume, ...]:
    """Read volumes, one a line. Raises `Refused`."""
    lines = [line.strip().removeprefix("- ").strip() for line in text.splitlines()]
    found = [_volume(line) for line in lines if line and not line.startswith("#")]
    if not found:
        raise Refused("it names no volume", _FORM)
    for number, each in enumerate(found):
        if each.place in {other.place for other in found[:number]}:
            raise Refused(f"two volumes are mounted at '{each.place}'", "Give each a path of its own.")
    return tuple(found)


def _volume(line: str) -> Volume:
    if not line.startswith(_SCHEME):
        page = _PAGES.match(line)
        meant = f"Did you mean {_SCHEME}{line[page.end() :]}? " if page else ""
        raise Refused(f"'{line}' is not a volume", meant + _FORM)
    body = line.removeprefix(_SCHEME)
    flag = next((flag for flag in _FLAGS if body.endswith(flag)), "")
    location, mount = _split(line, body.removesuffix(flag))
    kind, location = _kind(line, location)
    if flag == ":rw" and kind != "bucket":
        raise Refused(f"'{line}' is a {kind}, which is always mounted read-only", "Leave :rw out, or mount a bucket.")
    source, revision, path = _source(line, kind, location.strip("/"))
    return Volume(kind, source, mount, revision, _FLAGS.get(flag), path)


def _split(line: str, body: str) -> tuple[str, str]:
    """Return what is mounted, and where."""
    location, colon, mount = body.rpartition(":/")
    if not colon:
        before, colon, relative = body.rpartition(":")
        if colon:
            raise Refused(
                f"'{relative}' in '{line}' is a relative path",
                f"Write where to mount it: {_SCHEME}{before}:/{relative}.",
            )
        raise Refused(f"'{line}' does not say where it is mounted", f"Add the path: {line}:/data.")
    mount = f"/{mount}"
    if not _MOUNT.fullmatch(mount) or {".", ".."} & set(mount.split("/")):
        raise Refused(f"'{mount}' in '{line}' is no path to mount at", "Write an absolute path such as /data.")
    return location, mount.rstrip("/")


def _kind(line: str, location: str) -> tuple[str, str]:
    """Return the type of what is mounted, and the location without it."""
    first, slash, rest = location.partition("/")
    if first in TYPES:
        return TYPES[first], rest
    deep = rest.count("/") > 0
    meant = _ONE.get(first) or (closest(first, TYPES) if deep else None)
    if slash and (meant or first in _OTHERS):
        word = f"Did you mean {meant}? " if meant else ""
        raise Refused(f"'{first}' in '{line}' is no type of volume", f"{word}Known types: {', '.join(TYPES)}.")
    return "model", location


def _source(line: str, kind: str, location: str) -> tuple[str, str | None, str]:
    """Return the name of what is mounted, its revision, and the folder of it."""
    revision = None
    before, at, after = location.partition("@")
    if at and before.count("/") < 2:  # deeper it belongs to the name of a file
        if kind == "bucket":
            raise Refused(f"'{line}' names a revision, and a bucket has none", f"Leave @{after.partition('/')[0]} out.")
        special = _SPECIAL.match(after)
        revision = special[0] if special else after.partition("/")[0]
        location = f"{before}/{after[len(revision) :].removeprefix('/')}"
        revision = unquote(revision)
        if not revision:
            raise Refused(
                f"'{line}' has no revision after the @", "Write a branch, a tag or a commit, or leave the @ out."
            )
    owner, _, rest = location.partition("/")
    name, _, path = rest.partition("/")
    if not (_NAME.fullmatch(owner) and _NAME.fullmatch(name)):
        raise Refused(f"'{owner}/{name}' in '{line}' is not the name of a {kind}", f"Write owner/name. {_FORM}")
    if path and {"", ".", ".."} & set(path.split("/")):
        raise Refused(
            f"'{path}' in '{line}' is no folder of a {kind}", "Write it without '..' and without empty parts."
        )
    return f"{owner}/{name}", revision, path
