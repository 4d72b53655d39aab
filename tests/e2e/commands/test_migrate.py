"""`command: migrate`, and what its workflows do: the same tree on the Space as the old ones."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import HfApi

from tests.kit import ROOT, needs, repository
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.old_workflows import SHAPES, Shape
from tests.kit.space.tree import SpaceTree
from tests.kit.step import act
from tests.kit.step.action import deploy

BIN = Path(sys.executable).parent
EVERY = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
README = "---\ntitle: My demo\nemoji: 🚀\ncolorFrom: red\ncolorTo: blue\nsdk: static\n---\n# My demo\n"
FILES = {
    "README.md": README,
    "index.html": "<h1>Tides</h1>\n",
    "style.css": "h1 {}\n",
    "notes/today.md": "Low at noon.\n",
    ".dockerignore": "notes\n",
    "drafts/next.html": "<h1>Soon</h1>\n",
    "cover.psd": "8BPS\n",
    "app.py": "import gradio as gr\n\ngr.Interface(len, 'text', 'number').launch()\n",
    "site/README.md": README,
    "site/index.html": "<h1>Site</h1>\n",
    "site/css/page.css": "p {}\n",
    "apps/one/README.md": README,
    "apps/one/index.html": "<h1>One</h1>\n",
    "apps/one/style.css": "h1 {}\n",
}
STANDS_IN = {  # what the old action runs, by its own action.yml
    "hub-sync": "hf upload {space} site --repo-type space --exclude '.git*' --exclude '.github*' --delete '*'",
    "nateraw": "hf upload {space} . . --repo-type space --exclude '.git*' --exclude '.github*'",
    "jacoblincool": "git push --force https://alice:hf_alice@huggingface.co/spaces/{space} main",
    "gradio-deploy": "hf upload {space} . . --repo-type space --exclude '.git*' --exclude '.github*'",
}


def checkout(folder: Path, shape: Shape) -> Path:
    return repository.create(folder, {**FILES, ".github/workflows/old.yml": shape.text})


def step_of(text: str) -> dict[str, Any]:
    (ours,) = (
        step
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if "hf-space-deploy" in step.get("uses", "") or step.get("uses") == "./"
    )
    return dict(ours["with"])


def old_way(folder: Path, shape: Shape, hub: LocalHub, space: str) -> None:
    """Do what the old workflow does, with the programs that it does it with."""
    HfApi(hub.endpoint, token="hf_alice").create_repo(space, repo_type="space", space_sdk="static")
    job = next(iter(yaml.safe_load(shape.text)["jobs"].values()))
    script = STANDS_IN.get(shape.name, "").format(space=space) or next(
        step["run"] for step in reversed(job["steps"]) if "run" in step and step["run"] != "echo done"
    )
    if "git lfs" in script:
        needs.git_lfs()
    script = re.sub(r"\$\{\{.*?\}\}", "hf_alice", script)
    script = script.replace("https://", "http://").replace("huggingface.co", hub.endpoint.removeprefix("http://"))
    script = re.sub(r"alice/(my-demo|\$APP)|\$\{?OWNER\}?/\$SPACE", space, script)
    env = {
        "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder.parent), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice",
        "APP": "one", "OWNER": "alice", "TOKEN": "hf_alice", "HF_HOME": str(folder.parent / "hf"),
        "GIT_AUTHOR_NAME": "CI", "GIT_AUTHOR_EMAIL": "ci@example.com", "GIT_COMMITTER_NAME": "CI", "GIT_COMMITTER_EMAIL": "ci@example.com",
    }  # fmt: skip
    script = script.replace("uvx hf", "hf").replace("huggingface-cli", "hf")  # names of the same program
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, script + done.stdout + done.stderr


def app(hub: LocalHub, space: str) -> dict[str, str]:
    """The files of a Space that an app can see, with their blobs: not git's own, not the workflows, which stay on GitHub now."""
    listed = git(SpaceTree(hub, space).path, "ls-tree", "-r", "--full-tree", "main").splitlines()
    blobs = {path: about.split()[2] for about, _, path in (line.partition("\t") for line in listed)}
    return {
        path: blob for path, blob in blobs.items() if not path.startswith((".github/", ".git")) and path != "README.md"
    }


def migrate(folder: Path, hub: LocalHub, **inputs: str) -> Any:
    return deploy(folder, hub.endpoint, {"command": "migrate", "space": "alice/asked", "hf-token": "", **inputs})


@EVERY
def test_the_new_workflow_leaves_the_same_tree(hub: LocalHub, space: str, shape: Shape, tmp_path: Path) -> None:
    old, new = f"{space}-old", f"{space}-new"
    old_way(checkout(tmp_path / "old", shape), shape, hub, old)
    workspace = checkout(tmp_path / "new", shape)

    step = migrate(workspace, hub)
    inputs = {
        name: str(value).replace("${{ matrix.app }}", "one")
        for name, value in step_of((workspace / ".github/workflows/old.yml").read_text("utf-8")).items()
    }
    published = deploy(
        workspace, hub.endpoint, {**inputs, "space": new, "hf-token": "hf_alice", "wait": "false", "sdk": "static"}
    )

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "migrated", "true"), step.log
    assert published.outputs["result"] == "published", published.log
    assert app(hub, new) == app(hub, old)
    assert len(app(hub, new)) > 1


