"""The front matter that a Space has already: kept where the repository has none, named where it goes."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, deploy

SITE = {"index.html": "<h1>Hello</h1>"}
TWELVE = """\
# settings of the owner
title: My Great Site
emoji: 🐙
colorFrom: red
colorTo: yellow
sdk: static
app_file: index.html
pinned: true
license: apache-2.0
short_description: A site
tags: [one, two]
hf_oauth: true
header: mini
"""


def put(api: HfApi, space: str, readme: str, sdk: str = "static") -> None:
    """Create a Space that has this README."""
    api.create_repo(space, repo_type="space", space_sdk=sdk)
    added = [CommitOperationAdd("README.md", readme.encode())]
    api.create_commit(space, added, repo_type="space", commit_message="By hand")


def readme_of(hub: LocalHub, space: str) -> str:
    path = hf_hub_download(space, "README.md", repo_type="space", endpoint=hub.endpoint, token="hf_alice")
    return Path(path).read_text("utf-8")


def front_matter(text: str) -> dict[str, object]:
    found = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(found, dict)
    return found


def run(workspace: Path, hub: LocalHub, space: str, files: dict[str, str], **inputs: str) -> Step:
    repository.create(workspace, files)
    return deploy(workspace, hub.endpoint, {"space": space, **inputs})


@pytest.mark.parametrize(
    "readme", [{}, {"README.md": "# From GitHub\n\nWords.\n"}], ids=["no README", "a plain README"]
)
def test_twelve_keys_stay_and_the_second_run_changes_nothing(
    readme: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    put(api, space, f"---\n{TWELVE}---\n# On the Space\n")

    step = run(workspace, hub, space, SITE | readme)
    again = deploy(workspace, hub.endpoint, {"space": space})

    assert (step.outputs["result"], step.outputs["changed"]) == ("live", "true"), step.log
    text = readme_of(hub, space)
    assert front_matter(text) == yaml.safe_load(TWELVE)
    assert "# settings of the owner" in text, "as it was written"
    assert ("Words." in text) == bool(readme)
    assert (again.outputs["result"], again.outputs["changed"]) == ("live", "false"), again.log


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [{"kind": "html", "status": 200}, {"kind": "cut", "bytes": 0}], ids=["HTML", "nothing"]
)
@pytest.mark.parametrize("times", [1, None], ids=["once", "always"])
def test_no_key_goes_because_of_a_wrong_answer(
    fault: dict[str, Any], times: int | None, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    put(api, space, f"---\n{TWELVE}---\n# On the Space\n")
    hub.fault(method="GET", path=f"^/spaces/{space}/resolve/.*README.md", times=times, **fault)

    step = run(workspace, hub, space, SITE)

    assert (step.outputs["result"] == "live") == (times == 1), step.log
    assert front_matter(readme_after(hub, space)) == yaml.safe_load(TWELVE)


def readme_after(hub: LocalHub, space: str) -> str:
    """What the README is, read without faults."""
    hub.no_faults()
    return readme_of(hub, space)


def test_inputs_stand_on_top(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    put(api, space, f"---\n{TWELVE}---\n")

    step = run(workspace, hub, space, SITE, **{"front-matter": "title: Newer\nheader: null"})

    assert step.outputs["result"] == "live", step.log
    expected = {**yaml.safe_load(TWELVE), "title": "Newer"}
    del expected["header"]
    assert front_matter(readme_of(hub, space)) == expected


def test_what_says_how_it_runs_does_not_stay_where_the_checkout_is_something_else(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    put(
        api,
        space,
        "---\ntitle: Mine\nsdk: gradio\nsdk_version: 4.44.1\napp_file: app.py\nlicense: mit\n---\n",
        "gradio",
    )

    step = run(workspace, hub, space, SITE)

    assert step.outputs["result"] == "live", step.log
    found = front_matter(readme_of(hub, space))
    assert (found["title"], found["license"], found["sdk"]) == ("Mine", "mit", "static")
    assert not {"sdk_version", "app_file"} & found.keys()


def test_the_repositorys_front_matter_wins_and_what_goes_is_named(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    put(api, space, f"---\n{TWELVE}---\n")
    files = SITE | {"README.md": "---\ntitle: From GitHub\nsdk: static\n---\n"}

    step = run(workspace, hub, space, files)
    again = deploy(workspace, hub.endpoint, {"space": space})

    assert front_matter(readme_of(hub, space))["title"] == "From GitHub"
    (warning,) = [line for line in step.log.splitlines() if line.startswith("::warning") and "license" in line]
    assert "hf_oauth" in warning
    assert "they go" not in again.log


@pytest.mark.parametrize("command", ["check", "deploy"])
def test_check_and_dry_run_show_it(command: str, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    put(api, space, f"---\n{TWELVE}---\n")
    files = SITE | {"README.md": "---\ntitle: From GitHub\nsdk: static\n---\n"}

    step = run(workspace, hub, space, files, command=command, **{"dry-run": "true"})

    assert "they go" in step.log


def test_a_space_of_ours_costs_no_request_more(hub: LocalHub, space: str, workspace: Path) -> None:
    run(workspace, hub, space, SITE)
    hub.forget()

    again = deploy(workspace, hub.endpoint, {"space": space, "wait": "false"})

    assert again.outputs["changed"] == "false", again.log
    assert [request["path"] for request in hub.requests() if "README.md" in request["path"]] == []
