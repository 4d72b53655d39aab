"""The process: how it starts, ends, and what it remembers."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import ROOT, web
from tests.kit.local import NO_ANSWER, complaints, localhub, process


def _whoami_without_an_answer(api: HfApi) -> None:
    with pytest.raises(NO_ANSWER):
        api.whoami()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_a_stream_and_a_hanging_request_open(
    tmp_path: Path, number: signal.Signals
) -> None:
    with process("--port", "0", "--data", str(tmp_path), "--simulate") as (running, endpoint):
        api = HfApi(endpoint, token="hf_alice")
        api.create_repo("alice/app", repo_type="space", space_sdk="docker")
        web.post(f"{endpoint}/_localhub/faults", json={"kind": "hang", "path": "whoami"})
        hanging = threading.Thread(target=_whoami_without_an_answer, args=[api])
        hanging.start()
        stream = web.stream(
            "GET", f"{endpoint}/api/spaces/alice/app/logs/build", headers={"authorization": "Bearer hf_alice"}
        )
        with stream as response:
            while len(web.get(f"{endpoint}/_localhub/requests").json()) < 3:
                time.sleep(0.01)
            running.send_signal(number)
            assert response.read() == b""
        _, errors = running.communicate(timeout=10)
        hanging.join()
    assert (running.returncode, complaints(errors)) == (0, [])


def test_a_port_may_be_chosen(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with process("--port", str(port), "--data", str(tmp_path)) as (_, endpoint):
        assert endpoint == f"http://127.0.0.1:{port}"


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "localhub", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "Address already in use" in ended.stderr


def test_a_wrong_accounts_file_is_said_plainly(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.yml"
    accounts.write_text("users: [{name: x, plan: gold}]")
    command = [sys.executable, "-m", "localhub", "--data", str(tmp_path), "--accounts", str(accounts)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "'gold' is not one of free, pro, team, enterprise" in ended.stderr


def test_latency_delays_each_request(tmp_path: Path) -> None:
    with localhub("--latency-ms", "150") as hub:
        started = time.monotonic()
        web.get(f"{hub.endpoint}/api/whoami-v2")
        assert time.monotonic() - started >= 0.15
        assert hub.requests()[0]["ms"] >= 150


def test_a_tick_is_what_a_simulated_stage_takes() -> None:
    with localhub("--simulate", "--tick", "0") as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        api.create_repo("alice/app", repo_type="space", space_sdk="docker")
        api.upload_file(
            path_or_fileobj=b"FROM scratch", path_in_repo="Dockerfile", repo_id="alice/app", repo_type="space"
        )
        api.wait_for_space("alice/app", poll_interval=0.05, timeout=10)
        assert "DONE 0.0s" in "".join(api.fetch_space_logs("alice/app", build=True, follow=False))


def test_everything_is_kept_over_a_restart(tmp_path: Path) -> None:
    def api(endpoint: str) -> HfApi:
        return HfApi(endpoint, token="hf_alice")

    with localhub("--data", str(tmp_path), "--simulate") as hub:
        before = api(hub.endpoint)
        before.create_repo("alice/app", repo_type="space", space_sdk="docker", private=True, space_hardware="t4-small")
        before.add_space_secret("alice/app", "S", "1")
        before.add_space_variable("alice/app", "V", "2", description="two")
        files = [CommitOperationAdd("Dockerfile", b"FROM scratch"), CommitOperationAdd("large.bin", os.urandom(2000))]
        commit = before.create_commit("alice/app", files, commit_message="All", repo_type="space").oid
        before.wait_for_space("alice/app", poll_interval=0.05, timeout=10)
        info = before.space_info("alice/app", files_metadata=True)
        variables = before.get_space_variables("alice/app")
    with localhub("--data", str(tmp_path), "--simulate") as hub:
        after = api(hub.endpoint)
        again = after.space_info("alice/app", files_metadata=True)
        assert again == info
        assert (again.runtime.stage, again.runtime.raw["sha"]) == ("RUNNING", commit)
        assert after.get_space_secrets("alice/app").keys() == {"S"}
        assert after.get_space_variables("alice/app") == variables
        assert (variables["V"].value, variables["V"].description) == ("2", "two")
        assert commit in web.get(again.host, headers={"authorization": "Bearer hf_alice"}).text


def test_a_build_cut_short_is_taken_up_after_a_restart(tmp_path: Path) -> None:
    with localhub("--data", str(tmp_path)) as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        hub.script("alice/app", {"stage": "BUILDING"})
        api.create_repo("alice/app", repo_type="space", space_sdk="static")
        api.upload_file(path_or_fileobj=b"x", path_in_repo="index.html", repo_id="alice/app", repo_type="space")
        assert api.get_space_runtime("alice/app").stage == "BUILDING"
    with localhub("--data", str(tmp_path)) as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        assert api.wait_for_space("alice/app", poll_interval=0.05, timeout=10).stage == "RUNNING"


def test_a_spaces_address_moves_when_its_port_is_taken(tmp_path: Path) -> None:
    with localhub("--data", str(tmp_path)) as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        api.create_repo("alice/app", repo_type="space", space_sdk="static")
        host = api.space_info("alice/app").host
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(host.rpartition(":")[2])))
        taken.listen()
        with localhub("--data", str(tmp_path)) as hub:
            moved = HfApi(hub.endpoint, token="hf_alice").space_info("alice/app").host
            assert moved != host
            assert web.get(moved).status_code == 503
