"""The judge of front matter."""

import pytest

from localhub.repos import card

GOOD = """---
title: Demo
emoji: 🚀
colorFrom: red
colorTo: gray
sdk: docker
app_port: 8080
python_version: 3.11
short_description: Short
pinned: false
models: [org/model]
startup_duration_timeout: 1h
custom_headers:
  cross-origin-embedder-policy: require-corp
---
# Demo
"""


def block(line: str) -> str:
    return f"---\n{line}\n---\ntext\n"


def test_a_complete_card_has_nothing_wrong() -> None:
    assert card.check(GOOD, "space") == ([], [])


def test_windows_line_ends_are_read() -> None:
    assert card.front_matter(GOOD.replace("\n", "\r\n")) == card.front_matter(GOOD)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("colorFrom: teal", '"colorFrom" must be one of [red, yellow, green, blue, indigo, purple, pink, gray]'),
        ("sdk: flask", '"sdk" must be one of [gradio, docker, static]'),
        ("app_port: 80", '"app_port" must be greater than or equal to 1025'),
        ("app_port: http", '"app_port" must be a number'),
        ("app_port: 70000", '"app_port" must be less than or equal to 65535'),
        (
            f"short_description: {'x' * 61}",
            '"short_description" length must be less than or equal to 60 characters long',
        ),
        ("emoji: rocket", '"emoji" must be a single emoji'),
        ("pinned: often", '"pinned" must be a boolean'),
        ("title: 5", '"title" must be a string'),
        ("models: org/model", '"models" must be an array'),
        ("models: [1]", '"models[0]" must be a string'),
        ("base_path: app", '"base_path" must be a path that starts with /'),
        ("custom_headers: {x-frame-options: deny}", '"custom_headers.x-frame-options" is not allowed'),
        ("hf_oauth_expiration_minutes: 43201", '"hf_oauth_expiration_minutes" must be less than or equal to 43200'),
        ("startup_duration_timeout: soon", '"startup_duration_timeout" must be a duration such as 30m or 1h'),
    ],
)
def test_a_bad_value_is_named(line: str, message: str) -> None:
    assert card.check(block(line), "space") == ([message], [])


def test_all_faults_are_told_at_once() -> None:
    errors, _ = card.check(block("sdk: x\napp_port: 1"), "space")
    assert len(errors) == 2


@pytest.mark.parametrize(
    "text", ["", "# Title only", "text\n---\nsdk: docker\n---\n", "---\n---\n", "---\nsdk: docker\n"]
)
def test_without_front_matter_there_is_only_a_warning(text: str) -> None:
    errors, warnings = card.check(text, "space")
    assert errors == []
    assert warnings[0].startswith("empty or missing yaml metadata in repo card")


@pytest.mark.parametrize("line", ["title: [", "- a\n- b"])
def test_bad_yaml_is_an_error(line: str) -> None:
    errors, _ = card.check(block(line), "space")
    assert errors[0].startswith("YAML Metadata Error")


def test_rules_of_spaces_are_not_for_models() -> None:
    assert card.check(block("sdk: whatever"), "model") == ([], [])


@pytest.mark.parametrize("sdk", card.SDKS)
def test_the_first_readme_of_a_space_is_a_good_card(sdk: str) -> None:
    readme = card.first_readme("my-first_space", sdk)
    assert card.check(readme, "space") == ([], [])
    matter = card.front_matter(readme)
    assert matter is not None
    assert (matter["title"], matter["sdk"]) == ("My First Space", sdk)
