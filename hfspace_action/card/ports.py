"""The port on which the app of a Dockerfile listens, and what shows it."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hfspace_action.readers import dockerfile
from hfspace_action.readers.dockerfile import Instruction, Stage
from hfspace_action.readers.files import DOCKERFILE, Deployed
from hfspace_action.readers.python import python_apps

DEFAULT = 7860
LOWEST = 1025
EXPOSE = "EXPOSE"
_OPTIONS = ("--port", "--server.port", "--server-port", "--server_port", "--http-port", "--listen-port", "-p", "-P")
_ADDRESS_OPTIONS = ("--bind", "-b", "--listen", "--host", "--addr", "--address", "-a", "-l")
_VARIABLES = (
    "PORT",
    "GRADIO_SERVER_PORT",
    "STREAMLIT_SERVER_PORT",
    "UVICORN_PORT",
    "FLASK_RUN_PORT",
    "SERVER_PORT",
    "APP_PORT",
)
# Programs that listen on a port of their own where nothing says otherwise, each by the words that start it.
_PROGRAMS = {
    "streamlit run": 8501, "chainlit run": 8000, "panel serve": 5006, "fastapi run": 8000, "fastapi dev": 8000, "uvicorn": 8000,
    "gunicorn": 8000, "hypercorn": 8000, "granian": 8000, "flask run": 5000, "http.server": 8000, "manage.py runserver": 8000,
    "next start": 3000, "vite preview": 4173, "jupyter": 8888, "mlflow": 5000, "shiny run": 8000, "rasa run": 5005,
    "http-server": 8080, "serve": 3000, "daphne": 8000, "litellm": 4000, "vllm serve": 8000, "ollama serve": 11434,
}  # fmt: skip
_IMAGES = {
    "nginxinc/nginx-unprivileged": 8080, "rocker/shiny": 3838, "jupyter/": 8888, "n8nio/n8n": 5678, "ollama/ollama": 11434,
    "grafana/grafana": 3000, "ghcr.io/open-webui/open-webui": 8080, "metabase/metabase": 3000, "qdrant/qdrant": 6333,
}  # fmt: skip
_DIGITS = 5  # of the largest port
_SEPARATORS = re.compile(r"&&|\|\||[;&|\n]")


class Port(NamedTuple):
    """A port, the file and line that show it, and how, as the end of a sentence."""

    number: int
    path: str
    line: int | None
    how: str

    def __str__(self) -> str:
        """Where it was found: "Dockerfile:3", and how unless EXPOSE says it."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return where if self.how == EXPOSE else f"{where}, {self.how}"


class _Command(NamedTuple):
    """One program that the image starts, with its words, and the file and line that say so."""

    words: Sequence[str]
    path: str
    line: int


def find(files: Deployed) -> Port | None:
    """The port that the Dockerfile's app listens on; None if nothing shows one.

    The port in the one command that the image starts beats EXPOSE, which only documents one."""
    if DOCKERFILE not in files.paths:
        return None
    stage = dockerfile.last_stage(dockerfile.instructions(files))
    commands = list(_commands(stage, files))
    named = next(_named(commands), None)
    if named and len(commands) == 1:
        return named
    return next(_exposed(stage), None) or named or next(_set(stage), None) or next(_usual(stage, commands, files), None)


def _exposed(stage: Stage) -> Iterator[Port]:
    """The ports of the last EXPOSE, those that a Space can have first."""
    last = stage.last(EXPOSE)
    numbers = [word.partition("/")[0].partition("-")[0] for word in stage.resolved(last.rest).split()] if last else []
    ports = [int(number) for number in numbers if _is_port(number)]
    for number in sorted(ports, key=lambda number: number < LOWEST):
        yield Port(number, DOCKERFILE, last.line if last else None, EXPOSE)


def _commands(stage: Stage, files: Deployed) -> Iterator[_Command]:
    """What the image starts: the programs of its command, or of the script that this is."""
    for instruction in (stage.last("ENTRYPOINT"), stage.last("CMD")):
        for words in _programs(instruction, stage) if instruction else ():
            script = next((path for word in words if (path := _at_hand(word, files)) and path.endswith(".sh")), None)
            if script and instruction:
                for number, line in enumerate((files.text(script) or "").splitlines(), 1):
                    yield from (_Command(each, script, number) for each in _split(line, stage))
            elif instruction:
                yield _Command(words, DOCKERFILE, instruction.line)


