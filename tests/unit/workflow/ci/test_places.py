"""The places that a deploy may run at, by what each documents of its variables."""

import base64
import io
import json

import pytest

from hfspace_action import text
from hfspace_action.workflow import id_token
from hfspace_action.workflow.ci import forges, plain
from hfspace_action.workflow.surroundings import here

HUB = "https://huggingface.co"


def jwt(**claims: object) -> str:
    """An id token that nobody signed."""
    parts = ({"alg": "RS256"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts), "x"]
    )


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, "a terminal"),
        ({"CI": "true"}, "a terminal"),
        ({"GITHUB_ACTIONS": "true"}, "GitHub"),
        ({"GITHUB_ACTIONS": "false"}, "a terminal"),
        ({"GITHUB_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}, "Forgejo"),
        ({"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true"}, "Forgejo"),
        ({"GITLAB_CI": "true"}, "GitLab"),
        ({"CIRCLECI": "true"}, "CircleCI"),
        ({"BITBUCKET_BUILD_NUMBER": "7"}, "Bitbucket"),
    ],
)
def test_a_place_is_known_by_its_variables(env: dict[str, str], name: str) -> None:
    assert here(env).name == name


@pytest.mark.parametrize(
    "env", [{}, {"GITHUB_ACTIONS": "true"}, {"FORGEJO_ACTIONS": "true"}, {"GITLAB_CI": "true"}, {"CIRCLECI": "true"}, {"BITBUCKET_BUILD_NUMBER": "7"}]
)  # fmt: skip
def test_a_place_that_says_little_makes_nothing_up(env: dict[str, str]) -> None:
    source = here(env).source(env)

    assert (source.commit_url, source.files_url, source.run_url, source.visibility) == ("", "", "", None)
    assert here(env).id_token(env) is None


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("git@github.com:group/site.git", "https://github.com/group/site"),
        ("ssh://git@git.example.com:2222/group/site.git", "https://git.example.com/group/site"),
        ("https://user:hf_secret@gitlab.com/group/sub/site.git", "https://gitlab.com/group/sub/site"),
        ("https://git.example.com:8443/group/site/", "https://git.example.com:8443/group/site"),
        ("http://localhost:3000/a/b.git", "http://localhost:3000/a/b"),
        ("file:///srv/git/site.git", ""),
        ("javascript:alert(1)//x", ""),
        ("https://[broken", ""),
        ("/srv/git/site", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_remote_has_no_credentials(remote: str, page: str) -> None:
    assert forges.page(remote) == page


@pytest.mark.parametrize(
    ("page", "commit", "line"),
    [
        ("https://github.com/a/b", "/commit/", "#L"),
        ("https://gitlab.com/a/b", "/-/commit/", "#L"),
        ("https://bitbucket.org/a/b", "/commits/", "#lines-"),
        ("https://git.example.com/a/b", "/commit/", "#L"),
    ],
)
def test_circleci_builds_what_lies_in_several_places(page: str, commit: str, line: str) -> None:
    env = {"CIRCLECI": "true", "CIRCLE_REPOSITORY_URL": f"{page}.git", "CIRCLE_SHA1": "abc"}

    source = here(env).source(env)

    assert (source.commit_url, source.forge.line) == (f"{page}{commit}abc", line)


@pytest.mark.parametrize("audience", [HUB, ["other", HUB]])
@pytest.mark.parametrize(
    "system", [("CIRCLECI", "CIRCLE_OIDC_TOKEN_V2"), ("BITBUCKET_BUILD_NUMBER", "BITBUCKET_STEP_OIDC_TOKEN")]
)
def test_a_systems_own_id_token_is_used_where_it_is_for_the_hub(system: tuple[str, str], audience: object) -> None:
    marker, variable = system
    env = {marker: "true", variable: jwt(aud=audience, iss="https://issuer")}

    job = here(env).id_token(env)

    assert job is not None
    assert job.ready == env[variable]
    assert env[variable] not in repr(job)


@pytest.mark.parametrize(
    "token", [jwt(aud="https://cloud.example"), jwt(aud=None), jwt(), "no.jwt", "a.b.c", "", "é.ü.x", jwt(aud=[1])]
)
def test_any_other_stays_in_the_job(token: str) -> None:
    env = {"CIRCLECI": "true", "CIRCLE_OIDC_TOKEN_V2": token}

    assert here(env).id_token(env) is None


def test_huggingface_hubs_own_variable_wins() -> None:
    named, own = jwt(aud="x", iss="named"), jwt(aud=HUB, iss="own")
    env = {"CIRCLECI": "true", "HF_OIDC_ID_TOKEN": f" {named}\n", "CIRCLE_OIDC_TOKEN_V2": own}

    job = here(env).id_token(env)

    assert job is not None
    assert (job.ready, job.claims["iss"]) == (named, "named")


def test_gitlab_takes_the_variable_of_the_hubs_own_example() -> None:
    env = {"GITLAB_CI": "true", "HF_ID_TOKEN": jwt(aud=HUB, project_path="group/site", ref="main", secret="x")}

    job = here(env).id_token(env)

    assert job is not None
    assert job.claims == {"project_path": "group/site", "ref": "main"}
    assert id_token.for_the_hub(job.ready)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("app-url", "https://x", "APP_URL=https://x\n"),
        ("stage", "", "STAGE=\n"),
        ("error", "one\ntwo\r\nthree", "ERROR=one two three\n"),
        ("result", "a=b 'c' \"d\" #e", "RESULT=a=b 'c' \"d\" #e\n"),
        ("plan", "é" * 1500, f"PLAN={'é' * 1500}\n"),
        ("plan", "é" * 1501, "PLAN=\n"),
    ],
)
def test_an_output_is_one_line_of_dotenv(name: str, value: str, line: str) -> None:
    assert plain.dotenv(name, value) == line


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("env", "out", "colours"),
    [
        ({}, Tty(), True),
        ({}, io.StringIO(), False),
        ({"NO_COLOR": "1"}, Tty(), False),
        ({"NO_COLOR": ""}, Tty(), True),
        ({"TERM": "dumb"}, Tty(), False),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Tty(), False),
    ],
)
def test_colours_are_for_terminals_that_want_them(env: dict[str, str], out: io.StringIO, colours: bool) -> None:
    assert plain.coloured(env, out) is colours


@pytest.mark.parametrize(
    ("line", "coloured", "bare"),
    [
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[38:5:1mx", "\x1b[38:5:1mx", "x"),
        ("\x1b[2J\x1b[1Aup", "up", "up"),
        ("\x1b[?25hx", "x", "x"),
        ("\x1b[>4;2mx", "x", "x"),
        ("\x1b]52;c;eA==\\x07x", "\\x1b]52;c;eA==\\x07x", "\\x1b]52;c;eA==\\x07x"),
        ("\x1bcx\x1b", "\\x1bcx\\x1b", "\\x1bcx\\x1b"),
        ("\x1b[31", "\\x1b[31", "\\x1b[31"),
    ],
)
def test_a_terminal_obeys_nothing_but_colours(line: str, coloured: str, bare: str) -> None:
    assert text.harmless(line, colours=True) == coloured
    assert text.harmless(line, colours=False) == bare
