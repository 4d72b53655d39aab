"""What a Dockerfile's command starts, and is not there."""

import re
from collections.abc import Iterator, Sequence

from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, likely
from hfspace_action.readers import dockerfile
from hfspace_action.readers.dockerfile import Stage
from hfspace_action.readers.files import DOCKERFILE, startable

# Images that have no app of their own.
_BARE = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?:python|node|debian|ubuntu|alpine|oven/bun|continuumio/miniconda3)(?::\S*)?$"
)
# What may put a file into the image that the repository does not have.
_MAKES = re.compile(
    r"--from=|\bADD\b|<<|>|\b(?:git|curl|wget|cp|mv|tee|touch|tar|unzip|make|tsc|cargo|go|hf|huggingface-cli|django-admin|(?:npm|yarn|pnpm|bun) (?:run|build))\b"
)
_INTERPRETER = re.compile(r"(?:\S*/)?(?:python[\d.]*|bash|sh|node|bun|tini|dumb-init|exec|streamlit|run|-\S*|--)")
_SCRIPT = re.compile(r"(?:\./|/)?[\w./-]+\.(?:py|sh|m?js|cjs)")
_SERVER = re.compile(r"(?:\S*/)?(?:uvicorn|gunicorn|hypercorn|daphne|granian)")
_APP = re.compile(r"(?P<module>[A-Za-z_][\w.]*):[A-Za-z_]\w*(?:\(\))?")
_SEVERAL = re.compile(r"[&|;\n]")


def file_missing(tree: Tree) -> Iterator[Finding]:
    """The script, or the module, that the last command names."""
    stage = dockerfile.last_stage(dockerfile.instructions(tree.files))
    start = stage.last("CMD") or stage.last("ENTRYPOINT")
    if start is None or not _BARE.match(stage.base) or not any(one.word == "COPY" for one in stage.instructions):
        return
    file = "" if _SEVERAL.search(start.text) else _started([stage.resolved(word) for word in start.words])
    if file and not _may_be_there(tree, stage, file):
        yield likely("app-file-missing", Place(DOCKERFILE, start.line), file=file, there=startable(tree.files))


def _started(words: Sequence[str]) -> str:
    """The file that a command starts, as far as that is plain."""
    rest = [word for word in words if not _INTERPRETER.fullmatch(word)]
    if rest and _SCRIPT.fullmatch(rest[0]):
        return rest[0]
    if rest and _SERVER.fullmatch(rest[0]):
        app = next((found for word in rest[1:] if (found := _APP.fullmatch(word))), None)
        return app["module"].replace(".", "/") + ".py" if app else ""
    return ""


def _may_be_there(tree: Tree, stage: Stage, file: str) -> bool:
    name = file.rpartition("/")[2]
    folder = name.removesuffix(".py") + "/"
    if any(path == name or path.endswith(f"/{name}") or f"/{folder}" in f"/{path}" for path in tree.files.paths):
        return True
    elsewhere = any(name in one.text or _MAKES.search(f"{one.word} {one.text}") for one in stage.instructions[:-1])
    return elsewhere or tree.kept(file) or tree.kept(name)


RULES = (file_missing,)
