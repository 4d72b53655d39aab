"""`make demo`: three deploys to a Hub on this machine, each the very program that a workflow step runs.

Shows what a user sees in the log, and leaves the job summaries in build/demo/, as Markdown and as pages. With KEEP=1 it stays open at
its end, so that the links in the summaries lead somewhere.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.kit import ROOT, repository
from tests.kit.local import localhub
from tests.kit.step import pictures
from tests.kit.step.action import Step, deploy

SUMMARIES = ROOT / "build" / "demo"
SITE = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "examples/static").iterdir())}
APP = {
    "Dockerfile": "FROM python:3.13-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python app.py\n",
    "requirements.txt": "gradoi\n",
    "app.py": "import gradio\n",
}
BUILD_LOG = """\
--> RUN pip install -r requirements.txt
ERROR: Could not find a version that satisfies the requirement gradoi (from versions: none)
ERROR: No matching distribution found for gradoi
"""
BUILD_ERROR = "Job failed with exit code: 1"
_COMMAND = re.compile(r"::([\w-]+)[^:]*::(.*)")
_ENTITIES = {"%0A": "\n", "%0D": "", "%3A": ":", "%2C": ",", "%25": "%"}


def main() -> int:
    """Run the demo; 0 when every deploy ended as it should."""
    started = time.monotonic()
    shutil.rmtree(SUMMARIES, ignore_errors=True)
    SUMMARIES.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="demo-") as folder, localhub("--simulate") as hub:
        print(f"A Hugging Face Hub on this machine: {hub.endpoint}")
        site = repository.create(Path(folder) / "site", SITE)
        first = deploy(site, hub.endpoint, {"space": "alice/moon"})
        show("1. A static site, deployed for the first time", first)

        repository.commit(
            site, "Say tonight", {"index.html": SITE["index.html"].replace("Moon phase</h1>", "Tonight's moon</h1>")}
        )
        second = deploy(site, hub.endpoint, {"space": "alice/moon"})
        show("2. The same after one line was edited", second)

        app = repository.create(Path(folder) / "app", APP)
        hub.script(
            "alice/app",
            {"stage": "BUILDING", "build_log": BUILD_LOG},
            {"after": 1, "stage": "BUILD_ERROR", "errorMessage": BUILD_ERROR},
        )
        third = deploy(app, hub.endpoint, {"space": "alice/app"})
        show("3. An app with a misspelt requirement, which the Hub can't build", third)
        print(f"\nThree deploys in {time.monotonic() - started:.0f} s. Their job summaries, as GitHub shows them:")
        for page in sorted(SUMMARIES.glob("*.html")):
            print(f"  {page.as_uri()}")
        if os.environ.get("KEEP"):
            stay(hub.endpoint)
        else:
            print("The Hub that their links lead to is gone. To keep it open: make demo KEEP=1")
    ended = [(step.outputs.get("result"), step.exit_code) for step in (first, second, third)]
    return 0 if ended == [("live", 0), ("live", 0), ("failed", 1)] else 1


def stay(endpoint: str) -> None:
    """Stay open until Ctrl-C, or until the process is told to end."""
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    print(f"The Hub stays open, so their links work: {endpoint}\nCtrl-C ends it.", flush=True)
    signal.sigwait(ends)
    print("\nEnded. The Hub and its Spaces are gone; the summaries stay.")


def show(title: str, step: Step) -> None:
    """Print a step as its log page shows it, and what it left behind."""
    summary = SUMMARIES / f"{title.partition('.')[0]}.md"
    summary.write_text(step.summary, "utf-8")
    summary.with_suffix(".html").write_text(pictures.page(step.summary), "utf-8")
    print(f"\n── {title} ".ljust(101, "─"))
    print("\n".join(seen(step.log)))
    print(
        "\n   outputs   " + "\n             ".join(f"{name}: {value}" for name, value in step.outputs.items() if value)
    )
    print(f"   summary   {summary.relative_to(ROOT)}")
    print(f"   exit code {step.exit_code}", flush=True)


def seen(log: str) -> list[str]:
    """The lines of a log as GitHub's page shows them: commands are carried out, not printed."""
    lines: list[str] = []
    stopped = ""
    for line in log.splitlines():
        command = _COMMAND.fullmatch(line)
        name, text = command.groups() if command else ("", line)
        if stopped:
            if line == f"::{stopped}::":
                stopped = ""
            else:
                lines.append(f"   {line}")
        elif name == "stop-commands":
            stopped = text
        elif name == "group":
            lines.append(f" ▾ {text}")
        elif name in ("error", "warning", "notice"):
            for code, character in _ENTITIES.items():
                text = text.replace(code, character)
            lines += [
                f" {name.capitalize()}: {part}" if i == 0 else f"   {part}" for i, part in enumerate(text.split("\n"))
            ]
        elif not command:
            lines.append(f"   {line}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
