"""A newcomer's first minutes: the README's first workflow, as it stands, in a repository that has an index.html and nothing else."""

import shutil
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import ROOT, repository
from tests.kit.docs import pages
from tests.kit.local import LocalHub
from tests.kit.step import act

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act"), pytest.mark.usefixtures("runner")]


@pytest.mark.parametrize("page", ["README.md", "docs/getting-started.md"])
def test_the_first_workflow_leads_to_a_live_space(
    page: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """What is changed is what a newcomer changes, the Space's name, and what the test's runner can't fetch: our own release."""
    first = next(block.text for block in pages.blocks("yaml") if block.page == ROOT / page)
    text = first.replace("alice/my-demo", space).replace("org/hf-space-deploy@v1", "./")
    text += f"env:\n  HF_ENDPOINT: {hub.endpoint}\n"
    repository.create(workspace, {"index.html": "<h1>Hello</h1>\n", ".github/workflows/deploy.yml": text})
    shutil.copy2(ROOT / "action.yml", workspace)  # which git does not track, so it is not deployed

    job = act.push(workspace, ".github/workflows/deploy.yml", secrets={"HF_TOKEN": "hf_alice"}, variables={})

    assert job.result == "success", job.log
    assert f"{space} was created and is live" in job.log
    assert set(api.list_repo_files(space, repo_type="space")) == {".gitattributes", "README.md", "index.html"}
