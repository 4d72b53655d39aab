"""`make pictures`: what people see of a run, from real steps on a Hub of this machine, as GitHub shows it.

Leaves a picture of each summary, and of the comments on a pull request, in build/pictures/, on a phone and on a desktop, light and dark, and its Markdown; and those of the README in
docs/pictures/. `--kept` makes these alone.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.demo import APP, BUILD_ERROR, BUILD_LOG, SITE
from tests.kit import ROOT, gitrepo, needs, repository
from tests.kit.github import github
from tests.kit.local import LocalHub, localhub
from tests.kit.step import event, pictures
from tests.kit.step.action import REPOSITORY, Step, begin, deploy

FOLDER = ROOT / "build" / "pictures"
KEPT = {"live": "live", "failed with cause": "failed"}
"""Scenes that the README shows, and the names of their pictures."""
KEPT_IN, KEPT_WIDTH = ROOT / "docs" / "pictures", 760
USED = {"GITHUB_ACTION_REPOSITORY": "org/hf-space-deploy", "GITHUB_ACTION_REF": "v1"}
DOCKER = {
    "Dockerfile": "FROM python:3.13-slim\nCOPY . .\nCMD python app.py\nEXPOSE 7860\n",
    "app.py": "print('hello')\n",
    "style.css": "body {}\n",
}
WORKFLOW = ".github/workflows/deploy.yml"
STEP = "on: push\njobs:\n  deploy:\n    steps:\n      - uses: org/hf-space-deploy@v1\n        with:\n"
NOT_BUILT = (
    {"stage": "BUILDING", "build_log": BUILD_LOG},
    {"after": 0.5, "stage": "BUILD_ERROR", "errorMessage": BUILD_ERROR},
)


class Stage:
    """The Hub, and checkouts on this machine."""

    def __init__(self, hub: LocalHub, folder: Path) -> None:
        self.hub, self.folder = hub, folder

    def run(self, workspace: Path, space: str, **inputs: str) -> Step:
        """Run a step to its end."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return deploy(workspace, self.hub.endpoint, {"space": space, **given}, env=USED)

    def checkout(self, name: str, files: dict[str, str]) -> Path:
        """A checkout with one commit."""
        return repository.create(self.folder / name, files)


def scenes(stage: Stage) -> Iterator[tuple[str, Step]]:
    """Every result that people should know at a glance."""
    hub = stage.hub
    site = stage.checkout("site", SITE)
    yield "first deploy", stage.run(site, "alice/moon")
    yield "unchanged", stage.run(site, "alice/moon")

    full = stage.checkout("full", DOCKER)
    stage.run(full, "alice/full")
    repository.commit(full, "Say tonight", {"app.py": "print('tonight')\n", "new.css": "p {}\n"})
    wanted = {"hardware": "t4-small", "sleep_time": "30m", "variables": "MODEL=org/model"}
    planned = {**wanted, "visibility": "private", "secrets": "API_KEY=a-secret-value"}
    yield "plan", stage.run(full, "alice/full", dry_run="true", **planned)
    yield "live", stage.run(full, "alice/full", **wanted)

    app = stage.checkout("app", APP)
    hub.script("alice/app", *NOT_BUILT)
    yield "failed with cause", stage.run(app, "alice/app")
    yield "status broken", stage.run(app, "alice/app", command="status")

    repository.commit(full, "Ask for a model", {"requirements.txt": "gradoi\n"})
    hub.script("alice/full", *NOT_BUILT)
    given = {
        "space": "alice/full",
        "on-failure": "rollback",
        **{name.replace("_", "-"): each for name, each in wanted.items()},
    }
    since = len(hub.requests())
    with begin(full, hub.endpoint, given, env=USED) as running:
        hub.committed("alice/full", since=since)
        hub.no_script("alice/full")
        yield "rolled back", running.end()

    yield "check healthy", stage.run(site, "alice/moon", command="check")
    yield (
        "check unhealthy",
        stage.run(site, "alice/moon", command="check", hf_token="hf_alice_read", hardware="t5-huge"),
    )
    bad = {"sdk": "flask", "timeout": "soon", "visibility": "secret", "probe": "x", "wait": "perhaps"}
    given = {"space": "a/b/c", **bad}
    lines = "".join(f"          {name}: {value}\n" for name, value in given.items())
    named = stage.checkout("inputs", {**SITE, WORKFLOW: STEP + lines})
    env = {"GITHUB_JOB": "deploy", "GITHUB_WORKFLOW_REF": f"octo/site/{WORKFLOW}@refs/heads/main"}
    yield "bad inputs", deploy(named, hub.endpoint, given, env=USED | env)
    yield "token refused", stage.run(site, "alice/moon", hf_token="hf_" + "AbCdEfGh" * 4)
    hub.script("alice/slow", {"stage": "BUILDING", "build_log": "--> RUN pip install torch\nCollecting torch\n"})
    yield "timeout", stage.run(app, "alice/slow", timeout="3s")


