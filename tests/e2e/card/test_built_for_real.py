"""What the lines of a refusal, and the chosen build command, come to where Spaces are really built."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import web
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub, localhub
from tests.kit.space.made_repositories import FASTAPI, FLASK, STREAMLIT, Files
from tests.kit.step.action import begin, deploy
from tests.kit.step.paste import paste

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def real() -> Iterator[LocalHub]:
    """A Hub that builds."""
    with localhub() as hub:
        yield hub


@pytest.fixture
def engine() -> None:
    """A Docker engine with the image that the Dockerfiles begin with."""
    if shutil.which("docker") is None:
        pytest.skip("needs the docker command")
    command = ["docker", "image", "inspect", "python:3.13-slim"]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs a Docker engine that has python:3.13-slim")


@pytest.mark.engine
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("framework", "files", "answer"),
    [
        ("streamlit", {"app.py": STREAMLIT, "requirements.txt": "streamlit\n"}, "<title>Streamlit</title>"),
        ("fastapi", {"main.py": FASTAPI}, '{"hi":1}'),
        ("flask", {"wsgi.py": FLASK, "requirements.txt": "flask\r\n"}, "hi"),
    ],
)
def test_the_dockerfile_of_a_refusal_is_built_and_live(
    framework: str, files: Files, answer: str, engine: None, real: LocalHub, workspace: Path
) -> None:
    commit(workspace, files)
    inputs = {"space": f"alice/pasted-{framework}", "timeout": "8m"}
    refused = deploy(workspace, real.endpoint, inputs)
    (annotation,) = [line for line in refused.log.splitlines() if line.startswith("::error")]

    inputs |= paste(annotation.replace("%0A", "\n").replace("%25", "%"), workspace)
    subprocess.run(["git", "-C", workspace, "add", "--all"], check=True)
    try:
        with begin(workspace, real.endpoint, inputs) as running:
            done = running.end(560)

        assert (done.exit_code, done.outputs["result"]) == (0, "live"), done.log
        assert answer in web.get(done.outputs["app-url"]).text
    finally:
        HfApi(real.endpoint, token="hf_alice").delete_repo(inputs["space"], repo_type="space")
        await_free(7860)


def await_free(port: int) -> None:
    """Wait until a container on the machine's own network is gone: the next one listens on the same port."""
    deadline = time.monotonic() + 60
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while time.monotonic() < deadline:
            try:
                sock.bind(("0.0.0.0", port))
                return
            except OSError:
                time.sleep(0.1)
    pytest.fail(f"port {port} is still taken")


VITE: Files = {
    "index.html": '<!doctype html><title>x</title><p id="out">not built</p><script type="module" src="/src/main.ts"></script>\n',
    "src/main.ts": 'import { name } from "./name";\nconst out: HTMLElement = document.querySelector("#out")!;\nout.textContent = `built by ${name}`;\n',
    "src/name.ts": 'export const name: string = "Vite";\n',
    "package.json": '{"private": true, "type": "module", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "^6"}}\n',
    "vite.config.ts": 'import { defineConfig } from "vite";\nexport default defineConfig({ base: "/of-github-pages/" });\n',
}


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_the_script_of_a_vite_app_runs_in_a_browser(real: LocalHub, workspace: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not Path(CHROMIUM).exists() or shutil.which("npm") is None:
        pytest.skip("needs Chromium and npm")
    commit(workspace, VITE)

    with begin(workspace, real.endpoint, {"space": "alice/vite", "timeout": "8m"}) as running:
        done = running.end(560)

    assert "app_build_command: npm install && npm run build -- --base=./" in done.log
    assert "npm install && npm run build" in done.log
    assert done.exit_code == 0, done.log
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(done.outputs["app-url"])
        playwright.expect(page.locator("#out")).to_have_text("built by Vite", timeout=20_000)
        browser.close()
