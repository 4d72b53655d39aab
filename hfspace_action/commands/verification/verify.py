"""The command `verify`: whether a Space holds exactly what this checkout gives. It only reads, and a public Space asks for no token."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from hfspace_action import __version__, text
from hfspace_action.checkout import walk
from hfspace_action.checkout.walk import Checkout
from hfspace_action.commands.releases.listed import Trail, commits
from hfspace_action.commands.status import existing
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub import clone
from hfspace_action.hub.api import Hub
from hfspace_action.plan import recipe
from hfspace_action.plan.foreign.drift import is_deploy
from hfspace_action.plan.recipe import Recipe
from hfspace_action.report.sentences import count
from hfspace_action.result import Result
from hfspace_action.workflow.run import deployed_commit

from . import comparison, receipt
from .comparison import Compared
from .receipt import From, Seen

_SHOWN = 10  # paths of a kind, in the log and the summary
_WORDS = {
    "changed": "another content there",
    "modes": "the same content, but executable or a link there",
    "missing": "not there",
    "extra": "only there",
}


class _Deploy(NamedTuple):
    """The deploy that the Space's tree is from, as its commit tells: its title, and the recipe that it records, if it does."""

    title: str
    recipe: Recipe | None


def verify(step: Step) -> None:
    """Compare the Space with the checkout, and record each difference and the receipt. Raises `Failure`."""
    record = step.record
    hub = step.connect()
    space = existing(step, hub)
    there = clone.read(hub, space.id)
    page = hub.git.commit_page(space.id, there.commit)
    record.add(commit_sha=page.sha, commit_url=page.url)
    deploy = _deploy(hub, space.id, there.commit)
    used, known = _recipe(step, deploy, space.id)
    found = walk.read(step.workspace, used.path, include=used.include, exclude=used.exclude)
    compared = comparison.compare(used.complete(found).files, there.files, used.keep, used.spared)
    source = step.source._replace(sha=found.head or "")
    record.add(source_sha=found.commit, source_url=source.commit_url if found.commit else None)
    seen = Seen(hub.endpoint, space.id, there, source, found.commit is not None, used, known)
    record.add(receipt=step.runner.redact(receipt.text(seen, compared)))
    _show(step, seen, compared)
    if compared.differences:
        record.add(result=Result.DIFFERS)
        record.fail(_failure(seen, compared, deploy, found))
    else:
        record.add(result=Result.VERIFIED)


def _deploy(hub: Hub, space: str, head: str) -> _Deploy:
    """Return the deploy that the tree of the head is from; where that is too long ago, what there is of the last one."""
    trail = Trail()
    made = commits(hub, space, head, trail.reached)
    deploy = trail.end or next((each for each in made if is_deploy(each)), None)
    return _Deploy(deploy.title, recipe.read(deploy.message)) if deploy else _Deploy("", None)


def _recipe(step: Step, deploy: _Deploy, space: str) -> tuple[Recipe, From]:
    """Return what decides the tree, and where it is known from: the step where it names any of it, else the Space's commit."""
    of_step, recorded = recipe.of_inputs(step.inputs), deploy.recipe
    if recipe.decides(step.inputs):
        own = recorded.own if recorded else ""
        return replace(of_step, own=own), "step"
    if recorded is None:
        step.record.note(f"No commit of {space} says with which inputs it was deployed, so those of this step count.")
        return of_step, "step"
    for name, value in recorded.inputs.items():
        step.runner.info(f"As the Space's commit has it: {name}: {value}")
    return recorded, "commit"


def _show(step: Step, seen: Seen, compared: Compared) -> None:
    """Print and record what is equal and what is not."""
    rows: list[tuple[str, bool | None, str]] = [
        ("files", not compared.differences, f"{count(len(compared.same), 'file')} are as in the checkout")
    ]
    rows += [(name, False, f"{_WORDS[name]}: {_listed(paths)}") for name, paths in compared.differences.items()]
    if compared.kept:
        rows.append(("kept", None, f"left as the Space has them, and not compared: {_listed(compared.kept)}"))
    if seen.recipe.own:
        rows.append(("front matter", None, "the README's is the Space's own, as the deploy found it"))
    rows.append(("tree", None, f"{seen.clone.tree}, {receipt.digest(seen.clone)}"))
    for name, ok, detail in rows:
        step.runner.info(str(step.record.row(name, ok, detail)))


def _failure(seen: Seen, compared: Compared, deploy: _Deploy, found: Checkout) -> Failure:
    """Return the failure of a Space that differs, with what may be the reason."""
    paths = [path for each in compared.differences.values() for path in each]
    return Failure("differs", space=seen.space, paths=_listed(paths), reasons=_reasons(seen, deploy, found))


def _reasons(seen: Seen, deploy: _Deploy, found: Checkout) -> str:
    """Return what is known to be otherwise than when the Space was deployed, as sentences."""
    deployed, head, said = deployed_commit(deploy.title), found.head or "", []
    if deployed and not head.startswith(deployed):
        said.append(f" The Space was deployed from {deployed}, and this is {text.short(head) or 'no commit'}.")
    if found.commit is None:
        said.append(" The files here are not those of a commit.")
    if seen.recipe.version != __version__:
        said.append(f" It was deployed by version {seen.recipe.version}, and this is {__version__}.")
    return "".join(said)


def _listed(paths: Sequence[str]) -> str:
    """Return the first paths, and how many more there are."""
    return text.listed([path.encode("utf-8", "backslashreplace").decode() for path in paths], _SHOWN)
