"""Where a repository rehearses its pull requests, for those that get no preview."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hfspace_action.inputs import workflow_files

_VARIANT = re.compile(r"/hf-space-deploy/rehearse@")


def named(workspace: Path) -> str:
    """Return where the repository rehearses pull requests, in words: the workflow with `command: rehearse`, if there is one."""
    workflows = workflow_files.read({"GITHUB_WORKSPACE": str(workspace)})
    for path, content in workflows.items():
        if isinstance(content, Mapping) and _rehearses(content):
            return f"the workflow {content.get('name') or path} ({path}) rehearses it instead"
    return "a workflow with org/hf-space-deploy/rehearse needs none (examples/workflows/rehearse.yml)"


def _rehearses(workflow: Mapping[str, Any]) -> bool:
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Mapping) else ():
        steps = job.get("steps") if isinstance(job, Mapping) else None
        for each in steps if isinstance(steps, list) else ():
            if not isinstance(each, Mapping):
                continue
            given = each.get("with")
            if _VARIANT.search(str(each.get("uses", ""))):
                return True
            if isinstance(given, Mapping) and str(given.get("command", "")).strip().lower() == "rehearse":
                return True
    return False
