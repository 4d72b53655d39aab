"""Inputs as people write them: what is meant without doubt is taken and said, what may be meant is asked for."""

import pytest

from hfspace_action.inputs import schema
from hfspace_action.inputs.schema import BadInputs, Inputs

NEEDED = {"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice"}


def read(**given: str) -> Inputs:
    return schema.read(NEEDED | {f"INPUT_{name.upper()}": text for name, text in given.items()})


def refused(**given: str) -> str:
    with pytest.raises(BadInputs) as caught:
        read(**given)
    (failure,) = caught.value.failures
    return f"{failure.message} {failure.advice}"


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/spaces/alice/my-demo",
        "https://huggingface.co/spaces/alice/my-demo/",
        "http://www.huggingface.co/spaces/alice/my-demo",
        "https://hf.co/spaces/alice/my-demo",
        "https://huggingface.co/spaces/alice/my-demo/tree/main",
        "https://huggingface.co/spaces/alice/my-demo?logs=build#x",
        "https://huggingface.co/spaces/alice/my-demo.git",
        "https://user@huggingface.co/spaces/alice/my-demo",
        "huggingface.co/spaces/alice/my-demo",
        "hf.co/spaces/alice/my-demo",
        "git@hf.co:spaces/alice/my-demo",
        "http://127.0.0.1:7000/spaces/alice/my-demo",
        "spaces/alice/my-demo",
        " alice/my-demo ",
    ],
)
def test_the_address_of_a_space_is_its_name(text: str) -> None:
    assert read(space=text).space == "alice/my-demo"


@pytest.mark.parametrize(
    "text",
    [
        "https://huggingface.co/alice/my-model",
        "https://huggingface.co/datasets/alice/my-data",
        "https://huggingface.co/spaces/alice",
        "https://alice-my-demo.hf.space",
        "https://github.com/alice/demo",
        "https://example.com/spaces/alice/demo",
        "https://[x/spaces/alice/demo",
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    assert "is not the name of a Space" in refused(space=text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("sdk", "Gradio", "gradio"),
        ("sdk", "DOCKER", "docker"),
        ("sdk", " Static", "static"),
        ("visibility", "Private", "private"),
        ("command", "Check", "check"),
        ("on-failure", "Rollback", "rollback"),
        ("hardware", "T4-small", "t4-small"),
        ("hardware", "CPU basic", "cpu-basic"),
        ("hardware", "t4_medium", "t4-medium"),
        ("hardware", "Nvidia T4 - small", "t4-small"),
        ("hardware", "Nvidia 1xL40S", "1xl40s"),
    ],
)
def test_capitals_and_gaps_do_not_matter(name: str, text: str, value: str) -> None:
    assert getattr(read(**{name: text}), schema.field_of(name)) == value


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("sdk", "gradoi", "gradio"),
        ("sdk", "dockers", "docker"),
        ("visibility", "privat", "private"),
        ("visibility", "publik", "public"),
        ("command", "deploi", "deploy"),
        ("on-failure", "roll-back", "rollback"),
    ],
)
def test_a_misspelt_word_is_refused_with_the_one_that_may_be_meant(name: str, text: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in refused(**{name: text})


def test_a_word_like_no_other_is_refused_with_the_known_ones() -> None:
    text = refused(sdk="flask")
    assert "Did you mean" not in text
    assert "gradio, docker, static" in text


@pytest.mark.parametrize("name", ["TOKEN", "HF_TOKEN"])
def test_a_token_under_another_name_is_taken_said_and_masked(name: str) -> None:
    env = {"INPUT_SPACE": "alice/demo", f"INPUT_{name}": "hf_bob"}

    inputs = schema.read(env)

    assert inputs.hf_token == "hf_bob"
    assert inputs.notes == (f"There is no input `{name.lower()}`; it is taken for `hf-token`.",)
    assert schema.secret_values(env) == ["hf_bob"]


def test_the_right_name_wins_and_the_other_is_said_to_be_ignored() -> None:
    inputs = read(token="hf_other")

    assert inputs.hf_token == "hf_alice"
    assert inputs.notes == ("There is no input `token`, so it is ignored. Did you mean `hf-token`?",)
    assert "hf_other" in schema.secret_values(NEEDED | {"INPUT_TOKEN": "hf_other"})


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("dry_run", "There is no input `dry_run`; it is taken for `dry-run`."),
        ("on_failure", "There is no input `on_failure`; it is taken for `on-failure`."),
        ("hardwear", "There is no input `hardwear`, so it is ignored. Did you mean `hardware`?"),
        ("space_sdk", "There is no input `space_sdk`, so it is ignored. Did you mean `sdk`?"),
        ("subdirectory", "There is no input `subdirectory`, so it is ignored. Did you mean `path`?"),
        ("xyzzy", "There is no input `xyzzy`, so it is ignored."),
    ],
)
def test_inputs_that_there_are_not(name: str, note: str) -> None:
    values = {"dry_run": "true", "on_failure": "rollback"}
    assert read(**{name: values.get(name, "x")}).notes == (note,)


@pytest.mark.parametrize("name", ["args", "entrypoint"])
def test_github_s_own_inputs_of_a_container_are_left_alone(name: str) -> None:
    assert read(**{name: "x"}).notes == ()


@pytest.mark.parametrize(
    ("text", "pairs", "notes"),
    [
        ("A=1\nB=x y", {"A": "1", "B": "x y"}, ()),
        ('A="1"', {"A": "1"}, ("In `variables`, 1 value is taken without the quotes around it.",)),
        (
            "A='x y'\nB=\"z\"",
            {"A": "x y", "B": "z"},
            ("In `variables`, 2 values are taken without the quotes around them.",),
        ),
        ("export A=1", {"A": "1"}, ("In `variables`, 1 line is taken without `export` before it.",)),
        ("A='{\"k\": 1}'", {"A": '{"k": 1}'}, ("In `variables`, 1 value is taken without the quotes around it.",)),
        ('A=say "hi"', {"A": 'say "hi"'}, ()),
        ('A="a" and "b"', {"A": '"a" and "b"'}, ()),
        ("A=it's", {"A": "it's"}, ()),
        ('A={"k": "v"}', {"A": '{"k": "v"}'}, ()),
        ('A: "1"', {"A": "1"}, ()),
    ],
)
def test_lines_as_in_a_shell_are_taken_and_said(text: str, pairs: dict[str, str], notes: tuple[str, ...]) -> None:
    inputs = read(variables=text)
    assert (inputs.variables, inputs.notes) == (pairs, notes)


def test_secrets_in_quotes_are_masked_without_them_and_no_note_shows_a_name() -> None:
    text = "export APIKEY='s3cret-value'\nOTHER=\"second-value\""

    inputs = read(secrets=text)

    assert inputs.secrets == {"APIKEY": "s3cret-value", "OTHER": "second-value"}
    assert {"s3cret-value", "second-value"} <= set(schema.secret_values(NEEDED | {"INPUT_SECRETS": text}))
    assert len(inputs.notes) == 2
    assert not any(word in " ".join(inputs.notes) for word in ("APIKEY", "OTHER", "value'", "s3cret"))


@pytest.mark.parametrize("text", ["title: A: b", "emoji: x\ntitle: A: b"])
def test_front_matter_that_needs_quotes_is_refused_with_the_line_in_quotes(text: str) -> None:
    line = text.count("\n") + 1
    assert f"In quotes line {line} is right: `title: 'A: b'`." in refused(**{"front-matter": text})
