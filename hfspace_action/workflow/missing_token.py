"""Why a job has no token although its workflow may pass one: GitHub gives secrets to some jobs only.

Source: https://docs.github.com/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_SECRET = re.compile(r"secrets(?:\.|\[['\"])(\w+)")
_INPUT = "hf-token"
_USUAL = "HF_TOKEN"
_DEPENDABOT = "dependabot[bot]"


class Reason(NamedTuple):
    """The id of a failure in errors.toml, and its facts."""

    id: str
    facts: Mapping[str, Any] = MappingProxyType({})


def is_withheld(env: Mapping[str, str], payload: Mapping[str, Any]) -> bool:
    """Whether GitHub gives no secrets to this run, whatever its workflow passes: of a fork, or of Dependabot."""
    if env.get("GITHUB_EVENT_NAME") == "pull_request_target":
        return False
    return _fork(payload) is not None or env.get("GITHUB_ACTOR") == _DEPENDABOT


def judge(env: Mapping[str, str], payload: Mapping[str, Any], workflows: Mapping[str, Any]) -> Reason:
    """Return why the input is empty. `payload` is the event's, `workflows` are the repository's by their paths."""
    if env.get("GITHUB_EVENT_NAME") != "pull_request_target" and (fork := _fork(payload)):
        return Reason("token-fork", {"fork": fork})
    own = _mapping(workflows.get(_path(env)))
    jobs = {str(name): _mapping(job) for name, job in _mapping(own.get("jobs")).items()}
    name = env.get("GITHUB_JOB", "")
    job = jobs.get(name, {})
    secret = _secret(job)
    if env.get("GITHUB_ACTOR") == _DEPENDABOT:
        return Reason("token-dependabot", {"secret": secret or _any_secret(workflows) or _USUAL})
    if jobs and name not in jobs and (call := _call_without(jobs)):
        return Reason("token-not-inherited", call)
    if secret is None:
        return Reason("input-token-missing")
    if not job.get("environment") and (environment := _environment_of(secret, workflows)):
        return Reason("token-environment", {"secret": secret, "job": name, "environment": environment})
    named = _environment(job)
    where = f"the environment {named} and the repository" if named else "the repository"
    return Reason("token-unset", {"secret": secret, "where": where})


def _fork(payload: Mapping[str, Any]) -> str | None:
    """Return the repository that a pull request comes from, if it is another one; "a deleted fork" where that is gone."""
    pull = _mapping(payload.get("pull_request"))
    if not pull:
        return None
    head, base = (_mapping(_mapping(pull.get(side)).get("repo")).get("full_name") for side in ("head", "base"))
    return None if head == base else str(head or "a deleted fork")


def _path(env: Mapping[str, str]) -> str:
    """Return the path of the workflow that was started, if it is one of this repository."""
    repository, ref = env.get("GITHUB_REPOSITORY", ""), env.get("GITHUB_WORKFLOW_REF", "").partition("@")[0]
    return ref.removeprefix(f"{repository}/") if repository and ref.startswith(f"{repository}/") else ""


def _call_without(jobs: Mapping[str, Mapping[str, Any]]) -> dict[str, str] | None:
    """Return the job that calls another workflow and passes it no secrets, if there is one."""
    for name, job in jobs.items():
        if isinstance(job.get("uses"), str) and job.get("secrets") != "inherit":
            return {"job": name, "uses": job["uses"]}
    return None


def _secret(job: Mapping[str, Any]) -> str | None:
    """Return the secret that a step of the job passes as the token; None where none passes it."""
    for step in _steps(job):
        given = _mapping(step.get("with")).get(_INPUT)
        if isinstance(given, str) and (found := _SECRET.search(given)):
            return found[1]
    return None


def _any_secret(workflows: Mapping[str, Any]) -> str | None:
    return next((found for _, job in _jobs(workflows) if (found := _secret(job))), None)


def _environment_of(secret: str, workflows: Mapping[str, Any]) -> str | None:
    """Return the environment in which another job uses the same secret, if one does."""
    for _, job in _jobs(workflows):
        environment = _environment(job)
        if environment and "${{" not in environment and secret in _SECRET.findall(str(job)):
            return environment
    return None


def _environment(job: Mapping[str, Any]) -> str | None:
    named = job.get("environment")
    return str(named.get("name")) if isinstance(named, Mapping) else named if isinstance(named, str) else None


def _jobs(workflows: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for workflow in workflows.values():
        for name, job in _mapping(_mapping(workflow).get("jobs")).items():
            yield str(name), _mapping(job)


def _steps(job: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    steps = job.get("steps")
    yield from (_mapping(step) for step in steps) if isinstance(steps, list) else ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