def test_a_dry_run_shows_the_difference_and_writes_nothing(hub: LocalHub, workspace: Path) -> None:
    shape = SHAPES[0]
    checkout(workspace, shape)

    step = migrate(workspace, hub, **{"dry-run": "true"})

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "migrated", "false")
    assert "+        uses: org/hf-space-deploy@v1" in step.log
    assert "-        run: git push --force" in step.log
    assert git(workspace, "status", "--porcelain") == ""


def test_it_asks_nobody(hub: LocalHub, workspace: Path) -> None:
    checkout(workspace, SHAPES[0])
    hub.forget()

    migrate(workspace, hub)

    assert hub.requests() == []


def test_what_is_not_known_is_a_warning_at_its_line(hub: LocalHub, workspace: Path) -> None:
    text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: hf upload alice/model . .\n"
    repository.create(workspace, {".github/workflows/model.yaml": text})

    step = migrate(workspace, hub)

    assert (step.exit_code, step.outputs["result"]) == (0, "migrated")
    assert "file=.github/workflows/model.yaml,line=6" in step.log
    assert "left alone: it uploads to a model" in step.log
    assert git(workspace, "status", "--porcelain") == ""


def test_a_credential_in_an_old_workflow_is_not_shown_and_is_said_to_be_one(hub: LocalHub, workspace: Path) -> None:
    token = "hf_" + "qXvRbTnKwZpLsDmYcGhJfUaEoIkVrBxNtM"
    repository.create(workspace, {".github/workflows/old.yml": SHAPES[0].text.replace("$HF_TOKEN", token)})

    step = migrate(workspace, hub)

    assert step.outputs["result"] == "migrated"
    assert token not in step.log.replace(f"::add-mask::{token}", "") + step.summary
    assert "-        run: git push --force https://alice:***@" in step.log
    assert "stands in this file: revoke it" in step.log
    assert token not in (workspace / ".github/workflows/old.yml").read_text("utf-8")


def test_a_workflow_that_leads_elsewhere_is_not_followed(hub: LocalHub, workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text(SHAPES[0].text, "utf-8")
    repository.create(workspace, {"index.html": "x"})
    (workspace / ".github/workflows").mkdir(parents=True)
    (workspace / ".github/workflows/old.yml").symlink_to(outside)

    step = migrate(workspace, hub)

    assert step.outputs["changed"] == "false"
    assert outside.read_text("utf-8") == SHAPES[0].text


def test_a_repository_without_workflows_has_nothing_to_migrate(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "x"})

    step = migrate(workspace, hub)

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "migrated", "false")
    assert "No workflow deploys to a Space" in step.log


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("act")
@pytest.mark.usefixtures("runner")
@EVERY
def test_the_new_workflow_runs_under_act(hub: LocalHub, space: str, shape: Shape, workspace: Path) -> None:
    """As it stands but for what needs github.com: setup steps go, and `uses:` is this work tree's image."""
    checkout(workspace, shape)
    migrate(workspace, hub)
    workflow = workspace / ".github/workflows/old.yml"
    text = workflow.read_text("utf-8").replace("org/hf-space-deploy@v1", "./")
    text = re.sub(
        r"^ *- (?:name: .*\n *)?uses: actions/setup-python@.*\n(?: +with:.*\n(?: +python-version: .*\n)?)?",
        "",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"alice/(?:my-demo|asked|\$\{\{ matrix\.app \}\})", space, text).replace("sdk: gradio", "sdk: static")
    text = text.replace("app: [one, two]", "app: [one]")
    hub_of_the_job = f"  HF_ENDPOINT: '{hub.endpoint}'\n"
    text = (
        text.replace("\nenv:\n", f"\nenv:\n{hub_of_the_job}") if "\nenv:" in text else f"{text}env:\n{hub_of_the_job}"
    )
    workflow.write_text(text, "utf-8")
    shutil.copy2(ROOT / "action.yml", workspace)  # which git does not track, so it is not deployed

    secrets = dict.fromkeys(re.findall(r"secrets\.(\w+)", text), "hf_alice")
    job = act.push(workspace, ".github/workflows/old.yml", secrets=secrets, variables={})

    assert job.result == "success", job.log
    folder = shape.inputs.get("path", ".").replace("${{ matrix.app }}", "one")
    expected = set(git(workspace / folder, "ls-tree", "-r", "--name-only", "HEAD").split()) - {"README.md"}
    excluded = (".github/", "drafts/", "cover.psd") if "exclude" in shape.inputs else (".github/",)
    assert set(app(hub, space)) == {path for path in expected if not path.startswith(excluded)}
