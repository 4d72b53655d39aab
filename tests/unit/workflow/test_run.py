"""Where a deploy comes from, as the runner tells it."""

from typing import Any, NamedTuple

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
FROM_OCTO = f"Source: https://github.com/octo/app/commit/{OF}"


class Earlier(NamedTuple):
    """A commit of an earlier deploy, whether its files were edited since, and what differs in the source that it names from this
    run's."""

    what: str
    title: str
    message: str
    named: dict[str, Any]
    edited: bool = False


EARLIER = (
    Earlier(
        "this repository",
        f"Deploy octo/app@{OF[:7]}",
        f"{FROM_OCTO}\nSubject: Then\nActor: alice",
        {"sha": OF, "subject": "Then"},
    ),
    Earlier(
        "edited since",
        f"Deploy octo/app@{OF[:7]}",
        f"{FROM_OCTO}\nSubject: Then",
        {"sha": OF, "subject": "Then", "exact": False},
        edited=True,
    ),
    Earlier(
        "with changes",
        f"Deploy octo/app@{OF[:7]} with changes",
        f"{FROM_OCTO}, with changes",
        {"sha": OF[:7], "subject": "", "exact": False},
    ),
    Earlier(
        "another repository",
        f"Deploy moon/site@{OF[:7]}",
        f"Source: https://gitlab.com/moon/site/-/commit/{OF}\nSubject: Then",
        {
            "repository": "moon/site",
            "sha": OF,
            "page": "https://gitlab.com/moon/site",
            "subject": "Then",
            "shown_to": "",
        },
    ),
    Earlier(
        "an address that is not the repository's",
        f"Deploy moon/site@{OF[:7]}",
        f"Source: https://evil.example/x/commit/{OF}",
        {"repository": "moon/site", "sha": OF, "page": "", "subject": "", "shown_to": ""},
    ),
    Earlier(
        "a terminal",
        "Deploy",
        "Deployed outside a workflow run.",
        {"repository": "", "sha": "", "exact": False, "page": "", "subject": "", "shown_to": ""},
    ),
)


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda earlier: earlier.what)
def test_what_an_earlier_deploy_was_made_from(earlier: Earlier) -> None:
    assert HERE.of_deploy(earlier.title, earlier.message, edited=earlier.edited) == HERE._replace(**earlier.named)
