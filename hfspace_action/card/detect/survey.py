"""What is in a folder, looked at once: its Python files, its requirements, and all evidence for a kind of Space."""

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Note
from hfspace_action.readers.files import Deployed

from . import notices
from .evidence import Candidate, best

if TYPE_CHECKING:
    from hfspace_action.readers.python.python_apps import Sources
    from hfspace_action.readers.requirements import Asked


@dataclass(frozen=True)
class Survey:
    """The evidence of a checkout. What is not asked for is not looked at, and what would look at it is not loaded."""

    checkout: Checkout

    @property
    def files(self) -> Deployed:
        """The files."""
        return Deployed(self.checkout.files)

    def below(self, path: str) -> str:
        """A path of the Space as one in the workspace."""
        return posixpath.join(self.checkout.folder, path)

    @property
    def python_matters(self) -> bool:
        """Whether the Python files were looked at."""
        return "sources" in self.__dict__

    @cached_property
    def sources(self) -> "Sources":
        """The Python files."""
        from hfspace_action.readers.python import python_apps

        return python_apps.read(self.files)

    @cached_property
    def requirements(self) -> "Asked":
        """What requirements.txt asks for."""
        from hfspace_action.readers import requirements

        return requirements.read(self.files)

    @cached_property
    def gradio(self) -> list[Candidate]:
        """Every file that may start a Gradio app."""
        from . import gradio

        return list(gradio.candidates(self.sources, self.requirements))

    @cached_property
    def pages(self) -> list[Candidate]:
        """Every page that the Space may begin with."""
        from .web import pages

        python = any(path.endswith(".py") for path in self.files.paths)
        return list(pages.candidates(self.files, self.sources.by_path.values() if python else ()))

    @cached_property
    def servers(self) -> list[Candidate]:
        """Every app of a framework that needs a Dockerfile."""
        from .servers import servers

        return list(servers.candidates(self.files, self.sources, self.requirements))

    @cached_property
    def dockerfiles(self) -> list[Candidate]:
        """Every Dockerfile that the Hub would not find."""
        from . import elsewhere

        return list(elsewhere.candidates(self.files))

    def best(self) -> list[Candidate]:
        """What the evidence speaks for most; several where it does not decide."""
        from .web import sites

        return best([*self.gradio, *self.pages, *self.servers, *self.dockerfiles, *sites.candidates(self.files)])

    def notice(self, id: str, path: str, line: int | None, /, **facts: object) -> Note:  # noqa: A002
        """A notice about one of the files."""
        return notices.notice(self.checkout, id, path, line, **facts)
