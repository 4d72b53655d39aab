"""That secrets are found where they should not be: the check that looks at every step can fail."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hfspace_action.inputs import schema, token_shape
from hfspace_action.inputs.schema import NAMES, BadInputs
from tests.kit import ROOT, repository
from tests.kit.local import LocalHub
from tests.kit.step import leaks
from tests.kit.step.action import begin, deploy

PEM = "-----BEGIN KEY-----\nbm90IGEga2V5IGF0IGFsbA==\n-----END KEY-----"
SECRETS = f"PASSWORD: correct-horse-battery\nPEM: |\n  {PEM.replace(chr(10), chr(10) + '  ')}\n"
DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"}


@pytest.mark.parametrize("shown", ["correct-horse-battery", "bm90IGEga2V5IGF0IGFsbA==", "x=correct-horse-battery;"])
def test_a_secret_that_is_shown_is_found(shown: str) -> None:
    with pytest.raises(AssertionError, match="stands in log"):
        leaks.refuse(["correct-horse-battery", PEM], {"summary": "fine", "log": f"one\n{shown}\n"})


def test_what_the_runner_is_told_to_mask_is_not_shown() -> None:
    leaks.refuse(["correct-horse-battery"], {"log": "::add-mask::correct-horse-battery\nfine\n"})


def test_the_arguments_of_processes_are_noted(tmp_path: Path) -> None:
    audit = {"PYTHONPATH": str(ROOT / "tests/kit/step/audit"), "AUDIT": str(tmp_path / "processes")}
    program = "import subprocess; subprocess.run(['true', 'correct-horse-battery'])"

    subprocess.run([sys.executable, "-c", program], env=audit, check=True)

    with pytest.raises(AssertionError, match="stands in processes"):
        leaks.refuse(["correct-horse-battery"], leaks.files(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ("an error of the Hub", {"path": "/commit/", "kind": "status", "status": 400}),
        ("a creation that is refused", {"path": "/repos/create", "kind": "status", "status": 400}),
        ("an answer that is no JSON", {"path": "/repos/create", "kind": "html", "status": 200}),
    ],
)
def test_a_hub_that_repeats_a_secret_makes_nobody_read_it(
    where: str, fault: dict[str, object], hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, DOCKER)
    hub.fault(method="POST", body={"error": f"{where}: correct-horse-battery {PEM}"}, **fault)

    step = deploy(workspace, hub.endpoint, {"space": space, "secrets": SECRETS})
    hub.no_faults()

    assert step.exit_code == 1
    assert "::add-mask::correct-horse-battery" in step.log
    assert "::add-mask::bm90IGEga2V5IGF0IGFsbA==" in step.log


def test_masks_come_before_anything_else(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, DOCKER)

    step = deploy(workspace, hub.endpoint, {"space": space, "secrets": SECRETS, "wait": "false"})

    masks = [line.startswith("::add-mask::") for line in step.log.splitlines()]
    assert masks[: sum(masks)] == [True] * 5
    assert not any(masks[5:])


def test_a_deploy_starts_no_process_and_leaves_no_file(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, DOCKER)

    with begin(workspace, hub.endpoint, {"space": space, "secrets": SECRETS, "wait": "false"}) as step:
        step.end()
        left = {name for name, text in leaks.files(step.runner).items() if text}

    assert left == {"output", "summary"}


def test_a_plan_has_secrets_by_name_only(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, DOCKER)

    step = deploy(workspace, hub.endpoint, {"space": space, "secrets": SECRETS, "dry-run": "true"})

    entries = [entry for entry in json.loads(step.outputs["plan"])["changes"] if entry["what"] == "secret"]
    assert [(entry["name"], entry["before"], entry["after"]) for entry in entries] == [
        ("PASSWORD", None, None),
        ("PEM", None, None),
    ]


def test_secrets_that_are_words_of_ours_leave_outputs_and_plan_legible(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, DOCKER)
    inputs = {"space": space, "secrets": "FLAG=false\nWORD=RUNNING", "variables": "A=false"}
    deploy(workspace, hub.endpoint, inputs)

    step = deploy(workspace, hub.endpoint, inputs)

    assert (step.outputs["changed"], step.outputs["stage"]) == ("false", "RUNNING"), step.log
    assert json.loads(step.outputs["plan"])["exists"] is True


def test_a_secret_in_a_variable_is_hidden_before_json_spells_it_otherwise(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, DOCKER)
    secret = 'pä"ss\\wörd1'

    step = deploy(
        workspace, hub.endpoint,
        {"space": space, "secrets": f"KEY='{secret}'", "variables": f"URL=pg://u:'{secret}'@h", "dry-run": "true"},
    )  # fmt: skip

    entries = {entry["name"]: entry for entry in json.loads(step.outputs["plan"])["changes"]}
    assert entries["URL"]["after"] == "pg://u:'***'@h"


MISPLACED = "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"


OTHERS = [name for name in NAMES if name not in ("hf-token", "github-token", "secrets")]


def test_a_token_in_any_other_input_is_refused() -> None:
    env = {f"INPUT_{name.upper()}": f"x/{MISPLACED}" for name in OTHERS} | {"INPUT_HF-TOKEN": "hf_alice"}

    with pytest.raises(BadInputs) as refused:
        schema.read(env)

    assert {(each.id, each.message.split("`")[1]) for each in refused.value.failures} == {
        ("token-misplaced", name) for name in OTHERS
    }


def test_a_token_in_any_other_input_is_not_shown(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "x"})

    step = deploy(workspace, hub.endpoint, {"space": space, **dict.fromkeys(OTHERS, f"x/{MISPLACED}")})

    assert (step.outputs["result"], step.outputs["error"]) == ("error", "token-misplaced")
    seen = "".join(line for line in step.log.splitlines() if not line.startswith("::add-mask::"))
    assert MISPLACED not in seen + step.summary + "".join(step.outputs.values())


def test_the_step_s_own_token_is_no_variable(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "x"})

    step = deploy(workspace, hub.endpoint, {"space": space, "variables": "KEY=hf_alice"})

    assert step.outputs["error"] == "token-misplaced"
    assert step.log.count("hf_alice") == 1, "the mask"


@pytest.mark.parametrize("text", ["hf_a_long_name_of_a_module_with_words", "shf_" + MISPLACED[3:], "hf_short", "ghp_x"])
def test_what_only_begins_like_a_token_is_none(text: str) -> None:
    assert token_shape.within(f"KEY={text}") == []


@pytest.mark.parametrize("kind", ["hf_jwt_", "hf_oauth_", "ghp_", "github_pat_", "glpat-"])
def test_tokens_of_other_kinds_are_found_in_other_words(kind: str) -> None:
    token = kind + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUvWxYz"
    assert token_shape.within(f"https://x:{token}@host/\n") == [token]
