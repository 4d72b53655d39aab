"""The ids of files that git tracks: taken from its index where a file is known to be as git wrote it, else from the file."""

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from hfspace_action.file import File, is_unfetched, read_own

from .repository import Repository

# Attributes by which git changes more of a file than its line ends, so that an equal size says nothing.
_CHANGING = re.compile(rb"\b(?:ident|working-tree-encoding|filter=(?!lfs\s))")
_LARGEST_ATTRIBUTES = 1024 * 1024


class Attributes(NamedTuple):
    """What .gitattributes files say of a folder: `any` do, and by them git may have `changed` more than line ends."""

    any: bool = False
    changing: bool = False

    def within(self, folder: str) -> "Attributes":
        """Return them with the .gitattributes of one folder more, if it has one that git would read."""
        try:
            text = read_own(os.path.join(folder, ".gitattributes"), _LARGEST_ATTRIBUTES)
        except FileNotFoundError:
            return self
        except OSError:  # git does not read it either, or it is too long to say
            return Attributes(any=True, changing=True)
        return Attributes(any=True, changing=self.changing or bool(_CHANGING.search(text + b"\n")))


@dataclass
class Findings:
    """What was found of files against the commit: `converted` by git on their way to the disk, `changed` since."""

    converted: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def identified(
        self, file: File, git: Repository, path: str, status: os.stat_result, attributes: Attributes
    ) -> File:
        """Return a file that is tracked under `path` with its id, as far as that is known without reading it."""
        if not git.index.is_untouched(path, status):
            file, same = git.compared(file, path)
            if not same:
                self.changed.append(file.path)
            return file
        blob = git.index.blob(path)
        if not (attributes.any or git.converts or git.attributes):
            return File(file.path, file.size, blob, file.source, seen=file.seen)  # `replace` takes three times as long
        size = git.blob_size(blob)
        pointer = git.pointer(blob, file.size) if size != file.size else None
        if pointer is not None:
            return file._replace(sha256=pointer.sha256)
        if size == file.size and not (attributes.changing or git.attributes):
            return file._replace(blob=blob)
        file = file.with_blob()
        if file.blob != blob:
            self.converted.append(file.path)
        return file


def is_pointer(file: File, lengths: range) -> bool:
    """Whether a file is the pointer to one in git-lfs that was not fetched."""
    return file.size in lengths and file.sha256 is None and is_unfetched(file.glance())
