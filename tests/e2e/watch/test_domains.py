"""Custom domains: asked once the app is live, as a stranger asks; a bad one is a warning and never a failure."""

from pathlib import Path

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.space.settings import FILES
from tests.kit.step.action import Step, deploy

DEAD = "127.0.0.1:9"


@pytest.fixture
def live(hub: LocalHub, space: str, workspace: Path) -> dict[str, str]:
    """The inputs with which a docker Space was deployed that runs."""
    repository.create(workspace, FILES["docker"])
    hub.script(space, {"stage": "RUNNING"})
    step = deploy(workspace, hub.endpoint, {"space": space})
    assert step.outputs["result"] == "live", step.log
    return {"space": space}


def warnings(step: Step) -> list[str]:
    return [line for line in step.log.splitlines() if line.startswith("::warning")]


def test_a_domain_is_asked_without_a_token_or_a_cookie(
    live: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    domain = hub.domain(space)
    hub.forget()

    step = deploy(workspace, hub.endpoint, live)

    (received,) = [each for each in hub.received(space) if dict(each["headers"]).get("host") == domain]
    names = {name.lower() for name, _ in received["headers"]}
    assert names.isdisjoint({"authorization", "x-hf-authorization", "cookie"})
    assert (step.outputs["result"], warnings(step)) == ("live", []), step.log
    assert f"✓ domain {domain}: HTTP 200" in step.log
    assert f"| ✓ | domain {domain} | HTTP 200" in step.summary.replace("`", "")


def test_one_that_does_not_answer_is_a_warning(
    live: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    hub.domain(space, domain=DEAD)

    step = deploy(workspace, hub.endpoint, live)

    (warning,) = warnings(step)
    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    assert f"Visitors may not reach {space} at {DEAD}: no answer" in warning
    assert "Let its CNAME record point to hf.space" in warning
    assert f"⚠ domain {DEAD}" in step.log


@pytest.mark.parametrize(
    ("stage", "advice"), [("PENDING", "looks at it again by itself"), ("EXPIRED_CHALLENGE", "add it again")]
)
def test_one_that_is_not_ready_is_a_warning_whatever_it_answers(
    stage: str, advice: str, live: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    domain = hub.domain(space, stage=stage)

    step = deploy(workspace, hub.endpoint, live)

    (warning,) = warnings(step)
    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    assert f"at {domain}: {stage} on the Hub; HTTP 200." in warning
    assert advice in warning


def test_a_failed_deploy_and_one_that_asks_nothing_ask_no_domain(
    live: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    hub.domain(space, domain=DEAD)

    quiet = deploy(workspace, hub.endpoint, live | {"probe": "none"})
    hub.script(space, {"stage": "BUILDING"}, {"after": 0.2, "stage": "BUILD_ERROR"})
    repository.commit(workspace, "Second", {"new.txt": "new\n"})
    failed = deploy(workspace, hub.endpoint, live)

    assert [each.outputs["result"] for each in (quiet, failed)] == ["live", "failed"], failed.log
    assert [DEAD in each.log for each in (quiet, failed)] == [False, False]
