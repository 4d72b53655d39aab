"""The inputs: what is accepted, what is refused, and that every problem is named at once."""

import pytest

from hfspace_action.inputs import schema
from hfspace_action.inputs.schema import BadInputs, Inputs

MINIMAL = {"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice"}


def read(**given: str) -> Inputs:
    return schema.read({**MINIMAL, **{f"INPUT_{name.replace('_', '-').upper()}": text for name, text in given.items()}})


def refused(**given: str) -> str:
    with pytest.raises(BadInputs) as caught:
        read(**given)
    assert len(caught.value.failures) == 1
    return caught.value.failures[0].message


def test_minimal_inputs_have_the_documented_defaults() -> None:
    assert read() == Inputs(space="alice/demo", hf_token="hf_alice")


def test_an_empty_input_counts_as_not_given() -> None:
    assert read(sdk="", hardware=" ", timeout="") == read()


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(BadInputs) as caught:
        schema.read({"GITHUB_ACTIONS": "true", "INPUT_SDK": "flask", "INPUT_WAIT": "yes"})
    assert [failure.id for failure in caught.value.failures] == [
        "input-space-missing",
        "input-token-missing",
        "input-invalid",
        "input-invalid",
    ]


def test_a_checkout_that_declares_spaces_needs_no_space() -> None:
    env = {"INPUT_HF-TOKEN": "hf_alice", "INPUT_ONLY": "alice/a, alice/b\n- alice/a"}

    assert schema.read(env, many=True).only == ("alice/a", "alice/b")
    assert schema.read({"INPUT_COMMAND": "Matrix"}, many=True).hf_token == ""


@pytest.mark.parametrize(
    ("env", "many", "error"),
    [
        ({}, False, "input-space-missing"),
        ({"INPUT_COMMAND": "deploy"}, False, "input-space-missing"),
        ({"INPUT_COMMAND": "status"}, True, "input-space-missing"),
        ({"INPUT_COMMAND": "matrix"}, False, "spaces-missing"),
        ({"INPUT_ONLY": "alice/a"}, False, "spaces-missing"),
        ({"INPUT_ONLY": "demo"}, True, "input-invalid"),
        ({"INPUT_SPACE": "alice/a", "INPUT_ONLY": "alice/a"}, True, "input-invalid"),
        ({"INPUT_SPACE": "alice/a", "INPUT_COMMAND": "matrix"}, True, "input-invalid"),
    ],
)
def test_what_does_not_go_together_with_spaces_of_a_file(env: dict[str, str], many: bool, error: str) -> None:
    with pytest.raises(BadInputs) as caught:
        schema.read({"INPUT_HF-TOKEN": "hf_alice", **env}, many=many)
    assert [failure.id for failure in caught.value.failures] == [error]


@pytest.mark.parametrize("name", ["alice/demo", "demo", "acme/a.b_c-d", "spaces/alice/demo"])
def test_space_names_that_the_hub_takes(name: str) -> None:
    assert read(space=name).space == name.removeprefix("spaces/")


@pytest.mark.parametrize(
    "name", ["a/b/c", "alice/", "alice/de mo", "alice/-x", "a--b", "x..y", "x.git", "https://hf.co/x"]
)
def test_space_names_that_the_hub_refuses(name: str) -> None:
    assert name in refused(space=name)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1800), ("1h", 3600), ("1h30m", 5400), ("2 h", 7200)]
)
def test_durations(text: str, seconds: int) -> None:
    assert read(timeout=text).timeout == seconds


@pytest.mark.parametrize("text", ["0", "soon", "-5", "5x", "m"])
def test_no_durations(text: str) -> None:
    assert "timeout" in refused(timeout=text)


def test_sleep_time_can_be_never() -> None:
    assert read(sleep_time="never").sleep_time == -1


def test_streamlit_is_refused_with_a_hint_to_docker() -> None:
    with pytest.raises(BadInputs) as caught:
        read(sdk="streamlit")
    assert "docker" in caught.value.failures[0].advice


@pytest.mark.parametrize(
    "text", ["A=1\nB=x=y", "A: 1\nB: x=y", "# comment\nA=1\n\nB=x=y"], ids=["lines", "yaml", "with a comment"]
)
def test_variables_as_lines_or_yaml(text: str) -> None:
    assert read(variables=text).variables == {"A": "1", "B": "x=y"}


def test_yaml_values_stay_the_text_that_was_written() -> None:
    assert read(variables="A: true\nB: 010\nC: 1.50").variables == {"A": "true", "B": "010", "C": "1.50"}


@pytest.mark.parametrize("text", ["- a", "A: [1]", "1A: x", "A-B=c", "A: 'x"])
def test_malformed_secrets_are_refused_without_showing_a_value(text: str) -> None:
    assert "secrets" in refused(secrets=text)


def test_secret_and_variable_of_one_name_are_refused() -> None:
    assert "'KEY'" in refused(secrets="KEY=a", variables="KEY=b")


def test_secrets_and_token_do_not_show_in_a_repr() -> None:
    shown = repr(read(secrets="KEY=hidden-value", hf_token="hf_hidden"))
    assert "hidden" not in shown


def test_a_token_with_white_space_is_refused_without_showing_it() -> None:
    assert "hf_a" not in refused(hf_token="hf_a b")


