"""What the Hub refuses, end to end: each refusal has an id of its own, says why, and what to do about it."""

import html
import re
from collections.abc import Mapping

import pytest
from huggingface_hub import Volume

from tests.kit.step.provoke import DOCKER, SITE, Case, Play, Scene, each

LONG_TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
NOT_THERE = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Invalid username or password."}


def like_https(scene: Scene) -> None:
    """Answer as the live Hub does, of which the client takes any 401 about a Space for a Space that is missing."""
    scene.fault("GET", kind="status", status=401, headers=NOT_THERE, body={"error": "Invalid username or password."})


def with_a_page(scene: Scene) -> None:
    scene.exists()


def with_a_masked_volume(scene: Scene) -> None:
    api = scene.exists(DOCKER, sdk="docker")
    api.set_space_volumes(scene.space, [Volume(type="dataset", source="****/******", mount_path="/secret")])


def in_acme(scene: Scene) -> None:
    scene.exists(by="alice")


def publisher(scene: Scene) -> Mapping[str, str]:
    """A publisher that may change settings, as on some Hubs."""
    scene.exists()
    scene.hub.vary("publisher-sets", of=scene.space)
    return scene.trusted()


CASES = [
    # 401: which token is it?
    Case("token-refused", "an unknown token", inputs={"hf-token": LONG_TOKEN},
         says=["Invalid credentials in Authorization header", "is a user access token", "settings/tokens"]),
    Case("token-refused", "a token that was cut off", inputs={"hf-token": "hf_unknown"}, says=["of an unusual length (37 characters are usual), so it was cut off"]),
    Case("token-refused", "an organisation's token", inputs={"hf-token": "api_org_AbCdEf"}, says=["gives out no more"]),
    Case("token-refused", "a publisher's token that has ended", inputs={"hf-token": "hf_jwt_eyJhbGciOi.e30.x"},
         says=["a trusted publisher's token, which holds for an hour"]),
    Case("token-refused", "an app's token", inputs={"hf-token": "hf_oauth_eyJhbGciOi"}, says=["got by a login"]),
    Case("token-refused", "a token of another shape", inputs={"hf-token": "AbCdEfGhIjKl"}, says=["begin with hf_"]),
    Case("token-refused", "a 401 that the client takes for a missing Space", inputs={"hf-token": LONG_TOKEN},
         given=like_https, says=["Invalid credentials in Authorization header"]),
    Case("token-refused", "a dry run with it", inputs={"hf-token": LONG_TOKEN, "dry-run": "true"}, given=like_https),
    # 402
    Case("plan-needed", "docker on a free account", files=DOCKER, owner="bob",
         says=["requires a PRO subscription", "huggingface.co/pro", "Team plan", "`sdk: static`", "`hardware: zero-a10g`"]),
    Case("protected-plan", "a protected Space on a free account", inputs={"visibility": "protected"}, owner="bob",
         says=["bob has none", "`visibility: private`"]),
    Case("protected-plan", "the same, where only the Hub can tell", inputs={"visibility": "protected", "hf-token": ""},
         owner="bob", given=publisher, says=["bob has none", "huggingface.co/pro"]),
    Case("region-plan", "a region on a free account", inputs={"region": "eu"}, owner="bob",
         says=["and bob has none", "Leave `region` out", "docs/hub/storage-regions"]),
    Case("resource-group-refused", "a group without an Enterprise plan", inputs={"resource-group": "66670e5163145ca562cb1988"},
         owner="alice", says=["in the resource group 66670e5163145ca562cb1988", "only available for Enterprise", "Correct `resource-group`"]),
    Case("volumes-hidden", "a volume that the token may not see", files=DOCKER, given=with_a_masked_volume,
         inputs={"volumes": "hf://datasets/org/data:/data"}, says=["mounted at /secret in alice/", "whose account may read"]),
    # 403
    Case("payment-needed", "hardware without a payment method", files=DOCKER, inputs={"hardware": "t4-small"},
         owner="unpaid", says=["A payment method is needed to create unpaid/", "settings/billing", "`hardware` out"]),
    Case("no-write-access", "a read-only token", inputs={"hf-token": "hf_alice_read"}, given=with_a_page,
         says=["it is a read-only token", "role `write`"]),
    Case("no-write-access", "another account's token", inputs={"hf-token": "hf_bob"}, given=with_a_page,
         says=["its account 'bob' is neither 'alice' nor a member of it"]),
    Case("no-write-access", "a role that only reads", inputs={"hf-token": "hf_bob"}, owner="acme", given=in_acme,
         says=["its account 'bob' has the role 'read' in 'acme'", "Members", "docs/hub/organizations-managing"]),
    Case("no-write-access", "a role that only reads, for a new Space", inputs={"hf-token": "hf_bob"}, owner="acme",
         says=["its account 'bob' has the role 'read' in 'acme'", "under the namespace"]),
    Case("no-write-access", "a contributor on the Space of somebody else", inputs={"hf-token": "hf_carl"}, owner="acme",
         given=in_acme, says=["has the role 'contributor' in 'acme', which writes only to Spaces of its own"]),
    Case("no-write-access", "a fine-grained token that may not create", inputs={"hf-token": "hf_alice_files"},
         says=["it is a fine-grained token without that permission", "write access to alice/case-"]),
    Case("settings-forbidden", "a fine-grained token that writes files only", given=with_a_page,
         inputs={"hf-token": "hf_alice_files", "variables": "A=1"}, says=["may not set the variable A", "`repo.write`"]),
    Case("storage-limit", "a Space that is full", files={**SITE, "model.bin": "weights " * 1000}, owner="full",
         given=lambda scene: scene.hub.limit("full", storage=1000),
         says=["Repository storage limit reached (Max: 1 kB)", "`exclude`"]),
    Case("quota-exceeded", "a free page that becomes an app", files=DOCKER, owner="bob", given=with_a_page,
         result="paused", says=["You've reached your cpu-basic quota limit", "Pause or delete another Space"]),
    Case("forbidden", "any other refusal", given=lambda scene: scene.fault(
        "POST", "/commit/", kind="status", status=403, body={"error": "This repository is locked."}),
         says=["commit to alice/", "This repository is locked"]),
    # 429
    Case("rate-limited", "too many new Spaces", owner="maker", given=lambda scene: scene.hub.limit("maker", creations=0),
         says=["create maker/", "space creation (0 per day)", "Run the step again in 1 day;"]),
    Case("rate-limited", "too many commits", owner="hasty", given=lambda scene: scene.hub.limit("hasty", commits=0),
         says=["commit to hasty/", "commits (0 per hour)", "Run the step again in about 1 hour;"]),
    Case("rate-limited", "too many requests", given=lambda scene: scene.fault(
        "GET", kind="status", status=429, headers={"RateLimit": '"api";r=0;t=899'}, body={"error": "Slow down"}),
         says=["read alice/", "Slow down", "Run the step again in 15 min;", "docs/hub/rate-limits"]),
    Case("rate-limited", "too many requests, and no word on when", given=lambda scene: scene.fault(
        "GET", kind="status", status=429, headers={"Retry-After": "500"}, body={"error": "Slow down"}),
         says=["Run the step again in 8 min 21 s;"]),
    # 400
    Case("token-leaked", "a file with a token that works", files={**SITE, "app/config.py": 'TOKEN = "hf_bob"\n'},
         says=["a token that works is in app/config.py", "Revoke it", "`secrets`"]),
    Case("hub-refused", "a refusal of a kind of its own", given=lambda scene: scene.fault(
        "POST", "/commit/", kind="status", status=422, body={"error": "Not on Sundays"}),
         says=["commit to alice/", "Not on Sundays", "HTTP 422"]),
]  # fmt: skip


