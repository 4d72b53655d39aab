"""A Space's logs: kept in memory, each reader gets them from the start and then follows."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from localhub.json_files import timestamp

KEEP_ALIVE = 15.0
"""Seconds between signs of life. `fetch_space_logs(follow=False)` ends after 5 silent seconds, so not less than that."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log, with its end, and when it came."""

    text: str
    at: str = field(default_factory=timestamp)

    def event(self) -> bytes:
        """As a server-sent event."""
        return f"data: {json.dumps({'data': self.text, 'timestamp': self.at}, ensure_ascii=False)}\n\n".encode()


class Log:
    """The log of one build, or of one run of the app."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._over = False
        self._news = asyncio.Event()

    def write(self, text: str) -> None:
        """Add text, line by line. To be called in the event loop's thread."""
        for line in text.splitlines(keepends=True):
            self.lines.append(Line(line if line.endswith("\n") else line + "\n"))
        self._tell()

    def end(self) -> None:
        """Nothing more will come: readers get what there is and then the end of the stream."""
        self._over = True
        self._tell()

    def successor(self) -> "Log":
        """The log of the next build or run: this one while nothing is in it, so that who waits for a first line gets it."""
        if not self.lines and not self._over:
            return self
        self.end()
        return Log()

    async def stream(self) -> AsyncIterator[bytes]:
        """The log as server-sent events, as the Hub's /logs/build and /logs/run send it."""
        sent = 0
        while True:
            news = self._news
            for line in self.lines[sent:]:
                yield line.event()
                sent += 1
            if self._over and sent == len(self.lines):
                return
            if news is not self._news:
                continue
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    await news.wait()
            except TimeoutError:
                yield b"data:\n\n"

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
