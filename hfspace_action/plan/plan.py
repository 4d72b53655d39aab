"""The wanted state against the Space's state: a `Plan` that can be printed, and applied by `settings` and `publish`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hfspace_action.errors import Failure, Note
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.inputs.schema import Inputs
from hfspace_action.space import ERRORS, HALTED, Space

from . import comparison, document, tree
from .comparison import Stays
from .foreign import kept, losses
from .foreign.losses import Loss
from .settings import differences
from .settings.change import UNKNOWN, Change

if TYPE_CHECKING:
    from .foreign.drift import Drift

MOST_LOSSES = 20  # files that go, shown by name
LONGEST_VALUE = 100  # characters of a variable shown in a line
_SIGNS = {"create": "+", "change": "~", "delete": "-"}


class Entry(NamedTuple):
    """One thing that a deploy changes. `before` is None where it is not there yet, `after` None where it is removed.

    `restarts`: the app is built or started again for it. `dollars_per_hour` is what it costs from then on, where the Hub
    names a price. A secret's value is never in it.
    """

    action: Literal["create", "change", "delete"]
    what: str
    name: str | None = None
    before: str | None = None
    after: str | None = None
    restarts: bool = False
    dollars_per_hour: float | None = None

    def shown(self, redact: Callable[[str], str]) -> "Entry":
        """The entry with what a variable or a volume is redacted; all else are words of ours and the Hub's."""
        if self.what not in ("variable", "volume"):
            return self
        before, after = (None if value is None else redact(value) for value in (self.before, self.after))
        return self._replace(before=before, after=after)

    def __str__(self) -> str:
        """The entry in a line, as people know it of Terraform; of what costs something what comes before what was, because a phone
        cuts long lines."""
        label = f"{_SIGNS[self.action]} {self.what}{f' {self.name}' if self.name else ''}"
        if self.dollars_per_hour is not None and self.after:
            cost = f"${self.dollars_per_hour:.2f}/h" if self.dollars_per_hour else "free"
            return f"{label}: {shown_value(self.after)} ({cost})" + (
                f", was {shown_value(self.before)}" if self.before else ""
            )
        shown = [shown_value(value) for value in (self.before, self.after) if value is not None]
        if self.what == "secret":
            question = "whether it differs" if self.name else "which there are"
            shown = [f"{question} can't be told with this token"] if self.before == UNKNOWN else []
        return label + (f": {' → '.join(shown)}" if shown else "")


class Plan(NamedTuple):
    """What a deploy will change. `existing` is None when the Space is to be created. `restart` is the stage that the Space
    is in where that takes a restart of its own. `losses` are the files that go, `stays` is what does not, `notes` what to know
    about them, `by_hand` what others have changed there since a deploy."""

    space: str
    existing: Space | None
    sdk: str
    wanted: tree.Folder
    difference: tree.Difference
    settings: tuple[Change, ...]
    restart: str | None = None
    losses: tuple[Loss, ...] = ()
    stays: Stays = Stays()
    notes: tuple[Note, ...] = ()
    by_hand: "Drift | None" = None

    @property
    def runs(self) -> bool:
        """Whether there is an app already that a change could restart."""
        return self.existing is not None and "static" not in (self.sdk, self.existing.sdk)

    def entries(self) -> Iterator[Entry]:
        """All of it, in the order in which it is done."""
        if self.existing is None:
            yield Entry("create", "space", self.space, None, self.sdk)
        yield from (entry(change, app=self.runs) for change in self.settings if not change.late)
        if self.existing and self.existing.sdk not in (None, self.sdk):
            yield Entry("change", "sdk", None, self.existing.sdk, self.sdk, restarts=True)
        if self.difference:
            new = self.existing is None
            yield Entry(
                "create" if new else "change", "files", None, None, describe(self.difference), restarts=self.runs
            )
        yield from (entry(change, app=self.runs) for change in self.settings if change.late)
        if self.restart:
            yield Entry("change", "app", None, self.restart, "restarted", restarts=True)

    def lines(self) -> Iterator[str]:
        """The plan in words, a line each; one line that says so, where there is nothing to change."""
        lines = [str(entry) for entry in self.entries()]
        yield from lines or ["nothing to change"]
        yield from (f"  - {shown_value(str(loss))}" for loss in self.losses[:MOST_LOSSES])
        if len(self.losses) > MOST_LOSSES:
            yield f"  … and {len(self.losses) - MOST_LOSSES:,} more that go"

    def document(self, redact: Callable[[str], str] = str) -> dict[str, Any]:
        """The plan as JSON, after docs/plan.schema.json. `redact` hides what values of variables have in common with secrets,
        before JSON could spell it otherwise."""
        difference = self.difference
        lists = {
            "added": [file.path for file in difference.added],
            "changed": [file.path for file in difference.changed],
            "removed": list(difference.removed),
        }
        summary = {
            "version": 1,
            "space": self.space,
            "exists": self.existing is not None,
            "files": {name: len(paths) for name, paths in lists.items()}
            | {"unchanged": difference.unchanged, "bytes": sum(file.size for file in difference.files)},
        }
        return document.fitted(summary, [entry.shown(redact)._asdict() for entry in self.entries()], lists)


