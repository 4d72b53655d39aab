"""The official client, loaded before a program is forked, and made its own when the program imports it.

`huggingface_hub` reads the environment at its import. So it is loaded with placeholders for the two variables that each step has
its own value of, and put away with all modules of ours that import it. A program's first import of any of them brings them
back, with the placeholders replaced by what the environment holds by then; or lets Python import them afresh where that
differs in any other variable.
"""

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

CLIENT = "huggingface_hub"
READ = ("HF_", "HUGGING", "TRANSFORMERS_", "XDG_", "OAUTH_", "OPENID_", "DISABLE_TELEMETRY", "DO_NOT_TRACK")
"""How the names of variables begin that the client reads at its import."""
PLACEHOLDERS = {"HF_ENDPOINT": "http://put-away.invalid", "HF_HOME": "/put-away"}


class Place(NamedTuple):
    """A global of a module whose value was made of a placeholder."""

    held: MutableMapping[str, Any]
    name: str
    value: str


def places(modules: Iterable[ModuleType], *texts: str) -> list[Place]:
    """Find the globals of modules that hold one of these texts."""
    return [
        Place(vars(module), name, value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, str) and any(each in value for each in texts)
    ]


class Stored:
    """Finds the modules that were put away: the client and those of a `package` that import it, loaded in the environment
    that `prepare` makes for an endpoint and a home."""

    def __init__(self, package: ModuleType) -> None:
        prepare = importlib.import_module(f"{package.__name__}.hub.connection.environment").prepare
        before, was = set(sys.modules), dict(os.environ)
        prepare(PLACEHOLDERS["HF_ENDPOINT"], Path(PLACEHOLDERS["HF_HOME"]))
        self._read = read(os.environ)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
        os.environ.clear()
        os.environ.update(was)
        ours = (CLIENT, package.__name__)
        self.modules = {
            name: sys.modules.pop(name) for name in set(sys.modules) - before if name.partition(".")[0] in ours
        }
        self._places = places(self.modules.values(), *PLACEHOLDERS.values())
        for name, module in self.modules.items():
            self._forget(name, module)
        self._asked = False

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Bring all back at the first import of one of them, if the environment is one that they can be for."""
        if self._asked or name not in self.modules:
            return None
        self._asked = True
        now = read(os.environ)
        if {**now, **PLACEHOLDERS} != self._read or not PLACEHOLDERS.keys() <= now.keys():
            return None
        for held, of, value in self._places:
            for variable, placeholder in PLACEHOLDERS.items():
                value = value.replace(placeholder, now[variable])
            held[of] = value
        for each, module in self.modules.items():
            self._remember(each, module)
        return ModuleSpec(name, Here(self.modules[name]))

    def _forget(self, name: str, module: ModuleType) -> None:
        parent, _, last = name.rpartition(".")
        if parent in sys.modules and vars(sys.modules[parent]).get(last) is module:
            delattr(sys.modules[parent], last)

    def _remember(self, name: str, module: ModuleType) -> None:
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules.get(parent) or self.modules[parent], last, module)


class Here(Loader):
    """Loads a module that is there."""

    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec, self._loader = module, module.__spec__, module.__loader__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module, as it was loaded."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing: that was done. The import has given it another spec."""
        module.__spec__, module.__loader__ = self._spec, self._loader


def read(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the client reads of an environment."""
    return {name: value for name, value in environment.items() if name.startswith(READ)}
