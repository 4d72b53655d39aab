"""What takes a Space from a commit to an app that answers: a builder for each SDK, or a clock."""

from functools import partial

from localhub.spaces.builder import Builder
from localhub.spaces.space import Space
from localhub.variants import Switches
from localhub.variants.lives import BUILD_QUEUED

from . import docker, gradio
from .lifecycle import runs
from .queued import queued
from .simulated import simulated
from .static import static
from .workshop import Workshop


class Builders:
    """The builders of a localhub; `simulate`: nothing but static Spaces is built for real, and a stage takes so many
    seconds; `only`: Spaces of another SDK are never built."""

    def __init__(
        self, workshop: Workshop, variants: Switches, *, simulate: float | None, only: str | None = None
    ) -> None:
        self.open = workshop.open
        self._variants, self._only = variants, only
        self._static = static(workshop, variants)
        self._real = {
            "gradio": runs(partial(gradio.build, workshop=workshop)),
            "docker": runs(partial(docker.build, workshop=workshop)),
        }
        self._simulated = None if simulate is None else simulated(simulate)

    def of(self, space: Space) -> Builder:
        """What builds this Space."""
        if self._only not in (None, space.settings.sdk):
            return queued
        if space.static:
            return self._static
        if self._variants.on(BUILD_QUEUED, space.id):
            return queued
        return self._simulated or self._real[space.settings.sdk]

    def lasts(self, space: Space) -> bool:
        """Whether what a Space shows is still there after a restart of localhub: files are, processes aren't."""
        return self._simulated is not None or space.static
