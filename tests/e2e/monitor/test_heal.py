"""What `heal` mends, and where it stops."""

from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.plan import hold
from tests.e2e.monitor.conftest import Watched
from tests.kit import gitrepo, repository
from tests.kit.local import LocalHub
from tests.kit.space.settings import state, writes
from tests.kit.step.action import Step, deploy

RUNS_AGAIN = ({"stage": "APP_STARTING"}, {"stage": "RUNNING", "after": 0.2})
DECLARED = {"variables": "GREETING=hello", "secrets": "API_KEY=k3y-of-a-test", "visibility": "private"}


@pytest.mark.slow
def test_what_a_new_start_may_help_is_started_again_and_its_issue_closed(watched: Watched, space: str) -> None:
    spaces = {
        "RUNTIME_ERROR": watched.deployed(f"{space}-a", {"stage": "RUNTIME_ERROR"}, on_restart=RUNS_AGAIN),
        "BUILD_ERROR": watched.deployed(f"{space}-b", {"stage": "BUILD_ERROR"}, on_restart=RUNS_AGAIN),
        "PAUSED": watched.deployed(f"{space}-c", {"stage": "PAUSED"}, on_restart=RUNS_AGAIN),
        "500": watched.deployed(f"{space}-d", {"stage": "RUNNING", "http_status": 500}, on_restart=RUNS_AGAIN),
        "older": watched.deployed(f"{space}-e", {"stage": "RUNNING", "sha": "old"}, on_restart=RUNS_AGAIN),
    }
    names = ", ".join(spaces.values())

    seen = watched.run(spaces=names)
    healed = watched.run(spaces=names, heal="restart")
    after = watched.run(spaces=names, heal="restart")

    assert seen.outputs["result"] == "broken"
    assert (healed.exit_code, healed.outputs["result"]) == (0, "healed"), healed.log
    assert after.outputs["result"] == "seen", after.log
    for each in spaces.values():
        (issue,) = watched.about(each)
        assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
        assert issue["title"] == f"{each} is well"
        assert "<!-- cures: 0 -->" in issue["body"], "the third run found it well without a cure"
    said = [each["body"] for each in watched.octo.comments]
    assert len(said) == len(spaces)
    assert f"This run has had it built anew: {spaces['BUILD_ERROR']} is as it should be." in said
    assert f"This run has started it again: {spaces['PAUSED']} is as it should be." in said


@pytest.mark.slow
def test_three_cures_that_do_not_last_are_enough(watched: Watched, space: str, hub: LocalHub) -> None:
    watched.deployed(space, {"stage": "RUNTIME_ERROR"}, on_restart=({"stage": "RUNTIME_ERROR"},))
    hub.forget()

    runs = [watched.run(space, heal="restart", timeout="3s") for _ in range(4)]

    assert {run.outputs["result"] for run in runs} == {"broken"}
    assert sum(each["path"].endswith("/restart") for each in hub.requests()) == 3
    assert "3 cures in a row have not helped" in runs[-1].summary
    assert "which did not help: " in runs[0].summary
    (issue,) = watched.about(space)
    assert (issue["state"], "<!-- cures: 3 -->" in issue["body"]) == ("open", True)


@pytest.mark.parametrize(
    "inputs", [{"heal": "none"}, {"heal": "restart", "dry_run": "true"}, {"heal": "restart", "resume": "false"}]
)
def test_nothing_is_done_that_is_not_allowed(
    inputs: dict[str, str], watched: Watched, space: str, hub: LocalHub
) -> None:
    watched.deployed(space, {"stage": "PAUSED"}, on_restart=RUNS_AGAIN)
    hub.forget()

    step = watched.run(space, **inputs)

    assert (step.outputs["result"], step.outputs["error"]) == ("broken", "paused"), step.log
    assert writes(hub) == []
    assert len(watched.octo.issues) == ("dry_run" not in inputs)


def test_what_has_its_cause_in_the_files_is_not_started_again(watched: Watched, space: str, hub: LocalHub) -> None:
    log = 'Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\nRuntimeError: no luck\n'
    watched.deployed(space, {"stage": "RUNTIME_ERROR", "run_log": log}, on_restart=RUNS_AGAIN)
    hub.forget()

    step = watched.run(space, heal="restart")

    assert step.outputs["error"] == "app-crashed", step.log
    assert writes(hub) == []


