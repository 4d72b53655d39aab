"""Where a deploy comes from, as the runner tells it."""

import pytest

from hfspace_action.workflow import run

USED = {
    "GITHUB_ACTION_REPOSITORY": "org/hf-space-deploy",
    "GITHUB_ACTION_REF": "v1",
    "GITHUB_SERVER_URL": "https://github.com",
}


def test_errors_are_documented_in_the_version_that_runs() -> None:
    assert run.errors_page(USED) == "https://github.com/org/hf-space-deploy/blob/v1/docs/errors.md"
    assert run.errors_page({**USED, "GITHUB_ACTION_REF": "fix/a#b"}) == (
        "https://github.com/org/hf-space-deploy/blob/fix/a%23b/docs/errors.md"
    )


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param({"GITHUB_ACTION_REPOSITORY": "", "GITHUB_ACTION_REF": ""}, id="uses: ./"),
        pytest.param({"GITHUB_ACTION_REF": ""}, id="no version"),
        pytest.param({"GITHUB_SERVER_URL": "https://git.example.com"}, id="another server"),
        pytest.param({"GITHUB_SERVER_URL": ""}, id="no runner"),
    ],
)
def test_no_address_is_made_up(missing: dict[str, str]) -> None:
    assert run.errors_page({**USED, **missing}) is None


def test_the_page_of_the_repositorys_secrets_is_githubs_own() -> None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://git.acme.example", "GITHUB_REPOSITORY": "acme/app"}

    assert run.secrets_page(env) == "https://git.acme.example/acme/app/settings/secrets/actions"
    assert run.secrets_page({**env, "GITHUB_REPOSITORY": ""}) is None
    assert run.secrets_page({**env, "GITHUB_ACTIONS": ""}) is None
    assert run.secrets_page({**env, "FORGEJO_ACTIONS": "true"}) is None, "which keeps them elsewhere"


HERE = run.Source(
    repository="octo/app", sha="f" * 40, page="https://github.com/octo/app", shown_to="private", subject="Now"
)
OF = "a" * 40


@pytest.mark.parametrize(
    ("title", "message", "edited", "expected"),
    [
        pytest.param(
            f"Deploy octo/app@{OF[:7]}",
            f"Source: https://github.com/octo/app/commit/{OF}\nSubject: Then\nActor: alice",
            False,
            ("octo/app", OF, True, "https://github.com/octo/app", "Then", "private"),
            id="this repository",
        ),
        pytest.param(
            f"Deploy octo/app@{OF[:7]}",
            f"Source: https://github.com/octo/app/commit/{OF}\nSubject: Then",
            True,
            ("octo/app", OF, False, "https://github.com/octo/app", "Then", "private"),
            id="edited since",
        ),
        pytest.param(
            f"Deploy octo/app@{OF[:7]} with changes",
            f"Source: https://github.com/octo/app/commit/{OF}, with changes",
            False,
            ("octo/app", OF[:7], False, "https://github.com/octo/app", "", "private"),
            id="with changes",
        ),
        pytest.param(
            f"Deploy moon/site@{OF[:7]}",
            f"Source: https://gitlab.com/moon/site/-/commit/{OF}\nSubject: Then",
            False,
            ("moon/site", OF, True, "https://gitlab.com/moon/site", "Then", ""),
            id="another repository",
        ),
        pytest.param(
            f"Deploy moon/site@{OF[:7]}",
            f"Source: https://evil.example/x/commit/{OF}",
            False,
            ("moon/site", OF, True, "", "", ""),
            id="an address that is not the repository's",
        ),
        pytest.param("Deploy", "Deployed outside a workflow run.", False, ("", "", False, "", "", ""), id="a terminal"),
    ],
)
def test_what_an_earlier_deploy_was_made_from(
    title: str, message: str, edited: bool, expected: tuple[str, str, bool, str, str, str]
) -> None:
    found = HERE.of_deploy(title, message, edited=edited)

    assert (found.repository, found.sha, found.exact, found.page, found.subject, found.shown_to) == expected