def test_secret_values_are_known_even_when_the_inputs_are_bad() -> None:
    environment = {"INPUT_HF-TOKEN": "hf_x y", "INPUT_SECRETS": "KEY=one\nOTHER=two"}
    assert schema.secret_values(environment) == ["hf_x y", "one", "two"]
    assert schema.secret_values({"INPUT_SECRETS": "- bad"}) == ["- bad"]


def test_endpoint_from_the_environment_yields_to_the_input() -> None:
    environment = {**MINIMAL, "HF_ENDPOINT": "http://127.0.0.1:1/"}
    assert schema.read(environment).endpoint == "http://127.0.0.1:1"
    assert schema.read({**environment, "INPUT_ENDPOINT": "https://hub.example"}).endpoint == "https://hub.example"


@pytest.mark.parametrize("text", ["http://example.com", "ftp://x", "https://user:pass@x", "x", "https://x?y"])
def test_endpoints_that_would_expose_the_token_are_refused(text: str) -> None:
    assert "endpoint" in refused(endpoint=text)


@pytest.mark.parametrize(
    "text",
    [
        "alice/a\nacme/b",
        "alice/a, acme/b",
        " alice/a,acme/b,\n",
        "- alice/a  # the first\n# nothing\n- acme/b",
        '["alice/a", "acme/b"]',
        "https://huggingface.co/spaces/alice/a acme/b ALICE/A",
    ],
)
def test_several_spaces_on_lines_in_a_list_or_with_commas(text: str) -> None:
    found = schema.read({"INPUT_SPACES": text, "INPUT_COMMAND": "watch", "INPUT_HF-TOKEN": "hf_alice"})

    assert (found.space, [name.lower() for name in found.spaces]) == ("", ["alice/a", "acme/b"])


@pytest.mark.parametrize(
    ("about", "given"),
    [
        ("heal", {"command": "watch", "spaces": "alice/a", "heal": "redeploy"}),
        ("heal", {"command": "watch", "heal": "always"}),
        ("spaces", {"command": "deploy", "spaces": "alice/a"}),
        ("spaces", {"command": "watch", "spaces": "alice/a/b"}),
        ("spaces", {"command": "watch", "spaces": " , "}),
    ],
)
def test_inputs_of_a_watch_that_do_not_go_together_are_refused(about: str, given: dict[str, str]) -> None:
    assert f"`{about}`" in refused(**given)


def test_probe_none_switches_it_off() -> None:
    assert read(probe="none").probe is None
    assert read(probe="/health").probe == "/health"
    assert "probe" in refused(probe="//evil.example/x")


@pytest.mark.parametrize("text", ["http://[a, b]/x", "http://[", "x://y/[z"])
def test_an_address_that_python_can_not_take_apart_is_no_path(text: str) -> None:
    assert "probe" in refused(probe=text)


def test_front_matter_must_be_a_mapping() -> None:
    assert read(front_matter="title: Demo\napp_port: 8080").front_matter == {"title": "Demo", "app_port": 8080}
    assert "front-matter" in refused(front_matter="- a")
    assert "line 1" in refused(front_matter="a: b: c")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("front_matter", "a: 2020-13-45"),
        ("front_matter", "a: 0x_"),
        ("front_matter", "a: !!int foo"),
        ("front_matter", "a: !!timestamp foo"),
        ("front_matter", "[" * 3000),
        ("front_matter", "&a {b: *a}"),
        ("endpoint", "http://[::1"),
        ("endpoint", "https://[x]"),
        ("endpoint", "https://\u2100.com"),
        ("endpoint", "https://huggingface.co:abc"),
        ("timeout", "9" * 400),
        ("sleep_time", "9" * 30 + "h"),
        ("timeout", "\u0663h"),
        ("hardware", "t4/small"),
        ("hardware", "-"),
        ("healthy", "0"),
        ("healthy", "21"),
        ("healthy", "\u0663"),
        ("variables", "[" * 3000),
    ],
)
def test_odd_values_are_refused_as_any_others(name: str, text: str) -> None:
    assert f"`{name.replace('_', '-')}`" in refused(**{name: text})


@pytest.mark.parametrize(
    "given", [{"space": "alice/demo", "through": "Demo"}, {"command": "status", "through": "alice/other"}]
)
def test_a_twin_is_another_space_and_only_deploys_go_through_it(given: dict[str, str]) -> None:
    with pytest.raises(BadInputs) as caught:
        read(**given)

    assert [(each.id, "`through`" in each.message) for each in caught.value.failures] == [("input-invalid", True)]


def test_a_twin_without_an_owner_is_of_the_same() -> None:
    assert schema.twin_of("alice/demo", "staging") == "alice/staging"
    assert schema.twin_of("alice/demo", "octo/staging") == "octo/staging"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"command": "promote"}, "from"),
        ({"command": "promote", "from": "Demo"}, "from"),
        ({"command": "deploy", "from": "alice/other"}, "from"),
        ({"command": "promote", "from": "alice/other", "on-drift": "keep"}, "on-drift"),
        ({"command": "promote", "from": "alice/other", "through": "alice/third"}, "through"),
    ],
)
def test_a_promotion_is_from_another_space(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadInputs) as caught:
        read(space="alice/demo", **given)

    assert [(each.id, f"`{named}`" in each.message) for each in caught.value.failures] == [("input-invalid", True)]


def test_a_word_of_python_is_the_name_of_an_input() -> None:
    assert read(command="promote", **{"from": "staging"}).from_ == "staging"
    assert (schema.field_of("from"), schema.name_of("from_"), schema.field_of("on-drift")) == (
        "from_",
        "from",
        "on_drift",
    )
