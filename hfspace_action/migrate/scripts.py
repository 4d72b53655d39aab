"""Scripts that push or upload to a Space: which command of theirs does it, in which folder, and what else they do."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from . import pushes, uploads
from .actions import space
from .new import New, Unknown
from .steps import Old

_MENTION = re.compile(
    r"huggingface\.co/spaces|hf\.co/spaces|\bhf\s+(?:upload|spaces|repos?)\b|huggingface-cli|\bgradio\s+deploy|upload_folder|huggingface_hub"
)
_SETUP = re.compile(
    r"git (?:config|lfs|remote|fetch|checkout|add|commit|branch|init|status|pull|diff)\b|hf auth\b|hf login|huggingface-cli login"
    r"|(?:python3? -m )?(?:uv )?pip3? install (?:(?:--?[\w-]+|\"?huggingface[_-]hub\S*|\"?gradio\S*|pip|hf_transfer|hf_xet)\s*)+$"
    r"|python3? -c ['\"]?import huggingface_hub; ?huggingface_hub\.login"
    r"|true\b|:$|echo\b[^>]*$|set [-+]\w+|export (?:HF_|HUGGING)\w+=|sudo apt-get (?:update|install -y git-lfs)"
    r"|curl \S*huggingface\.co/cli\S*"
)
_CLIENT = re.compile(r"hugging|\bhf\b|hf\.co|gradio")
_CD = re.compile(r"cd\s+[\"']?([^\"'\s;]+)[\"']?$")


def speaks_to_the_hub(step: Old) -> bool:
    """Return whether a step has to do with a Space, known or not."""
    return bool(_MENTION.search(step.script)) or "huggingface" in step.uses or "hugging-face" in step.uses


def is_setup(step: Old) -> bool:
    """Return whether a step only makes ready for an upload: a login, the installation of the client."""
    lines = list(commands(step.script))
    ready = all(_SETUP.match(line) for line in lines) and any(_CLIENT.search(line) for line in lines)
    return bool(lines) and "uses" not in step.keys and ready


def commands(script: str) -> Iterator[str]:
    """Return the commands of a script, one by one: continued lines joined, lists of `&&` taken apart, comments left out."""
    for line in re.sub(r"\\\n\s*", " ", script).splitlines():
        for part in re.split(r"\s(?:&&|\|\|)\s|;\s+(?=git|hf|huggingface-cli)", line.strip()):
            if part.strip() and not part.lstrip().startswith("#"):
                yield part.strip()


def known(step: Old, asked: str) -> New | None:
    """Return what a script becomes; None if it does not deploy. `asked` is the Space where the script names none. Raises `Unknown`."""
    script = _compact(step.put_in(step.script))
    if "upload_folder" in script:
        made = uploads.in_python(step, script)
        return made._replace(inputs=_within(step, "", made.inputs))
    step = step._replace(everything=_compact(step.put_in(step.everything)))
    lines = list(commands(script))
    deploying = [number for number, line in enumerate(lines) if _deploys(line, step)]
    if not deploying:
        return None
    if len(deploying) > 1:
        raise Unknown("it deploys more than once")
    first = deploying[0]
    _refuse_more(lines, first)
    folder = _folder(lines[:first])
    inputs, remarks = _of(lines, first, folder, (step, asked))
    inputs = {name: _spaced(value) for name, value in _within(step, folder, inputs).items()}
    raw = list(commands(step.script))[:first]
    stays = any(not _is_of_the_push(line) and not _CD.match(line) for line in raw)
    before = tuple(line for line in raw if not _is_of_the_push(line)) if stays else ()
    while before and _CD.match(before[-1]):
        before = before[:-1]
    return New({**inputs, "hf-token": step.token(step.script)}, before, remarks)


def _refuse_more(lines: Sequence[str], deploying: int) -> None:
    """Raise `Unknown` where a script does what a step with our action would not do."""
    for number, line in enumerate(lines):
        if number == deploying or _is_of_the_push(line):
            continue
        if number > deploying:
            raise Unknown(f"its script goes on after the upload: `{line}`")
        if _MENTION.search(line):
            raise Unknown(f"its script does more with the Hub: `{line}`")


def _folder(lines: Sequence[str]) -> str:
    """Return where a script has gone by `cd`, from where it began. Raises `Unknown` where that can't be read."""
    folder: list[str] = []
    for line in lines:
        if found := _CD.match(line):
            parts = [part for part in found[1].split("/") if part not in ("", ".")]
            if (
                found[1].startswith(("/", "~", "-"))
                or any("$" in part and "${{" not in part for part in parts)
                or ".." in parts
            ):
                raise Unknown(f"it goes to a folder that can't be read: `{line}`")
            folder += parts
        elif re.match(r"(?:pushd|popd|\()", line):
            raise Unknown(f"it goes to a folder that can't be read: `{line}`")
    return "/".join(folder)


def _compact(text: str) -> str:
    """Return a text with its expressions as single words."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: "${{" + found[1].replace(" ", "") + "}}", text)


def _spaced(text: str) -> str:
    """Return a text with its expressions as people write them."""
    return re.sub(r"\$\{\{(.*?)\}\}", r"${{ \1 }}", text)


def _deploys(line: str, step: Old) -> bool:
    if uploads.UPLOAD.match(line) or re.match(r"gradio deploy\b", line):
        return True
    return bool(pushes.PUSH.match(line)) and pushes.address(line, step.everything) is not None


def _is_of_the_push(line: str) -> bool:
    return bool(_SETUP.match(line) or pushes.SUBTREE.match(line))


def _of(lines: Sequence[str], number: int, folder: str, of: tuple[Old, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    line, (step, asked) = lines[number], of
    if line.startswith("gradio"):
        return {"space": space(asked), "sdk": "gradio"}, ("the Space is the one that this command was asked for",)
    if not line.startswith("git"):
        return uploads.command(shlex.split(line))
    inputs, remarks = pushes.push(line, lines, folder, step)
    if folder and not any(re.match(r"git init\b", each) for each in lines) and "path" not in inputs:
        raise Unknown("it pushes from a folder, which pushes the whole repository")
    return inputs, remarks


def _within(step: Old, folder: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs with their path seen from the workspace: below the step's folder, and where its script has gone."""
    parts = [str(step.keys.get("working-directory", "")), folder, inputs.get("path", "")]
    path = "/".join(
        cleaned for part in parts if (cleaned := part.strip("/").removeprefix("./").strip("/")) not in ("", ".")
    )
    return dict(inputs) | ({"path": path} if path else {})
