"""The command `migrate`: the repository's old workflows, written anew with this action. It asks neither the Hub nor GitHub."""

import re
from pathlib import Path

from hfspace_action.checkout.credentials import scan
from hfspace_action.errors import Failure, Place
from hfspace_action.file import File
from hfspace_action.migrate import new, rewrite
from hfspace_action.report.sentences import count
from hfspace_action.result import Result

from .step import Step

FOLDER = ".github/workflows"
_WORD = re.compile(r"[\w.~+-]{16,}")
MOST, LARGEST = 100, 200_000
"""Files that are looked at, and the bytes of one."""


def migrate(step: Step) -> None:
    """Show the difference of each workflow that is known, and write it, but in a dry run. What is not known is named. Raises `Failure`."""
    record, inputs = step.record, step.inputs
    found = 0
    for file in workflows(step.workspace):
        path = f"{FOLDER}/{file.name}"
        try:
            before = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            record.note("This workflow is left alone: it is not UTF-8.", Place(path))
            continue
        _hide_credentials(step, path, before)
        made = rewrite.workflow(before, inputs.space, new.USES)
        found += made.found
        for remark in made.remarks:
            record.note(f"{remark.text[:1].upper()}{remark.text[1:]}.", Place(path, remark.line))
        for remark in made.unknown:
            record.note(f"This step is left alone: {remark.text}.", Place(path, remark.line))
        if made.found:
            for line in rewrite.difference(before, made.text, path).splitlines():
                step.runner.info(line)
            record.row(
                path,
                True,
                f"{count(made.found, 'step')} {'would be' if inputs.dry_run else 'was' if made.found == 1 else 'were'} rewritten",
            )
            if not inputs.dry_run:
                _write(file, made.text)
    record.add(result=Result.MIGRATED, changed=bool(found) and not inputs.dry_run, space_id=None)


def _hide_credentials(step: Step, path: str, text: str) -> None:
    """Keep credentials that stand in a workflow out of the log, and say that they must go."""
    lines = text.splitlines()
    for finding in scan.find([File.of(path, text.encode())]):
        for word in _WORD.findall(lines[finding.line - 1] if finding.line else text):
            step.runner.mask(word)
        message = f"{finding.kind[:1].upper()}{finding.kind[1:]} stands in this file: revoke it, and keep a new one as a secret."
        step.record.note(message, Place(path, finding.line))


def workflows(workspace: Path) -> list[Path]:
    """Return the workflow files of a checkout that may be read: plain ones, of a size that people write."""
    folder = workspace / FOLDER
    if folder.is_symlink():
        return []
    return [
        file
        for file in sorted(folder.glob("*.y*ml"))[:MOST]
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST
    ]


def _write(file: Path, text: str) -> None:
    try:
        file.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise Failure("migrate-unwritable", path=f"{FOLDER}/{file.name}", said=error.strerror or str(error)) from error
