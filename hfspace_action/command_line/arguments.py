"""The command line: read into the texts of inputs, and its help. What the texts mean is for `inputs/` to say."""

import argparse
import shutil
import textwrap
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from hfspace_action import __version__
from hfspace_action.inputs import schema
from hfspace_action.text import did_you_mean

from . import register, values

PROGRAM = "hf-space-deploy"
_SUMMARY = "Deploy a folder to a Hugging Face Space, wait until the Space runs it, and say so or say why not."
_EPILOG = """\
The token is read from HF_TOKEN, else from the login that `hf auth login` stored; a job of a CI system that has an id token for
https://huggingface.co in HF_OIDC_ID_TOKEN needs none. SUMMARY_FILE and OUTPUT_FILE name files for the job summary (Markdown) and
the outputs (dotenv). NO_COLOR switches colours off.

Exit codes: 0 if it went well, 1 if it failed, 2 if it was called wrongly."""
_INDENT = 24
_HERE = {"path": "The folder to deploy, relative to the current one, which it is by default."}
"""Texts that a command line needs otherwise than a workflow."""


class Call(NamedTuple):
    """A command line that could be read: the texts of inputs by their names, and whether outputs go out as JSON."""

    given: dict[str, str]
    json: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with what is wrong, without the long usage."""
        self.exit(2, f"{PROGRAM}: {message}\nSee `{PROGRAM} --help`.\n")

    def format_help(self) -> str:
        """Return the whole help, with each input and its text."""
        width = min(shutil.get_terminal_size().columns, 120) - 2
        lines = [f"usage: {PROGRAM} [SPACE] [--INPUT VALUE …] [--json]", "", *textwrap.wrap(_SUMMARY, width), ""]
        lines += _entry("SPACE", register.space().text, width)
        for each in register.options():
            lines += _entry(_form(each.name), _text(each), width)
        lines += _entry("--json", "Print the outputs as one JSON object, and the log to standard error.", width)
        lines += _entry("--version", "Print the version.", width)
        lines += _entry("--help", "Print this.", width)
        return "\n".join([*lines, "", _EPILOG, ""])


def read(arguments: Sequence[str]) -> Call:
    """Read a command line. Prints and exits with 2 where it can't be read, with 0 for --help and --version."""
    parser = _Parser(prog=PROGRAM, allow_abbrev=False, add_help=False)
    parser.add_argument("space", metavar="SPACE", nargs="?")
    for each in register.options():
        action = "append" if each.name in schema.LISTS else "store"
        parser.add_argument(f"--{each.name}", dest=each.name, action=action, default=None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--help", "-h", action="help")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    for name, variable in register.ENVIRONMENT.items():
        if any(each == f"--{name}" or each.startswith(f"--{name}=") for each in arguments):
            parser.error(
                f"--{name} is refused: other processes see a command line. Set {variable} in the environment instead"
                + (", or log in with `hf auth login`." if name == "hf-token" else ".")
            )
    found, unknown = parser.parse_known_args(_with_values(arguments))
    if unknown:
        parser.error(_unknown(unknown[0].partition("=")[0]))
    try:
        given = {
            name: values.text(name, value)
            for name, value in vars(found).items()
            if value is not None and name in schema.NAMES
        }
    except values.Unusable as wrong:
        parser.error(str(wrong))
    return Call(given, found.json)


def _unknown(word: str) -> str:
    """Return what to say about an argument that is none."""
    if not word.startswith("-"):
        return f"one Space is deployed to at a time; {word} is one argument more."
    known = [f"--{each.name}" for each in register.options()]
    return f"there is no option {word}.{did_you_mean(word, known)}"


def _with_values(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the values that switches leave out: --dry-run is --dry-run=true, --no-wait is --wait=false."""
    full: list[str] = []
    for each, following in zip(arguments, [*arguments[1:], ""], strict=False):
        name = each.removeprefix("--")
        if name in schema.SWITCHES and each.startswith("--"):
            full.append(each if following.lower() in schema.SWITCHES[name] else f"{each}=true")
        elif each.startswith("--no-") and name.removeprefix("no-") in schema.SWITCHES:
            full.append(f"--{name.removeprefix('no-')}=false")
        else:
            full.append(each)
    return full


def _form(name: str) -> str:
    if name in register.ENVIRONMENT:
        return f"--{name}"
    if name in schema.SWITCHES:
        return f"--[no-]{name}"
    return f"--{name} {'NAME' if name == 'secrets' else 'TEXT'}"


def _text(each: register.Input) -> str:
    parts = [_HERE.get(each.name, each.text)]
    if variable := register.ENVIRONMENT.get(each.name):
        parts.append(f"Not taken on the command line: set {variable}.")
    elif each.name == "secrets":
        parts.append("Here a name, whose value is in the environment, or @FILE; may be repeated.")
    elif each.name in values.FILES:
        parts.append("May be repeated; @FILE reads a file.")
    elif each.name in schema.LISTS:
        parts.append("May be repeated.")
    if each.default and "${{" not in each.default and "default" not in parts[0]:
        parts.append(f"Default: {each.default}.")
    return " ".join(parts)


def _entry(form: str, text: str, width: int) -> list[str]:
    """Return an option and its text, beside each other where there is room."""
    lines = textwrap.wrap(text, max(width - _INDENT, 30), break_on_hyphens=False, break_long_words=False)
    shown = f"  {form}"
    first = [f"{shown:<{_INDENT}}{lines[0]}"] if len(shown) < _INDENT - 1 else [shown, " " * _INDENT + lines[0]]
    return first + [" " * _INDENT + line for line in lines[1:]]