class Compared(NamedTuple):
    """The files against those of the Space: the difference, what stays on the Space, the files that go, what to know, and what
    was changed by hand."""

    difference: tree.Difference
    stays: Stays
    losses: tuple[Loss, ...]
    notes: tuple[Note, ...]
    by_hand: "Drift | None" = None


def entry(change: Change, *, app: bool) -> Entry:
    """A setting's entry in the plan; `app`: whether there is one that it may restart."""
    action: Literal["create", "change", "delete"] = "change"
    if change.becomes is None:
        action = "delete"
    elif change.was is None:
        action = "create"
    hidden = change.name == "secret" and change.was != UNKNOWN
    return Entry(
        action,
        change.name,
        change.key or None,
        None if hidden else change.was,
        None if change.name == "secret" else change.becomes,
        restarts=change.restarts and app,
        dollars_per_hour=change.price,
    )


def make(hub: Hub, inputs: Inputs, space: str, existing: Space | None, sdk: str, wanted: tree.Folder) -> Plan:
    """Compare what is wanted with what the Space holds; change nothing. Raises `Failure` for wishes that can't be met."""
    changes = differences.wanted(hub, inputs, space, existing, sdk)
    if existing is None:
        kept.refuse_conflicts(Patterns.parse(inputs.keep), wanted)
        added = tuple(sorted(wanted, key=lambda file: file.path))
        return Plan(space, None, sdk, wanted, tree.Difference(added=added), changes, stays=Stays(inputs.keep))
    head = existing.head or "main"
    writes = bool(changes) or inputs.rebuild
    difference, stays, lost, notes, by_hand = compare(hub, inputs, existing.id, head, wanted, writes=writes)
    restart = _restarted_from(existing, inputs, sdk, bool(difference) or any(change.restarts for change in changes))
    if restart and not may_restart(hub, existing):
        restart = None
    return Plan(existing.id, existing, sdk, wanted, difference, changes, restart, lost, stays, notes, by_hand)


def compare(hub: Hub, inputs: Inputs, space: str, head: str, wanted: tree.Folder, *, writes: bool = False) -> Compared:
    """Compare the files with those of the Space at a commit. Raises `Failure` keep-conflict, or drift where others have changed
    the Space and the inputs say to stop then. `writes`: there is something to write even without a difference."""
    stays = Stays(inputs.keep)
    difference, notes, root = comparison.compare_kept(hub, space, head, wanted, stays)
    if not difference:
        held = writes and comparison.is_held(hub, space, head, wanted, root)
        return Compared(difference._replace(held=held), stays, (), notes)
    from .foreign import drift  # not before: nobody can have changed what is as it was deployed

    found = drift.Drift()
    if drift.may_be(root, difference, inputs.on_drift):
        found = drift.find(hub, space, head, (wanted, difference), older=inputs.on_drift in drift.LEAVING)
    said = drift.settle(found, inputs.on_drift, space)
    if spared := found.spared(inputs.on_drift):
        stays = stays._replace(spared=spared)
        difference = comparison.compare(hub, space, head, wanted, stays)._replace(held=difference.held)
    lost = losses.find(hub, space, head, difference.removed)
    named = {path for edit in found.edits for path in edit.paths}
    gone = losses.note([loss for loss in lost if loss.path not in named])
    return Compared(difference, stays, lost, (*notes, *filter(None, [said, gone])), found or None)


def _restarted_from(existing: Space, inputs: Inputs, sdk: str, started_anyway: bool) -> str | None:
    """The stage that will be left by a restart: nothing else does it for a halted app, nor for one that failed before."""
    if not (inputs.wait and inputs.resume) or "static" in (sdk, existing.sdk):
        return None
    restarted = existing.stage in HALTED or (existing.stage in ERRORS and not started_anyway)
    return existing.stage if restarted else None


def may_restart(hub: Hub, existing: Space) -> bool:
    """Whether the token may restart the Space. Raises `Failure` if not, and the Space is paused: nothing else starts it."""
    try:
        differences.refuse_publisher(hub, existing.id, f"restart {existing.id}, which is {existing.stage}")
    except Failure:
        if existing.stage == "PAUSED":
            raise
        return False
    return True


def describe(difference: tree.Difference) -> str:
    """A few words on what changes in the files."""
    counts = (
        (len(difference.added), "added"),
        (len(difference.changed), "changed"),
        (len(difference.removed), "removed"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def shown_value(value: str) -> str:
    """Return a value on one line and of bounded length; one that could be misread stands in quotes."""
    line = value if value and " ".join(value.split()) == value else repr(value)
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
