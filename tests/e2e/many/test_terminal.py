"""spaces.yaml on a command line."""

import json

from tests.e2e.many.conftest import Many
from tests.kit.step.command_line import run


def test_without_a_space_the_file_of_the_checkout_is_taken(many: Many) -> None:
    many.declare("one", "two")
    env = {"HF_ENDPOINT": many.hub.endpoint, "HF_TOKEN": "hf_alice"}

    planned = run(many.workspace / "apps/one", "--dry-run", "--json", env=env)
    single = run(many.workspace, "--only", many.name("one"), "--json", "--healthy", "1", env=env)

    assert planned.exit_code == 0, planned.err
    assert [each["result"] for each in json.loads(planned.outputs["spaces"])] == ["planned", "planned"]
    assert (single.exit_code, single.outputs["space-id"]) == (0, many.name("one")), single.err


def test_a_file_that_is_no_good_is_a_wrong_call(many: Many) -> None:
    many.declare("one", one={"sdk": "flask"})

    assert run(many.workspace, "--json", "--dry-run", env={"HF_TOKEN": "hf_alice"}).exit_code == 2
