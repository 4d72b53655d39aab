"""python -m localhub preview."""

import io
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx2
import pytest

from tests.kit import ROOT, web
from tests.kit.fork import program
from tests.kit.fork.program import Forked, Program
from tests.kit.local import complaints, until
from tests.kit.space.real import EXAMPLES, WITNESS, gone, uv_cache, witness


class Preview:
    """A preview that was started."""

    def __init__(self, process: subprocess.Popen[bytes] | Forked, errors: IO[bytes]) -> None:
        assert process.stdout
        self.stdout, self.send_signal = io.TextIOWrapper(process.stdout, "utf-8"), process.send_signal
        self.returncode: int | None = None
        self._process, self._errors = process, errors

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it has printed since, which a pipe holds, and its errors, once it has ended."""
        self.returncode = self._process.wait(timeout)
        self._errors.seek(0)
        return self.stdout.read(), self._errors.read().decode()


@contextmanager
def preview(tmp: Path, *arguments: str, fresh: bool = False, **variables: str) -> Iterator[Preview]:
    """A preview whose temporary files are in `tmp`, started from elsewhere; `fresh`: by a Python of its own, as a user does."""
    env = os.environ | {"TMPDIR": str(tmp), "HOME": str(tmp / "home"), "HF_TOKEN": "hf_of_the_real_hub"}
    env |= {"UV_CACHE_DIR": uv_cache(), **variables}
    given = Program.STRICT_LOCALHUB, "preview", *arguments
    with tempfile.TemporaryFile() as errors:
        of_its_own = ["HOME"] if fresh else []
        process = program.start(*given, folder=ROOT, environment=env, of_its_own=of_its_own, errors=errors)
        running = Preview(process, errors)
        with running.stdout:
            try:
                yield running
            finally:
                process.kill()
                process.wait()


def until_it_runs(running: Preview) -> tuple[str, list[str]]:
    """The address that is printed once the Space is live, and what was printed before."""
    printed = []
    for line in running.stdout:
        if " runs at " in line:
            return line.split(" runs at ")[1].split()[0], printed
        printed.append(line)
    _, errors = running.communicate(timeout=20)
    pytest.fail(f"it never ran:\n{''.join(printed)}{errors}")


def folder(path: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return str(path)


@pytest.fixture
def tmp(tmp_path: Path) -> Path:
    (tmp_path / "tmp" / "home").mkdir(parents=True)
    return tmp_path / "tmp"


def test_a_preview_runs_until_ctrl_c_and_leaves_nothing_behind(tmp: Path) -> None:
    with preview(tmp, str(EXAMPLES / "static"), "--sdk", "static", fresh=True) as running:
        host, printed = until_it_runs(running)
        page = web.get(host, follow_redirects=True)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=20)
    assert (running.returncode, complaints(errors)) == (0, [])
    head, _, rest = (EXAMPLES / "static" / "index.html").read_text().partition("<head>")
    assert page.text.startswith(f"{head}<head><script>window.huggingface=")
    assert page.text.endswith(f";</script>{rest}")
    assert [line for line in printed if line.startswith("-----")][-1] == "----- | RUNNING\n"
    assert list(tmp.rglob("*")) == [tmp / "home"]


def test_a_preview_prints_the_logs_of_an_app_and_ends_it(tmp: Path, tmp_path: Path) -> None:
    files = {
        **witness(),
        ".gitignore": "*.key\n",
        "my.key": "not for the Hub",
        "README.md": "# A README without front matter\n",
    }
    with preview(tmp, folder(tmp_path / "My app", files), "--sdk", "gradio") as running:
        host, printed = until_it_runs(running)
        about = web.get(host).json()
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert running.returncode == 0
    assert gone(*about["pids"], seconds=0)
    assert about["environment"]["SPACE_ID"] == "alice/My-app"
    assert "hf_of_the_real_hub" not in str(about)
    text = "".join(printed)
    assert "build | --> uv pip install" in text
    assert "  run | ready" in text
    assert "4 files, " in text  # git's own stay


def test_a_preview_of_what_fails_says_how_and_ends(tmp: Path) -> None:
    with preview(tmp, str(EXAMPLES / "broken" / "requirement")) as running:
        output, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "----- | BUILD_ERROR: Job failed with exit code: 1." in output
    assert list(tmp.rglob("*")) == [tmp / "home"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"notes.txt": ""}, "Can't determine the Space's SDK"),
        ({"app.py": "import streamlit\n"}, "FROM python:3.13-slim"),
        ({"README.md": "---\nsdk: [\n---\n"}, "is not valid YAML"),
        ({"README.md": "---\nsdk: static\ncolorFrom: mauve\n---\n", "index.html": ""}, '"colorFrom" must be one of'),
    ],
)
def test_what_a_deploy_would_refuse_is_refused_in_its_words(
    tmp: Path, tmp_path: Path, files: dict[str, str], says: str
) -> None:
    with preview(tmp, folder(tmp_path / "app", files)) as running:
        output, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert says in output
    assert "error: " in output
    assert "::error" not in output


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"index.html": "<h1>x</h1>"}, "sdk: static, from index.html, which is a page"),
        ({"README.md": "# Mine\n", "game.html": "<h1>x</h1>"}, "app_file: game.html"),
        ({"index.html": "<script src='/src/x.ts'></script>", "src/x.ts": "", "package.json": '{"scripts": {"build": "mkdir dist && cp index.html dist"}}'}, "app_build_command: npm install && npm run build"),
    ],
)  # fmt: skip
def test_a_preview_chooses_as_a_deploy_does(tmp: Path, tmp_path: Path, files: dict[str, str], chosen: str) -> None:
    with preview(tmp, folder(tmp_path / "app", files)) as running:
        host, printed = until_it_runs(running)
        assert "<" in web.get(host, follow_redirects=True).text
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert chosen in "".join(printed)


def test_no_folder_is_said_plainly(tmp: Path) -> None:
    with preview(tmp, "nowhere") as running:
        _, errors = running.communicate(timeout=20)
    assert (running.returncode, "nowhere is not a folder" in errors) == (2, True)


# -- as a daily tool ---------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def shows(host: str, text: str) -> bool:
    try:
        return text in web.get(host, follow_redirects=True).text
    except httpx2.TransportError:
        return False


@pytest.mark.slow
def test_a_save_is_deployed_at_the_same_address_and_what_fails_is_mended(tmp: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    port = free_port()
    with preview(
        tmp, folder(site, {"index.html": "<h1>one</h1>"}), "--watch", "--port", str(port), fresh=True
    ) as running:
        host, _ = until_it_runs(running)
        (site / "index.html").write_text("<h1>two</h1>")
        until(lambda: shows(host, "two"))
        (site / "README.md").write_text("---\nsdk: [\n---\n")
        (site / "README.md").write_text("---\nsdk: static\n---\n")
        (site / "index.html").write_text("<h1>three</h1>")
        until(lambda: shows(host, "three"))
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=20)
    assert host == f"http://127.0.0.1:{port}"
    assert (running.returncode, complaints(errors)) == (0, [])
    assert "----- | saved: index.html" in output
    assert " runs at " not in output  # once is enough
    assert list(tmp.rglob("*")) == [tmp / "home"]


def test_the_last_word_says_that_nothing_is_left(tmp: Path) -> None:
    with preview(tmp, str(EXAMPLES / "static")) as running:
        until_it_runs(running)
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate(timeout=20)
    assert output.splitlines()[-1] == "Ended. The Space and its Hub are gone; nothing is left on this machine."


def test_the_app_is_opened_in_a_browser(tmp: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    with preview(tmp, str(EXAMPLES / "static"), "--open", BROWSER=str(browser)) as running:
        host, _ = until_it_runs(running)
        until((tmp_path / "opened").exists)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert (tmp_path / "opened").read_text().strip() == host


def test_an_app_gets_variables_and_secrets(tmp: Path, tmp_path: Path) -> None:
    given = ["--variable", "GREETING=Hi there", "--secret", "API_KEY", "--secret", "OTHER=x: #y"]
    with preview(
        tmp, folder(tmp_path / "app", witness()), "--sdk", "gradio", *given, API_KEY="from-outside-7381"
    ) as running:
        host, printed = until_it_runs(running)
        about = web.get(host).json()["environment"]
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert (about["GREETING"], about["API_KEY"], about["OTHER"]) == ("Hi there", "from-outside-7381", "x: #y")
    assert "from-outside-7381" not in "".join(printed)


def test_the_variables_of_a_ci_system_do_not_make_it_the_deploy_of_another(tmp: Path, tmp_path: Path) -> None:
    others = {
        "GITLAB_CI": "true",
        "GITHUB_ACTIONS": "true",
        "OUTPUT_FILE": str(tmp_path / "output"),
        "CIRCLECI": "true",
    }
    with preview(tmp, str(EXAMPLES / "static"), **others) as running:
        _, printed = until_it_runs(running)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert not any("::" in line or "section_start" in line for line in printed if "://" not in line)
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--secret", "NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE has no value"),
        (["--variable", "1A=x"], "NAME=VALUE"),
        (["--port", "70000"], "below 65536"),
    ],
)
def test_what_can_not_be_meant_is_said_plainly(given: list[str], says: str, tmp: Path) -> None:
    with preview(tmp, str(EXAMPLES / "static"), *given) as running:
        _, errors = running.communicate(timeout=20)
    assert (running.returncode, says in errors) == (2, True)


def test_a_port_that_is_taken_is_said_plainly(tmp: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with preview(tmp, str(EXAMPLES / "static"), "--port", str(port)) as running:
            _, errors = running.communicate(timeout=20)
    assert (running.returncode, errors) == (2, f"--port {port}: Address already in use\n")


def test_a_terminal_gets_colours_and_no_sequence_of_an_app(tmp: Path, tmp_path: Path) -> None:
    evil = "import sys\nprint('\\x1b]0;owned\\x07\\x1b[31mred\\x1b[0m', flush=True)\n" + WITNESS
    app, terminal = folder(tmp_path / "app", {**witness(), "app.py": evil}), {"FORCE_COLOR": "1", "TERM": "xterm"}
    with preview(tmp, app, "--sdk", "gradio", **terminal) as running:
        _, printed = until_it_runs(running)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    text = "".join(printed)
    assert "\x1b[1;32mRUNNING\x1b[0m" in text
    assert "\x1b[31mred\x1b[0m" in text
    assert "\x1b]" not in text
