"""Where builds are made."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from localhub.repos.large_files import Objects
from localhub.spaces.space import Space


@dataclass(frozen=True, slots=True)
class Workshop:
    """`directory` holds a folder per build; `objects` the contents of large files."""

    directory: Path
    objects: Objects

    def open(self) -> None:
        """Clear away what a localhub that was killed left behind. Blocking."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)

    def new_folder(self, space: Space) -> Path:
        """An empty folder for a build."""
        return Path(tempfile.mkdtemp(prefix=f"{space.subdomain}-", dir=self.directory))
