"""The facts of a run, as data: what commands record, and what outputs, annotations and the summary are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from hfspace_action.errors import Failure, Note
from hfspace_action.result import Result
from hfspace_action.space import ERRORS, HALTED

SIGNS = {True: "✓", False: "✗", None: "–"}


class Changes(NamedTuple):
    """What publishing changed on the Space (or would change, in a dry run): paths in the Space, and bytes sent."""

    added: Sequence[str] = ()
    changed: Sequence[str] = ()
    removed: Sequence[str] = ()
    unchanged: int | None = None
    bytes: int | None = None

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Row(NamedTuple):
    """One thing that was checked or tried. `ok` is None where it is not known, or is of no use here; `advice` is what to do
    about it, `seconds` how long it took, if that is of interest. `warns`: somebody should know it although nothing fails."""

    ok: bool | None
    detail: str
    name: str = ""
    advice: str = ""
    seconds: float | None = None
    warns: bool = False

    @property
    def sign(self) -> str:
        """The sign of how it is."""
        return "⚠" if self.warns else SIGNS[self.ok]

    def __str__(self) -> str:
        """Return the row as a line of the log."""
        return f"{self.sign} {self.name}: {self.detail}"


class Line(NamedTuple):
    """A Space in an inventory, in the words of its table. `ok` is None where it is not known whether it is well, and `url` and
    `issue` are addresses, or empty."""

    ok: bool | None
    space: str
    url: str
    stage: str
    commit: str
    hardware: str
    price: str
    visibility: str
    found: str
    issue: str


class Phase(NamedTuple):
    """A stretch of the run; `start` and `end` in seconds from the step's beginning."""

    name: str
    start: float
    end: float


