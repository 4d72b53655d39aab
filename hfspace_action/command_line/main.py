"""The program hf-space-deploy: one step, called by people and by scripts."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hfspace_action.inputs import schema
from hfspace_action.main import BAD_INPUTS, Call, leave, run_step
from hfspace_action.workflow import surroundings
from hfspace_action.workflow.runner import Runner

from . import arguments, register, spelling


def main(early: Sequence[int] = ()) -> int:
    """Run one step with the inputs of the command line: 0 if it went well, 1 if it failed, 2 if it was called wrongly. `early`
    gets the signals that come before this can take them."""
    asked = arguments.read(sys.argv[1:])
    folder = Path.cwd() / asked.given.get("path", ".")
    if not folder.is_dir():
        print(f"{arguments.PROGRAM}: --path {asked.given['path']}: there is no such folder.", file=sys.stderr)
        return BAD_INPUTS
    top = workspace(folder)
    if "space" not in asked.given and not os.path.lexists(top / schema.SPACES_FILE):
        print(f"{arguments.PROGRAM}: the following arguments are required: SPACE", file=sys.stderr)
        print(f"See `{arguments.PROGRAM} --help`.", file=sys.stderr)
        return BAD_INPUTS
    asked.given["path"] = os.path.relpath(folder, top)
    outputs: dict[str, str] = {}
    out = sys.stderr if asked.json else sys.stdout
    runner = Runner(os.environ, out, outputs.__setitem__, spelling.options)
    code = run_step(Call(_environment(os.environ, asked.given), top, runner), early)
    if asked.json:
        print(json.dumps(outputs), flush=True)
    return leave(code)


def workspace(folder: Path) -> Path:
    """Return the top of the checkout that a folder is in; the folder itself where git keeps none."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _environment(env: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a step with these inputs, and with the token that the machine has."""
    own = {name: value for name, value in env.items() if not name.startswith("INPUT_")}
    own |= {f"INPUT_{name.upper()}": text for name, text in given.items()}
    for name, variable in register.ENVIRONMENT.items():
        own[f"INPUT_{name.upper()}"] = env.get(variable, "")
    if not own["INPUT_HF-TOKEN"] and surroundings.here(env).id_token(env) is None:
        from hfspace_action.hub.identity import stored_login  # not before: it starts the client

        own["INPUT_HF-TOKEN"] = stored_login.token(env)
    return own
