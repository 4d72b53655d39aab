"""Each command once without a fault: which requests it makes, and that its scene is as it is believed to be."""

from collections.abc import Sequence
from pathlib import Path

from tests.kit.step.action import begin

from . import judge, routes
from .judge import Tried
from .routes import Route
from .scenes import SCENES
from .trial import Bench, bench


def all_commands(folder: Path, commands: Sequence[str]) -> int:
    """Run the commands and write down their requests; 1 if one does not end as it should."""
    known = dict(routes.read()) if routes.FILE.exists() else {}
    wrong = 0
    with bench(folder) as on:
        for number, command in enumerate(commands):
            problems, found = recorded(on, command, f"alice/r{number:06}")
            print(f"{command}: {len(found)} requests", *problems, sep="\n    ", flush=True)
            known[command] = found
            wrong += bool(problems)
    routes.write({command: known[command] for command in SCENES if command in known})
    return int(bool(wrong))


def recorded(on: Bench, command: str, space: str) -> tuple[list[str], list[Route]]:
    """Run a command on a Hub without faults: what is wrong with it, and its requests."""
    scene = SCENES[command]
    named, space = space, scene.about(space)
    workspace = on.set_up(scene, space)
    env = on.environment(scene, space)
    before = judge.look(on.hub, space)
    on.hub.forget()
    inputs = scene.asked(named, on.head(workspace))
    with begin(workspace, on.hub.endpoint, inputs, env=env, github=on.octo.url) as running:
        step = running.end()
    requests = on.hub.requests()
    after = judge.look(on.hub, space)
    runtime = None if after.files is None else on.runtime(space)
    tried = Tried(scene, space, on.wanted(workspace), before, after, step, runtime)
    problems = [f"{each.kind}: {each.words}" for each in tried.problems()]
    if step.outputs["result"] not in scene.results:
        problems.append(f"it ended as {step.outputs['result']} {step.outputs['error']}\n{step.log}")
    on.clear(after)
    return problems, routes.named(requests, named)
