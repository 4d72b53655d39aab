"""Runs the real tools for a scenario and returns what they print, with the machine's own paths and addresses replaced."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

APP = "/home/user/app"
BUILDX = shlex.split(os.environ.get("BUILDX", "docker buildx"))
_HOSTS = re.compile(r"https?://(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)")
_LONGEST = 120  # seconds that a tool may take


@dataclass(frozen=True)
class Workshop:
    """One scenario's `folder`, and a `scratch` folder that scenarios share."""

    folder: Path
    scratch: Path

    def pip(self, arguments: str = "-r requirements.txt", python: str = "3.10") -> str:
        """`pip install`, in the frame that the Hub's build log gives it."""
        step = f"pip install --no-cache-dir {arguments}"
        output = self._run(
            [self._venv(python) / "bin/pip", "install", "--no-cache-dir", *shlex.split(arguments)], python
        )
        return _hub_frame(f"RUN --mount=target=requirements.txt,source=requirements.txt \t{step}", step, output)

    def uv(self, arguments: str = "-r requirements.txt", python: str = "3.10") -> str:
        """`uv pip install`, without a frame, as a Dockerfile may call it."""
        return self._run(["uv", "pip", "install", "--no-cache", *shlex.split(arguments)], python)

    def app(
        self,
        command: str = "python app.py",
        *,
        packages: Iterable[str] = (),
        until: str | None = None,
        python: str = "3.10",
        refusal: tuple[int, str, str] | None = None,
    ) -> str:
        """What the app prints until it ends, or until a line holds `until`. `refusal` is how a Hub answers whatever it
        asks: status, X-Error-Code and X-Error-Message."""
        program, *arguments = shlex.split(command)
        executable = self._venv(python, *packages) / "bin" / program
        with _refusing_hub(*refusal) if refusal else nullcontext("http://127.0.0.1:9") as hub:
            env = {"HF_ENDPOINT": hub, "HF_HOME": str(self.scratch / "hf"), "GRADIO_ANALYTICS_ENABLED": "False"}
            output = self._run([executable, *arguments], python, tuple(packages), until, env)
        return (
            f"===== Application Startup at 2026-01-01 00:00:00 =====\n\n{output.replace(hub, 'https://huggingface.co')}"
        )

    def node(self, command: str) -> str:
        """What a command of node or npm prints."""
        return self._run(shlex.split(command), None, env={"npm_config_userconfig": os.devnull})

    def classic(self) -> str:
        """`docker build` by the classic builder."""
        return self._run(
            ["docker", "build", "--no-cache", "--force-rm", "--network", "host", "."],
            None,
            env={"DOCKER_BUILDKIT": "0"},
        )

    def buildkit(self) -> str:
        """`docker buildx build` by BuildKit. The variable BUILDX names another command for it."""
        options = ["--no-cache", "--progress", "plain", "--network", "host", "--allow", "network.host"]
        return self._run([*BUILDX, "build", *options, "."], None)

    def hub_build(self, step: str, command: str) -> str:
        """A step of the Hub's own build of a Gradio Space, run in a container."""
        (self.folder / "Dockerfile").write_text(f"FROM python:3.13-slim\nWORKDIR {APP}\nCOPY . .\nRUN {command}\n")
        lines = self.classic().splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith("Step 4/4"))
        output = [
            line for line in lines[start + 2 :] if not line.startswith("Removing inter") and "The command '" not in line
        ]
        return _hub_frame(step, command, "\n".join(output))

    def container(self, *options: str) -> str:
        """What a container of the scenario's Dockerfile prints, run as the Hub does: as user 1000."""
        built = subprocess.run(
            ["docker", "build", "--quiet", "--network", "host", self.folder],
            capture_output=True, text=True, check=True, env=os.environ | {"DOCKER_BUILDKIT": "0"},
        )  # fmt: skip
        image = built.stdout.split()[-1]
        try:
            return self._run(["docker", "run", "--rm", "--network", "host", "--user", "1000", *options, image], None)
        finally:
            subprocess.run(["docker", "image", "rm", "--force", image], check=True, capture_output=True)

    def _venv(self, python: str, *packages: str) -> Path:
        """A virtual environment with `packages`, made once."""
        name = "-".join([python, *(re.sub(r"\W+", "", package) for package in packages)])
        folder = self.scratch / "venvs" / name
        if not folder.exists():
            subprocess.run(["uv", "venv", "--quiet", "--seed", "--python", python, folder], check=True)
            if packages:
                install: list[str | Path] = [
                    "uv",
                    "pip",
                    "install",
                    "--quiet",
                    "--python",
                    folder / "bin/python",
                    *packages,
                ]
                subprocess.run(install, check=True, env=_clean({}))
        return folder

    def _run(
        self,
        command: Sequence[str | Path],
        python: str | None,
        packages: tuple[str, ...] = (),
        until: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        venv = self._venv(python, *packages) if python else None
        added = {"VIRTUAL_ENV": str(venv), "PATH": f"{venv}/bin:{os.environ['PATH']}"} if venv else {}
        lines = []
        with subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=_clean({**added, **(env or {})}), start_new_session=True, text=True, errors="replace",
        ) as process:  # fmt: skip
            assert process.stdout
            signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
            signal.alarm(_LONGEST)
            for line in process.stdout:
                lines.append(line)
                if until and until in line:
                    os.killpg(process.pid, signal.SIGKILL)
                    break
            if until is None:
                process.wait()
            signal.alarm(0)
        failed = any(until in line for line in lines) if until else process.returncode != 0
        if not failed:
            raise RuntimeError(f"{command} did not fail as it should:\n{''.join(lines)}")
        return self._normal("".join(lines), venv)

    def _normal(self, text: str, venv: Path | None) -> str:
        text = text.replace(str(self.folder), APP)
        if venv:
            text = text.replace(str(venv), "/usr/local")
            text = text.replace(str((venv / "bin/python").resolve().parents[1]), "/usr/local")
        text = text.replace(str(self.scratch), "/tmp").replace(str(Path.home()), "/home/user")
        text = re.sub(r"/\S*/(?=buildkit-mount\d)", "/var/lib/docker/tmp/", text)
        return _HOSTS.sub("https://host.example", text)


@contextmanager
def _refusing_hub(status: int, code: str, message: str) -> Iterator[str]:
    """The address of a server on loopback that answers every request so."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", message)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _hub_frame(step: str, command: str, output: str) -> str:
    """What the Hub prints around the output of a step that failed; the shape is known from logs in public issues."""
    failed = f'--> ERROR: process "/bin/sh -c {command}" did not complete successfully: exit code: 1'
    start = "===== Build Queued at 2026-01-01 00:00:00 / Commit SHA: 1234567 =====\n"
    base = "--> FROM docker.io/library/python:3.10\nDONE 0.0s\n\n--> WORKDIR /home/user/app\nCACHED\n"
    return f"{start}\n{base}\n--> {step}\n{output.rstrip()}\n\n{failed}\n"


def _clean(added: Mapping[str, str]) -> dict[str, str]:
    """The environment without what this machine's owner set up for pip, uv or npm."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "npm_", "HF_"))}
    kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_PROGRESS_BAR": "off"}
    kept |= {"PYTHONUNBUFFERED": "1", "UV_NO_CONFIG": "1", "NO_COLOR": "1"}
    return kept | dict(added)