def comments(stage: Stage) -> Iterator[tuple[str, str]]:
    """What a pull request shows of its preview, and of a plan; the Markdown of each."""
    site, broken = stage.checkout("pull", SITE), stage.checkout("broken", APP)
    given = {"github-token": "ghs_job"}
    with github(REPOSITORY, {"ghs_job": {}}) as octo:

        def run(number: int, action: str = "opened", workspace: Path = site, **inputs: str) -> str:
            pull = octo.pulls.get(number) or octo.open(number, gitrepo.git(workspace, "rev-parse", "HEAD").strip())
            env = USED | event.pull_request(stage.folder, pull, action)
            named = {name.replace("_", "-"): value for name, value in inputs.items()}
            asked = {"space": "alice/site", "command": "preview", **given, **named}
            deploy(workspace, stage.hub.endpoint, asked, env=env, github=octo.url)
            return str(octo.comments[-1]["body"])

        yield "comment on a preview", run(12)
        yield "comment on its end", run(12, "closed")
        stage.hub.script("alice/site-pr-13", *NOT_BUILT)
        yield "comment on a broken preview", run(13, workspace=broken)
        yield "comment on a plan", run(14, command="deploy", dry_run="true", comment="true")


def main() -> int:
    """Run every scene and make its pictures; 0 when there is one of each."""
    parser = argparse.ArgumentParser(prog="python -m scripts.pictures", description=__doc__)
    parser.add_argument("--kept", action="store_true", help="only the pictures of the README")
    only_kept = parser.parse_args().kept
    chromium = needs.browser()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for folder in (FOLDER, KEPT_IN):
        folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder_name, localhub("--simulate", "--tick", "0.2") as hub:
        stage = Stage(hub, Path(folder_name))
        for name, step in scenes(stage):
            made[name] = step.summary
            print(f"{name}: {step.outputs.get('result')}")
            if only_kept and made.keys() >= KEPT.keys():
                break
        if not only_kept:
            made |= comments(stage)
    with pictures.browser(chromium) as started:
        for name, markdown in made.items():
            if name in KEPT:
                keep(started, KEPT[name], markdown)
            if not only_kept:
                draw(started, name.replace(" ", "-"), markdown)
    print(f"The pictures are in {FOLDER.relative_to(ROOT)}/ and {KEPT_IN.relative_to(ROOT)}/")
    return 0


def keep(started: object, name: str, summary: str) -> None:
    """Leave the two pictures of a summary that the README shows, light and dark."""
    for colours in ("light", "dark"):
        with pictures.opened(started, summary, width=KEPT_WIDTH, dark=colours == "dark") as shown:
            pictures.shoot(shown, KEPT_IN / f"{name}-{colours}.png")


def draw(started: object, name: str, summary: str) -> None:
    """Leave the Markdown of a summary, and four pictures of it."""
    (FOLDER / f"{name}.md").write_text(summary, "utf-8")
    for width, device in ((pictures.PHONE, "phone"), (pictures.DESKTOP, "desktop")):
        for dark in (False, True):
            with pictures.opened(started, summary, width=width, dark=dark) as shown:
                pictures.shoot(shown, FOLDER / f"{name}-{device}-{'dark' if dark else 'light'}.png")


if __name__ == "__main__":
    sys.exit(main())