class TestRedeploy:
    """A Space that a step deployed, and a workflow that checks that commit out."""

    @pytest.fixture
    def site(self, watched: Watched, space: str) -> str:
        repository.create(
            watched.workspace, {"app.py": "1\n", "Dockerfile": "FROM scratch\n", "README.md": "---\nsdk: docker\n---\n"}
        )
        first = deploy(watched.workspace, watched.hub.endpoint, {"space": space, "hf-token": "hf_alice", **DECLARED})
        assert first.outputs["result"] == "live", first.log
        return space

    def run(self, watched: Watched, site: str, **inputs: str) -> Step:
        return watched.run(site, **{"heal": "redeploy", **DECLARED, **inputs})

    def test_settings_become_as_declared_and_an_edit_stays(
        self, watched: Watched, site: str, hub: LocalHub, api: HfApi
    ) -> None:
        before = state(hub, site)
        api.add_space_variable(site, "GREETING", "bye")
        api.delete_space_secret(site, "API_KEY")
        api.update_repo_settings(site, private=False, repo_type="space")
        watched.settled(site, "RUNNING")

        healed = self.run(watched, site)
        watched.commit(site, "Fix it at night", "app.py")
        watched.settled(site, "RUNNING")
        api.add_space_variable(site, "GREETING", "bye")
        watched.settled(site, "RUNNING")
        edited = self.run(watched, site)

        assert (healed.exit_code, healed.outputs["result"]) == (0, "healed"), healed.log
        after = state(hub, site)
        assert (after.variables, after.secrets, after.visibility) == (before.variables, before.secrets, "private")
        assert (edited.outputs["result"], edited.outputs["error"]) == ("broken", "edited"), edited.log
        assert "Fix it at night" in Path(api.hf_hub_download(site, "app.py", repo_type="space")).read_text("utf-8")
        (issue,) = watched.about(site)
        assert (issue["state"], issue["title"]) == ("open", f"{site}: edited by hand")

    def test_what_is_held_is_not_deployed_to(self, watched: Watched, site: str, hub: LocalHub, api: HfApi) -> None:
        api.add_space_variable(site, "GREETING", "bye")
        held = CommitOperationAdd(".gitattributes", hold.put("").encode())
        api.create_commit(site, [held], repo_type="space", commit_message="Roll back to 012345678901")
        watched.settled(site, "RUNNING")

        step = self.run(watched, site)

        assert (step.outputs["result"], step.outputs["error"]) == ("broken", "setting-differs"), step.log
        failed = next(line for line in step.log.splitlines() if "which did not help" in line)
        assert failed.rpartition(" ")[2] == "[heal-held]"
        assert api.get_space_variables(site)["GREETING"].value == "bye"

    def test_a_release_is_no_cure_and_nobody_sees_more_by_one(
        self, watched: Watched, site: str, hub: LocalHub, api: HfApi
    ) -> None:
        api.add_space_variable(site, "GREETING", "bye")
        watched.settled(site, "RUNNING")
        deployed = gitrepo.git(watched.workspace, "rev-parse", "HEAD").strip()
        repository.commit(watched.workspace, "Not released", {"app.py": "2\n"})
        hub.forget()

        newer = self.run(watched, site)
        wider = self.run(watched, site, visibility="public", variables="GREETING=bye")

        assert (newer.outputs["result"], newer.outputs["error"]) == ("broken", "setting-differs"), newer.log
        assert "has other files than this checkout (1 changed)" in newer.summary
        assert f"It was deployed from {deployed[:7]}" in newer.summary
        failed = next(line for line in newer.log.splitlines() if "which did not help" in line)
        assert failed.rpartition(" ")[2] == "[heal-other-files]"
        assert (wider.outputs["result"], wider.outputs["error"]) == ("broken", "setting-differs"), wider.log
        assert "This run has" not in wider.summary
        assert writes(hub) == []

    def test_a_deleted_space_comes_back_only_where_that_is_said(self, watched: Watched, site: str, api: HfApi) -> None:
        api.delete_repo(site, repo_type="space")

        gone = self.run(watched, site)
        exists = api.repo_exists(site, repo_type="space")
        back = self.run(watched, site, create="true")

        assert (gone.outputs["result"], exists) == ("broken", False), gone.log
        assert (back.outputs["result"], api.repo_exists(site, repo_type="space")) == ("healed", True), back.log
