"""Where a deploy comes from: the workflow run and the commit that it checked out, and the action that the run uses."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from . import event as payloads
from . import origin


class Source(NamedTuple):
    """The GitHub side of a deploy. Empty strings outside a runner. `exact`: the files are those of the commit `sha`."""

    repository: str = ""
    sha: str = ""
    exact: bool = True
    ref: str = ""
    server: str = ""
    run: str = ""
    attempt: str = ""
    api: str = ""
    event: str = ""
    """The file that holds the event's payload."""
    event_name: str = ""
    actor: str = ""
    subject: str = ""
    """The first line of the commit's message."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload of the event; empty where there is none. Read anew each time, because few steps need it."""
        return payloads.read({"GITHUB_EVENT_PATH": self.event})

    @property
    def visibility(self) -> str | None:
        """Who may see the GitHub repository; None where it is not known. Reads the payload, which only a new Space needs."""
        return payloads.repository_visibility(self.payload)

    @property
    def commit_url(self) -> str:
        return f"{self.server}/{self.repository}/commit/{self.sha}" if self.server and self.sha else ""

    @property
    def files_url(self) -> str:
        """The address under which the files of the commit are."""
        return f"{self.server}/{self.repository}/blob/{self.sha}" if self.server and self.sha else ""

    @property
    def run_url(self) -> str:
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if self.server and self.run else ""

    @property
    def title(self) -> str:
        """The title of the commits on the Space."""
        commit = f"@{self.sha[:7]}" + ("" if self.exact else " with changes") if self.sha else ""
        return f"Deploy {self.repository}{commit}" if self.repository else "Deploy"

    @property
    def description(self) -> str:
        """The body of the commits on the Space: what was deployed, by whom and by which run, so that each can be traced."""
        payload, repository = self.payload, f"{self.server}/{self.repository}" if self.server else ""
        pull, compare = (
            (origin.pull(payload, self.subject, repository), origin.compare(payload, repository))
            if repository
            else ("", "")
        )
        lines = [
            f"Source: {self.commit_url}" + ("" if self.exact else ", with changes") if self.commit_url else "",
            f"Subject: {origin.line(self.subject)}" if self.subject else "",
            f"Pull request: {pull}" if pull else "",
            f"Changes: {compare}" if compare else "",
            f"Actor: {origin.line(self.actor)}" if self.actor else "",
            f"Run: {self.run_url} (attempt {self.attempt or '1'})" if self.run_url else "",
        ]
        return "\n".join([line for line in lines if line] or ["Deployed outside a workflow run."])


def read(env: Mapping[str, str]) -> Source:
    """Read the source from a runner's environment."""
    return Source(
        repository=env.get("GITHUB_REPOSITORY", ""),
        sha=env.get("GITHUB_SHA", ""),
        ref=env.get("GITHUB_REF_NAME", ""),
        server=env.get("GITHUB_SERVER_URL", ""),
        run=env.get("GITHUB_RUN_ID", ""),
        attempt=env.get("GITHUB_RUN_ATTEMPT", ""),
        api=env.get("GITHUB_API_URL", ""),
        event=env.get("GITHUB_EVENT_PATH", ""),
        event_name=env.get("GITHUB_EVENT_NAME", ""),
        actor=origin.actor(env),
    )


def errors_page(env: Mapping[str, str]) -> str | None:
    """The address of docs/errors.md in the version of the action that runs, if the runner tells which that is.

    It does not for `uses: ./`, nor does a plain `docker run`; and on other servers than github.com the action may have come
    from elsewhere.
    """
    repository, ref = env.get("GITHUB_ACTION_REPOSITORY"), env.get("GITHUB_ACTION_REF")
    if not repository or not ref or env.get("GITHUB_SERVER_URL") != "https://github.com":
        return None
    return f"https://github.com/{quote(repository)}/blob/{quote(ref)}/docs/errors.md"
