"""docs/localhub.md says what this localhub does: its routes, its options, its accounts."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import yaml
from starlette.routing import Route

from localhub.accounts.accounts import DEFAULT, Accounts
from localhub.app import MODULES
from localhub.variants import ALL
from tests.kit import ROOT
from tests.kit.judge.routes import find

DOCUMENT = (ROOT / "docs/localhub.md").read_text("utf-8")
SERVED, _, NOT_SERVED = DOCUMENT.partition("## Routes of the Hub that are not served")
SHORT = (  # longest first
    ("/api/{kind:kind}/{owner}/{name}", "REPO"),
    ("/api/spaces/{owner}/{name}", "SPACE"),
    ("/{kind:kind}/{owner}/{name}", "PAGE"),
    ("/{owner}/{name}", "PAGE"),
)


def documented(text: str) -> set[tuple[str, str]]:
    """The (method, route) pairs in the first columns of the tables."""
    found = set()
    for line in text.splitlines():
        if line.startswith("| `"):
            for entry in re.findall(r"`((?:[A-Z]+ )+(?:/|REPO|SPACE|PAGE)[^`]*)`", line.split(" | ")[0]):
                *methods, path = entry.split()
                found |= {(method, path) for method in methods}
    return found


def served() -> set[tuple[str, str]]:
    """The same of the application, written as in the document."""
    found = set()
    for route in (route for module in MODULES for route in module.routes):
        assert isinstance(route, Route)
        path = route.path
        for long, short in SHORT:
            if path.startswith(long):
                path = short + path.removeprefix(long).removeprefix(".git")
                break
        path = re.sub(r":\w+}", "}", path)
        found |= {(method, path) for method in (route.methods or {"GET"}) - {"HEAD"}}
    return found


def test_the_tables_name_each_route_that_is_served_and_no_other() -> None:
    assert documented(SERVED) == served()


def judged(text: str) -> set[tuple[str, str]]:
    """The routes in the rows of the second judge that say so."""
    section = SERVED.partition("## The second judge")[2]
    return documented("\n".join(line for line in section.splitlines() if f" | {text}" in line))


@pytest.mark.xdist_group("pyhfapi")  # its import takes a second
def test_how_far_the_second_judge_goes() -> None:
    found: dict[str, set[tuple[str, str]]] = {"both sides": set(), "the request": set(), "nothing": set()}
    for method, route in served():
        path = re.sub("^(REPO|SPACE)", "/api/spaces/owner/name", route).replace("/{kind}", "/spaces")
        if path.startswith(("/api/", "/oauth/")):
            known = find(method, re.sub("{[^}]+}", "x", path))
            found["nothing" if known is None else "the request" if known[0].answer is None else "both sides"].add(
                (method, route)
            )

    assert judged("both sides") | judged("the query and the answer") == found["both sides"]
    assert judged("the request") == found["the request"]
    assert judged("nothing") == found["nothing"]


def test_what_is_said_not_to_be_served_is_not(http: httpx2.Client, static: str) -> None:
    assert len(documented(NOT_SERVED)) > 10
    for method, path in documented(NOT_SERVED):
        for short, long in (
            ("REPO", f"/api/spaces/{static}"),
            ("SPACE", f"/api/spaces/{static}"),
            ("PAGE", f"/spaces/{static}.git"),
        ):
            path = path.replace(short, long)
        answer = http.request(method, re.sub(r"{\w+}", "x", path), headers={"Authorization": "Bearer hf_alice"})
        assert answer.status_code == 404, path


def test_each_option_is_described() -> None:
    options = set[str]()
    for command in ([], ["preview"]):
        helped = [sys.executable, "-m", "localhub", *command, "--help"]
        said = subprocess.run(helped, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        options |= set(re.findall(r"--[\w-]+", said))
    assert set(re.findall(r"`(--[\w-]+)", DOCUMENT)) == options - {"--help"}


def test_each_variant_is_listed_with_what_it_does_and_why() -> None:
    _, _, section = DOCUMENT.partition("## Variants\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert rows == [f"| `{one.name}` | {one.what} | {one.evidence} |" for one in ALL.values()]


@pytest.mark.parametrize("number", [0, 1])
def test_the_accounts_in_it_are_accounts(number: int, tmp_path: Path) -> None:
    block = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)[number]
    (tmp_path / "accounts.yaml").write_text(block)
    Accounts.load(tmp_path / "accounts.yaml")
    assert (yaml.safe_load(block) == yaml.safe_load(DEFAULT)) == (number == 0)
