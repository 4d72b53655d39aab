"""A Dockerfile's instructions, and the variables that it sets."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

PATH = "Dockerfile"
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")


class Instruction(NamedTuple):
    """One instruction: its first line, its word in capitals, and the rest on one line."""

    line: int
    word: str
    text: str

    @property
    def is_exec(self) -> bool:
        """Whether a command is written as a list: ["python", "app.py"]."""
        return self.text.startswith("[")

    @property
    def words(self) -> list[str]:
        """The words of a command, in either of its two forms."""
        try:
            listed = json.loads(self.text) if self.is_exec else shlex.split(self.text)
        except ValueError:
            return self.text.split()
        return [str(word) for word in listed]


class Stage(NamedTuple):
    """The last stage of a Dockerfile, which is the image: the image it begins with, its instructions, and all variables."""

    base: str
    instructions: Sequence[Instruction]
    variables: Mapping[str, str]

    def resolved(self, text: str) -> str:
        """Return a text with the variables that the file sets replaced."""
        return _VARIABLE.sub(lambda found: self.variables.get(found[1] or found[3]) or found[2] or "", text)

    def last(self, word: str) -> Instruction | None:
        """The last instruction of this word, which is the one that counts."""
        return next((each for each in reversed(self.instructions) if each.word == word), None)


def last_stage(text: str) -> Stage:
    """Read a Dockerfile."""
    base, stages = "", dict[str, list[Instruction]]()
    current: list[Instruction] = []
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    for each in instructions(text):
        if each.word == "FROM":
            words = [word for word in each.text.split() if not word.startswith("--")]
            name = words[0] if words else ""
            inherited = stages.get(name.lower(), [])
            base = base if inherited else name
            current = list(inherited)
            if len(words) > 2 and words[1].lower() == "as":
                stages[words[2].lower()] = current
            continue
        current.append(each)
        if each.word in ("ARG", "ENV"):
            (arguments if each.word == "ARG" else environment).update(assignments(each.text))
    return Stage(base, current, arguments | environment)


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions, with continued lines joined; comments and the bodies of here-documents are left out."""
    start, parts, end = 0, list[str](), ""
    for number, line in enumerate(text.splitlines(), 1):
        body = line.strip()
        if end:
            end = "" if body == end else end
            continue
        if body.startswith("#") or (not body and not parts):
            continue
        start = start if parts else number
        parts.append(body.removesuffix("\\"))
        if not body.endswith("\\"):
            word, _, rest = " ".join(parts).strip().partition(" ")
            yield Instruction(start, word.upper(), rest.strip())
            heredoc = _HEREDOC.search(rest) if word.upper() in ("RUN", "COPY", "ADD") else None
            end, parts = heredoc[1] if heredoc else "", []


def assignments(text: str) -> dict[str, str]:
    """The variables that an ENV or ARG sets, in either of the two forms: `A=1 B=2` and `A 1`."""
    try:
        words = shlex.split(text)
    except ValueError:
        return {}
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    return dict(word.split("=", 1) for word in words if "=" in word)
