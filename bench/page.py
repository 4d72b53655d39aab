"""The results for people: a table for the terminal, and docs/benchmarks.md with its plot."""

import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contenders import HFJS
from bench.plot import plot
from bench.promises import THEM, promises
from bench.run import Result, Row

ALT = "Two bars for each question, this action above hf upload; the tables below have all figures."
HEAD = ("", "wall", f"× {THEM}", "CPU", "requests", "sent", "read", "memory", "commits", "wrong files")


def table(result: Result) -> str:
    """The rows of one tree as a Markdown table, case by case."""
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1))]
    for case in dict.fromkeys(row.case for row in result.rows):
        lines.append((f"**{case}**", *[""] * (len(HEAD) - 1)))
        lines += [_cells(result, row) for row in result.rows if row.case == case]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def write(page: Path, results: Sequence[Result], latency: float) -> None:
    """Write the page, and the plot beside it."""
    page.write_text("\n".join(_page(results, latency, page.with_suffix(".svg").name)) + "\n", "utf-8")
    redraw(page)


def redraw(page: Path) -> None:
    """Draw the picture beside a page anew, from the page's own figures."""
    page.with_suffix(".svg").write_text(plot(page.read_text("utf-8")), "utf-8")


def _cells(result: Result, row: Row) -> tuple[str, ...]:
    if not row.costs:
        return (row.contender, row.refusal.replace("|", "/"), *[""] * (len(HEAD) - 2))
    theirs, most = result.row(row.case, THEM), row.most
    return (
        row.contender + (f" ({len(row.costs)} rounds)" if len(row.costs) > 1 else " (once)"),
        f"{row.wall:.2f} s",
        f"{row.wall / theirs.wall:.2f}" if theirs else "",
        f"{row.cpu:.1f} s",
        f"{most.requests:,}",
        _bytes(most.sent),
        _bytes(most.read),
        f"{most.peak / 1e6:.0f} MB",
        f"{most.commits}",
        f"{row.wrong}",
    )


def _bytes(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 1e5 else f"{number / 1e3:.1f} kB"


def _page(results: Sequence[Result], latency: float, picture: str) -> Iterator[str]:
    yield "# Benchmarks\n"
    yield f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. The live Hub was not measured: every figure is from"
    yield f"[localhub](localhub.md) on the same machine, which answers each request {latency:g} ms late.\n"
    yield f'<img src="{picture}" width="390" alt="{ALT}">\n'
    yield "## What was promised\n"
    yield "| promise | measured | |\n| --- | ---: | --- |"
    for promise in promises(results):
        yield f"| {promise.what} | {promise.measured} | {'kept' if promise.kept else '**missed**'} |"
    yield "\n## What was measured\n"
    yield from (f"### {result.tree}\n\n{table(result)}\n" for result in results)
    yield _HOW.format(machine=_machine(), versions=_versions(), where=_where())


_HOW = """## How

* **Machine**: {machine}
* **Versions**: {versions}
* **this action**: `entrypoint.py` with `wait: false`, from its start to its end; the others don't wait for the Space either. It checks the
  token's rights, merges the README, looks for tokens in what it sends and proves the result, which the others don't.
* **hf upload**: the command of the official sync action, `hf upload SPACE . --repo-type space --exclude ".git*" --exclude ".github*" --delete "*"`.
  Its `hf repos create` beforehand is not counted.
* **hfjs upload**: the JavaScript client on a copy of the checkout without `.git`, because it has no exclusions. It removes nothing.
* **git push**: to a Space made beforehand, which is not counted. It carries the history, and what the Hub refuses: binary and large files
  outside of LFS.
* Each contender has a Hub of its own, and each deploy a fresh home, as on a runner. A new Space is on a new Hub,
  without rate limits and without the 1 GB that the Hub allows a Space by default. What they and the contenders write lies {where}.
* **wall** is the median of all rounds, the contenders taking turns in one run; **CPU** likewise. **requests**, **sent** (bodies), **read** (what the
  processes read from files and pipes, the program itself included), **memory** (of the largest process) and **commits** (on `main`) are the worst of
  all rounds. **wrong files** compares `git ls-tree` of the Space's own repository with what git tracks in the checkout, when the last round was over.
* One file changed, or many: a line is added to text files that stand far apart; the large files are random bytes that nothing can compress.

**What these figures don't say.** The Hub is one process on the machine that also runs the contenders, so its own work counts in every wall time;
bandwidth is that of the loopback, so megabytes weigh less here than they do on a network, and requests more or less by the distance to the
Hub. The live Hub may answer a commit or a listing faster or slower than localhub."""


def _where() -> str:
    in_memory = tempfile.gettempdir().startswith("/dev/shm")
    return (
        "in memory: of a commit with a thousand files, the disk would take three quarters"
        if in_memory
        else "on the disk"
    )


def _machine() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    kernel = ".".join(platform.release().split(".")[:2])
    return (
        f"{os.cpu_count()} × {found[1] if found else platform.machine()}, {memory:.0f} GB, {platform.system()} {kernel}"
    )


def _versions() -> str:
    known = [f"Python {platform.python_version()}"]
    known += [f"{name} {version(name)}" for name in ("huggingface_hub", "hf-xet", "pygit2")]
    package = HFJS.parents[1] / "package.json"
    if package.exists():
        found = re.search(r'"version": "(.+?)"', package.read_text("utf-8"))
        known.append(f"@huggingface/hub {found[1] if found else '?'}")
    for command in (["node", "--version"], ["git", "--version"], ["git", "lfs", "version"]):
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("(")[0].strip()
        except (OSError, subprocess.CalledProcessError):
            continue
        known.append(f"{command[0]} {said}" if said.startswith("v") else said)
    return ", ".join(known)
