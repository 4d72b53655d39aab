"""Texts that mean harm: what people write, cut up, joined, repeated, and with what trips readers put into it."""

import random
from collections.abc import Mapping, Sequence

TRIPS = (
    "\0", "\r", "\r\n", "\t", "\x1b[31m", "\ufeff", "\u2028", "\u202e", "\U0001f30a", "\\", "\\\n", "'", '"', "`", "#", ":", ": ", "- ", "? ",
    "---\n", "...\n", "&a ", "*a", "<<: *a\n", "!!python/object:os.system x", "!!binary x", "!!timestamp x", "&a [*a, *a]", "{", "}", "[", "]",
    "${", "$(", "%0A", "%", "::error::", "##[error]", "::add-mask::x", "<!--", "-->", "<script>", "]]>", "&amp;", "=", "==", "=>", " @ ", "; ",
    "-r ", "-e ", "--index-url ", "https://", "file:///", "../", "/", "//", "~", "*", "**", "[!", "[[:alpha:]", "(", ")", "(?", "|", "<<EOF\n",
    "FROM ", "COPY ", "RUN ", "EXPOSE ", "ARG ", "CMD [", "9" * 5000, "-1", "1e999", "nan", "inf", "0x", "null", "true", "~\n", "2026-13-45",
    "sdk: ", "title: ", "app_port: ", "app_file: ", "colorFrom: ", "\n\n", "    ", "def f(\n", "import ", "\N{RIGHT-TO-LEFT OVERRIDE}",
)  # fmt: skip


class Mangler:
    """Makes such texts; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret

    def text(self, text: str, others: Sequence[str] = ()) -> str:
        """Return a text mangled a few times."""
        for _ in range(self.random.randint(1, 6)):
            text = self._once(text, others)
        return text[:200_000]

    def files(self, files: Mapping[str, str], others: Sequence[str]) -> dict[str, str]:
        """Return a tree in which one file or more are mangled, or are missing."""
        changed = dict(files)
        for path in self.random.sample(sorted(files), self.random.randint(1, len(files))):
            changed[path] = self.text(files[path], others)
        if len(changed) > 1 and self.random.random() < 0.1:
            del changed[self.random.choice(sorted(changed))]
        return changed

    def _once(self, text: str, others: Sequence[str]) -> str:
        at, to = sorted(self.random.randint(0, len(text)) for _ in range(2))
        match self.random.randrange(9):
            case 0:
                return text[:at] + text[to:]
            case 1 | 2 | 3:
                return text[:at] + self.random.choice(TRIPS) + text[at:]
            case 4:
                return text[:at] + text[at : at + 40] * self.random.choice((2, 50, 1000)) + text[at:]
            case 5:
                return text[:at] + self.random.choice(TRIPS) * self.random.choice((3, 100, 3000)) + text[to:]
            case 6:
                lines = text.splitlines(keepends=True)
                self.random.shuffle(lines)
                return "".join(lines)
            case 7 if others:
                return text[:at] + self.random.choice(others)[:2000] + text[to:]
        return text[:at] + chr(self.random.choice((0, 7, 0x85, 0xA0, 0x2028, 0xFFFD, 0x10FFFF))) + text[at:]
