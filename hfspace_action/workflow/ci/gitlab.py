"""GitLab CI.

Source: https://docs.gitlab.com/ci/variables/predefined_variables/, https://docs.gitlab.com/ci/yaml/#id_tokens,
https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections, and for HF_ID_TOKEN the Hub's own example,
https://huggingface.co/docs/hub/trusted-publishers.
"""

import time
from collections.abc import Iterable, Mapping
from typing import TextIO

from hfspace_action.workflow import id_token as jobs
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from .forges import GITLAB
from .place import Place
from .plain import FILES, Plain, coloured


class _Log(Plain):
    """A log with GitLab's collapsible sections."""

    _section = "hf_space_deploy"

    def group(self, title: str) -> Iterable[str]:
        """Begin a section; what is printed inside is not indented."""
        return [f"\x1b[0Ksection_start:{int(time.time())}:{self._section}\r\x1b[0K{self.ours(title)}"]

    def end_group(self) -> Iterable[str]:
        """End it."""
        return [f"\x1b[0Ksection_end:{int(time.time())}:{self._section}\r\x1b[0K"]


def source(env: Mapping[str, str]) -> Source:
    """Read the source from the job's variables."""
    return Source(
        repository=env.get("CI_PROJECT_PATH", ""),
        sha=env.get("CI_COMMIT_SHA", ""),
        page=env.get("CI_PROJECT_URL", ""),
        forge=GITLAB,
        run_url=env.get("CI_JOB_URL", "") or env.get("CI_PIPELINE_URL", ""),
        shown_to=env.get("CI_PROJECT_VISIBILITY", ""),
    )


def id_token(env: Mapping[str, str]) -> Job | None:
    """The job that declares `id_tokens:` with HF_OIDC_ID_TOKEN, as huggingface_hub calls it, or HF_ID_TOKEN."""
    token = env.get("HF_OIDC_ID_TOKEN", "") or env.get("HF_ID_TOKEN", "")
    return jobs.given(token, "GitLab CI", "project_path", "ref", "ref_type")


def log(env: Mapping[str, str], out: TextIO) -> Plain:
    """Return the dialect of a job's log."""
    return _Log(coloured(env, out))


PLACE = Place("GitLab", source, id_token, log, FILES, missing="token-absent-gitlab")