class Facts(TypedDict, total=False):
    """The facts that `Record.add` takes: fields of `Report` by their names."""

    command: str
    result: Result
    stage: str | None
    error_message: str | None
    space_id: str | None
    space_url: str | None
    app_url: str | None
    commit_sha: str | None
    commit_url: str | None
    changed: bool | None
    unsettled: bool
    created: bool | None
    hardware: str | None
    visibility: str | None
    sdk: str | None
    title: str | None
    source_sha: str | None
    source_url: str | None
    remarks: Sequence[str]
    source_subject: str | None
    source_files: str | None
    source_line: str
    source_name: str
    running_sha: str | None
    failed_sha: str | None
    failed_url: str | None
    restored_sha: str | None
    restored_url: str | None
    restored_subject: str | None
    existed: bool
    price: float | None
    sleep_time: int | None
    changes: Changes | None
    plan: Sequence[str]
    restarts: bool
    plan_document: str | None
    log_name: str
    log_tail: Sequence[str]
    errors_page: str | None
    secrets_page: str | None
    unusable: bool
    idle: bool
    run_url: str | None
    why: str | None
    planned_price: float | None
    inventory: Sequence[Line]
    matrix: str | None
    pull_request: str | None
    release: str | None
    releases: str | None
    receipt: str | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is known about a run. None is "not known" and is shown as nothing, never guessed.

    `result` is `error` where there was no Space to judge. `error_message` is the Hub's own. Addresses are those that the Hub
    gave; `errors_page` is docs/errors.md's, `secrets_page` that of the repository's secrets. `commit_sha` is the commit on the Space, after a rollback the one that brought the
    old files back; `failed_sha` is then the one that failed, and `restored_sha` the commit on GitHub that runs again. `running_sha` is the commit that the Hub says runs, `existed`
    whether the Space was there before. `source_sha` is the commit on GitHub, where the files are
    that one's, `source_subject` the first line of its message,
    `source_files` the address under which its files are, `source_line` what stands there before a line's number, `source_name` how the place that keeps it is called. `price` is in dollars an hour, `remarks` are
    lines on the choice of files.

    `unsettled`: the Hub was asked to move main, and it is not known what it made of that.

    `plan` has a line for each thing to change, `done` those of them that were; `restarts`: the app is started again for it;
    `plan_document` is the same as JSON. `rows` are what a command other than deploy has checked. `unusable`: the inputs were none to
    work with. `idle`: a deploy would change nothing. `excerpt` are the lines of the log that show the cause. `run_url` is the page of the workflow run, `why` the reason
    where there was nothing to do, `planned_price` what the hardware costs an hour after the plan. `inventory` has a line for each of several Spaces that were looked
    at.

    `spaces` are the reports of the Spaces where the run was about many; all else but `result`, `changed`, `created` and what failed for
    all of them is then theirs. `matrix` is JSON for a workflow. `pull_request` is the address of the one that has edits of the Space.
    `release` is the tag of what main holds, `releases` are all of them as JSON, `receipt` is that of a verification.
    """

    command: str = "deploy"
    result: Result = Result.ERROR
    stage: str | None = None
    error_message: str | None = None
    space_id: str | None = None
    space_url: str | None = None
    app_url: str | None = None
    commit_sha: str | None = None
    commit_url: str | None = None
    changed: bool | None = None
    unsettled: bool = False
    created: bool | None = None
    hardware: str | None = None
    visibility: str | None = None
    sdk: str | None = None
    title: str | None = None
    duration: float | None = None
    source_sha: str | None = None
    source_url: str | None = None
    remarks: Sequence[str] = ()
    source_subject: str | None = None
    source_files: str | None = None
    source_line: str = "#L"
    source_name: str = "GitHub"
    running_sha: str | None = None
    failed_sha: str | None = None
    failed_url: str | None = None
    restored_sha: str | None = None
    restored_url: str | None = None
    restored_subject: str | None = None
    existed: bool = False
    price: float | None = None
    sleep_time: int | None = None
    changes: Changes | None = None
    plan: Sequence[str] = ()
    restarts: bool = False
    plan_document: str | None = None
    done: Sequence[str] = ()
    notes: Sequence[Note] = ()
    failures: Sequence[Failure] = ()
    rows: Sequence[Row] = ()
    phases: Sequence[Phase] = ()
    log_name: str = "build"
    log_tail: Sequence[str] = field(default=(), repr=False)
    errors_page: str | None = None
    secrets_page: str | None = None
    unusable: bool = False
    idle: bool = False
    run_url: str | None = None
    why: str | None = None
    planned_price: float | None = None
    inventory: Sequence[Line] = ()
    spaces: "Sequence[Report]" = ()
    matrix: str | None = None
    pull_request: str | None = None
    release: str | None = None
    releases: str | None = None
    receipt: str | None = None

    def page(self, failure: Failure) -> str | None:
        """Return the address at which a failure is documented."""
        return f"{self.errors_page}#{failure.id}" if self.errors_page else None

    @property
    def pages(self) -> Mapping[str, str]:
        """Pages that advice names in words, by these words."""
        return {"the repository's secrets": self.secrets_page} if self.secrets_page else {}

    @property
    def undone(self) -> Sequence[str]:
        """What of the plan was not done, where only a part of it was; empty where the plan was done, or nothing of it."""
        return [line for line in self.plan if line not in self.done] if self.done else ()

    @property
    def planned_changes(self) -> Sequence[str]:
        """The lines of the plan that change something."""
        return [line for line in self.plan if line[:2] in ("+ ", "~ ", "- ")]

    @property
    def broken(self) -> bool:
        """Whether a Space that was only looked at does not run."""
        if self.command == "watch" and any(row.ok is False for row in self.rows):
            return True
        return self.result is Result.BROKEN or (self.result is Result.SEEN and self.stage in ERRORS | HALTED)

    @property
    def excerpt(self) -> Sequence[str]:
        """The lines of the log that show the cause."""
        return next((failure.excerpt for failure in self.failures if failure.excerpt), ())

    @property
    def answer(self) -> str:
        """What the app answered where it was asked one thing and did well: one sentence tells that better than a table."""
        only = self.rows[0] if len(self.rows) == 1 and self.result is Result.LIVE else None
        return only.detail if only and only.ok else ""

    @property
    def unfinished(self) -> bool:
        """Whether nothing is known of how it ended."""
        return self.result is Result.ERROR and not self.failures

    @property
    def healthy(self) -> bool | None:
        """What the command check found; None for the others."""
        return {Result.HEALTHY: True, Result.UNHEALTHY: False}.get(self.result)

    @property
    def ok(self) -> bool:
        """Whether the step succeeds."""
        return self.result.ok
