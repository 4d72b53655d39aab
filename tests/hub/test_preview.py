"""python -m localhub preview, and the page at /."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uv
from huggingface_hub import HfApi

from tests.kit import ROOT, web
from tests.kit.local import LocalHub, complaints
from tests.kit.space.real import EXAMPLES, WITNESS, create, gone, push, settled


@contextmanager
def preview(tmp: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A preview whose temporary files are in `tmp`, started from elsewhere."""
    command = [sys.executable, "-W", "error", "-m", "localhub", "preview", *arguments]
    env = os.environ | {"TMPDIR": str(tmp), "HOME": str(tmp / "home"), "HF_TOKEN": "hf_of_the_real_hub"}
    env |= {"UV_CACHE_DIR": subprocess.check_output([uv.find_uv_bin(), "cache", "dir"], text=True).strip()}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def until_it_runs(running: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """The address that is printed once the Space is live, and what was printed before."""
    assert running.stdout
    printed = []
    for line in running.stdout:
        if " runs at " in line:
            return line.split(" runs at ")[1].split()[0], printed
        printed.append(line)
    assert running.stderr
    pytest.fail(f"it never ran:\n{''.join(printed)}{running.stderr.read()}")


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
    with preview(tmp, str(EXAMPLES / "static"), "--sdk", "static") as running:
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
        "app.py": WITNESS,
        "version": "1",
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
    assert "3 files, " in text  # git's own stay


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


# -- the page at / ----------------------------------------------------------------------------------------------------


def test_the_page_lists_spaces_with_stage_commit_and_address(api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "docker")
    hub.script(name, {"stage": "BUILD_ERROR", "errorMessage": "no <b>such</b> module"})
    readme = '---\ntitle: "<script>alert(1)</script>"\nsdk: docker\n---\n'
    commit = push(api, name, {"README.md": readme, "Dockerfile": "FROM scratch"})
    assert settled(api, name).stage == "BUILD_ERROR"
    page = web.get(hub.endpoint)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for expected in [
        name,
        "BUILD_ERROR",
        commit[:7],
        str(api.space_info(name).host),
        "no &lt;b&gt;such&lt;/b&gt; module",
    ]:
        assert expected in page.text
    assert "<script>" not in page.text


def test_the_page_shows_private_spaces_only_to_those_who_may_read(api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "static")
    api.update_repo_settings(name, repo_type="space", visibility="private")
    assert f"{name}," not in web.get(hub.endpoint).text
    assert f"{name}," in web.get(hub.endpoint, headers={"authorization": "Bearer hf_alice"}).text
