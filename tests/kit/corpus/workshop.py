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
_HOSTS = re.compile(
    r"(https?://)?\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)\b(?!/(?:en|project))"
)
_LONGEST = 240  # seconds that a tool may take
_OFFLINE = ("unshare", "--net")
"""A network of one's own, without anything in it: what a build meets when names can't be resolved."""


@dataclass(frozen=True)
class Workshop:
    """One scenario's `folder`, and a `scratch` folder that scenarios share."""

    folder: Path
    scratch: Path

    def pip(
        self,
        arguments: str = "-r requirements.txt",
        python: str = "3.10",
        *,
        offline: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """`pip install`, in the frame that the Hub's build log gives it."""
        step = f"pip install --no-cache-dir {arguments}"
        command = [str(self._venv(python) / "bin/pip"), "install", "--no-cache-dir", *shlex.split(arguments)]
        output = self._run([*_OFFLINE * offline, *command], python, env=env)
        return _hub_frame(f"RUN --mount=target=requirements.txt,source=requirements.txt \t{step}", step, output)

    def uv(
        self,
        arguments: str = "-r requirements.txt",
        python: str = "3.10",
        *,
        offline: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """`uv pip install`, without a frame, as a Dockerfile may call it."""
        command = ["uv", "pip", "install", "--no-cache", *shlex.split(arguments)]
        return self._run([*_OFFLINE * offline, *command], python, env=env)

    def without_git(self) -> Mapping[str, str]:
        """The environment of an image that has no git: a PATH with nothing but a shell."""
        tools = self.scratch / "tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "sh").exists():
            (tools / "sh").symlink_to("/bin/sh")
        return {"PATH": str(tools)}

    @contextmanager
    def private_git(self) -> Iterator[Mapping[str, str]]:
        """The environment of a git for which every repository on GitHub asks for a name."""
        with _server(401, {"WWW-Authenticate": 'Basic realm="GitHub"'}) as server:
            yield _instead_of_github(f"{server}/")

    def git_with(self, repository: str, files: Mapping[str, str]) -> Mapping[str, str]:
        """The environment of a git for which `repository` (owner/name on GitHub) has these files on its main branch."""
        folder = self.scratch / "github" / repository
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com"]
        for arguments in (
            ["init", "--quiet", "--initial-branch", "main"],
            ["add", "."],
            ["commit", "--quiet", "-m", "x"],
        ):
            subprocess.run([*git, *arguments], check=True)
        return _instead_of_github(f"file://{self.scratch}/github/") | {"GIT_CONFIG_SYSTEM": os.devnull}

    def app(
        self,
        command: str = "python app.py",
        *,
        packages: Iterable[str] = (),
        until: str | None = None,
        python: str = "3.10",
        refusal: tuple[int, str, str] | None = None,
        code: int | None = None,
    ) -> str:
        """What the app prints until it ends, or until a line holds `until`. `refusal` is how a Hub answers whatever it
        asks: status, X-Error-Code and X-Error-Message. `code` is the exit code, where it is not one of a failure."""
        program, *arguments = shlex.split(command)
        executable = self._venv(python, *packages) / "bin" / program
        said = {"X-Error-Code": refusal[1], "X-Error-Message": refusal[2]} if refusal else {}
        with _server(refusal[0], said) if refusal else nullcontext("http://127.0.0.1:9") as hub:
            env = {"HF_ENDPOINT": hub, "HF_HOME": str(self.scratch / "hf"), "GRADIO_ANALYTICS_ENABLED": "False"}
            output = self._run([executable, *arguments], python, tuple(packages), until, env, code)
        return (
            f"===== Application Startup at 2026-01-01 00:00:00 =====\n\n{output.replace(hub, 'https://huggingface.co')}"
        )

    def node(self, command: str, *, before: str = "", offline: bool = False, until: str | None = None) -> str:
        """What a command of node or npm prints; `before` is one that has to go well first."""
        env = {"npm_config_userconfig": os.devnull, "npm_config_fetch_retry_mintimeout": "100"}
        if before:
            subprocess.run(shlex.split(before), check=True, cwd=self.folder, env=_clean(env), capture_output=True)
        return self._run([*_OFFLINE * offline, *shlex.split(command)], None, until=until, env=env)

    def classic(self, network: str = "host") -> str:
        """`docker build` by the classic builder."""
        return self._run(
            ["docker", "build", "--no-cache", "--force-rm", "--network", network, "."],
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

    def container(self, *options: str, code: int | None = None) -> str:
        """What a container of the scenario's Dockerfile prints, run as the Hub does: as user 1000."""
        built = subprocess.run(
            ["docker", "build", "--quiet", "--network", "host", self.folder],
            capture_output=True, text=True, check=True, env=os.environ | {"DOCKER_BUILDKIT": "0"},
        )  # fmt: skip
        image = built.stdout.split()[-1]
        try:
            command = ["docker", "run", "--rm", "--network", "host", "--user", "1000", *options, image]
            return self._run(command, None, code=code)
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
        code: int | None = None,
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
        ended = process.returncode != 0 if code is None else process.returncode == code
        failed = any(until in line for line in lines) if until else ended
        if not failed:
            raise RuntimeError(f"{command} did not fail as it should:\n{''.join(lines)}")
        return self._normal("".join(lines), venv)

    def _normal(self, text: str, venv: Path | None) -> str:
        text = text.replace(str(self.folder), APP)
        text = re.sub(r"http://127\.0\.0\.1:\d{4,5}/(?=acme)|file:///\S*?/github/", "https://github.com/", text)
        text = re.sub(r"'http://127\.0\.0\.1:\d{4,5}'(?=: )", "'https://github.com'", text)
        if venv:
            text = text.replace(str(venv), "/usr/local")
            text = text.replace(str((venv / "bin/python").resolve().parents[1]), "/usr/local")
        text = text.replace(str(self.scratch), "/tmp").replace(str(Path.home()), "/home/user")
        text = re.sub(r"/\S*/(?=buildkit-mount\d)", "/var/lib/docker/tmp/", text)
        return _HOSTS.sub(lambda found: "https://host.example" if found[1] else "host.example", text)


@contextmanager
def _server(status: int, headers: Mapping[str, str]) -> Iterator[str]:
    """The address of a server on loopback that answers every request so."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _instead_of_github(base: str) -> dict[str, str]:
    """The environment of a git that asks `base` whenever it is to ask GitHub, and nobody for a password."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{base}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }


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
