"""A real Gradio Space, really built: its API is called, and a signature that has changed is told from one that fits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step.action import Step, begin

pytestmark = [pytest.mark.packages, pytest.mark.slow, pytest.mark.timeout(900)]  # installs gradio twice, and starts it

README = "---\ntitle: Greeter\nemoji: 👋\ncolorFrom: blue\ncolorTo: indigo\nsdk: gradio\n---\n"
APP = """\
import gradio as gr


def greet({parameters}):
    return "Hello " + name, len(name)


demo = gr.Interface(greet, {inputs}, ["text", "number"], api_name="greet")
demo.launch()
"""
FIRST = APP.format(parameters="name, times=1", inputs='["text", gr.Number(1)]')
CHANGED = APP.format(parameters="name, title", inputs='["text", "text"]')
CHECKS = """\
- name: it greets
  api: /greet
  arguments: [Ada]
  returns: [text, number]
  contains: Hello Ada
  json: {1: 3}
  within: 60s
- path: /config
  json: {title: Gradio}
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """A Hub that builds and runs Spaces for real."""
    with localhub() as hub:
        yield hub


def run(workspace: Path, hub: LocalHub, **inputs: str) -> Step:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    asked = {"space": "alice/greeter", "checks": CHECKS, "healthy": "2", **given}
    with begin(workspace, hub.endpoint, asked) as running:
        return running.end(600)


def test_an_endpoint_is_called_and_a_changed_signature_told(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, {"README.md": README, "app.py": FIRST})
    live = run(workspace, hub)
    repository.commit(workspace, "Another signature", {"app.py": CHANGED})
    changed = run(workspace, hub)

    assert (live.outputs["result"], live.exit_code) == ("live", 0), live.log
    assert "| ✓ | it greets |" in live.summary
    assert 'it greets: answers ["Hello Ada", 3]' in live.log
    assert (changed.outputs["result"], changed.outputs["error"]) == ("unreachable", "check-failed"), changed.log
    assert "it needs an argument `title`; the endpoint is now /greet(name: string, title: string)" in changed.log
