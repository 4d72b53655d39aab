"""What the text of an input means: a reader for each kind of value, which says what is wrong with one that it can't read."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from hfspace_action import durations
from hfspace_action.text import address, did_you_mean
from hfspace_action.volume import Volume

from . import safe_yaml, spelling
from .key_values import Refused

if TYPE_CHECKING:
    from .checks import Check

SDKS = ("gradio", "docker", "static")
REBUILD = {"always": True, "true": True, "never": False, "false": False}
# The Hub's own rules: repository names from huggingface_hub's validator, keys from the Hub's OpenAPI description.
_REPOSITORY_PART = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)[\w][\w.-]{0,94}[\w]|[\w]", re.ASCII)
_RULES = re.compile(r"\A---[ \t]*\n|\n---[ \t]*\Z")
# Other words for a value of a closed set, which no likeness would find.
_MEANT = {
    "html": "static", "python": "gradio", "dockerfile": "docker", "hidden": "private", "secret": "private", "open": "public",
    "plan": "check", "validate": "check", "test": "check", "publish": "deploy", "remove": "delete", "ignore": "fail",
    "revert": "rollback", "yes": "true", "on": "true", "1": "true", "y": "true", "no": "false", "off": "false", "0": "false",
    "n": "false",
}  # fmt: skip
_HARDWARE = re.compile(r"[a-z0-9][a-z0-9-]*")
_GROUP = re.compile(r"[0-9A-Za-z]{8,64}")
_TAG = re.compile(r"[\w.-]{1,100}", re.ASCII)
_PRICE = re.compile(r"\$?([0-9]{1,6}(?:\.[0-9]{1,4})?)(?:usd)?(?:/(hour|h|month))?")
HOURS_A_MONTH = 730
"""365 days of 24 hours, a twelfth of them."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The hosts of this machine, which may be asked without TLS."""


def space(text: str) -> str:
    """Read the name of a Space, with its owner or without. Raises `Refused`."""
    parts = spelling.space(text).split("/")
    if len(parts) > 2 or not all(_REPOSITORY_PART.fullmatch(part) for part in parts):
        raise Refused(
            f"'{text}' is not the name of a Space",
            spelling.space_meant(text)
            + "Write owner/name, for example alice/my-demo: letters, digits, '-', '_' and '.', 96 at most.",
        )
    return "/".join(parts)


def spaces(text: str) -> tuple[str, ...]:
    """Read names of Spaces, on lines, in a list of YAML or JSON, or with commas between them; each once."""
    words = re.split(r"[\s,\[\]\"']+", re.sub(r"(?m)(^|\s)#.*$", "", text))
    names = [space(word) for word in words if word not in ("", "-")]
    if not names:
        raise Refused(f"'{text}' names no Space", "Write owner/name, one a line.")
    return tuple({name.lower(): name for name in names}.values())


def only(text: str) -> tuple[str, ...]:
    """Read names of declared Spaces, each with its owner."""
    names = spaces(text)
    if not all("/" in name for name in names):
        raise Refused(f"'{text}' names a Space without its owner", "Write owner/name, one a line.")
    return names