@pytest.mark.parametrize("case", each(CASES))
def test_refusal(case: Case, play: Play) -> None:
    ended = play(case)
    step = ended.step

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, case.result, case.error), step.log
    assert list(ended.errors) == [case.error], step.log
    for words in case.says:
        assert words in ended.errors[case.error]
    shown = " ".join(html.unescape(re.sub(r"<(?!https:)[^>]*>", "", step.summary)).split())
    assert f"({case.error})" in shown


TOKENS = [case for case in CASES if len(case.inputs.get("hf-token", "")) > len("hf_")]


@pytest.mark.parametrize("case", each(TOKENS))
def test_no_part_of_a_token_is_shown(case: Case, play: Play) -> None:
    step = play(case).step
    token = case.inputs["hf-token"]

    shown = step.log.replace(f"::add-mask::{token}\n", "") + step.summary + "".join(step.outputs.values())
    assert token[:10] not in shown.replace("hf_jwt_", "").replace("hf_oauth_", "")


@pytest.mark.parametrize("case", each(case for case in CASES if case.error == "token-leaked"))
def test_a_token_that_was_left_in_a_file_is_not_shown(case: Case, play: Play) -> None:
    step = play(case).step

    assert "hf_bob" not in step.log + step.summary


@pytest.mark.parametrize("case", each(case for case in CASES if case.error == "token-refused"))
def test_nothing_is_created_with_a_bad_token(case: Case, play: Play) -> None:
    ended = play(case)

    assert not ended.scene.api().repo_exists(ended.scene.space, repo_type="space")
    assert ended.step.outputs["plan"] == "", "no plan is made of what nobody may see"
    assert "(https://github.com/octo/site/settings/secrets/actions)" in ended.step.summary, "where the new one goes"
