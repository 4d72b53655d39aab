"""Lines to be pasted: into a workflow, a shell, or a file of their own."""

import re
import shlex

_PLAIN = re.compile(r"[A-Za-z0-9_/.][\w/.-]*")


def block(language: str, text: str) -> str:
    """Return a text as a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def shell(command: str) -> str:
    """Return a command."""
    return block("sh", command)


def inputs(**given: str) -> str:
    """Return the lines of a workflow's step that set inputs."""
    return block("yaml", f"with:\n{_rows(given, 2)}")


def step(command: str, **given: str) -> str:
    """Return the lines of a workflow that run a command before this step, and set its inputs."""
    return block("yaml", f"- run: {_scalar(command)}\n- uses: # this step\n  with:\n{_rows(given, 4)}")


def starter(path: str) -> str:
    """Return the app.py that starts a module as a part of its package."""
    parts = path.removesuffix(".py").removesuffix("/__main__").split("/")
    source = 'sys.path.insert(0, "src")\n' if parts[0] == "src" else ""
    module = ".".join(parts[1:] if source else parts)
    imported = "import runpy\nimport sys\n" if source else "import runpy\n"
    return block("python", f'{imported}\n{source}runpy.run_module("{module}", run_name="__main__")')


def quoted(path: str) -> str:
    """Return a path as one word of a shell."""
    return shlex.quote(path)


def _rows(given: dict[str, str], indent: int) -> str:
    return "\n".join(f"{' ' * indent}{name.replace('_', '-')}: {_scalar(value)}" for name, value in given.items())


def _scalar(value: str) -> str:
    """A text as one YAML value on one line."""
    return value if _PLAIN.fullmatch(value) else "'" + value.replace("'", "''") + "'"
