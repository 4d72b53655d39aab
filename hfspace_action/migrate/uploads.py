"""Uploads by the Hub's own client: `hf upload`, `huggingface-cli upload`, `upload_folder` in Python."""

import re
from collections.abc import Sequence

from .actions import private, space
from .new import New, Unknown
from .steps import Old

UPLOAD = re.compile(r"(?:uvx |uv tool run |uvx --from \S+ )?(?:hf|huggingface-cli) (?:upload|upload-large-folder) ")
_OWN = (".git*", ".github*", ".git/*", ".github/*", ".git", ".github", "*/.git*")
"""Patterns that this action leaves out anyway."""
_FLAGS = {"--private", "--quiet", "--no-private", "--create-pr", "--print-url"}
_PYTHON = re.compile(r"\brepo_id\s*=\s*['\"]([^'\"]+)['\"]")
_FOLDER = re.compile(r"\bfolder_path\s*=\s*['\"]([^'\"]+)['\"]")
_STAYED = "files that only the Space has are removed now; `keep` names those that stay"


def command(words: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read the arguments of `hf upload`."""
    words = list(words[next(number for number, word in enumerate(words) if word.startswith("upload")) + 1 :])
    plain: list[str] = []
    options: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            options.setdefault(name, []).extend([value] if equals else [])
            name = "" if equals or name in _FLAGS else name
        elif name and (name in ("--exclude", "--include", "--delete") or not options[name]):
            options[name].append(word)
        else:
            plain.append(word)
    kind = "".join(options.get("--repo-type", ["model"]))
    if kind != "space":
        raise Unknown(f"it uploads to a {kind}, which this action does not")
    for option, why in {
        "--include": "a selection of files",
        "--revision": "to another branch",
        "--create-pr": "to a pull request",
    }.items():
        if option in options:
            raise Unknown(f"it uploads {why} (`{option}`)")
    target = plain[2] if len(plain) > 2 else "."
    if target.strip("./"):
        raise Unknown(f"it uploads into a folder of the Space, {target}")
    if len(plain) == 1:
        raise Unknown("it uploads what has the Space's name")
    if len(plain) > 1 and re.search(r"[^/.]\.\w{1,5}$|[*?]", plain[1]):
        raise Unknown(f"it uploads single files, {plain[1]}")
    inputs = {"space": space(plain[0] if plain else "")}
    folder = plain[1].strip("/").removeprefix("./") if len(plain) > 1 else "."
    inputs |= {"path": folder} if folder not in ("", ".") else {}
    inputs |= private({"private": "true"}) if "--private" in options else {}
    patterns = [pattern for pattern in options.get("--exclude", []) if pattern not in _OWN]
    inputs |= {"exclude": "\n".join(patterns)} if patterns else {}
    return inputs, () if "--delete" in options else (_STAYED,)


def in_python(step: Old, script: str) -> New:
    repositories = set(_PYTHON.findall(script))
    if not re.search(r"repo_type\s*=\s*['\"]space['\"]", script):
        raise Unknown("it uploads to no Space, or does not say so")
    if len(repositories) != 1:
        raise Unknown("it names its Space by a variable, or several" if not repositories else "it names several Spaces")
    if re.search(r"allow_patterns|path_in_repo\s*=\s*['\"][^'\"./]", script):
        raise Unknown("it uploads a selection of files, or into a folder of the Space")
    if re.search(r"upload_file\(|delete_file|restart_space|add_space_", script):
        raise Unknown("its script does more with the Hub")
    folder = next(iter(_FOLDER.findall(script)), ".").strip("/").removeprefix("./")
    inputs = {"space": space(repositories.pop())} | ({"path": folder} if folder not in ("", ".") else {})
    if ignored := re.search(r"ignore_patterns\s*=\s*\[([^\]]*)\]", script):
        patterns = [pattern for pattern in re.findall(r"['\"]([^'\"]+)['\"]", ignored[1]) if pattern not in _OWN]
        inputs |= {"exclude": "\n".join(patterns)} if patterns else {}
    remarks = () if "delete_patterns" in script else (_STAYED,)
    return New({**inputs, "hf-token": step.token(step.script)}, remarks=remarks)
