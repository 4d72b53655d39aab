"""The deploy whose files main holds, from main's commits."""

from typing import NamedTuple

import pytest

from hfspace_action.commands.releases.listed import Trail
from hfspace_action.hub.revisions.history import Made


class Row(NamedTuple):
    """`titles` are those of main's commits, the newest first; their ids are a, b, c … twelve times. `end` is the one that is held."""

    id: str
    titles: tuple[str, ...]
    end: str | None


A, B, C, D = (letter * 12 for letter in "abcd")
ROWS = [
    Row("a deploy", ("Deploy octo/site@1234567", "Deploy octo/site@7654321"), A),
    Row("edits since", ("Update README.md", "Deploy octo/site@1234567"), B),
    Row("a rollback", (f"Roll back to {C}", "Deploy octo/site@1234567", "Deploy octo/site@7654321"), C),
    Row("a rollback to a rollback", (f"Roll back to {B}", f"Roll back to {D}", "Deploy o/s@1234567", "Deploy o/s@7654321"), D),
    Row("back to what was there before any deploy", (f"Roll back to {C}", "Deploy octo/site@1234567", "By hand"), C),
    Row("back to what is too long ago", (f"Roll back to {D}", "Deploy octo/site@1234567"), None),
    Row("no deploy", ("By hand", "initial commit"), None),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_deploy_whose_files_main_holds(row: Row) -> None:
    trail = Trail()
    commits = [Made(letter * 12, title, "", (), "") for letter, title in zip("abcd", row.titles, strict=False)]

    found = [commit for commit in commits if trail.reached(commit)]

    assert (trail.end.sha if trail.end else None) == row.end
    assert bool(found) == (row.end is not None)
