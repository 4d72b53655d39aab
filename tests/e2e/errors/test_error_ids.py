"""The register of errors, end to end: each id is met by a step that runs as a runner would run it, on a Hub of its own.

An id that neither a table here or in a module like this one provokes, nor another test of a step asserts, is found by
`test_every_id_is_provoked`.
"""

import ast
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd

from hfspace_action.errors import catalogue
from hfspace_action.foresight import Tree, foresee
from tests.kit import ROOT, repository
from tests.kit.corpus.make import PARTS
from tests.kit.corpus.scenario import Scenario, log
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.space.made_repositories import DOCKERFILE, FASTAPI, GRADIO
from tests.kit.step.action import AUDIT, REPOSITORY, deploy
from tests.kit.step.provoke import DOCKER, SITE, WORKFLOW, Case, Play, Scene, each

TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 123456\n"
AT_ONCE = {"Retry-After": "0"}
BUILDING = {"stage": "RUNNING_BUILDING"}
APP = {**DOCKER, "app.py": "print(2)\n"}
BROKEN = [BUILDING, {"after": 0.7, "stage": "BUILD_ERROR"}]
ROLLBACK = {"on-failure": "rollback"}
DEPLOYS = """\
jobs:
  deploy:
    steps:
      - uses: org/hf-space-deploy@v1
        with: {space: alice/demo, hf-token: "${{ secrets.SPACE_TOKEN }}"}
"""


def readme(front_matter: str) -> dict[str, str]:
    return {"README.md": f"---\n{front_matter}\n---\n", "index.html": "<h1>Tides</h1>\n"}


def on_disk(change: Callable[[Path], object]) -> Callable[[Scene], None]:
    """What is done to the checkout after its commit."""
    return lambda scene: (change(scene.workspace), None)[1]


def tracked(change: Callable[[Path], object]) -> Callable[[Scene], None]:
    """What is done to the checkout after its commit, and added to git's index."""
    return lambda scene: (change(scene.workspace), git(scene.workspace, "add", "--all"), None)[2]


def crowded(workspace: Path) -> None:
    shutil.rmtree(workspace / ".git")
    for number in range(10_001):
        (workspace / f"{number}.txt").touch()


def without_git_but_a_link(workspace: Path) -> None:
    shutil.rmtree(workspace / ".git")
    (workspace / ".gitignore").symlink_to("index.html")


def a_job(scene: Scene) -> Mapping[str, str]:
    return scene.hub.job("octo/site") | WORKFLOW


def in_a_job(_: Scene) -> Mapping[str, str]:
    return {**WORKFLOW, "GITHUB_JOB": "deploy"}


def with_workflows(**workflows: str) -> dict[str, str]:
    """A page, and workflows of GitHub by their names."""
    return SITE | {f".github/workflows/{name}.yml": text for name, text in workflows.items()}


def from_a_fork(scene: Scene) -> Mapping[str, str]:
    """The event of a pull request from a repository of somebody else."""
    sides = {"head": {"repo": {"full_name": "eve/site"}}, "base": {"repo": {"full_name": REPOSITORY}}}
    event = scene.workspace.with_suffix(".json")
    event.write_text(json.dumps({"pull_request": sides}), "utf-8")
    return {"GITHUB_EVENT_PATH": str(event)}


