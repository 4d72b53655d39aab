"""What this action promises about its cost, held against what was measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.run import Result

US, THEM = "this action", "hf upload"


@dataclass(frozen=True)
class Promise:
    """One promise, what was measured for it, and whether that keeps it."""

    what: str
    measured: str
    kept: bool


def promises(results: Sequence[Result]) -> list[Promise]:
    """Those that can be judged by these results."""
    return [promise for result in results for promise in _of(result)]


def _of(result: Result) -> Iterator[Promise]:
    if "LFS" not in result.tree:
        yield from _small(result, "nothing changed", requests=8, sent=20_000, ratio=0.4)
        yield from _small(result, "one file changed", requests=14, sent=None, ratio=0.5)
    first, nothing = result.row("first deploy", US), result.row("nothing changed", US)
    if first:
        moves = first.most.commits
        yield Promise(f"{result.tree}, first deploy: main moves once", f"{moves} commit", moves == 1)
    if first and "Open WebUI" in result.tree and (theirs := result.row("first deploy", THEM)):
        yield _times(f"{result.tree}, first deploy", first.wall / theirs.wall, 1.1)
        ours, limit = first.most.peak / 1e6, theirs.most.peak / 1e6
        what = f"{result.tree}, first deploy: no more memory than {THEM}"
        yield Promise(what, f"{ours:.0f} MB against {limit:.0f} MB", ours <= limit)
    if nothing and "folders" in result.tree:
        peak = nothing.most.peak / 1e6
        yield Promise(f"{result.tree}: at most 250 MB of memory", f"{peak:.0f} MB", peak <= 250)
        what = f"{result.tree}: at most 3 s of CPU for reading and planning, with the program's start"
        yield Promise(what, f"{nothing.cpu:.1f} s", nothing.cpu <= 3)
    if nothing and "LFS" in result.tree:
        what = f"{result.tree}, nothing changed: no byte of them is read"
        read = nothing.most.read / 1e6
        yield Promise(what, f"{read:.0f} MB read in all, by the program's start", read < 30)


def _small(result: Result, case: str, *, requests: int, sent: int | None, ratio: float) -> Iterator[Promise]:
    row, theirs = result.row(case, US), result.row(case, THEM)
    if row is None:
        return
    most = row.most
    yield Promise(f"{result.tree}, {case}: at most {requests} requests", f"{most.requests}", most.requests <= requests)
    if sent is not None:
        what = f"{result.tree}, {case}: at most {sent / 1000:.0f} kB sent"
        yield Promise(what, f"{most.sent / 1000:.1f} kB", most.sent <= sent)
    if theirs:
        yield _times(f"{result.tree}, {case}", row.wall / theirs.wall, ratio)


def _times(what: str, measured: float, limit: float) -> Promise:
    return Promise(f"{what}: at most {limit} × the time of {THEM}", f"{measured:.2f} ×", measured <= limit)
