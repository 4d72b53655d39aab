"""Volumes, region and custom domains of a Space, as the official client reads and sets them."""

from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi, Volume
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.kit.local import LocalHub

DATA = Volume(type="dataset", source="org/data", mount_path="/data", revision="v1", path="train")
STORE = Volume(type="bucket", source="org/store", mount_path="/store")


def test_they_are_reported_with_what_the_hub_fills_in(api: HfApi, docker: str) -> None:
    api.set_space_volumes(docker, [DATA, STORE])

    found = api.get_space_runtime(docker).volumes
    assert found == [
        Volume(type="dataset", source="org/data", mount_path="/data", revision="v1", path="train", read_only=True),
        Volume(type="bucket", source="org/store", mount_path="/store", read_only=False),
    ]


def test_setting_replaces_all_and_deleting_leaves_none(api: HfApi, docker: str) -> None:
    api.set_space_volumes(docker, [DATA])
    api.set_space_volumes(docker, [STORE])

    assert [volume.mount_path for volume in api.get_space_runtime(docker).volumes or []] == ["/store"]
    api.delete_space_volumes(docker)
    assert api.get_space_runtime(docker).volumes is None


def test_a_space_is_created_with_them_and_a_static_one_has_none(api: HfApi, name: str, static: str) -> None:
    api.create_repo(f"{name}-v", repo_type="space", space_sdk="docker", space_volumes=[STORE])

    assert [volume.source for volume in api.get_space_runtime(f"{name}-v").volumes or []] == ["org/store"]
    with pytest.raises(BadRequestError):
        api.set_space_volumes(static, [STORE])
    with pytest.raises(BadRequestError):
        api.create_repo(f"{name}-s", repo_type="space", space_sdk="static", space_volumes=[STORE])


@pytest.mark.parametrize(
    "volume",
    [
        {"type": "kernel", "source": "org/x", "mountPath": "/x"},
        {"type": "model", "mountPath": "/x"},
        {"type": "model", "source": "org/x", "mountPath": "x"},
        "hf://org/x:/x",
    ],
)
def test_what_is_no_volume_is_refused(volume: Any, http: httpx2.Client, docker: str) -> None:
    answer = http.put(
        f"/api/spaces/{docker}/volumes", json={"volumes": [volume]}, headers={"Authorization": "Bearer hf_alice"}
    )

    assert (answer.status_code, "volumes[0]" in answer.json()["error"]) == (400, True)


def test_two_at_one_path_are_refused(api: HfApi, docker: str) -> None:
    with pytest.raises(BadRequestError):
        api.set_space_volumes(docker, [STORE, STORE])


def test_a_region_takes_a_team_plan_and_is_shown_to_who_asks(api: HfApi) -> None:
    team = "acme/in-the-eu"
    api.create_repo(team, repo_type="space", space_sdk="static", region="eu")

    assert api.space_info(team, expand=["region"]).region == "eu"
    assert "region:eu" in api.space_info(team).tags
    api.delete_repo(team, repo_type="space")
    for what in ({"region": "eu"}, {"resource_group_id": "66670e5163145ca562cb1988"}):
        with pytest.raises(HfHubHTTPError):
            api.create_repo("alice/in-the-eu", repo_type="space", space_sdk="static", **what)


def test_a_custom_domain_leads_to_the_space(api: HfApi, hub: LocalHub, static: str) -> None:
    domain = hub.domain(static)
    hub.domain(static, domain="demo.example.org", stage="PENDING")

    assert api.get_space_runtime(static).raw["domains"] == [
        {"domain": domain, "stage": "READY", "isCustom": True},
        {"domain": "demo.example.org", "stage": "PENDING", "isCustom": True},
    ]
    with pytest.raises(httpx2.HTTPStatusError):
        hub.domain(static, stage="LOST")
