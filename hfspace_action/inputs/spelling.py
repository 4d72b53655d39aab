"""Inputs as people write them: other names, a Space's address, capitals. What is meant without doubt is taken."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import SplitResult

from hfspace_action import text as texts

# Names that others of this kind have for an input; `token` is taken, what the others mean is only guessed.
_TAKEN = {"token": "hf-token"}
_GUESSED = {
    "space-id": "space", "space-name": "space", "repo-id": "space", "repository": "space", "huggingface-repo-id": "space",
    "huggingface-repo": "space", "space-sdk": "sdk", "subdirectory": "path", "directory": "path", "folder": "path",
    "huggingface-token": "hf-token", "private": "visibility", "flavor": "hardware", "env": "variables", "ignore": "exclude", "repo": "space", "hf-space": "space", "space-repo": "space",
    "files": "include", "directory-path": "path", "source": "path", "username": "space", "owner": "space",
    **dict.fromkeys(
        ("title", "emoji", "app-file", "app-port", "sdk-version", "python-version", "license", "pinned", "app-build-command",
         "color-from", "color-to", "short-description"), "front-matter"),
}  # fmt: skip
_NOT_OURS = frozenset(("args", "entrypoint"))  # GitHub's own, of any container action
_HOSTS = frozenset(("huggingface.co", "www.huggingface.co", "hf.co", "127.0.0.1", "localhost", "::1"))
_ADDRESS_OF_GIT = re.compile(r"\Agit@(hf\.co|huggingface\.co):")
_PREFIX = "INPUT_"


def given(env: Mapping[str, str], names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the text of each input that is not empty, and what to say about names that are none: those that only differ in
    their spelling are taken, unless the right one is given as well."""
    found = {name: env.get(_PREFIX + name.upper(), "").strip() for name in names}
    notes: list[str] = []
    for variable in sorted(env):
        name = variable.removeprefix(_PREFIX).lower()
        text = env[variable].strip()
        if not variable.startswith(_PREFIX) or name in found or name in _NOT_OURS or not text:
            continue
        meant = name.replace("_", "-")
        meant = _TAKEN.get(meant, meant)
        if meant in found and not found[meant]:
            found[meant] = text
            notes.append(f"There is no input `{name}`; it is taken for `{meant}`.")
        else:
            guess = _GUESSED.get(meant) or (meant if meant in found else texts.closest(meant, names))
            notes.append(
                f"There is no input `{name}`, so it is ignored." + (f" Did you mean `{guess}`?" if guess else "")
            )
    return {name: text for name, text in found.items() if text}, notes


def space(text: str) -> str:
    """Return owner/name (or name) out of a Space's address, or of either in quotes; any other text as it is."""
    text = _ADDRESS_OF_GIT.sub(r"https://\1/", unquoted(text).strip("<>"))
    if "://" not in text and not text.startswith(("huggingface.co/", "hf.co/", "www.")):
        text = re.sub(r"\s*/\s*", "/", text).removeprefix("/").removeprefix("spaces/").removeprefix("@")
        return text.rstrip("/").removesuffix(".git") if "/" in text.rstrip("/") else text
    parts = _parts(text)
    folders = parts.path.strip("/").split("/") if parts else []
    if parts is None or parts.hostname not in _HOSTS or folders[0] != "spaces" or len(folders) < 3:
        return text
    return f"{folders[1]}/{folders[2].removesuffix('.git')}"


def space_meant(text: str) -> str:
    """Return what to say about a text that names no Space: the name that it may mean, as a question with a space behind it."""
    parts = _parts(text) if "." in text else None
    host, folders = (parts.hostname or "", parts.path.strip("/").split("/")) if parts else ("", [])
    if host.endswith(".hf.space"):
        return "This is the address of an app, which does not say where the owner's name ends. "
    if host in _HOSTS and len(folders) == 2 and folders[0] not in ("spaces", "datasets"):
        return f"Did you mean {'/'.join(folders)}? The address of a Space has /spaces/ in it. "
    likely = re.sub(r"[^\w./-]+", "-", text.strip()) if not host else ""
    return f"Did you mean {likely}? " if re.fullmatch(r"(?:\w[\w.-]*/)?\w[\w.-]*", likely) and likely != text else ""


def unquoted(text: str) -> str:
    """Return a text without the quotes around it."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"`" else text


def _parts(text: str) -> SplitResult | None:
    return texts.address(text if "://" in text else f"https://{text}")


def one_of(text: str, known: Iterable[str]) -> str | None:
    """Return the known word that a text is but for capitals, white space and underscores; None if it is none."""
    word = hyphened(text)
    return next((each for each in known if each == word), None)


def hyphened(text: str) -> str:
    """Return a text in lower case, with one hyphen for each gap."""
    return re.sub(r"[\s_-]+", "-", unquoted(text).lower())
