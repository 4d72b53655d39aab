"""What package.json and its lock file say: the scripts, the packages, and who installs them."""

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from hfspace_action.errors import Place

from .files import Files, first_line

MANIFEST = "package.json"
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
# By whose lock file there is: how the packages are installed, and how a script is run.
_MANAGERS = {
    "pnpm-lock.yaml": ("npx --yes pnpm install", "npx --yes pnpm run"),
    "yarn.lock": ("npx --yes yarn install", "npx --yes yarn run"),
    "bun.lock": ("npx --yes bun install", "npx --yes bun run"),
    "bun.lockb": ("npx --yes bun install", "npx --yes bun run"),
    "package-lock.json": ("npm ci", "npm run"),
    "npm-shrinkwrap.json": ("npm ci", "npm run"),
}
_SERVERS = (
    *(
        "express",
        "fastify",
        "koa",
        "hono",
        "@hono/node-server",
        "@hapi/hapi",
        "@nestjs/core",
        "socket.io",
        "ws",
        "polka",
        "restify",
    ),
    *("elysia", "@adonisjs/core", "h3", "connect", "micro"),
)
_STARTS = re.compile(r"(?:^|[\s;&|/])(?:node|tsx|ts-node|ts-node-dev|nodemon|bun|deno|nest|pm2|pm2-runtime)\s")
_KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def manifests(files: Files) -> list[str]:
    """Every package.json of the repository itself, the shallow ones first."""
    found = [path for path in files.paths if path.rpartition("/")[2] == MANIFEST and "node_modules/" not in path]
    return sorted(found, key=lambda path: (path.count("/"), path))


def read(files: Files, path: str) -> Mapping[str, Any] | None:
    """A JSON file's mapping; None where it is missing, is none, or can't be read."""
    try:
        loaded = json.loads((files.text(path) or "").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def scripts(files: Files, path: str) -> dict[str, str]:
    """The scripts of a package.json by their names."""
    found = (read(files, path) or {}).get("scripts")
    return {name: str(command) for name, command in found.items()} if isinstance(found, dict) else {}


def dependencies(package: Mapping[str, Any], *kinds: str) -> dict[str, str]:
    """What a package asks for: the range of each name, of all kinds or those given."""
    found = [package.get(kind) for kind in kinds or _KINDS]
    return {name: str(wanted) for each in found if isinstance(each, dict) for name, wanted in each.items()}


def key(files: Files, path: str, name: str) -> Place | None:
    """The line of a JSON file that has the key `name`."""
    return first_line(files, [path], re.compile(rf'"{re.escape(name)}"\s*:').search)


class Package(NamedTuple):
    """The package.json of a folder (`folder` is "" at the top): its scripts, the names of its packages, and its lock file."""

    folder: str
    scripts: Mapping[str, str]
    packages: frozenset[str]
    lock: str | None
    main: str | None = None

    @classmethod
    def read(cls, files: Files, folder: str = "") -> Self | None:
        """Read a folder's package.json; None where there is none that can be read."""
        path = posixpath.join(folder, MANIFEST)
        data = read(files, path)
        if data is None:
            return None
        lock = next((name for name in _MANAGERS if posixpath.join(folder, name) in files.paths), None)
        packages = frozenset(dependencies(data, "dependencies", "devDependencies"))
        main = data.get("main")
        return cls(folder, scripts(files, path), packages, lock, main if isinstance(main, str) else None)

    @property
    def path(self) -> str:
        """Where it is."""
        return posixpath.join(self.folder, "package.json")

    @property
    def install(self) -> str:
        """The command that installs the packages."""
        return _MANAGERS[self.lock][0] if self.lock else "npm install"

    def run(self, script: str, option: str = "", variable: str = "") -> str:
        """The command that runs a script in a fresh checkout. Installs first: whether the Hub does is documented nowhere."""
        run = _MANAGERS[self.lock][1] if self.lock else "npm run"
        words = (f"cd {self.folder} &&" if self.folder else "", self.install, "&&", variable, run, script)
        more = ("--" if option and run == "npm run" else "", option)
        return " ".join(word for word in (*words, *more) if word)

    def run_program(self, command: str) -> str:
        """The command that runs a program of the packages in a fresh checkout."""
        words = (f"cd {self.folder} &&" if self.folder else "", self.install, "&&", "npx", command)
        return " ".join(word for word in words if word)

    @property
    def server(self) -> str | None:
        """The package by which it is a server that `npm start` starts; None if it is none."""
        start = self.scripts.get("start", "")
        by_itself = _STARTS.search(start) or not (self.scripts.keys() & {"start", "build"})
        return next((name for name in _SERVERS if name in self.packages and by_itself), None)
