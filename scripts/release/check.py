"""Says whether a version may be released: `python -m scripts.release.check 1.2.3`. Prints the section of the changelog, for the release's page."""

import re
import sys
import tomllib
from pathlib import Path

from .version import parse

ROOT = Path(__file__).parents[2]
_SECTION = re.compile(r"^## \[([^\]]+)\](?: - (\S+))?\n(.*?)(?=^## \[|^\[[^\]]+\]: |\Z)", re.MULTILINE | re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def problems(text: str, root: Path = ROOT) -> list[str]:
    """Return why `text` can't be released from this work tree; nothing if it can."""
    version = parse(text)
    if version is None:
        return [f"'{text}' is not a version such as 1.2.3"]
    found = [f"{where} says {said}, not {version}" for where, said in versions(root).items() if said != str(version)]
    section = _sections(root).get(str(version))
    if section is None:
        found.append(
            f"CHANGELOG.md has no section `## [{version}] - YYYY-MM-DD`: move what is under [Unreleased] there"
        )
    else:
        date, notes = section
        if not _DATE.fullmatch(date):
            found.append(f"CHANGELOG.md: the section of {version} has no date in the form YYYY-MM-DD")
        if not notes:
            found.append(f"CHANGELOG.md: the section of {version} is empty")
    if _sections(root).get("Unreleased", ("", "?"))[1]:
        found.append("CHANGELOG.md: what is under [Unreleased] belongs to this version, or is not merged yet")
    return found


def versions(root: Path) -> dict[str, str]:
    """Return what each file says that the version is."""
    package = (root / "hfspace_action/__init__.py").read_text("utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    label = re.search(r'image\.version="([^"]*)"', (root / "Dockerfile").read_text("utf-8"))
    ours = re.search(r'__version__ = "([^"]*)"', package)
    said = {
        "hfspace_action/__init__.py": ours[1] if ours else "nothing",
        "Dockerfile": label[1] if label else "nothing",
    }
    if "version" in project:  # else the build takes it from the package
        said["pyproject.toml"] = project["version"]
    return said


def notes(text: str, root: Path = ROOT) -> str:
    """Return what the changelog says of a version."""
    return _sections(root)[str(parse(text))][1]


def _sections(root: Path) -> dict[str, tuple[str, str]]:
    """Return the changelog's sections by version: the date and the text."""
    text = (root / "CHANGELOG.md").read_text("utf-8")
    return {name: (date or "", body.strip()) for name, date, body in _SECTION.findall(text)}


def main() -> int:
    """Print the problems and fail, or print the notes."""
    if found := problems(sys.argv[1]):
        print(*found, sep="\n", file=sys.stderr)
        return 1
    print(notes(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
