"""`on-drift: import`: what others have changed on the Space as a pull request on the repository that the deploy comes from."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hfspace_action.checkout.checkout import Checkout
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure, Note
from hfspace_action.hub.api import Hub
from hfspace_action.plan.foreign.drift import Drift
from hfspace_action.report import comment
from hfspace_action.report.markdown import Safe, code, escape, fill, join, link
from hfspace_action.space import Space
from hfspace_action.workflow import event, origin, run
from hfspace_action.workflow.github_api import changes
from hfspace_action.workflow.github_api.changes import Change, Proposed, Touched, Written
from hfspace_action.workflow.github_api.client import NoAnswer, NotAllowed

Redact = Callable[[str], str]
"""Hides the step's secrets, before anything is cut or escaped."""
_MOST = 100  # files; each is a request to the Hub and one to GitHub
_SHOWN = 20  # files of a commit that are named
_PERMISSIONS = "the job lacks `permissions:` `contents: write` and `pull-requests: write`, or the repository's settings do not let workflows create pull requests"


class _Edits(NamedTuple):
    """What was edited: files that go into git, by their paths on the Space, and those that are too large for it."""

    files: Sequence[Written]
    large: Sequence[str]

    @property
    def digest(self) -> str:
        """The same for the same edits."""
        told = hashlib.sha256()
        for file in self.files:
            content = b"" if file.content is None else hashlib.sha256(file.content).digest()
            told.update(f"{file.path}\0".encode() + content + b"\0")
        return told.hexdigest()


def propose(step: Step, hub: Hub, space: Space, by_hand: Drift, found: Checkout) -> None:
    """Have a pull request that brings the edits into the repository, before a deploy writes anything. Raises `Failure`
    import-refused: then nothing would bring back what a deploy overwrites."""
    if step.inputs.dry_run:
        step.record.note("A deploy would bring these edits into the repository by a pull request.")
        return
    edits = _read(hub, space, by_hand)
    if edits.large:
        step.record.note(
            f"On the Space lie as large files, and are in no pull request: {', '.join(edits.large)}. To have them in the "
            "repository, download them and commit them with git-lfs."
        )
    if edits.files:
        made = _proposed(step, by_hand, space, edits, found)
        step.record.add(pull_request=made.url)
        step.runner.info(f"The edits made on the Space: {made.url}")
        step.record.notes(_note(made))


def _read(hub: Hub, space: Space, by_hand: Drift) -> _Edits:
    """Read the edited files as the Space has them. Raises `Failure`."""
    paths = sorted({path for edit in by_hand.edits for path in edit.paths})
    if (number := len(paths) + len(by_hand.missing)) > _MOST:
        raise _refused(space.id, f"{number} files were changed by hand, and it takes {_MOST}")
    head = space.head or "main"
    entries = hub.history.entries(space.id, head, paths) if paths else {}
    small = [each for each in entries.values() if each.lfs_sha256 is None]
    written = [Written(each.path, hub.git.read_entry(space.id, head, each)) for each in small]
    gone = [Written(path, None) for path in {*by_hand.missing, *paths} - entries.keys()]
    return _Edits(sorted([*written, *gone]), sorted(entries.keys() - {each.path for each in small}))


def _proposed(step: Step, by_hand: Drift, space: Space, edits: _Edits, found: Checkout) -> Proposed:
    access, source = step.github, step.source
    if access is None:
        raise _refused(space.id, "there is no `github-token`, or this is no workflow on GitHub")
    deployed = run.deployed_from(by_hand.since.message) if by_hand.since else ""
    files = [Written(found.place(each.path).file, each.content) for each in edits.files]
    slug = re.sub(r"[^a-z0-9-]+", "-", space.id.lower()).strip("-")
    change = Change(
        branch=f"hf-space-deploy/import-{slug}",
        into=event.branch(source.payload),
        onto=[*filter(None, [deployed]), source.sha],
        files=files,
        digest=edits.digest,
        marker=comment.marker("edits", space.id),
        title=f"Edits made on the Space {space.id}",
        message="\n".join(_message(by_hand, space, step.runner.redact)),
        body=join("\n\n", _body(by_hand, space, edits, step.runner.redact)),
    )
    try:
        return changes.propose(access, change)
    except NotAllowed as refused:
        raise _refused(space.id, f"{_PERMISSIONS} ({refused})") from refused
    except NoAnswer as silent:
        raise _refused(space.id, f"GitHub's API: {silent}") from silent
    except Touched as touched:
        reason = f"others have committed to the branch of {touched}, which has older edits; merge or close that first"
        raise _refused(space.id, reason) from touched


def _refused(space: str, reason: str) -> Failure:
    return Failure("import-refused", space=space, reason=reason)


def _note(made: Proposed) -> Note:
    does = {
        "opened": "was opened to bring these edits into the repository",
        "updated": "was brought up to date with these edits",
        "open": "has these edits already",
    }
    if made.state == "closed":
        return Note(
            f"Pull request #{made.number} had these edits and was closed, so it is not opened again. "
            "To let the repository win, deploy once with `on-drift: warn`."
        )
    return Note(f"Pull request #{made.number} {does[made.state]}. Merge it, or they stay only on the Space.")


def _message(by_hand: Drift, space: Space, redact: Redact) -> Iterator[str]:
    """Yield the lines of the commit's message."""
    yield f"Bring edits from the Space {space.id}"
    yield ""
    for edit in by_hand.edits:
        yield f"* {origin.line(redact(edit.commit.title))}: {space.url}/commit/{edit.commit.sha}"


def _body(by_hand: Drift, space: Space, edits: _Edits, redact: Redact) -> Iterator[Safe]:
    """Yield the paragraphs of the pull request's body: all names and titles are others'."""
    yield fill(
        "These files were changed on the Space {} since a deploy. Merged, the next deploy has nothing to overwrite; closed, "
        "the edits stay on the Space until a deploy with `on-drift: warn`.",
        link(escape(space.id), space.url),
    )
    for edit in by_hand.edits:
        commit = link(escape(origin.line(redact(edit.commit.title))), f"{space.url}/commit/{edit.commit.sha}")
        files = join(", ", [code(redact(path)) for path in edit.paths[:_SHOWN]])
        more = f" and {len(edit.paths) - _SHOWN} more" if len(edit.paths) > _SHOWN else ""
        by = fill(" by {}", escape(redact(", ".join(edit.commit.authors)))) if edit.commit.authors else Safe("")
        yield fill("* {}{} on {}: {}{}", commit, by, escape(edit.commit.at[:10]), files, Safe(more))
    for title, paths in (("Removed there", by_hand.missing), ("Too large for git, and not in here", edits.large)):
        if paths:
            yield fill("{}: {}", Safe(title), join(", ", [code(redact(path)) for path in paths[:_SHOWN]]))
