"""Apps that need a Dockerfile: what shows them, and the Dockerfile with which they run."""

from collections.abc import Iterator

from hfspace_action.card.detect.evidence import Candidate
from hfspace_action.readers.files import Deployed
from hfspace_action.readers.python.python_apps import Sources
from hfspace_action.readers.requirements import Asked

from . import node, python


def candidates(files: Deployed, sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """Every such app."""
    yield from python.candidates(files, sources, asked)
    yield from node.candidates(files)


def title(candidate: Candidate) -> str:
    """The name of a candidate's framework."""
    return "Node.js" if candidate.kind == "node" else python.TITLES.get(candidate.kind, candidate.kind)


def dockerfile(candidate: Candidate, files: Deployed, sources: Sources) -> str:
    """The Dockerfile with which a candidate runs."""
    return (
        node.dockerfile(candidate, files) if candidate.kind == "node" else python.dockerfile(candidate, files, sources)
    )
