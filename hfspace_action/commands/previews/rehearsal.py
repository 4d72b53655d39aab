"""The way out where there can be no preview: a rehearsal in the runner, which needs no token and no plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.inputs import workflow_files


def named(workspace: Path) -> str:
    """Return where the repository rehearses pull requests, in words: the workflow with `command: rehearse`, if there is one."""
    workflows = workflow_files.read({"GITHUB_WORKSPACE": str(workspace)})
    for path, content in workflows.items():
        if isinstance(content, Mapping) and _rehearses(content):
            return f"the workflow {content.get('name') or path} ({path}) rehearses it instead"
    return "a workflow with `command: rehearse` needs none (examples/workflows/rehearse.yml)"


def instead(step: Step, refused: Failure) -> None:
    """Rehearse, because the Hub refuses to make the preview. Raises `Failure`."""
    from hfspace_action.commands.rehearse import rehearse

    step.record.note(
        f"{refused.message} So the pull request was rehearsed in the runner instead, and there is no preview."
    )
    rehearse(step)


def _rehearses(workflow: Mapping[str, Any]) -> bool:
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Mapping) else ():
        steps = job.get("steps") if isinstance(job, Mapping) else None
        for each in steps if isinstance(steps, list) else ():
            given = each.get("with") if isinstance(each, Mapping) else None
            if isinstance(given, Mapping) and str(given.get("command", "")).strip().lower() == "rehearse":
                return True
    return False
