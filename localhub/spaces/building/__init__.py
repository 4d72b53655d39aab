"""What takes a Space from a commit to an app that answers: a builder for each SDK, or a clock."""

from functools import partial

from localhub.spaces.builder import Builder
from localhub.spaces.space import Space

from . import docker, gradio
from .lifecycle import runs
from .simulated import simulated
from .static import static
from .workshop import Workshop


class Builders:
    """The builders of a localhub; `simulate`: nothing but static Spaces is built for real."""

    def __init__(self, workshop: Workshop, *, simulate: bool) -> None:
        self.open = workshop.open
        self._static = static(workshop)
        self._real = {
            "gradio": runs(partial(gradio.build, workshop=workshop)),
            "docker": runs(partial(docker.build, workshop=workshop)),
        }
        self._simulate = simulate

    def of(self, space: Space) -> Builder:
        """What builds this Space."""
        if space.static:
            return self._static
        return simulated if self._simulate else self._real[space.settings.sdk]

    def lasts(self, space: Space) -> bool:
        """Whether what a Space shows is still there after a restart of localhub: files are, processes aren't."""
        return self._simulate or space.static
