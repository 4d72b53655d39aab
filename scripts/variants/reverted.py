"""`make reverted`: takes the fixes for the live Hub back one by one, each in a copy of the work tree, and wants the cells that
need it to fail there. What fails with every fix in place would show nothing, so that is tried first.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.kit import ROOT

_NEEDED = ("hfspace_action", "localhub", "scripts", "tests", "entrypoint.py", "action.yml", "examples")


class Fix(NamedTuple):
    """One fix: the lines that make it, in a file of the action, what stood there, and the cells that need it."""

    name: str
    path: str
    lines: str
    instead: str
    cells: tuple[str, ...]


FIXES = (
    Fix(
        "redirects of a static page are followed",
        "watch/app/visit.py",
        "                    if onwards is None:",
        "                    if True:",
        ("first static public write",),
    ),
    Fix(
        "what the Hub puts into a page is no difference",
        "watch/app/page.py",
        "return body != self.before and serves(body, self._text)",
        "return body == self._text",
        ("first static public write",),
    ),
    Fix(
        "no app gets the deploy token",
        "watch/app/visit.py",
        '"x-hf-authorization": f"Bearer',
        '"authorization": f"Bearer',
        ("first docker private write no-jwt",),
    ),
    Fix(
        "a page that the edge shows to nobody is not waited for",
        "watch/app/visit.py",
        "_Key()))._replace(closed=True)",
        "_Key()))",
        ("first static private write private-static-404", "selftest static private write private-static-404"),
    ),
    Fix(
        "a publisher that may not is told so",
        "hub/errors.py",
        "if asker.publisher and code in (401, 403)",
        "if False and code in (401, 403)",
        ("settings docker public publisher", "large docker public publisher publisher-401"),
    ),
    Fix(
        "a publisher without a route for its rights goes on",
        "hub/api.py",
        'if unknown or refused.id == "publisher-may-not":',
        "if unknown:",
        ("unchanged docker public publisher publisher-401", "settings docker public publisher publisher-401"),
    ),
    Fix(
        "a Hub without a route for rights is no refusal",
        "hub/api.py",
        "status(refused.__cause__) == 404",
        "status(refused.__cause__) == 0",
        ("settings docker public write no-auth-check", "check docker public write no-auth-check"),
    ),
    Fix(
        "a Space without pull requests gets several commits",
        "publish/large_change.py",
        "if refused.id in _REFUSED:\n                    raise Refused(",
        "if False:\n                    raise Refused(",
        ("large docker public write discussions-disabled",),
    ),
    Fix(
        "a pull request's branch that can't be deleted is left",
        "publish/large_change.py",
        "        with suppress(Failure):\n            self.again(lambda: self.hub.pull_requests.delete_branch(",
        "        with suppress():\n            self.again(lambda: self.hub.pull_requests.delete_branch(",
        ("large docker public write no-ref-deletion",),
    ),
    Fix(
        "a Space that was just made is looked for again",
        "hub/recent.py",
        "CREATION = 30.0",
        "CREATION = 0.0",
        ("first docker public write late-creation",),
    ),
    Fix(
        "a commit that was just made is looked for again",
        "hub/recent.py",
        "COMMIT = 10.0",
        "COMMIT = 0.0",
        ("redeploy docker public write late-tree", "large docker public write late-tree"),
    ),
    Fix(
        "a head from before is no other deploy's",
        "watch/state_machine.py",
        "space.head not in (None, self.target, self.before.head, *self.earlier)",
        "space.head not in (None, self.target)",
        ("redeploy docker public write stale-head",),
    ),
    Fix(
        "the merge says which commit it made",
        "publish/large_change.py",
        "self.hub.git.commit_page(self.space, sha) if sha else self.hub.git.head_after(self.space, self.base)",
        "self.hub.git.head(self.space)",
        ("large docker public write stale-head",),
    ),
    Fix(
        "what the Hub does not say of visibility is not guessed",
        "hub/api.py",
        "return named if isinstance(named, str) else None",
        'return named if isinstance(named, str) else "private" if info.private else None',
        ("unchanged docker protected write no-visibility protected-is-private",),
    ),
    Fix(
        "a Space that Hugging Face has shut is said to be",
        "watch/state_machine.py",
        "if is_blocked(space):",
        "if False:",
        ("redeploy docker public write flagged",),
    ),
    Fix(
        "a build in the queue is said to be",
        "watch/stalled.py",
        "if space.stage in BUILDING and self.build_log is not None and is_queued(self.build_log):",
        "if False:",
        ("redeploy docker public write build-queued",),
    ),
    Fix(
        "a commit that does not wake a Space is said to",
        "watch/stalled.py",
        'if space.stage == "SLEEPING" or (space.stage == "RUNNING" and runs and runs != self.target):',
        "if False:",
        ("redeploy docker public write sleeping-push", "redeploy docker public write dev-mode-push"),
    ),
    Fix(
        "a .gitignore on the Space drops nothing",
        "hub/commits.py",
        '_NOTHING_IGNORED = "#\\n"',
        '_NOTHING_IGNORED = ""',
        ("redeploy docker public write gitignore-absent",),
    ),
    Fix(
        "the build of a static Space that no stage shows is looked for",
        "watch/state_machine.py",
        "return Next.FIND_BUILD if now - self._asked < UNSEEN_BUILD else Next.UNCONFIRMED",
        "return Next.PROBE",
        ("redeploy static public write quiet-static-build",),
    ),
)


def main() -> int:
    """Try each fix and print what became of its cells; 0 if each is needed."""
    with tempfile.TemporaryDirectory(prefix="reverted-") as folder:
        copy = Path(folder) / "work"
        copy.mkdir()
        for name in _NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / name)
        if not kept(copy, dict.fromkeys(cell for fix in FIXES for cell in fix.cells)):
            print("These cells are not even kept with every fix in place.")
            return 1
        needed = [is_needed(copy, fix) for fix in FIXES]
    print(f"\n{needed.count(True)} of {len(FIXES)} fixes are needed by a cell of their own")
    return int(not all(needed))


def is_needed(copy: Path, fix: Fix) -> bool:
    """Return whether a cell fails without a fix."""
    file = copy / "hfspace_action" / fix.path
    text = file.read_text("utf-8")
    if text.count(fix.lines) != 1:
        raise SystemExit(f"{fix.path} does not have exactly once: {fix.lines}")
    file.write_text(text.replace(fix.lines, fix.instead), "utf-8")
    failed = not kept(copy, fix.cells, quiet=True)
    file.write_text(text, "utf-8")
    print(f"{'✓' if failed else '✗ its cells are kept without it:'} {fix.name}", flush=True)
    return failed


def kept(copy: Path, cells: Iterable[str], *, quiet: bool = False) -> bool:
    """Return whether all of these cells are kept in this work tree."""
    command = [sys.executable, "-m", "scripts.variants", *(f"--cell={cell}" for cell in cells)]
    run = subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if "cells kept" not in run.stdout or not (quiet or run.returncode == 0):
        print(run.stdout)
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
