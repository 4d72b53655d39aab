"""Files whose encoding the program that reads them on the Space can't read."""

from collections.abc import Iterator

from hfspace_action.card.readers import decode, dockerfile
from hfspace_action.errors import Note

from .survey import Survey


def notices(survey: Survey) -> Iterator[Note]:
    """Yield what to say about the Dockerfile, and about Python's sources where these were read."""
    content = survey.files[dockerfile.PATH].read(4) if dockerfile.PATH in survey.files else b""
    if decode.marked(content) not in (None, "utf-8"):
        yield survey.notice("dockerfile-encoding", dockerfile.PATH, 1, encoding=decode.name(content))
    for source in survey.sources.by_path.values() if survey.python_matters else ():
        if source.unreadable and source.depth == 0:
            yield survey.notice("source-encoding", source.path, 1, reason=source.unreadable)
