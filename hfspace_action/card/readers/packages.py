"""What a package.json says: the scripts, the packages, and who installs them."""

import json
import posixpath
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from hfspace_action.file import File

from . import decode

_LARGEST = 1 << 20
# By whose lock file there is: how the packages are installed, and how a script is run.
_MANAGERS = {
    "pnpm-lock.yaml": ("npx --yes pnpm install", "npx --yes pnpm run"),
    "yarn.lock": ("npx --yes yarn install", "npx --yes yarn run"),
    "bun.lock": ("npx --yes bun install", "npx --yes bun run"),
    "bun.lockb": ("npx --yes bun install", "npx --yes bun run"),
    "package-lock.json": ("npm ci", "npm run"),
    "npm-shrinkwrap.json": ("npm ci", "npm run"),
}
_SERVERS = ("express", "fastify", "koa", "hono", "@hapi/hapi", "@nestjs/core", "socket.io", "ws", "polka", "restify")


class Package(NamedTuple):
    """The package.json of a folder (`folder` is "" at the top): its scripts, the names of its packages, and its lock file."""

    folder: str
    scripts: Mapping[str, str]
    packages: frozenset[str]
    lock: str | None

    @classmethod
    def read(cls, files: Mapping[str, File], folder: str = "") -> Self | None:
        """Read a folder's package.json; None where there is none that can be read."""
        file = files.get(posixpath.join(folder, "package.json"))
        try:
            data = json.loads(decode.lenient(file.read(_LARGEST))) if file else None
        except (ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        packages = {name for key in ("dependencies", "devDependencies") for name in _mapping(data.get(key))}
        scripts = {name: text for name, text in _mapping(data.get("scripts")).items() if isinstance(text, str)}
        lock = next((name for name in _MANAGERS if posixpath.join(folder, name) in files), None)
        return cls(folder, scripts, frozenset(packages), lock)

    @property
    def path(self) -> str:
        """Where it is."""
        return posixpath.join(self.folder, "package.json")

    @property
    def install(self) -> str:
        """The command that installs the packages."""
        return _MANAGERS[self.lock][0] if self.lock else "npm install"

    def build(self, option: str = "", variable: str = "") -> str:
        """The command that builds a fresh checkout. Installs first: whether the Hub does is documented nowhere."""
        run = _MANAGERS[self.lock][1] if self.lock else "npm run"
        words = (f"cd {self.folder} &&" if self.folder else "", self.install, "&&", variable, run, "build")
        more = ("--" if option and run == "npm run" else "", option)
        return " ".join(word for word in (*words, *more) if word)

    @property
    def server(self) -> str | None:
        """The package by which it is a server that `npm start` starts; None if it is none."""
        start = self.scripts.get("start", "")
        by_itself = start.startswith(("node ", "tsx ", "ts-node ", "nodemon ", "bun ")) or "node " in start
        return next((name for name in _SERVERS if name in self.packages and by_itself), None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