def one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one word of a closed set."""

    def reader(text: str) -> str:
        known = spelling.one_of(text, values)
        if known is None:
            word = spelling.hyphened(text)
            similar = did_you_mean(_MEANT.get(word, word), values).strip()
            raise Refused(f"'{text}' is not known", f"{similar} Known values: {', '.join(values)}.".strip())
        return known

    return reader


def number(of: str, least: int, most: int, least_means: str = "") -> Callable[[str], int]:
    """Return what reads a number of something, within bounds; `most` has three digits at most."""

    def reader(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most):
            raise Refused(f"'{text}' is not a number of {of}", f"Write a number from {least}{least_means} to {most}.")
        return int(text)

    return reader


def sdk(text: str) -> str:
    """Read an SDK. Raises `Refused`."""
    if text.lower() == "streamlit":
        raise Refused(
            "Streamlit is no longer an SDK of Spaces", "Use sdk: docker with a Dockerfile that starts Streamlit."
        )
    return one_of(SDKS)(text)


def hardware(text: str) -> str:
    """Read the name of a hardware flavor. Raises `Refused`."""
    name = re.sub(r"-?\(.*\)$", "", spelling.hyphened(text)).removeprefix(
        "nvidia-"
    )  # the Hub's pages write "Nvidia T4 - small"
    if not _HARDWARE.fullmatch(name):
        raise Refused(f"'{text}' is not the name of a hardware flavor", "Names look like cpu-basic or t4-small.")
    return name


def resource_group(text: str) -> str:
    """Read the id of a resource group, from the address of its page as well. Raises `Refused`."""
    last = text.rstrip("/").rpartition("/")[2] if "://" in text else text
    if not _GROUP.fullmatch(last):
        raise Refused(
            f"'{text}' is not the id of a resource group",
            "Write the id, not the name: it ends the address of the group's page, such as 66670e5163145ca562cb1988.",
        )
    return last


def volumes(text: str) -> tuple[Volume, ...]:
    """Read volumes, one a line. Raises `Refused`."""
    from .volumes import read  # not before: few steps mount any

    return read(text)


def checks(text: str) -> "tuple[Check, ...]":
    """Read what to ask the app. Raises `Refused`."""
    from .checks import read  # not before: few steps ask for more than a page

    return read(text)


def duration(text: str) -> int:
    """Read a length of time, in seconds. Raises `Refused`."""
    return _length(durations.parse(text), text)


def sleep_time(text: str) -> int:
    """Read a length of time after which a Space sleeps, or never. Raises `Refused`."""
    return _length(durations.parse_sleep_time(text), text)


def soak(text: str) -> int:
    """Read a length of time, which may be none. Raises `Refused`."""
    return 0 if text in ("0", "0s") else duration(text)


def to(text: str) -> str:
    """Read which release is meant: previous, a tag, or a commit on GitHub. Raises `Refused`."""
    sha = text.lower()
    if re.fullmatch(r"[0-9a-f]{1,6}|[0-9a-f]{41,}", sha) or not _TAG.fullmatch(text):
        raise Refused(
            f"'{text}' names no release",
            "Write previous, the tag of a release, or a commit on GitHub, 7 digits or more.",
        )
    return sha if re.fullmatch(r"[0-9a-f]{7,40}", sha) else text


def price(text: str) -> float:
    """Read dollars a month; given by the hour they are made that. Raises `Refused`."""
    found = _PRICE.fullmatch(text.replace(" ", "").lower())
    if not found:
        raise Refused(f"'{text}' is not a price", "Write dollars a month, such as 30, or an hour, such as 0.40/hour.")
    return float(found[1]) * (HOURS_A_MONTH if found[2] in ("hour", "h") else 1)


def rebuild(text: str) -> bool:
    """Read whether to build anew. Raises `Refused`."""
    return REBUILD[one_of(tuple(REBUILD))(text)]


def _length(seconds: int, text: str) -> int:
    if not seconds:
        raise Refused(f"'{text}' is not a length of time", "Write 30m, 1h, 90s or a number of seconds.")
    return seconds


def boolean(text: str) -> bool:
    """Read true or false. Raises `Refused`."""
    # YAML 1.2 core schema, as in the runner's own toolkit.
    if text not in ("true", "True", "TRUE", "false", "False", "FALSE"):
        word = spelling.hyphened(text)
        similar = did_you_mean(_MEANT.get(word, word), ("true", "false")).strip()
        raise Refused(f"'{text}' is neither true nor false", f"{similar} Write true or false.".strip())
    return text.lower() == "true"


def mapping(text: str) -> dict[str, object]:
    """Read a mapping of YAML. Raises `Refused`."""
    text = _RULES.sub("", text)  # a README's whole front matter, pasted
    try:
        value = safe_yaml.load(text)
    except yaml.YAMLError as error:
        from . import yaml_mistakes  # not before: most mappings are right

        mended = yaml_mistakes.mended(text, error)
        advice = (
            f"{mended.by.capitalize()} line {mended.line + 1} is right: `{mended.text}`."
            if mended
            else "Write one `key: value` a line."
        )
        raise Refused(f"it is not valid YAML: {_yaml_problem(error)}", advice) from error
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Refused("it is not a YAML mapping", "Write one `key: value` a line.")
    return value


def patterns(text: str) -> tuple[str, ...]:
    """Read patterns, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def probe(text: str) -> str | None:
    """Read a path to request; None for none. Raises `Refused`."""
    if text.lower() == "none":
        return None
    if not text.startswith("/") or text.startswith("//"):
        parts = address(text) if "://" in text else None
        path = parts.path if parts else f"/{text}"
        similar = "none" if text.lower() in ("off", "false", "no", "never") else path
        said = f"Did you mean {similar}? " if re.fullmatch(r"none|/[\w./-]*", similar) else ""
        raise Refused(
            f"'{text}' is not a path", f"{said}Write a path such as /health, or none to switch the probe off."
        )
    return text


def endpoint(text: str) -> str:
    """Read the address of a Hub. Raises `Refused`."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # which is not looked at before
    except ValueError as error:
        raise Refused(f"'{text}' is no address ({error})", "Write https://huggingface.co or leave it empty.") from error
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not parts.hostname or not secure or parts.username or parts.query or parts.fragment:
        raise Refused(f"'{text}' is not the address of a Hub", "Write https://huggingface.co or leave it empty.")
    return text.rstrip("/")


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{getattr(error, 'problem', error)}" + (f" in line {mark.line + 1}" if mark else "")
