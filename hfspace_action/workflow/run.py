"""Where a deploy comes from: the run of a CI system and the commit that it checked out, and the action that the run uses."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from hfspace_action.space import Space

from . import event as payloads
from . import origin

HOLD_ENDS = "End the hold at "
# The titles of our own commits.
_TITLES = re.compile(
    r"Deploy(?: [\w.-]+/[\w.-]+(?:@[0-9a-f]{7})?(?: with changes)?)?(?: \(part \d+ of \d+\))?|Deploy onto .*|Roll back to .*"
    rf"|{HOLD_ENDS}.*"
)
_SOURCE = re.compile(r"Deploy [\w.-]+/[\w.-]+@([0-9a-f]{7})\b")
_WHOLE_SOURCE = re.compile(r"^Source: \S*/([0-9a-f]{40})$", re.MULTILINE)
_REPOSITORY = re.compile(r"Deploy ([\w.-]+/[\w.-]+)")
_SOURCE_PAGE = re.compile(r"^Source: (https?://\S+?)(?:/-)?/commits?/[0-9a-f]{40}\b", re.MULTILINE)
_BACK = re.compile(rf"(?:Roll back to |{HOLD_ENDS})([0-9a-f]{{7,40}})")
_HIDING = ("private", "protected")
"""What a Space is of which others do not see the commits."""
_OUTSIDE = "Deployed outside a workflow run."


def is_ours(title: str, message: str | None = None) -> bool:
    """Whether a commit on a Space is a deploy's, by its title and, where that is known, its message."""
    if not _TITLES.fullmatch(title):
        return False
    return title != "Deploy" or message is None or _OUTSIDE in message


def deployed_commit(title: str) -> str:
    """Return the beginning of the id of the commit that a deploy was made from, as its title has it; empty where it has none."""
    found = _SOURCE.match(title)
    return found[1] if found else ""


def deployed_from(message: str) -> str:
    """Return the whole id of that commit, as the message of a deploy's commit has it; empty where the files were not just its."""
    found = _WHOLE_SOURCE.search(message)
    return found[1] if found else ""


def line_of(message: str, name: str) -> str:
    """Return what the line `name` of a commit's message says, such as `Subject`; empty where there is none."""
    found = re.search(rf"^{name}: (.+)$", message, re.MULTILINE)
    return found[1] if found else ""


def rolled_back_to(title: str) -> str:
    """Return the beginning of the id of the Space's commit that a rollback went back to, by its title; empty where it is none."""
    found = _BACK.fullmatch(title)
    return found[1] if found else ""


class Forge(NamedTuple):
    """How the place that keeps a repository writes its addresses: what stands between the repository's own and the id of a
    commit, for the commit's page and for its files, and what stands before a line's number, and how the place is called. The
    defaults are GitHub's."""

    commit: str = "/commit/"
    files: str = "/blob/"
    line: str = "#L"
    name: str = "GitHub"


class Source(NamedTuple):
    """What a deploy is made from. Empty strings where it is not known. `exact`: the files are those of the commit `sha`.

    `page` is the repository's address, `run_url` that of the run, `api` that of GitHub's API, `event` the file that holds the
    event's payload, and `shown_to` who may see the repository (public, private or internal), where the environment says so.
    """

    repository: str = ""
    sha: str = ""
    exact: bool = True
    page: str = ""
    forge: Forge = Forge()
    run_url: str = ""
    attempt: str = ""
    api: str = ""
    event: str = ""
    shown_to: str = ""
    event_name: str = ""
    actor: str = ""
    subject: str = ""
    """The first line of the commit's message."""
    reticent: bool = False
    """The commits on the Space do not show the subject."""
    record: str = ""
    """A line that says what decided the tree, for the end of a commit's message on the Space."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload of the event; empty where there is none. Read anew each time, because few steps need it."""
        return payloads.read({"GITHUB_EVENT_PATH": self.event})

    @property
    def visibility(self) -> str | None:
        """Who may see the source repository; None where it is not known. May read the payload, which only a new Space needs."""
        return self.shown_to or payloads.repository_visibility(self.payload)

    def shown_on(self, space: Space, visibility: str | None) -> Self:
        """Return the source as the commits of a Space show it that is to get, or keep, a visibility: what a private repository's
        commit says is not for those who see a public Space. A Space that is not known to hide its files counts as public."""
        hides = visibility in _HIDING if visibility else space.visibility in _HIDING or bool(space.private)
        return self._replace(reticent=not hides and self.visibility in ("private", "internal"))

    def of_deploy(self, title: str, message: str, *, edited: bool) -> Self:
        """Return the source that the commit of an earlier deploy names, in place of what this run checked out. `edited`: its files have
        been changed since."""
        named, whole = _REPOSITORY.match(title), _SOURCE_PAGE.search(message)
        repository = named[1] if named else ""
        is_own = repository == self.repository
        page = whole[1] if whole and whole[1].endswith(f"/{repository}") else ""
        sha = deployed_from(message)
        return self._replace(
            repository=repository,
            page=self.page if is_own else page,
            sha=sha or deployed_commit(title),
            exact=not edited and bool(sha),
            subject=line_of(message, "Subject"),
            shown_to=(self.visibility or "") if is_own else "",
            event="",  # what this run was started by says nothing about that deploy
        )

    @property
    def commit_url(self) -> str:
        return f"{self.page}{self.forge.commit}{self.sha}" if self.page and self.sha else ""

    @property
    def files_url(self) -> str:
        """The address under which the files of the commit are."""
        return f"{self.page}{self.forge.files}{self.sha}" if self.page and self.sha else ""

    @property
    def title(self) -> str:
        """The title of the commits on the Space."""
        commit = f"@{self.sha[:7]}" + ("" if self.exact else " with changes") if self.sha else ""
        return f"Deploy {self.repository}{commit}" if self.repository else "Deploy"

    @property
    def description(self) -> str:
        """The body of the commits on the Space: what was deployed, by whom and by which run, so that each can be traced."""
        payload, attempt = self.payload, f" (attempt {self.attempt})" if self.attempt else ""
        pull, compare = (
            (origin.pull(payload, self.subject, self.page), origin.compare(payload, self.page))
            if self.page
            else ("", "")
        )
        lines = [
            f"Source: {self.commit_url}" + ("" if self.exact else ", with changes") if self.commit_url else "",
            f"Subject: {origin.line(self.subject)}" if self.subject and not self.reticent else "",
            f"Pull request: {pull}" if pull else "",
            f"Changes: {compare}" if compare else "",
            f"Actor: {origin.line(self.actor)}" if self.actor else "",
            f"Run: {self.run_url}{attempt}" if self.run_url else "",
        ]
        about = "\n".join([line for line in lines if line] or [_OUTSIDE])
        return f"{about}\n\n{self.record}" if self.record else about


def secrets_page(env: Mapping[str, str]) -> str | None:
    """The address at which the secrets of the repository are set that a workflow on GitHub is of."""
    server, repository = env.get("GITHUB_SERVER_URL"), env.get("GITHUB_REPOSITORY")
    elsewhere = env.get("GITHUB_ACTIONS") != "true" or "true" in (env.get("FORGEJO_ACTIONS"), env.get("GITEA_ACTIONS"))
    return (
        None if elsewhere or not (server and repository) else f"{server}/{quote(repository)}/settings/secrets/actions"
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
