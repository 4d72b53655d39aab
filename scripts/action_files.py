"""Writes what follows from action.yml: action-types.yml, and uvx/action.yml, the variant without Docker. `make docs` calls it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hfspace_action.inputs import meanings, schema

ROOT = Path(__file__).parents[1]
ACTION = ROOT / "action.yml"
TYPES = ROOT / "action-types.yml"
WITHOUT_DOCKER = ROOT / "uvx" / "action.yml"
REHEARSE = ROOT / "rehearse" / "action.yml"

WORDS: dict[str, tuple[str, ...]] = {
    "command": schema.COMMANDS,
    "sdk": meanings.SDKS,
    "visibility": schema.VISIBILITIES,
    "region": schema.REGIONS,
    "on-failure": schema.ON_FAILURE,
    "on-drift": schema.ON_DRIFT,
    "fail-on": schema.FAIL_ON,
    "heal": schema.HEAL,
    "rebuild": tuple(meanings.REBUILD),
}
"""Inputs that take one of a few words."""
LISTS = ("volumes", "include", "exclude", "keep", "allow-credentials")
BOOLEANS = ("hold", "prune-settings", "wait", "resume", "dry-run", "comment", "create")
NUMBERS = ("healthy", "keep-releases", "max-previews")
OUTPUTS = {"changed": "boolean", "created": "boolean", "healthy": "boolean", "duration": "integer"}

_TYPES_HEAD = """\
# The types of action.yml's inputs and outputs, in the form of https://github.com/typesafegithub/github-actions-typing, for tools that
# write workflows from them. Made by `make docs`; tests/unit/test_metadata.py holds it equal to action.yml and to what the code reads.
"""
_HEAD = """\
# The action without Docker, for Linux runners that have none, as in Kubernetes: `uses: org/hf-space-deploy/uvx@v1`.
# Made from action.yml by `make docs`; a test holds them equal.
"""
_REHEARSE_HEAD = """\
# The action with an image that can rehearse: `uses: org/hf-space-deploy/rehearse@v1`. It is larger, because it has what builds Spaces.
# Made from action.yml by `make docs`; a test holds them equal.
"""
_RUNS = """
runs:
  using: composite
  steps:
    - uses: astral-sh/setup-uv@20cfd1bf945f4377ade1205e4dbc17946fc9a30d # v10.0.1
      with:
        enable-cache: false
        ignore-empty-workdir: true
    - id: run
      shell: bash # which hands variables with a hyphen on to the program, as sh does not
      # On main the package is that of this checkout; a release names its version instead (scripts/release/pin.py).
      # -I: what lies in the workspace, and a PYTHONPATH of the workflow's, is for the workflow's own code. -u: a mask must leave before
      # the text that it hides.
      run: >-
        uv run --quiet --no-config --no-project --isolated --python 3.13
        --with-requirements "$GITHUB_ACTION_PATH/../requirements/action.txt" --with "$GITHUB_ACTION_PATH/.."
        python -I -u -c 'import sys; from hfspace_action.main import main; sys.exit(main())'
      env:
"""
_UNTIL_RUNS = re.compile(r"^runs:\n.*", re.MULTILINE | re.DOTALL)


def types(action: dict[str, Any]) -> str:
    """Return the text of action-types.yml."""
    return _TYPES_HEAD + "".join(f"{line}\n" for line in _types(action))


def _types(action: dict[str, Any]) -> Iterator[str]:
    yield "inputs:"
    for name in action["inputs"]:
        yield f"  {name}:"
        if name in WORDS:
            kind = "".join(part.capitalize() for part in name.split("-"))
            yield from ("    type: enum", f"    name: {kind}", "    allowed-values:")
            yield from (f"      - {_quoted(word)}" for word in WORDS[name])
        elif name in LISTS:
            yield from ("    type: list", '    separator: "\\n"', "    list-item:", "      type: string")
        else:
            yield f"    type: {'boolean' if name in BOOLEANS else 'integer' if name in NUMBERS else 'string'}"
    yield from ("", "outputs:")
    for name in action["outputs"]:
        yield from (f"  {name}:", f"    type: {OUTPUTS.get(name, 'string')}")


def _quoted(word: str) -> str:
    return f'"{word}"' if word in ("true", "false") else word


def without_docker(text: str) -> str:
    """Return the text of uvx/action.yml from that of action.yml: the same words, but for how it runs."""
    action = yaml.safe_load(text)
    shared = _UNTIL_RUNS.sub("", text)
    shared = re.sub(r"^(name: .*)$", r"\1 without Docker", shared, count=1, flags=re.MULTILINE)
    for name in action["outputs"]:  # a composite action says where each comes from
        line = re.compile(rf"(^outputs:\n(?:.*\n)*?  {name}:\n    description: .*\n)", re.MULTILINE)
        shared = line.sub(rf"\g<1>    value: ${{{{ steps.run.outputs.{name} }}}}\n", shared, count=1)
    given = "".join(f"        INPUT_{name.upper()}: ${{{{ inputs.{name} }}}}\n" for name in action["inputs"])
    return _HEAD + shared.rstrip("\n") + "\n" + _RUNS + given


def rehearse(text: str) -> str:
    """Return the text of rehearse/action.yml from that of action.yml: the same inputs, another image and another command."""
    shared = re.sub(r"^(name: .*)$", r"\1, rehearsed", text, count=1, flags=re.MULTILINE)
    shared = shared.replace("    default: deploy\n", "    default: rehearse\n", 1)
    return _REHEARSE_HEAD + shared.replace(
        "  image: Dockerfile\n",
        "  image: ../Dockerfile.rehearse # zizmor: ignore[unpinned-images] it is of this repository\n",
        1,
    )


def main() -> None:
    """Write the three files."""
    text = ACTION.read_text("utf-8")
    TYPES.write_text(types(yaml.safe_load(text)), "utf-8")
    WITHOUT_DOCKER.write_text(without_docker(text), "utf-8")
    REHEARSE.write_text(rehearse(text), "utf-8")


if __name__ == "__main__":
    main()
