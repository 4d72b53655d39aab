"""What decided a tree, recorded in a commit's message and read back: text that strangers may have written."""

import json

import pytest

from hfspace_action.inputs import schema
from hfspace_action.plan import recipe
from hfspace_action.plan.recipe import KEY, LONGEST, Recipe

INPUTS = {
    "INPUT_SPACE": "alice/moon",
    "INPUT_HF-TOKEN": "hf_alice",
    "INPUT_PATH": "site",
    "INPUT_SDK": "static",
    "INPUT_INCLUDE": "out/\n*.wasm",
    "INPUT_EXCLUDE": "*.psd",
    "INPUT_KEEP": "data/",
    "INPUT_FRONT-MATTER": "title: 'Moon: ☾'\npython_version: 3.10\ntags: [a, b]\nemoji:",
    "INPUT_SECRETS": "KEY=a-secret-of-alice",
    "INPUT_VARIABLES": "MODE=a-variable-of-alice",
}


def written(**record: object) -> str:
    return "Source: https://github.com/octo/site\n\n" + KEY + json.dumps({"v": 1, "name": "moon", **record})


def test_a_recipe_is_read_back_as_it_was_written() -> None:
    made = recipe.of_inputs(schema.read(INPUTS))

    line = recipe.line(made, str)

    assert recipe.read(f"Deployed\n\n{line}\n") == made
    assert "\n" not in line
    assert "a-secret" not in line
    assert "a-variable" not in line


def test_only_what_is_given_is_written() -> None:
    plain = recipe.of_inputs(schema.read({"INPUT_SPACE": "alice/moon", "INPUT_HF-TOKEN": "hf_alice"}))

    assert json.loads(recipe.line(plain, str).removeprefix(KEY)).keys() == {"v", "version", "name"}
    assert not recipe.decides(schema.read({"INPUT_SPACE": "alice/moon", "INPUT_HF-TOKEN": "hf_alice"}))
    assert recipe.decides(schema.read(INPUTS))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(Recipe(name="moon", exclude=("hush-hush",)), id="a secret"),
        pytest.param(Recipe(name="moon", own="title: Höhle hush-hush\n"), id="a secret in the Space's front matter"),
        pytest.param(Recipe(name="moon", exclude=("x" * LONGEST,)), id="too long"),
    ],
)
def test_what_holds_a_secret_or_is_too_long_is_left_out(made: Recipe) -> None:
    line = recipe.line(made, lambda text: text.replace("hush-hush", "***"))

    assert json.loads(line.removeprefix(KEY)).keys() == {"v", "version", "left-out"}
    assert recipe.read(line) is None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("Deploy", id="none"),
        pytest.param(KEY + "{", id="no JSON"),
        pytest.param(KEY + "[" * 5000, id="deep JSON"),
        pytest.param(KEY + "[]", id="no mapping"),
        pytest.param(written(v=2), id="another version"),
        pytest.param(written(name=3), id="a name that is none"),
        pytest.param(written(name="../x"), id="a name that leads elsewhere"),
        pytest.param(written(sdk="cobol"), id="an SDK that there is not"),
        pytest.param(written(keep="*"), id="a text for a list"),
        pytest.param(written(keep=[1]), id="a number for a pattern"),
        pytest.param(written(path=[]), id="a list for a path"),
        pytest.param(written(**{"front-matter": "["}), id="no YAML"),
        pytest.param(written(**{"front-matter": "title: hf_" + "AbCdEfGh" * 4 + "Ab"}), id="a token"),
        pytest.param(written(exclude=["x" * LONGEST]), id="too long"),
    ],
)
def test_a_record_that_is_none_is_not_believed(message: str) -> None:
    assert recipe.read(message) is None
