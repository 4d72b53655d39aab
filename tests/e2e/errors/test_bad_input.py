"""Bad input: one clear error that names the input or the remedy, outputs all the same, and nothing changed on the Hub."""

import html
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import deploy

SITE = {"index.html": "<h1>Hello</h1>"}
APP = {"Dockerfile": "FROM scratch\n"}


def visible(summary: str) -> str:
    """The text of a summary, without its markup."""
    return html.unescape(re.sub(r"<(?!https:)[^>]*>", "", summary))


class Refused(NamedTuple):
    """Files and inputs that are no good, the error, and the words that the annotation must have."""

    name: str
    files: dict[str, str]
    inputs: dict[str, str]
    error: str
    named: str


@pytest.mark.parametrize(
    "case",
    [
        Refused(name="no space", files=SITE, inputs={"space": ""}, error="input-space-missing", named="`space`"),
        Refused(
            name="a name that can't be",
            files=SITE,
            inputs={"space": "alice/my demo"},
            error="input-invalid",
            named="`space`",
        ),
        Refused(name="an unknown sdk", files=SITE, inputs={"sdk": "flask"}, error="input-invalid", named="`sdk`"),
        Refused(
            name="a path outside of the workspace",
            files=SITE,
            inputs={"path": ".."},
            error="path-outside",
            named="`path`",
        ),
        Refused(
            name="a folder that is missing", files=SITE, inputs={"path": "dist"}, error="path-missing", named="`path`"
        ),
        Refused(
            name="an empty folder", files={".gitignore": "*.tmp\n"}, inputs={}, error="checkout-empty", named="`path`"
        ),
        Refused(name="no token", files=SITE, inputs={"hf-token": ""}, error="input-token-missing", named="`hf-token`"),
        Refused(
            name="a wrong token",
            files=SITE,
            inputs={"hf-token": "hf_unknown"},
            error="token-refused",
            named="`hf-token`",
        ),
        Refused(
            name="a read-only token",
            files=SITE,
            inputs={"hf-token": "hf_alice_read"},
            error="no-write-access",
            named="`hf-token`",
        ),
        Refused(
            name="docker on a free account",
            files=APP,
            inputs={"space": "bob/app", "hf-token": "hf_bob"},
            error="plan-needed",
            named="huggingface.co/pro",
        ),
    ],
    ids=lambda case: case.name,
)
def test_is_refused(case: Refused, hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, case.files)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, **case.inputs})

    assert step.exit_code == 1
    assert (step.outputs["result"], step.outputs["error"]) == ("error", case.error), step.log
    annotations = [line for line in step.log.splitlines() if line.startswith("::error")]
    assert len(annotations) == 1, step.log
    assert case.named in annotations[0]
    assert case.named.strip("`") in visible(step.summary)
    changes = [r for r in hub.requests() if r["method"] not in ("GET", "HEAD") and r["status"] < 400]
    assert [r["path"] for r in changes if r["path"] != "/api/validate-yaml"] == []
    assert step.outputs["created"] in ("", "false")


def test_a_misspelt_input_is_named_where_the_right_one_is_missing(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)

    step = deploy(workspace, hub.endpoint, {"space": "alice/demo", "hf-token": ""}, env={"INPUT_HF-TOEKN": "hf_alice"})

    assert step.outputs["error"] == "input-token-missing", step.log
    said = "There is no input `hf-toekn`, so it is ignored. Did you mean `hf-token`?"
    assert said.replace("`", "") in step.log.replace("`", "")
    assert "hf-toekn" in step.summary


def test_no_request_is_made_for_inputs_that_make_no_sense(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": "a/b/c", "timeout": "soon"})

    annotations = [line for line in step.log.splitlines() if line.startswith("::error")]
    assert ["`space`" in annotations[0], "`timeout`" in annotations[1]] == [True, True], (
        "every problem is named at once"
    )
    assert hub.requests() == []
