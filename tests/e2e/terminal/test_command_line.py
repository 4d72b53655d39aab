"""Options, help, exit codes and both streams of hf-space-deploy."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from huggingface_hub import HfApi

from hfspace_action.report import report
from hfspace_action.report.facts import Report
from tests.kit import ROOT, repository
from tests.kit.local import LocalHub
from tests.kit.space import settings
from tests.kit.step.command_line import PROGRAM, folder, run

SITE = {"index.html": "<h1>Hello</h1>"}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TOKENS = {"hf-token": "HF_TOKEN", "github-token": "GITHUB_TOKEN"}


@pytest.fixture
def env(hub: LocalHub) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice"}


@pytest.fixture
def site(workspace: Path) -> Path:
    return folder(workspace, SITE)


@pytest.fixture(scope="module")
def help_(tmp_path_factory: pytest.TempPathFactory) -> str:
    shown = run(tmp_path_factory.mktemp("empty") / "..", "--help")
    assert (shown.exit_code, shown.err) == (0, "")
    return " ".join(shown.out.split())


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_help_shows_every_input_with_its_text(name: str, help_: str) -> None:
    text = ACTION["inputs"][name]["description"]

    assert ("SPACE" if name == "space" else f"{name}") in help_
    assert (text if name != "path" else "relative to the current one") in help_


def test_a_folder_with_a_page_is_deployed(site: Path, space: str, env: dict[str, str], api: HfApi) -> None:
    done = run(site, space, env=env)

    assert (done.exit_code, done.err) == (0, ""), done.out
    assert f"{space} was created and is live. http://" in done.out
    assert {"README.md", "index.html"} <= set(api.list_repo_files(space, repo_type="space"))
    assert "::" not in re.sub(r"https?://\S+", "", done.out)
    assert "%0A" not in done.out
    assert "\x1b" not in done.out


def test_json_prints_the_outputs_alone(site: Path, space: str, env: dict[str, str], api: HfApi) -> None:
    done = run(site, space, "--json", env=env)

    assert done.exit_code == 0, done.err
    assert list(done.outputs) == list(report.outputs(Report()))
    assert done.outputs["result"] == "live"
    assert done.outputs["commit-sha"] == api.space_info(space).sha
    assert f"{space} was created and is live." in done.err


def test_a_dry_run_changes_nothing(site: Path, space: str, env: dict[str, str], api: HfApi) -> None:
    done = run(site, space, "--path", ".", "--dry-run", "--json", env=env)

    assert (done.exit_code, done.outputs["result"]) == (0, "planned"), done.err
    assert not api.repo_exists(space, repo_type="space")


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_switch_takes_no_value_of_its_neighbour(where: str, site: Path, space: str, env: dict[str, str]) -> None:
    arguments = ["--dry-run", space] if where == "before" else [space, "--dry-run"]

    done = run(site, *arguments, "--json", env=env)

    assert done.outputs["result"] == "planned", done.err


def test_switches_take_values_and_are_switched_off(site: Path, space: str, env: dict[str, str]) -> None:
    published = run(site, space, "--no-wait", "--json", "--dry-run", "false", env=env)

    assert published.outputs["result"] == "published", published.err


def test_the_folder_is_relative_to_the_current_one(
    workspace: Path, space: str, env: dict[str, str], api: HfApi
) -> None:
    repository.create(workspace, {"web/dist/index.html": "<h1>x</h1>", "main.py": ""})

    done = run(workspace / "web", space, "--path", "dist", "--json", env=env)

    assert done.exit_code == 0, done.err
    assert "index.html" in api.list_repo_files(space, repo_type="space")
    assert "main.py" not in api.list_repo_files(space, repo_type="space")


def test_a_subfolder_of_a_repository_is_read_as_git_has_it(
    workspace: Path, space: str, env: dict[str, str], api: HfApi
) -> None:
    repository.create(workspace, {"web/index.html": "<h1>x</h1>", "main.py": ""})
    (workspace / "web" / "untracked.txt").write_text("mine")

    done = run(workspace / "web", space, "--json", env=env)

    assert done.exit_code == 0, done.err
    assert set(api.list_repo_files(space, repo_type="space")) == {".gitattributes", "README.md", "index.html"}


def test_lists_are_given_one_by_one(site: Path, space: str, env: dict[str, str], api: HfApi) -> None:
    folder(site, {"a.txt": "", "b.txt": "", "c.txt": "", "vars": "FROM_FILE=1\n"})
    options = ["--exclude", "a.txt", "--exclude", "b.txt", "--exclude=vars"]
    options += ["--variables", "ONE=1", "--variables", "@vars", "--front-matter", "title: Mine"]

    done = run(site, space, *options, env=env)

    assert done.exit_code == 0, done.out
    assert set(api.list_repo_files(space, repo_type="space")) == {".gitattributes", "README.md", "index.html", "c.txt"}
    assert api.get_space_variables(space).keys() == {"ONE", "FROM_FILE"}
    assert api.space_info(space).card_data.title == "Mine"  # type: ignore[union-attr]


# -- secrets ----------------------------------------------------------------------------------------------------------

AWKWARD = 'first "line"\n- second: \U0001f600 \\n #x'


def test_secrets_are_named_and_come_from_the_environment(
    site: Path, space: str, env: dict[str, str], api: HfApi, hub: LocalHub
) -> None:
    folder(site, {"Dockerfile": "FROM scratch\n", "README.md": "---\nsdk: docker\n---\n"})
    folder(site.parent / "beside", {"secrets.env": "FROM_FILE=in-a-file-9172\n"})

    done = run(
        site, space, "--secrets", "API_KEY", "--secrets", "@../beside/secrets.env", env={**env, "API_KEY": AWKWARD}
    )

    assert done.exit_code == 0, done.out
    assert api.get_space_secrets(space).keys() == {"API_KEY", "FROM_FILE"}
    assert settings.state(hub, space).secrets == {"API_KEY": AWKWARD, "FROM_FILE": "in-a-file-9172"}
    assert "in-a-file-9172" not in done.out + done.err
    assert "second" not in done.out + done.err


@pytest.mark.parametrize("form", [["--secrets", "API_KEY=a-secret-value"], ["--secrets=API_KEY: a-secret-value"]])
def test_a_secrets_value_is_refused_on_a_command_line(
    form: list[str], site: Path, space: str, env: dict[str, str]
) -> None:
    done = run(site, space, *form, env=env)

    assert (done.exit_code, done.out) == (2, "")
    assert "--secrets NAME" in done.err
    assert "a-secret-value" not in done.err


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("form", ["--{}=hf_a-real-token", "--{} hf_a-real-token", "--{}"])
def test_a_token_is_refused_on_a_command_line(
    form: str, name: str, site: Path, space: str, env: dict[str, str]
) -> None:
    done = run(site, space, *form.format(name).split(), env=env)

    assert (done.exit_code, done.out) == (2, "")
    assert f"--{name} is refused" in done.err
    assert TOKENS[name] in done.err
    assert "hf_a-real-token" not in done.err


# -- who it is ---------------------------------------------------------------------------------------------------------


def test_the_stored_login_is_used(site: Path, space: str, hub: LocalHub) -> None:
    folder(site.parent / "home" / "hf", {"token": "hf_alice"})
    (site / "huggingface_hub.py").write_text("raise SystemExit('a module of the user')")

    done = run(site, space, "--json", env={"HF_ENDPOINT": hub.endpoint})

    assert (done.exit_code, done.outputs["result"]) == (0, "live"), done.err


def test_a_token_in_the_environment_wins_over_the_login(site: Path, space: str, env: dict[str, str]) -> None:
    folder(site.parent / "home" / "hf", {"token": "hf_of_nobody"})

    assert run(site, space, "--json", env=env).outputs["result"] == "live"


def test_without_any_token_it_says_where_one_is_looked_for(site: Path, space: str, hub: LocalHub) -> None:
    done = run(site, space, env={"HF_ENDPOINT": hub.endpoint})

    assert done.exit_code == 2
    assert "[token-absent]" in done.out
    assert "hf auth login" in done.out


# -- how it ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required: SPACE"),
        (["alice/a", "alice/b"], "alice/b is one argument more"),
        (["alice/a", "--dry-runn"], "Did you mean --dry-run?"),
        (["alice/a", "--timeout"], "expected one argument"),
        (["alice/a", "--path", "nowhere"], "--path nowhere: there is no such folder"),
        (["alice/a", "--path", "index.html"], "--path index.html: there is no such folder"),
        (["alice/a", "--variables", "@nowhere"], "@nowhere: the file can't be read (No such file"),
        (["alice/a", "--secrets", "NOT_SET_ANYWHERE"], "the environment has no variable of that name"),
    ],
)
def test_bad_usage_is_2_and_said_in_a_line(arguments: list[str], says: str, site: Path) -> None:
    done = (
        run(site, *arguments)
        if arguments
        else run(site, program=(*PROGRAM[:1], "-m", "hfspace_action.command_line"), env={"PYTHONPATH": str(ROOT)})
    )

    assert (done.exit_code, done.out) == (2, "")
    assert says in done.err
    assert len(done.err.splitlines()) <= 2


def test_values_that_can_not_be_used_are_2_and_all_named(site: Path, space: str, env: dict[str, str]) -> None:
    done = run(site, space, "--timeout", "soon", "--visibility", "secret", "--json", env=env)

    assert (done.exit_code, done.outputs["error"]) == (2, "input-invalid")
    assert all(name in done.err for name in ("`--timeout`", "`--visibility`"))


def test_what_fails_is_1_with_its_cause(workspace: Path, space: str, env: dict[str, str]) -> None:
    done = run(folder(workspace, {"notes.txt": "x"}), space, env=env)

    assert done.exit_code == 1
    assert re.search(r"^error: .*\n(  .*\n)+  \[sdk-unknown\]$", done.out, re.MULTILINE), done.out


def test_a_log_of_others_can_not_drive_the_terminal(
    workspace: Path, space: str, env: dict[str, str], hub: LocalHub
) -> None:
    folder(workspace, {"Dockerfile": "FROM scratch\n", "README.md": "---\nsdk: docker\n---\n"})
    evil = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \x1b]52;c;ZXZpbA==\x07end\n"
    hub.script(space, {"stage": "BUILDING", "build_log": evil}, {"after": 0.3, "stage": "BUILD_ERROR"})

    plain = run(workspace, space, env=env)
    coloured = run(workspace, space, "--command", "status", env={**env, "FORCE_COLOR": "1"})

    assert plain.exit_code == coloured.exit_code == 1
    assert "\\x1b]0;owned\\x07red \\x1b]52;c;ZXZpbA==\\x07end" in plain.out, plain.out
    assert "\x1b" not in plain.out
    assert "\x1b[31mred\x1b[0m " in coloured.out
    assert set(re.findall(r"\x1b(?!\[[0-9;]*m)", coloured.out)) == set()


# -- colours -----------------------------------------------------------------------------------------------------------


def on_a_terminal(site: Path, space: str, env: dict[str, str]) -> str:
    master, slave = pty.openpty()
    own = {"PATH": os.environ["PATH"], "HOME": str(site.parent), "TERM": "xterm-256color", **env}
    with subprocess.Popen([*PROGRAM, space, "--dry-run"], cwd=site, env=own, stdout=slave, stderr=slave) as process:
        os.close(slave)
        seen = b""
        try:
            while piece := os.read(master, 4096):
                seen += piece
        except OSError:  # the other end is closed
            assert process.wait(10) == 0, seen
    os.close(master)
    return seen.decode()


def test_a_terminal_gets_colours_and_no_color_takes_them(site: Path, space: str, env: dict[str, str]) -> None:
    assert "\x1b[1;32m" in on_a_terminal(site, space, env)
    assert "\x1b" not in on_a_terminal(site, space, {**env, "NO_COLOR": "1"})
    assert "\x1b" not in on_a_terminal(site, space, {**env, "TERM": "dumb"})


# -- files -------------------------------------------------------------------------------------------------------------


def test_summary_and_outputs_go_to_files_that_are_named(site: Path, space: str, env: dict[str, str]) -> None:
    named = {"SUMMARY_FILE": "../summary.md", "OUTPUT_FILE": "../deploy.env"}

    for _ in range(2):
        done = run(site, space, "--json", env={**env, **named})
        assert done.exit_code == 0, done.err

    summary = (site.parent / "summary.md").read_text("utf-8")
    lines = (site.parent / "deploy.env").read_text("utf-8").splitlines()
    assert summary.count(f"{space}") >= 1
    assert summary.startswith("### ")
    assert summary.count("### ") == 1  # of the last run
    assert all(re.fullmatch(r"[A-Z_]+=.*", line) for line in lines)
    assert dict(line.split("=", 1) for line in lines)["APP_URL"] == done.outputs["app-url"]
    assert len(lines) == len(ACTION["outputs"]) - 1 <= 20, "GitLab takes 20; the matrix is for GitHub's own jobs"
    assert (site.parent / "deploy.env").stat().st_size <= 5 * 1024


@pytest.mark.parametrize("variable", ["OUTPUT_FILE", "SUMMARY_FILE"])
def test_a_file_that_can_not_be_written_is_said_and_json_is_whole(
    variable: str, site: Path, space: str, env: dict[str, str]
) -> None:
    done = run(site, space, "--dry-run", "--json", env={**env, variable: "nowhere/file"})

    assert (done.exit_code, list(done.outputs)) == (1, list(ACTION["outputs"]))
    assert f"The file that {variable} names can't be written: nowhere/file (No such file or directory)." in done.err


def test_a_plan_that_gitlab_would_not_take_is_left_out_of_the_file(site: Path, space: str, env: dict[str, str]) -> None:
    folder(site, {f"a-rather-long-name-of-a-file-{number:04}.txt": "" for number in range(200)})

    done = run(site, space, "--dry-run", "--json", env={**env, "OUTPUT_FILE": "../deploy.env"})

    file = site.parent / "deploy.env"
    assert len(done.outputs["plan"]) > 5 * 1024
    assert "PLAN=\n" in file.read_text("utf-8")
    assert file.stat().st_size <= 5 * 1024
    assert "The output plan is left empty" in done.err
