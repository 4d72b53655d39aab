"""Verdicts on Spaces that are really built and run: what the scripts claim, once more with nothing played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import repository, web
from tests.kit.local import LocalHub, localhub
from tests.kit.space import wheels
from tests.kit.step.action import Step, begin

pytestmark = pytest.mark.slow
README = "---\ntitle: Real\nemoji: 🧪\ncolorFrom: blue\ncolorTo: indigo\nsdk: gradio\n---\n"
# An app of the gradio SDK that does not import gradio, which would take seconds: it answers with a status and a word.
APP = """\
import http.server
import os

STATUS, WORD = {status}, b"{word}"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(STATUS if self.path == "/probed" else 200)
        self.send_header("Content-Length", str(len(WORD)))
        self.end_headers()
        self.wfile.write(WORD)


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Answer).serve_forever()
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """A Hub that builds and runs Spaces for real."""
    with localhub() as hub:
        yield hub


def run(workspace: Path, hub: LocalHub, space: str, app: str, **inputs: str) -> Step:
    if workspace.exists():
        repository.commit(workspace, "Another app", {"app.py": app})
    else:
        repository.create(workspace, {"README.md": README, "app.py": app, "requirements.txt": wheels.requirements()})
    return step(workspace, hub, space, **{name.replace("_", "-"): value for name, value in inputs.items()})


def step(workspace: Path, hub: LocalHub, space: str, **inputs: str) -> Step:
    """A step that may take as long as a real build."""
    with begin(workspace, hub.endpoint, {"space": space, **inputs}) as running:
        return running.end(240)


def test_a_broken_deploy_is_rolled_back_and_the_old_page_answers_again(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    first = run(workspace, hub, space, APP.format(status=200, word="first"))
    assert (first.outputs["result"], first.exit_code) == ("live", 0), first.log

    broken = run(workspace, hub, space, "import no_such_module\n", on_failure="rollback")

    assert (broken.outputs["result"], broken.outputs["error"]) == ("rolled-back", "module-missing"), broken.log
    assert broken.exit_code == 1
    assert "no_such_module" in broken.log
    assert web.get(broken.outputs["app-url"]).text == "first"


def test_an_app_that_answers_503_is_unreachable(hub: LocalHub, space: str, workspace: Path) -> None:
    done = run(workspace, hub, space, APP.format(status=503, word="sorry"), probe="/probed", timeout="30s")

    assert (done.outputs["result"], done.outputs["stage"], done.exit_code) == ("unreachable", "RUNNING", 1), done.log
    assert "503" in done.summary


def test_a_paused_space_is_reported_or_resumed(hub: LocalHub, space: str, workspace: Path) -> None:
    app = APP.format(status=200, word="again")
    assert run(workspace, hub, space, app).outputs["result"] == "live"
    HfApi(hub.endpoint, token="hf_alice").pause_space(space)

    left = step(workspace, hub, space, resume="false")
    resumed = step(workspace, hub, space)

    assert (left.outputs["result"], left.outputs["stage"], left.exit_code) == ("paused", "PAUSED", 1), left.log
    assert (resumed.outputs["result"], resumed.outputs["changed"], resumed.exit_code) == ("live", "false", 0), (
        resumed.log
    )
    assert web.get(resumed.outputs["app-url"]).text == "again"
