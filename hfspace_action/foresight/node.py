"""package.json and its lock file against the commands of npm that the build runs."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hfspace_action.errors import Place
from hfspace_action.readers import node
from hfspace_action.readers.files import DOCKERFILE
from hfspace_action.readers.node import MANIFEST

from .docker.stages import built
from .tree import Finding, Tree, certain, likely

_NPM = re.compile(r"\b(?:npm|npx|yarn|pnpm|bun) ")
_CI = re.compile(r"\bnpm (?:ci|clean-install)\b")
_INSTALL = re.compile(
    r"\b(?:npm (?:ci|i|install|clean-install)|yarn(?: install| --|$| &&)|pnpm (?:i|install)|bun install)\b|node_modules"
)
_RUN = re.compile(r"\bnpm (?:run|run-script) (?P<script>[\w:.-]+)(?P<rest>[^&|;]*)")
_GUARDED = re.compile(r"\|\||\bif \[|\bif test|--if-present|--workspace|\s-w\b|--prefix|\bcd |-C ")
_OMITS = re.compile(r"\bnpm (?:ci|i|install)\b[^&|;]*(?:--omit[= ]dev|--production|--only[= ]prod)")
_EXACT = re.compile(r"\d+\.\d+\.\d+(?:-[\w.]+)?")


class _Command(NamedTuple):
    """A shell command of the build, and where it stands."""

    text: str
    place: Place | None


def _commands(tree: Tree) -> list[_Command]:
    """The commands that build the Space: the steps of its Dockerfile, or a static Space's app_build_command."""
    if tree.sdk == "docker":
        return [_Command(one.rest, Place(DOCKERFILE, one.line)) for one in built(tree) if one.word == "RUN"]
    command = tree.data.get("app_build_command")
    return [_Command(str(command), tree.key("app_build_command"))] if tree.sdk == "static" and command else []


def manifest_invalid(tree: Tree) -> Iterator[Finding]:
    """A package.json that is no JSON."""
    if MANIFEST not in tree.files.paths or not any(_NPM.search(one.text) for one in _commands(tree)):
        return
    try:
        json.loads((tree.files.text(MANIFEST) or "").removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        yield certain(
            "npm-failed",
            Place(MANIFEST, error.lineno),
            said=f"package.json is no JSON: {error.msg} in line {error.lineno}",
        )
    except RecursionError:
        return


def lock(tree: Tree) -> Iterator[Finding]:
    """`npm ci` without a lock file, or with one that lacks what package.json asks for."""
    for one in _commands(tree):
        if not _CI.search(one.text) or _GUARDED.search(one.text):
            continue
        names = {path.rpartition("/")[2] for path in tree.files.paths}
        if not names & set(node.LOCKS) and not any(map(tree.kept, node.LOCKS)):
            yield certain("npm-lock", one.place, said="there is none")
        elif node.manifests(tree.files) == [MANIFEST]:
            yield from _differences(tree)
        return


def _differences(tree: Tree) -> Iterator[Finding]:
    """What the lock file lacks, or has in another version than an exact one that package.json asks for."""
    package, locked = node.read(tree.files, MANIFEST), node.read(tree.files, node.LOCKS[0])
    held = (locked or {}).get("packages")
    if package is None or not isinstance(held, dict) or "workspaces" in package:
        return
    for name, wanted in node.dependencies(package, "dependencies", "devDependencies").items():
        said = _difference(held, name, wanted)
        if said:
            yield certain("npm-lock", node.key(tree.files, MANIFEST, name) or Place(MANIFEST), said=said)
            return


def _difference(held: Mapping[str, Any], name: str, wanted: str) -> str:
    entry = held.get(f"node_modules/{name}")
    if not isinstance(entry, dict):
        return f"{node.LOCKS[0]} has no {name}, which package.json asks for"
    version = str(entry.get("version", ""))
    if _EXACT.fullmatch(wanted) and _EXACT.fullmatch(version) and version != wanted:
        return f"{node.LOCKS[0]} has {name} {version}, and package.json asks for {wanted}"
    return ""


def script_missing(tree: Tree) -> Iterator[Finding]:
    """`npm run` of a script that no package.json has."""
    manifests = node.manifests(tree.files)
    known = {name for path in manifests for name in node.scripts(tree.files, path)}
    if any(node.read(tree.files, path) is None for path in manifests):
        return  # told by another rule
    for one in _commands(tree):
        for found in _RUN.finditer(one.text):
            if found["script"] not in known and not _GUARDED.search(one.text) and not tree.kept(MANIFEST):
                yield certain("npm-failed", one.place, said=f'Missing script: "{found["script"]}"')


def command_missing(tree: Tree) -> Iterator[Finding]:
    """A script whose program is a development dependency that the build leaves out, or for which nothing was installed."""
    commands = _commands(tree)
    scripts = node.scripts(tree.files, MANIFEST)
    package = node.read(tree.files, MANIFEST) or {}
    only_dev = set(node.dependencies(package, "devDependencies")) - set(node.dependencies(package, "dependencies"))
    omitted = any(_OMITS.search(one.text) for one in commands) and not any(
        _INSTALL.search(one.text) and not _OMITS.search(one.text) for one in commands
    )
    for one in commands if omitted else ():
        for found in _RUN.finditer(one.text):
            words = scripts.get(found["script"], "").split()
            program = words[0] if words else ""
            if program in only_dev or (program == "tsc" and "typescript" in only_dev):
                hint = "It is among devDependencies, which `--omit=dev` leaves out."
                yield likely("node-command-missing", one.place, command=program, script=found["script"], hint=hint)


RULES = (manifest_invalid, lock, script_missing, command_missing)
