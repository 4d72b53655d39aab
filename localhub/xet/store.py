"""What the CAS keeps: xorbs as files, their index and the terms of every file in one SQLite database, so it all outlives a restart.

A file enters only with proof: it is rebuilt from its xorbs and must have the very sha256 and Xet hash that its shard claims. The rebuilt
content goes to the object store that LFS uses too, so however a file came, everybody downloads the same bytes.
"""

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from localhub.repos.large_files import Objects

from . import hashes, shard, xorb
from .shard import File, Term
from .xorb import Chunk, MalformedError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS chunk (
    xorb TEXT, number INTEGER, hash TEXT, start INTEGER, end INTEGER, size INTEGER, PRIMARY KEY (xorb, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS chunk_hash ON chunk (hash);
CREATE TABLE IF NOT EXISTS file (hash TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_sha256 ON file (sha256);
CREATE TABLE IF NOT EXISTS term (
    file TEXT, number INTEGER, xorb TEXT, first INTEGER, end INTEGER, size INTEGER, PRIMARY KEY (file, number)) WITHOUT ROWID;
"""
_DEDUPLICATION_LIFE = timedelta(days=7)
_XORBS_PER_ANSWER = 8


class Store:
    """The xorbs, chunks and files of one Hub, in `folder`. Safe for use from several threads; every method blocks."""

    def __init__(self, folder: Path, objects: Objects) -> None:
        self._xorbs = folder / "xorbs"
        self._incoming = folder / "incoming"
        self._database = folder / "index.sqlite"
        self._objects = objects
        for place in (self._xorbs, self._incoming):
            place.mkdir(parents=True, exist_ok=True)
        for left_over in self._incoming.iterdir():
            left_over.unlink()
        with self._transaction() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, so that threads share nothing; what it did is kept unless an exception leaves it."""
        with closing(sqlite3.connect(self._database, timeout=60)) as database, database:
            yield database

    def scratch(self) -> Path:
        """A new empty file, on the store's own disk, for something on its way in. Whoever asks removes it."""
        with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
            return Path(file.name)

    # Xorbs

    def xorb_path(self, name: str) -> Path:
        """Where the xorb of this hash is (or would be)."""
        return self._xorbs / name[:2] / name

    def add_xorb(self, path: Path, name: str) -> bool:
        """Take in an uploaded xorb if its content has the hash it goes by; True if it is new.

        Raises MalformedError. `path` is moved, or left for the caller to remove.
        """
        with path.open("rb") as file:
            chunks = xorb.index(file)
        found = hashes.xorb_hash([(chunk.hash, chunk.size) for chunk in chunks])
        if found != name:
            raise MalformedError(f"The xorb sent as {name} has the hash {found}")
        target = self.xorb_path(name)
        target.parent.mkdir(exist_ok=True)
        with self._transaction() as database:
            database.execute("BEGIN IMMEDIATE")
            rows = [(name, number, c.hash, c.start, c.end, c.size) for number, c in enumerate(chunks)]
            # Sent again it may be compressed in another way: the bytes that the index describes stay.
            new = database.executemany("INSERT OR IGNORE INTO chunk VALUES (?, ?, ?, ?, ?, ?)", rows).rowcount > 0
            if new:
                path.rename(target)
        return new

    def chunks(self, name: str, first: int, end: int) -> list[Chunk]:
        """The chunks [first, end) of a xorb, fewer if it has fewer."""
        query = "SELECT hash, start, end, size FROM chunk WHERE xorb = ? AND number >= ? AND number < ? ORDER BY number"
        with self._transaction() as database:
            return [Chunk(*row) for row in database.execute(query, (name, first, end))]

    def who_has(self, chunk: str) -> bytes | None:
        """A shard naming xorbs that hold this chunk, so that a client need not send it (nor its neighbours) again."""
        with self._transaction() as database:
            query = "SELECT DISTINCT xorb FROM chunk WHERE hash = ? LIMIT ?"
            names = [name for (name,) in database.execute(query, (chunk, _XORBS_PER_ANSWER))]
        if not names:
            return None
        now = int(time.time())
        xorbs = {name: self.chunks(name, 0, 1 << 32) for name in names}
        return shard.write_xorbs(xorbs, created=now, expires=now + int(_DEDUPLICATION_LIFE.total_seconds()))

    # Files

    def xet_hash(self, sha256: str) -> str | None:
        """The Xet hash of the content with this sha256, None if it did not come by Xet."""
        with self._transaction() as database:
            row = database.execute("SELECT hash FROM file WHERE sha256 = ?", (sha256,)).fetchone()
        return row[0] if row else None

    def add_files(self, files: Sequence[File]) -> Iterator[int]:
        """Take in the files of a shard one by one; yields how many are in, from 0.

        Raises MalformedError at the first file whose content is not what the shard says; those before it stay.
        """
        yield 0
        for number, file in enumerate(files, 1):
            if not (self._knows(file) and self._objects.has(file.sha256)):
                self._add_file(file)
            yield number

    def _knows(self, file: File) -> bool:
        with self._transaction() as database:
            query = "SELECT 1 FROM file WHERE hash = ? AND sha256 = ?"
            return database.execute(query, (file.hash, file.sha256)).fetchone() is not None

    def terms(self, name: str) -> list[Term] | None:
        """The terms of the file with this Xet hash, None if there is no such file."""
        with self._transaction() as database:
            if not database.execute("SELECT 1 FROM file WHERE hash = ?", (name,)).fetchone():
                return None
            query = "SELECT xorb, first, end, size FROM term WHERE file = ? ORDER BY number"
            return [Term(*row) for row in database.execute(query, (name,))]

    def _add_file(self, file: File) -> None:
        path = self.scratch()
        try:
            self._rebuild(file, path)
            self._objects.adopt(path, file.sha256)
        finally:
            path.unlink(missing_ok=True)
        with self._transaction() as database:
            new = database.execute("INSERT OR IGNORE INTO file VALUES (?, ?)", (file.hash, file.sha256)).rowcount
            if new:
                rows = [(file.hash, number, t.xorb, t.first, t.end, t.size) for number, t in enumerate(file.terms)]
                database.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _rebuild(self, file: File, path: Path) -> None:
        """Write the file's content to `path`, checking on the way every claim its shard makes about it."""
        digest = hashlib.sha256()
        nodes: list[hashes.Node] = []
        with path.open("wb") as target:
            for term, proof in zip(file.terms, file.proofs, strict=True):
                chunks = self.chunks(term.xorb, term.first, term.end)
                if not chunks or len(chunks) != term.end - term.first:
                    raise MalformedError(f"File {file.hash} names chunks that aren't here, of {term.xorb}")
                if term.size != sum(chunk.size for chunk in chunks):
                    raise MalformedError(f"File {file.hash} has a term whose length is not that of its chunks")
                if proof != hashes.range_hash(chunk.hash for chunk in chunks):
                    raise MalformedError(f"File {file.hash} has a term whose verification hash is wrong")
                nodes += [(chunk.hash, chunk.size) for chunk in chunks]
                with self.xorb_path(term.xorb).open("rb") as source:
                    source.seek(chunks[0].start)
                    for _, content in zip(chunks, xorb.contents(source), strict=False):
                        digest.update(content)
                        target.write(content)
        if (found := digest.hexdigest()) != file.sha256:
            raise MalformedError(f"File {file.hash} should have the sha256 {file.sha256} but has {found}")
        if (found := hashes.file_hash(nodes)) != file.hash:
            raise MalformedError(f"The file sent as {file.hash} has the hash {found}")
