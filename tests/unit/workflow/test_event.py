"""What the event's payload says of the GitHub repository, and what it may look like."""

import json
from pathlib import Path
from typing import Any

import pytest

from hfspace_action.workflow import event
from hfspace_action.workflow.ci import github


@pytest.mark.parametrize(
    ("payload", "visibility"),
    [
        ({"repository": {"visibility": "internal", "private": True}}, "internal"),
        ({"repository": {"private": True}}, "private"),
        ({"repository": {"private": False}}, "public"),
        ({"repository": {"visibility": "odd", "private": "yes"}}, None),
        ({"repository": []}, None),
        ({}, None),
        ([], None),
    ],
)
def test_visibility(payload: Any, visibility: str | None, tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(payload), "utf-8")
    assert event.repository_visibility(event.read({"GITHUB_EVENT_PATH": str(file)})) == visibility


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut", "binary", "deep"])
def test_a_payload_that_can_not_be_read_says_nothing(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(content)
    assert event.read({"GITHUB_EVENT_PATH": str(file)}) == {}
    assert event.read({"GITHUB_EVENT_PATH": str(tmp_path)}) == {}
    assert event.read({}) == {}


def test_the_payload_is_read_only_when_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    source = github.source({"GITHUB_EVENT_PATH": str(file)})

    file.write_text(json.dumps({"repository": {"private": True}}), "utf-8")

    assert source.visibility == "private"
