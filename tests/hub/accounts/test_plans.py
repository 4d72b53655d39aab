"""What runs on which plan: free hardware takes a plan, paid hardware a payment method, ZeroGPU is granted twice."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit.local import LocalHub, localhub

ACCOUNTS = """
users:
  - {name: poor, plan: free, tokens: {hf_poor: write}}
  - {name: payer, plan: free, canPay: true, tokens: {hf_payer: write, hf_app: app}}
  - {name: granted, plan: free, tokens: {hf_granted: write}}
  - {name: pro, plan: pro, canPay: false, tokens: {hf_pro: write}}
orgs:
  - {name: club, plan: free, members: {payer: admin}}
"""
_numbers = count(1)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A Hub with an account for each case."""
    file: Path = tmp_path_factory.mktemp("plans") / "accounts.yaml"
    file.write_text(ACCOUNTS)
    with localhub("--simulate", "--accounts", str(file)) as hub:
        yield hub


def status(hub: LocalHub, owner: str, sdk: str, hardware: str, token: str | None = None) -> int:
    """How the Hub answers a creation."""
    api = HfApi(hub.endpoint, token=f"hf_{token or owner}")
    try:
        api.create_repo(f"{owner}/s{next(_numbers)}", repo_type="space", space_sdk=sdk, space_hardware=hardware)
    except HfHubHTTPError as error:
        return error.response.status_code
    return 200


@pytest.mark.parametrize(
    ("owner", "sdk", "hardware", "expected"),
    [
        ("poor", "static", "cpu-basic", 200),
        ("poor", "gradio", "cpu-basic", 402),
        ("poor", "docker", "t4-small", 403),
        ("payer", "docker", "cpu-basic", 402),
        ("payer", "docker", "t4-small", 200),
        ("payer", "gradio", "rtx-pro-6000", 200),
        ("pro", "docker", "cpu-basic", 200),
        ("pro", "docker", "t4-small", 403),
        ("pro", "docker", "zero-a10g", 400),
        ("pro", "docker", "quantum", 400),
    ],
)
def test_a_creation_needs_a_plan_or_a_payment_method(
    plans: LocalHub, owner: str, sdk: str, hardware: str, expected: int
) -> None:
    assert status(plans, owner, sdk, hardware) == expected


def test_a_free_account_gets_zerogpu_twice(plans: LocalHub) -> None:
    assert [status(plans, "granted", "gradio", "zerogpu") for _ in range(3)] == [200, 200, 402]


def test_an_organisation_without_a_plan_gets_none(plans: LocalHub) -> None:
    assert status(plans, "club", "gradio", "zero-a10g", token="payer") == 402


def test_the_other_name_of_zerogpu_is_the_same_hardware(plans: LocalHub) -> None:
    api = HfApi(plans.endpoint, token="hf_pro")
    api.create_repo("pro/zero", repo_type="space", space_sdk="gradio", space_hardware="zerogpu")
    assert api.get_space_runtime("pro/zero").requested_hardware == "zero-a10g"
    plans.vary("zerogpu-name", of="pro/zero")
    assert api.get_space_runtime("pro/zero").requested_hardware == "zerogpu"


def test_an_applications_token_is_no_users(plans: LocalHub) -> None:
    who = HfApi(plans.endpoint, token="hf_app").whoami()
    assert who["type"] == "app"
    assert who["scope"] == {"entities": ["payer"], "role": "write"}
    assert who.keys().isdisjoint({"email", "isPro", "canPay", "orgs"})


def test_with_zerogpu_needs_plan_a_free_account_gets_none(plans: LocalHub) -> None:
    plans.vary("zerogpu-needs-plan", of="poor/")
    assert status(plans, "poor", "gradio", "zero-a10g") == 402


def test_with_paid_hardware_needs_plan_a_payment_method_is_not_enough(plans: LocalHub) -> None:
    plans.vary("paid-hardware-needs-plan", of="payer/s")
    assert status(plans, "payer", "docker", "t4-small") == 402
    plans.vary(of="payer/s")
    assert status(plans, "payer", "docker", "t4-small") == 200
