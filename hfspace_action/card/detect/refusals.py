"""What a folder that makes no Space is refused with: what was seen, and the lines that make one of it."""

import posixpath
from collections.abc import Iterator, Sequence

from hfspace_action.errors import Failure, Place
from hfspace_action.readers.dockerfile import DOCKERFILE
from hfspace_action.readers.files import Deployed

from .evidence import Candidate
from .servers import servers
from .survey import Survey

_MOST = 6
# Files that show what a project is, where it is nothing that a Space starts by itself.
_SIGNS = {
    "go.mod": "Go", "Cargo.toml": "Rust", "pom.xml": "Java", "build.gradle": "Java", "build.gradle.kts": "Kotlin",
    "composer.json": "PHP", "Gemfile": "Ruby", "mix.exs": "Elixir", "Package.swift": "Swift", "app.R": "R", "server.R": "R",
    "docker-compose.yml": "Docker Compose", "docker-compose.yaml": "Docker Compose", "compose.yml": "Docker Compose",
    "compose.yaml": "Docker Compose", "package.json": "Node.js", "environment.yml": "conda", "pyproject.toml": "Python",
    "setup.py": "Python", "Procfile": "Heroku", "main.cpp": "C++", "CMakeLists.txt": "C++",
}  # fmt: skip


def of(candidates: Sequence[Candidate], survey: Survey, place: Place | None = None) -> Failure:
    """The failure of the best candidates, none of which is a Space as it stands. `place` is where the README names another SDK."""
    if not candidates:
        return _unknown(survey)
    first = candidates[0]
    if len(candidates) > 1:
        return _several(candidates)
    match first.kind:
        case "folder":
            folder = posixpath.dirname(first.path)
            return Failure("sdk-folder", path=first.path, lines=with_lines(path=below(survey, folder)))
        case "dockerfile":
            return _dockerfile(first, survey)
        case "site":
            site = first.settings["site"]
            return Failure("site-source", place=survey.checkout.place(first.path), path=first.path, tool=site.name,
                           lines=build_lines(site.command, below(survey, site.output)))  # fmt: skip
    server = servers.named(first, survey.files, survey.sources, survey.requirements)
    kind = "sdk-streamlit" if first.kind == "streamlit" else "sdk-server"
    lines = [f"```dockerfile\n{server.dockerfile.rstrip()}\n```", *([with_lines(sdk="docker")] if place else [])]
    return Failure(
        kind,
        place=place or survey.checkout.place(first.path),
        origin=str(first),
        framework=server.title,
        lines="\n".join(lines),
    )


def with_lines(**inputs: str) -> str:
    """The lines of a workflow that set inputs, to be pasted."""
    rows = [f"  {name.replace('_', '-')}: {_scalar(value)}" for name, value in inputs.items()]
    return "\n".join(["```yaml", "with:", *rows, "```"])


def build_lines(command: str, folder: str) -> str:
    """The lines of a workflow that build pages first and deploy their folder, to be pasted."""
    return f"```yaml\n- run: {_scalar(command)}\n- uses: # this step\n  with:\n    path: {_scalar(folder)}\n    sdk: static\n```"


def _several(candidates: Sequence[Candidate]) -> Failure:
    first = candidates[0]
    if first.kind in ("gradio", "static"):
        lines = with_lines(sdk=first.kind, front_matter=f"app_file: {first.path}")
    else:
        lines = with_lines(path=posixpath.dirname(first.path) or ".")
    seen = [f"{each}" for each in candidates[:_MOST]]
    more = f" and {len(candidates) - _MOST} more" if len(candidates) > _MOST else ""
    return Failure("sdk-several", files="; ".join(seen) + more, lines=lines)


def _dockerfile(found: Candidate, survey: Survey) -> Failure:
    top = posixpath.join(survey.checkout.folder, DOCKERFILE)
    path = posixpath.join(survey.checkout.folder, found.path)
    if found.path.lower() == DOCKERFILE.lower():
        lines = f"```sh\ngit mv {path} {top}\n```"
    else:
        lines = f"```yaml\n- run: cp {path} {top}\n- uses: # this step\n  with:\n    include: {DOCKERFILE}\n```"
    return Failure("dockerfile-elsewhere", place=survey.checkout.place(found.path), path=found.path, lines=lines)


def _unknown(survey: Survey) -> Failure:
    seen = list(_seen(survey.files, survey))
    return Failure("sdk-unknown", path=survey.checkout.folder or ".",
                   seen=", ".join(seen) if seen else "none that shows what it is",
                   lines=with_lines(path="the/folder/of/the/app", sdk="gradio"))  # fmt: skip


def _seen(files: Deployed, survey: Survey) -> Iterator[str]:
    """What there is, in a few words each."""
    yield from (f"{path} ({kind})" for path, kind in _SIGNS.items() if path in files.paths)
    python = list(survey.sources.by_path)
    if python:
        yield f"{_counted(len(python), 'Python file')} ({', '.join(python[:3])}{', …' if len(python) > 3 else ''}) without Gradio"
    for ending, what in ((".ipynb", "notebook"), (".md", "Markdown file"), (".html", "page")):
        found = [path for path in files.paths if path.endswith(ending) and path != "README.md"]
        if found:
            yield f"{_counted(len(found), what)} ({', '.join(found[:2])}{', …' if len(found) > 2 else ''})"
    unreadable = next((each for each in survey.sources.by_path.values() if each.unreadable), None)
    if unreadable:
        yield f"{unreadable.path}, which Python can't read: {unreadable.unreadable}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def below(survey: Survey, folder: str) -> str:
    """A folder of the Space as a path in the workspace."""
    return posixpath.join(survey.checkout.folder, folder)


def _scalar(value: str) -> str:
    """A text as one YAML value on one line."""
    return (
        value
        if value.replace("/", "").replace("-", "").replace("_", "").replace(".", "").isalnum()
        else "'" + value.replace("'", "''") + "'"
    )
