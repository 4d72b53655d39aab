"""What only the Space has and a deploy removes: by name, and first what no deploy wrote."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.errors import Note
from hfspace_action.hub.api import Hub
from hfspace_action.workflow.run import is_ours

# Folders that are looked into, and files that are asked about: one request each, and one for all files.
_MOST_FOLDERS = 10
_MOST_FILES = 100
_SHOWN = 10
_FIRST = "initial commit"  # that the Hub makes a Space with


class Loss(NamedTuple):
    """A file that goes, or a folder (its path ends with "/"). `title` is that of the commit that wrote it last, None where
    nobody asked."""

    path: str
    title: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else than a deploy wrote it: the app, or a person."""
        return self.title is not None and self.title != _FIRST and not is_ours(self.title)

    def __str__(self) -> str:
        return self.path + (f" (not from a deploy, but from '{_line(self.title or '')}')" if self.is_foreign else "")


def find(hub: Hub, space: str, revision: str, removed: Sequence[str]) -> tuple[Loss, ...]:
    """Return what goes when the paths `removed` do, those first that no deploy wrote."""
    if not removed:
        return ()
    paths = files(hub, space, revision, removed)
    titles = hub.git.last_titles(space, revision, [path.rstrip("/") for path in paths[:_MOST_FILES]])
    return tuple(sorted(_losses(paths, titles), key=lambda loss: not loss.is_foreign))


def note(losses: Sequence[Loss]) -> Note | None:
    """Return what to tell about files that no deploy wrote, if there are any."""
    foreign = [loss for loss in losses if loss.is_foreign]
    if not foreign:
        return None
    shown = text.listed([str(loss) for loss in foreign], _SHOWN)
    return Note(
        f"Only the Space has these, and they go: {shown}. To keep one, name it: `keep: {foreign[0].path}`.", id="loss"
    )


def files(hub: Hub, space: str, revision: str, removed: Sequence[str]) -> list[str]:
    """Return the files behind removed paths: those of the first folders by name, of more only the folder."""
    looked_into = [path for each in removed[:_MOST_FOLDERS] for path in _files(hub, space, revision, each)]
    return [*looked_into, *removed[_MOST_FOLDERS:]]


def _files(hub: Hub, space: str, revision: str, path: str) -> list[str]:
    if not path.endswith("/"):
        return [path]
    listed = hub.git.list_folder(space, revision, path.rstrip("/"), recursive=True)
    return [entry.path for entry in listed if entry.kind == "file"]


def _losses(paths: Sequence[str], titles: Mapping[str, str]) -> Iterator[Loss]:
    return (Loss(path, titles.get(path.rstrip("/"))) for path in paths)


def _line(title: str) -> str:
    return text.beginning(" ".join(title.split()), 60)
