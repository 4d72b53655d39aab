"""The files of a Space as they are on the Hub, for finding the cause of a failure where there is no checkout."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

import yaml

from hfspace_action.errors import Place
from hfspace_action.file import Entry, blob_id
from hfspace_action.hub.api import Hub
from hfspace_action.inputs import safe_yaml
from hfspace_action.readers import decode, front_matter

LARGEST = 1 << 20
"""Bytes of a file that are read: no cause lies in a larger one."""


class SpaceFiles:
    """`readers.files.Files` of one commit of a Space. The list is read once, unless it is `listed` already, a file when it is asked
    for."""

    def __init__(self, hub: Hub, space: str, revision: str, listed: Mapping[str, Entry] | None = None) -> None:
        self._hub, self._space, self._revision, self._listed = hub, space, revision, listed
        self._texts: dict[str, str | None] = {}

    @property
    def paths(self) -> AbstractSet[str]:
        """All paths."""
        return self._entries.keys()

    def text(self, path: str) -> str | None:
        """The text of a file, or None where there is none that can be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    @property
    def data(self) -> Mapping[str, object]:
        """The front matter of the README; empty where there is none that can be read."""
        try:
            data = safe_yaml.load(front_matter.block(self))
        except yaml.YAMLError:
            return {}
        return data if isinstance(data, dict) else {}

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        if self._listed is not None:
            return self._listed
        listed = self._hub.git.list_folder(self._space, self._revision, "", recursive=True)
        return {entry.path: entry for entry in listed if entry.kind == "file"}

    def _read(self, path: str) -> str | None:
        entry = self._entries.get(path)
        if entry is None or entry.size > LARGEST or entry.lfs_sha256:
            return None
        content = self._hub.git.read(self._space, self._revision, path)
        return decode.lenient(content) if blob_id(content) == entry.oid else None


def place(folder: str, path: str, line: int | None) -> Place:
    """Return where a file of the Space is in the repository, if that is what was deployed from `folder`."""
    return Place(path if folder in ("", ".") else f"{folder.strip('/').removeprefix('./')}/{path}", line)
