"""Files whose encoding the program that reads them on the Space can't read."""

from collections.abc import Iterator

from hfspace_action.errors import Note
from hfspace_action.readers import decode
from hfspace_action.readers.files import DOCKERFILE

from .survey import Survey


def notices(survey: Survey) -> Iterator[Note]:
    """Yield what to say about the Dockerfile, and about Python's sources where these were read."""
    content = survey.files.content(DOCKERFILE) if DOCKERFILE in survey.files.paths else b""
    if decode.marked(content) not in (None, "utf-8"):
        yield survey.notice("dockerfile-encoding", DOCKERFILE, 1, encoding=decode.name(content))
    for source in survey.sources.by_path.values() if survey.python_matters else ():
        if source.unreadable and source.depth == 0:
            yield survey.notice("source-encoding", source.path, 1, reason=source.unreadable)
