"""spaces.yaml as a text of others: what is wrong with it is named with its line, nothing is sent, and nothing of a secret is shown."""

from pathlib import Path

import pytest

from tests.e2e.many.conftest import Many
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import deploy
from tests.kit.step.provoke import Case

VALUE = "sk-of-somebody-who-took-the-file-for-the-workflow"


def declares(content: str) -> dict[str, str]:
    """A page, and a file that declares Spaces."""
    return {"spaces.yaml": content, "index.html": "<h1>Hello</h1>\n"}


SPACE = "spaces:\n  - space: alice/a\n"
# The place of the annotation is what each says.
WRONG = [
    Case("spaces-yaml", "no YAML", declares("spaces:\n  - space: alice/a: b\n"), says=["line=2::"]),
    Case("spaces-invalid", "an unknown key", declares(f"{SPACE}    hardwear: t4-small\n"), says=["line=3::"]),
    Case("spaces-invalid", "a token", declares(f"defaults:\n  hf-token: {VALUE}\n{SPACE}"), says=["line=2::"]),
    Case(
        "spaces-invalid", "a secret's value", declares(f"{SPACE}    secrets:\n      KEY: {VALUE}\n"), says=["line=4::"]
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_what_is_wrong_is_named_with_its_line_and_nothing_is_sent(case: Case, hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, case.files)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": ""})

    assert (step.exit_code, step.outputs["error"]) == (1, case.error), step.log
    assert f"file=spaces.yaml,{case.says[0]}" in step.log
    assert "Traceback" not in step.log
    assert VALUE not in step.log + step.summary
    assert hub.requests() == []


def test_a_secret_that_the_step_does_not_have_is_named_by_its_line_only(many: Many) -> None:
    many.declare("one", "two", one={"secrets": [VALUE.replace("-", "_")]})

    step = many.run(only=many.name("one"))

    assert (step.exit_code, step.outputs["error"]) == (1, "spaces-secret"), step.log
    assert "file=spaces.yaml,line=" in step.log
    assert VALUE.replace("-", "_") not in step.log + step.summary


@pytest.mark.parametrize("inputs", [{"command": "matrix"}, {"only": "alice/a"}])
def test_without_the_file_the_step_says_so(inputs: dict[str, str], hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>\n"})

    step = deploy(workspace, hub.endpoint, {"space": "", **inputs})

    assert (step.exit_code, step.outputs["error"]) == (1, "spaces-missing"), step.log


def test_a_link_is_not_followed(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>\n"})
    (workspace / "spaces.yaml").symlink_to("/etc/passwd")

    step = deploy(workspace, hub.endpoint, {"space": ""})

    assert (step.exit_code, step.outputs["error"]) == (1, "spaces-unreadable"), step.log
    assert "it is a symbolic link" in step.log
