"""Bad input: one clear error that names the input or the remedy, outputs all the same, and nothing changed on the Hub."""

import html
import re
from pathlib import Path

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import deploy

SITE = {"index.html": "<h1>Hello</h1>"}
APP = {"Dockerfile": "FROM scratch\n"}


def visible(summary: str) -> str:
    """The text of a summary, without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", summary))


@pytest.mark.parametrize(
    ("files", "inputs", "error", "named"),
    [
        pytest.param(SITE, {"space": ""}, "input-space-missing", "`space`", id="no space"),
        pytest.param(SITE, {"space": "alice/my demo"}, "input-invalid", "`space`", id="a name that can't be"),
        pytest.param(SITE, {"sdk": "flask"}, "input-invalid", "`sdk`", id="an unknown sdk"),
        pytest.param(SITE, {"path": ".."}, "path-outside", "`path`", id="a path outside of the workspace"),
        pytest.param(SITE, {"path": "dist"}, "path-missing", "`path`", id="a folder that is missing"),
        pytest.param({".gitignore": "*.tmp\n"}, {}, "checkout-empty", "`path`", id="an empty folder"),
        pytest.param(SITE, {"hf-token": ""}, "input-token-missing", "`hf-token`", id="no token"),
        pytest.param(SITE, {"hf-token": "hf_unknown"}, "token-refused", "`hf-token`", id="a wrong token"),
        pytest.param(SITE, {"hf-token": "hf_alice_read"}, "no-write-access", "`hf-token`", id="a read-only token"),
        pytest.param(
            APP,
            {"space": "bob/app", "hf-token": "hf_bob"},
            "plan-needed",
            "huggingface.co/pro",
            id="docker on a free account",
        ),
    ],
)
def test_is_refused(
    files: dict[str, str], inputs: dict[str, str], error: str, named: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, files)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, **inputs})

    assert step.exit_code == 1
    assert (step.outputs["result"], step.outputs["error"]) == ("error", error), step.log
    annotations = [line for line in step.log.splitlines() if line.startswith("::error")]
    assert len(annotations) == 1, step.log
    assert named in annotations[0]
    assert named.strip("`") in visible(step.summary)
    changes = [r for r in hub.requests() if r["method"] not in ("GET", "HEAD") and r["status"] < 400]
    assert [r["path"] for r in changes if r["path"] != "/api/validate-yaml"] == []
    assert step.outputs["created"] in ("", "false")


def test_no_request_is_made_for_inputs_that_make_no_sense(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": "a/b/c", "timeout": "soon"})

    annotations = [line for line in step.log.splitlines() if line.startswith("::error")]
    assert ["`space`" in annotations[0], "`timeout`" in annotations[1]] == [True, True], (
        "every problem is named at once"
    )
    assert hub.requests() == []
