"""What killed live tests leave is found again, and nobody else's Space is."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from huggingface_hub import HfApi

from scripts.janitor import AGE, left_behind
from tests.kit import ROOT
from tests.kit.local import LocalHub

THEIRS = ("five-steps-0123abcd", "five-steps-0123abcd-missing", "conformance-0a1b2c3d-static")
OTHERS = ("five-steps", "five-steps-for-cooks", "my-conformance-0a1b2c3d", "my-demo")


def test_only_spaces_of_live_tests_are_left_behind_and_only_once_they_are_old(hub: LocalHub, api: HfApi) -> None:
    for name in (*THEIRS, *OTHERS):
        api.create_repo(f"alice/{name}", repo_type="space", space_sdk="static")

    now = datetime.now(UTC)
    late = left_behind(api, "alice", now + AGE + timedelta(minutes=1))

    assert {each for each in late if each.partition("/")[2] in THEIRS + OTHERS} == {f"alice/{name}" for name in THEIRS}
    assert left_behind(api, "alice", now) == []
    for name in (*THEIRS, *OTHERS):
        api.delete_repo(f"alice/{name}", repo_type="space")


def test_it_deletes_nothing_that_may_still_be_in_use(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("alice/five-steps-89abcdef", repo_type="space", space_sdk="static")

    done = subprocess.run(
        [sys.executable, "-m", "scripts.janitor"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "0 Spaces were left in alice\n")
    assert api.repo_exists("alice/five-steps-89abcdef", repo_type="space")
    api.delete_repo("alice/five-steps-89abcdef", repo_type="space")