def broken_library(scene: Scene) -> Mapping[str, str]:
    """A machine on which the Hub's client can't be loaded."""
    libraries = scene.workspace.with_suffix(".libraries")
    libraries.mkdir()
    (libraries / "huggingface_hub.py").write_text("raise SystemError('it was built for another machine')\n", "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(AUDIT), str(libraries)])}


def publisher_of_nothing(scene: Scene) -> Mapping[str, str]:
    """A Space that trusted the job, and that it does not see any more."""
    scene.exists()
    scene.fault("GET", kind="status", status=404, headers={"X-Error-Code": "RepoNotFound"})
    return scene.trusted()


def with_variable(scene: Scene) -> None:
    scene.exists(DOCKER, sdk="docker").add_space_variable(scene.space, "A", "1")


def edited_after_a_deploy(scene: Scene) -> None:
    api = scene.exists()
    for title in ("Deploy octo/site@0123456", "Update index.html"):
        added = [CommitOperationAdd("index.html", title.encode())]
        api.create_commit(scene.space, added, repo_type="space", commit_message=title)


def with_kept_file(scene: Scene) -> None:
    scene.exists({**SITE, "data/notes.txt": "notes"})


def never_shown(scene: Scene) -> None:
    scene.fault("GET", r"(\?|$)", kind="status", status=404, headers={"X-Error-Code": "RepoNotFound"})


def runs(scene: Scene, *steps: Mapping[str, Any]) -> None:
    """A Space that runs something else, and what comes of the step's commit."""
    scene.hub.script(scene.space, {"stage": "RUNNING"})
    scene.exists(DOCKER, sdk="docker")
    scene.hub.script(scene.space, *map(dict, steps))


def ran_the_same(scene: Scene) -> None:
    """A Space that still runs the files that the step deploys, though its main has others."""
    scene.hub.script(scene.space, {"stage": "RUNNING"})
    api = scene.exists(APP, sdk="docker")
    scene.hub.script(scene.space, {"stage": "RUNNING", "sha": "old"})
    other = [CommitOperationAdd("app.py", b"print(3)\n")]
    api.create_commit(scene.space, other, repo_type="space", commit_message="Other")
    scene.hub.script(scene.space, *BROKEN)


def unconfirmed(scene: Scene) -> None:
    """A Space that has the files that the step deploys, and runs nobody knows what."""
    scene.hub.script(scene.space, {"stage": "RUNNING", "sha": "none"})
    step = deploy(scene.workspace, scene.hub.endpoint, {"space": scene.space, "wait": "false"})
    assert step.outputs["result"] == "published", step.log


def says(stage: str, message: str = "", build_log: str = "", **step: Any) -> Callable[[Scene], None]:
    """What the Hub makes of the commit."""
    step = {"stage": stage, "errorMessage": message, "build_log": build_log, **step}
    return lambda scene: runs(scene, BUILDING, {"after": 0.7, **step})


CASES = [
    # The inputs
    Case("input-space-missing", "no space", inputs={"space": ""}),
    Case("input-token-missing", "no token", inputs={"hf-token": ""}),
    Case("token-name", "the name of a secret", inputs={"hf-token": "HF_TOKEN"}),
    Case("token-name", "an expression that was not filled in", inputs={"hf-token": "${{ secrets.HF_TOKEN }}"}),
    Case("token-foreign", "a token of GitHub", inputs={"hf-token": f"ghp_{TOKEN[3:]}"}),
    Case("token-misplaced", "a token as a variable", inputs={"variables": f"KEY={TOKEN}"}),
    Case("token-mistyped", "a token in quotes", inputs={"hf-token": f'"{TOKEN}"'}),
    Case("token-mistyped", "a token in two lines", inputs={"hf-token": f"{TOKEN[:20]}\n{TOKEN[20:]}"}),
    Case("token-fork", "a pull request from a fork", inputs={"hf-token": ""}, given=from_a_fork),
    Case("token-dependabot", "a run of Dependabot", inputs={"hf-token": ""}, given=lambda _: {"GITHUB_ACTOR": "dependabot[bot]"}),
    Case("token-unset", "a secret that is not set", files=with_workflows(deploy=DEPLOYS), inputs={"hf-token": ""}, given=in_a_job),
    Case("token-environment", "a secret of another job's environment", inputs={"hf-token": ""}, given=in_a_job,
         files=with_workflows(deploy=DEPLOYS, release=DEPLOYS.replace("deploy:", "release:\n    environment: production"))),
    Case("token-not-inherited", "a called workflow without secrets", inputs={"hf-token": ""}, given=in_a_job,
         files=with_workflows(deploy="jobs:\n  call:\n    uses: ./.github/workflows/reusable.yml\n", reusable=DEPLOYS)),
    Case("input-space-owner", "no owner and no token", inputs={"space": "demo", "hf-token": ""}, given=a_job),
    Case("input-invalid", "an unknown sdk", inputs={"sdk": "flask"}),
    Case("input-collision", "one name for two", inputs={"secrets": "A=1", "variables": "A=2"}),
    # The checkout
    Case("path-outside", "a path outside", inputs={"path": ".."}),
    Case("path-missing", "a folder that is missing", inputs={"path": "dist"}),
    Case("checkout-empty", "nothing to deploy", files={".gitignore": "*.tmp\n"}),
    Case("checkout-repository", "a damaged repository", given=on_disk(lambda at: (at / ".git/index").write_bytes(b"?" * 64))),
    Case("checkout-format", "a split index", given=on_disk(lambda at: git(at, "update-index", "--split-index"))),
    Case("checkout-rules", "a .gitignore that is a link", given=on_disk(without_git_but_a_link)),
    Case("checkout-deep", "a folder in itself", files={**SITE, "d/" * 120 + "x": ""}),
    Case("checkout-lfs", "a pointer of LFS", files={**SITE, "model.bin": POINTER}),
    Case("checkout-encrypted", "a locked file", files={**SITE, ".gitattributes": "*.key filter=git-crypt\n", "a.key": "\0GITCRYPT\0locked"}),
    Case("checkout-link", "a link to nowhere", given=tracked(lambda at: (at / "link").symlink_to("gone"))),
    Case("checkout-name", "a name that is no UTF-8", given=tracked(lambda at: (at / "\udcff").touch())),
    Case("checkout-cache", "a file in .cache", files={**SITE, ".cache/x": "x"}),
    Case("checkout-crowded", "a crowded folder", given=on_disk(crowded)),
    Case("checkout-credential", "something like a token", files={**SITE, "config.py": f'TOKEN = "{TOKEN}"\n'}),
    Case("keep-conflict", "a kept README", inputs={"keep": "README.md"}),
    Case("keep-conflict", "a kept folder in the way", files={**SITE, "data": "x"}, inputs={"keep": "data/notes.txt"},
         given=with_kept_file),
    Case("drift", "a hand edit after a deploy", inputs={"on-drift": "fail"}, given=edited_after_a_deploy),
    # README.md
    Case("readme-folder", "a folder in its place", files={"README.md/notes.txt": "", "index.html": "<h1>Tides</h1>\n"},
         says=["README.md/notes.txt"]),
    Case("readme-encoding", "a README that is no UTF-8", given=on_disk(lambda at: (at / "README.md").write_bytes(b"\xff"))),
    Case("readme-yaml", "front matter that is no YAML", files=readme("a: b: c")),
    Case("readme-mapping", "front matter that is a list", files=readme("- a")),
    Case("readme-refused", "a colour that the Hub does not know", files=readme("sdk: static\ncolorFrom: mauve")),
    Case("readme-block", "front matter without an end", files={**SITE, "README.md": "---\nsdk: static\n\n# x\n"}),
    Case("sdk-unknown", "no sdk", files={"main.txt": "x"}),
    Case("sdk-several", "two apps", files={"one.py": GRADIO, "two.py": GRADIO}),
    Case("sdk-module", "an app that is a part of its package",
         files={"shop/__init__.py": "", "shop/ui.py": "from .parts import build\n\nbuild().launch()\n",
          "shop/parts.py": "import gradio as gr\n\n\ndef build():\n    return gr.Blocks()\n"}),
    Case("sdk-folder", "a page that takes its folder for the top",
         files={"public/index.html": '<script src="/a.js">', "public/a.js": ""}),
    Case("sdk-server", "FastAPI", files={"main.py": FASTAPI}),
    Case("dockerfile-elsewhere", "a Dockerfile in a folder", files={"docker/Dockerfile": DOCKERFILE, "main.py": FASTAPI}),
    Case("site-source", "Hugo", files={"hugo.toml": "", "content/a.md": "x"}),
    Case("sdk-streamlit", "streamlit", files=readme("sdk: streamlit")),
    Case("port-low", "a low port",
         files={"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 80\n"}),
    # Without a stored token
    Case("identity-not-issued", "GitHub issues nothing", inputs={"hf-token": ""},
         given=lambda scene: {**a_job(scene), "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "ended"}),
    Case("publisher-refused", "a Space that trusts nobody", inputs={"hf-token": ""},
         given=lambda scene: (scene.exists(), a_job(scene))[1]),
    Case("publisher-creates-nothing", "a Space that is not seen", inputs={"hf-token": ""}, given=publisher_of_nothing),
    # The Hub's answers
    Case("hub-unwell", "503 for ever", given=lambda scene: scene.fault("GET", kind="status", status=503, headers=AT_ONCE)),
    Case("hub-unreachable", "nobody answers", inputs={"endpoint": "http://127.0.0.1:9"}, slow=True),
    Case("not-a-hub", "a page", slow=True, given=lambda scene: scene.fault("GET", kind="html", status=200)),
    Case("hub-unwell", "an answer that makes no sense", slow=True,
         given=lambda scene: scene.fault("GET", kind="status", status=200, headers=AT_ONCE, body=[])),
    Case("hub-elsewhere", "a redirect to another server",
         given=lambda scene: scene.fault("GET", kind="status", status=307, headers={"Location": "http://localhost:9/"})),
    # A fault of ours
    Case("internal", "a library that can't be loaded", given=broken_library),
    # The runner's own network
    Case("proxy-unusable", "a SOCKS proxy", given=lambda _: {"ALL_PROXY": "socks5://127.0.0.1:1080"}),
    Case("proxy-unreachable", "a proxy that is not there", given=lambda _: {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}),
    Case("certificates-unreadable", "certificates that are not there", given=lambda _: {"SSL_CERT_FILE": "gone.pem"}),
    # What the files show
    Case("python-version-unknown", "Python 2",
         files={**readme("sdk: gradio\npython_version: 2.7"), "app.py": "import gradio\n"}),
    # Settings
    Case("static-secrets", "secrets of a page", inputs={"secrets": "A=1"}),
    Case("static-hardware", "hardware of a page", inputs={"hardware": "t4-small"}),
    Case("zero-gpu-gradio", "ZeroGPU with docker", files=DOCKER, inputs={"hardware": "zero-a10g"}),
    Case("sleep-time-free", "a sleep time on free hardware", files=DOCKER, inputs={"sleep-time": "1h"}),
    Case("hardware-unknown", "unknown hardware", files=DOCKER, inputs={"hardware": "t5-huge"}),
    Case("settings-collision", "a secret that is a variable", files=DOCKER, inputs={"secrets": "A=1"},
         given=with_variable),
    Case("settings-not-confirmed", "a yes that changed nothing", files=DOCKER, inputs={"variables": "A=1"},
         given=lambda scene: (scene.exists(DOCKER, sdk="docker"),
                              scene.fault("POST", "/variables", kind="status", status=200, body={}))[1]),
    # Publishing
    Case("not-created", "a Space that does not appear", given=never_shown, slow=True),
    Case("head-moved", "others are always faster", slow=True,
         given=lambda scene: scene.fault("POST", "/commit/", kind="status", status=412, body={"error": "The branch was updated"})),
    Case("tree-differs", "a listing without the files",
         given=lambda scene: scene.fault("GET", "/tree/", kind="status", status=200, body=[])),
    Case("upload-failed", "no token for large files", files={**SITE, "model.bin": "weights"},
         given=lambda scene: scene.fault("GET", "/xet-write-token/", kind="status", status=403, body={"error": "No"})),
    # What became of the Space
    Case("stage-no-app-file", "no app file, nor after the rollback", files=APP, inputs=ROLLBACK,
         given=lambda scene: runs(scene, BUILDING, {"after": 0.7, "stage": "NO_APP_FILE"}), result="failed"),
    Case("rollback-impossible", "a rollback of the first deploy", files=APP, inputs=ROLLBACK,
         given=lambda scene: scene.hub.script(scene.space, *BROKEN), result="failed"),
    Case("rollback-same", "a rollback to the same files", files=APP, inputs=ROLLBACK, given=ran_the_same, result="failed"),
    Case("release-unknown", "a rollback without a release", inputs={"command": "rollback"}, given=lambda scene: scene.exists(SITE)),
    Case("stage-config-error", "a configuration that the Hub refuses", files=APP, given=says("CONFIG_ERROR", "Odd"), result="failed"),
    Case("stage-runtime-error", "an app that ends without a word", files=APP, given=says("RUNTIME_ERROR", sha="new"), result="failed"),
    Case("stage-deleting", "a Space that is being deleted", files=APP, given=says("DELETING"), result="failed"),
    Case("timeout", "a build without end", files=APP, inputs={"timeout": "2s"}, result="timeout",
         given=lambda scene: runs(scene, {**BUILDING, "build_log": "#1 FROM scratch\n"})),
    Case("build-queued", "a build that does not begin", files=APP, inputs={"timeout": "2s"}, result="timeout",
         given=lambda scene: runs(scene, BUILDING)),
    Case("unconfirmed", "an app without a commit", files=APP, given=unconfirmed, result="unconfirmed"),
    # Why it does not run: what the Hub says, and a build that could not be had here
    *(Case(error, f"{stage}: {message}", files=APP, given=says(stage, message), result="failed")
      for error, stage, message in [
          ("front-matter-missing", "CONFIG_ERROR", "Missing configuration in README"),
          ("front-matter-invalid", "CONFIG_ERROR", '"app_port" must be greater than or equal to 1025'),
          ("name-collision", "CONFIG_ERROR", "Collision on variables and secrets names"),
          ("hardware-billing", "RUNTIME_ERROR", "You must add a payment method to your account"),
          ("storage-full", "RUNTIME_ERROR", "Workload evicted, storage limit exceeded (50G)"),
          ("hub-fault", "BUILD_ERROR", "Unexpected job error"),
      ]),
    Case("build-needs-plan", "a build without a plan",
         files={"README.md": "---\nsdk: static\napp_build_command: make\n---\n"},
         given=says("BUILD_ERROR", "402 Payment Required: a subscription is needed to run jobs"), result="failed"),
    Case("base-image-missing", "an image that nobody has", files={**APP, "Dockerfile": "FROM nosuch/image:1\n"},
         result="failed",
         given=says("BUILD_ERROR", build_log="ERROR: failed to solve: docker.io/nosuch/image:1: not found\n")),
    Case("module-not-installed", "a module that the build forgot",
         files={**APP, "app.py": "import cv2\n", "requirements.txt": "opencv-python-headless\n"},
         given=says("RUNTIME_ERROR", sha="new", run_log='Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\n'
                    "    import cv2\nModuleNotFoundError: No module named 'cv2'\n"),
         result="failed"),
]  # fmt: skip


def of_the_corpus() -> Iterator[Case]:
    """A Space with the log of each cause that was provoked for real: `tests.kit.corpus`."""
    seen: set[str] = set()
    for part, scenarios in PARTS.items():
        for scenario in scenarios:
            if scenario.id not in seen:
                seen.add(scenario.id)
                yield of(scenario, part)


def of(scenario: Scenario, part: str) -> Case:
    """A Space that does what the scenario says, with the scenario's log."""
    text = log(part, scenario).read_text("utf-8")
    which = "build_log" if scenario.stage == "BUILD_ERROR" else "run_log"
    starting = scenario.stage == "APP_STARTING"
    foreseen = foresee(Tree(scenario.deployed, str(scenario.data["sdk"]), scenario.data)).certain
    return Case(
        scenario.id,
        f"{part}: {scenario.name}",
        files=scenario.files,
        inputs={"timeout": "5s"} if starting else {},
        given=lambda scene: scene.hub.script(
            scene.space,
            {"stage": "BUILDING"},
            {"after": 0.7, "stage": scenario.stage, "errorMessage": scenario.message, which: text},
        ),
        result="error" if foreseen else "timeout" if starting else "failed",
    )


CORPUS = list(of_the_corpus())


@pytest.mark.parametrize("case", each([*CASES, *CORPUS]))
def test_id(case: Case, play: Play) -> None:
    ended = play(case)
    step = ended.step

    assert (step.exit_code, step.outputs["result"]) == (1, case.result), step.log
    assert case.error in ended.errors, step.log
    assert step.outputs["error"] in ended.errors, "the output names one of them"
    assert f"({case.error})" in step.summary
    assert "Traceback" not in ended.errors[case.error]


MISTYPED = [case for case in CASES if case.error in ("token-foreign", "token-mistyped")]


@pytest.mark.parametrize("case", each(MISTYPED))
def test_no_part_of_a_mistyped_token_is_shown(case: Case, play: Play) -> None:
    step = play(case).step
    shown = "".join(line for line in step.log.splitlines() if not line.startswith("::add-mask::")) + step.summary

    assert not [part for part in (TOKEN[3:13], TOKEN[-10:]) if part in shown + "".join(step.outputs.values())]


def test_annotation_and_summary_lead_to_the_section_of_the_error(hub: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)
    used = {"GITHUB_ACTION_REPOSITORY": "org/hf-space-deploy", "GITHUB_ACTION_REF": "v1"}

    step = deploy(workspace, hub.endpoint, {"space": "alice/demo", "sdk": "flask", "timeout": "soon"}, env=used)

    address = "https://github.com/org/hf-space-deploy/blob/v1/docs/errors.md"
    assert step.log.count(f"%0A{address}#input-invalid [input-invalid]\n") == 2
    assert step.summary.count(f"({address}#input-invalid)") == 1


def elsewhere() -> Iterator[str]:
    """The words that other tests of steps, and that of the runner's files, assert, and the errors of their cases."""
    modules = {*(ROOT / "tests/e2e").rglob("test_*.py"), ROOT / "tests/unit/workflow/test_runner.py"} - {Path(__file__)}
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Assert):
                yield from _words(ast.walk(node))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Case", "System"):
                yield from _words([*node.args, *(each.value for each in node.keywords if each.arg == "error")])


def _words(nodes: Iterable[ast.AST]) -> Iterator[str]:
    yield from (
        node.value.strip("[]") for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_every_id_is_provoked() -> None:
    here = {case.error for case in (*CASES, *CORPUS)}

    assert here <= catalogue().keys()
    assert catalogue().keys() - here - set(elsewhere()) == set()
