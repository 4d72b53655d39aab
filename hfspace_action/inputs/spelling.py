"""Inputs as people write them: other names, a Space's address, capitals. What is meant without doubt is taken."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from hfspace_action import text as texts

# Names that others of this kind have for an input; `token` is taken, what the others mean is only guessed.
_TAKEN = {"token": "hf-token"}
_GUESSED = {
    "space-id": "space", "space-name": "space", "repo-id": "space", "repository": "space", "huggingface-repo-id": "space",
    "huggingface-repo": "space", "space-sdk": "sdk", "subdirectory": "path", "directory": "path", "folder": "path",
    "huggingface-token": "hf-token", "private": "visibility", "flavor": "hardware", "env": "variables", "ignore": "exclude",
}  # fmt: skip
_NOT_OURS = frozenset(("args", "entrypoint"))  # GitHub's own, of any container action
_HOSTS = frozenset(("huggingface.co", "www.huggingface.co", "hf.co", "127.0.0.1", "localhost", "::1"))
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
    """Return owner/name (or name) out of a Space's address; any other text as it is."""
    text = re.sub(r"\Agit@(hf\.co|huggingface\.co):", r"https://\1/", text)
    if "://" not in text and not text.startswith(("huggingface.co/", "hf.co/", "www.")):
        return text.removeprefix("spaces/")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return text
    folders = parts.path.strip("/").split("/")
    if parts.hostname not in _HOSTS or folders[0] != "spaces" or len(folders) < 3:
        return text
    return f"{folders[1]}/{folders[2].removesuffix('.git')}"


def one_of(text: str, known: Iterable[str]) -> str | None:
    """Return the known word that a text is but for capitals, white space and underscores; None if it is none."""
    word = hyphened(text)
    return next((each for each in known if each == word), None)


def hyphened(text: str) -> str:
    """Return a text in lower case, with one hyphen for each gap."""
    return re.sub(r"[\s_-]+", "-", text.strip().lower())
