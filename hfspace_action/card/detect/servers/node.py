"""Servers of Node.js: what makes a package one, and how it starts."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.card.detect.web import builds
from hfspace_action.readers.files import Deployed
from hfspace_action.readers.node import Package

from .dockerfile import PORT, Start, rendered

NODE = Clue(50)
BELOW = Clue(-10)
_CODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_MOST = 40  # files that are looked at
_LISTENS = re.compile(r"\.listen\(|\bcreateServer\(|\bDeno\.serve\(|\bBun\.serve\(")
_PORT = re.compile(r"\.listen\(\s*(?:\{\s*port\s*:\s*)?([0-9]{4,5})\b|\b[Pp](?:ORT|ort)\s*=\s*([0-9]{4,5})\b")
_BY_NAME = re.compile(r"env\.PORT|env\[['\"]PORT['\"]\]|env\.get\(['\"]PORT")
_DEVELOPMENT = re.compile(r"\b(?:dev|develop|serve)\b|--watch|nodemon|ts-node-dev")
# What serves the pages of a build that has no script for it.
_VITE = ["npx", "vite", "preview", "--host=0.0.0.0", f"--port={PORT}", "--strictPort"]
_BUILT = {
    "Next.js": ["npx", "next", "start"],
    "Nuxt": ["node", ".output/server/index.mjs"],
    "Remix": ["npx", "remix-serve", "build/server/index.js"],
    "React Router": ["npx", "react-router-serve", "build/server/index.js"],
}
_ADAPTERS = {
    "SvelteKit": ("@sveltejs/adapter-node", ["node", "build"], _VITE),
    "Astro": (
        "@astrojs/node",
        ["node", "dist/server/entry.mjs"],
        ["npx", "astro", "preview", "--host=0.0.0.0", f"--port={PORT}"],
    ),
}


def candidates(files: Deployed) -> Iterator[Candidate]:
    """Every package that is a server, at the top or in a folder there."""
    folders = {path.rpartition("/")[0] for path in files.paths if path.endswith("package.json") and path.count("/") < 2}
    for folder in sorted(folders):
        package = Package.read(files, folder)
        made = _server(package, files) if package else None
        if package and made:
            clues = [NODE, *([BELOW] if folder else []), Clue(0, f"makes a server with {made}")]
            yield Candidate("node", package.path, clues, {"made": made})


def dockerfile(candidate: Candidate, files: Deployed) -> str:
    """Return the Dockerfile for a server."""
    package = Package.read(files, posixpath.dirname(candidate.path))
    assert package  # noqa: S101 - it made the candidate
    install = package.install
    if any(text.startswith(("bun ", "bunx ")) for text in package.scripts.values()):
        install = "npm install && npm install --no-save bun"
    return rendered(
        "node",
        _start(str(candidate.settings["made"]), package, files),
        into=f"WORKDIR /home/node/app/{package.folder}\n" if package.folder else "",
        install=install,
        build="RUN npm run build\n" if "build" in package.scripts else "",
    )


def _server(package: Package, files: Deployed) -> str | None:
    """The name of what makes a server of a package: a framework, or what its code calls."""
    made = builds.server(package, files)
    if made or ("build" in package.scripts and "start" not in package.scripts):
        return made
    started = _started(package, files)
    return "Node.js" if started and _LISTENS.search(files.text(started) or "") else None


def _start(made: str, package: Package, files: Deployed) -> Start:
    start = package.scripts.get("start", "")
    if made in _ADAPTERS:
        adapter, served, previewed = _ADAPTERS[made]
        return Start(served if adapter in package.packages else previewed)
    if made in _BUILT and (not start or _DEVELOPMENT.search(start) or made == "Nuxt"):
        return Start(_BUILT[made])
    started = _started(package, files)
    command = ["npm", "start"] if start else ["node", posixpath.relpath(started or "index.js", package.folder or ".")]
    return Start(
        command,
        port=PORT if made in _BUILT else _port([*([started] if started else []), *_code(package, files)], files),
    )


def _started(package: Package, files: Deployed) -> str | None:
    """The file that starts a package: the one of its script, its `main`, or Node's own default."""
    named = [word for word in package.scripts.get("start", "").split() if word.endswith(_CODE)]
    for name in (*named, package.main or "", "server.js", "index.js", "app.js", "src/index.js", "src/server.js"):
        if name and (path := posixpath.normpath(posixpath.join(package.folder, name))) in files.paths:
            return path
    return None


def _code(package: Package, files: Deployed) -> list[str]:
    """The code of a package, what is near its top first."""
    inside = f"{package.folder}/" if package.folder else ""
    found = [
        path for path in files.paths if path.startswith(inside) and path.endswith(_CODE) and "node_modules/" not in path
    ]
    return sorted(found, key=lambda path: (path.count("/"), path))[:_MOST]


def _port(paths: Sequence[str], files: Deployed) -> int:
    """The port that code listens on where it does not ask the environment, which the Dockerfile sets."""
    texts = [text for path in dict.fromkeys(paths) if _LISTENS.search(text := files.text(path) or "")]
    if any(_BY_NAME.search(text) for text in texts):
        return PORT
    found = next((each for text in texts if (each := _PORT.search(text))), None)
    return int(found[1] or found[2]) if found else PORT