def _programs(instruction: Instruction, stage: Stage) -> Iterator[Sequence[str]]:
    words = instruction.words
    if instruction.is_exec and not (len(words) > 2 and words[1] in ("-c", "-lc", "-ec")):
        yield [stage.resolved(word) for word in words]
    else:
        yield from _split(words[2] if instruction.is_exec else instruction.rest, stage)


def _split(line: str, stage: Stage) -> Iterator[Sequence[str]]:
    for part in _SEPARATORS.split(stage.resolved(line.partition(" #")[0])):
        if part.strip() and not part.lstrip().startswith("#"):
            yield part.replace('"', " ").replace("'", " ").split()


def _named(commands: Sequence[_Command]) -> Iterator[Port]:
    """The ports that commands name: --port 8000, --bind 0.0.0.0:8000, http.server 8000."""
    for command in commands:
        words = command.words
        for place, word in enumerate(words):
            option, equals, value = word.partition("=")
            value = value if equals else (words[place + 1] if place + 1 < len(words) else "")
            number = (
                value.rpartition(":")[2]
                if option in _ADDRESS_OPTIONS or word in ("runserver", "http.server")
                else value
            )
            if (option in _OPTIONS or option in _ADDRESS_OPTIONS or word in ("runserver", "http.server")) and _is_port(
                number
            ):
                yield Port(
                    int(number), command.path, command.line, f"{option if word == option or equals else word} {value}"
                )


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65536


def _set(stage: Stage) -> Iterator[Port]:
    """The port in a variable that apps read."""
    for name in _VARIABLES:
        for instruction in stage.instructions:
            value = dockerfile.assignments(instruction.rest).get(name, "") if instruction.word == "ENV" else ""
            if _is_port(stage.resolved(value)):
                yield Port(int(stage.resolved(value)), DOCKERFILE, instruction.line, f"ENV {name}")


def _usual(stage: Stage, commands: Sequence[_Command], files: Deployed) -> Iterator[Port]:
    """The port of a program, an app's own source, a server's configuration or an image where nothing names one."""
    for command in commands:
        line = " ".join(posixpath.basename(word) for word in command.words)
        for program, number in _PROGRAMS.items():
            if re.search(rf"(?:^|\s){re.escape(program)}(?:\s|$)", line):
                yield Port(number, command.path, command.line, f"the default of {program.split()[0]}")
        for path in filter(None, (_at_hand(word, files) for word in command.words)):
            if path.endswith(".py"):
                yield from _of_source(path, files)
    if "nginx" in stage.base or any("nginx" in command.words[:1] for command in commands):
        yield from _of_nginx(files)
    image = next((image for image in _IMAGES if image in stage.base), None)
    if image:
        yield Port(_IMAGES[image], DOCKERFILE, None, f"the default of {image.rstrip('/')}")


def _of_source(path: str, files: Deployed) -> Iterator[Port]:
    source = python_apps.source(path, files.content(path))
    frameworks = {framework for _, framework in source.apps}
    if source.port:
        yield Port(source.port, path, None, "which names it")
    elif source.serves and "uvicorn" in source.packages:
        yield Port(8000, path, None, "by uvicorn's default")
    elif source.serves and "flask" in frameworks:
        yield Port(5000, path, None, "by Flask's default")
    elif "dash" in frameworks:
        yield Port(8050, path, None, "by Dash's default")
    elif source.launches and "gradio" in source.packages:
        yield Port(DEFAULT, path, None, "by Gradio's default")


def _of_nginx(files: Deployed) -> Iterator[Port]:
    for path in files.paths:
        name = posixpath.basename(path)
        if name.endswith((".conf", ".conf.template")) or "nginx" in name:
            text = files.text(path) or ""
            for found in re.finditer(r"^[ \t]*listen[ \t]+(?:\[::\]:|[\d.]+:)?(\d{2,5})\b", text, re.MULTILINE):
                yield Port(int(found[1]), path, text.count("\n", 0, found.start()) + 1, "listen")


def _at_hand(word: str, files: Deployed) -> str | None:
    """The file of the checkout that a word of a command means: by its path, or by its end, the folder being the image's."""
    path = posixpath.normpath(word).lstrip("/")
    while path:
        if path in files.paths:
            return path
        path = path.partition("/")[2]
    return None
