"""localhub's pages: what they show, that each link of a summary leads to one, and that they fit a phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from huggingface_hub import HfApi

from tests.kit import needs, repository, web
from tests.kit.local import LocalHub
from tests.kit.space.real import create, push, settled
from tests.kit.step import pictures
from tests.kit.step.action import deploy

ALICE = {"authorization": "Bearer hf_alice"}


def test_the_page_lists_spaces_with_stage_commit_and_address(api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "docker")
    hub.script(name, {"stage": "BUILD_ERROR", "errorMessage": "no <b>such</b> module"})
    readme = '---\ntitle: "<script>alert(1)</script>"\nsdk: docker\n---\n'
    commit = push(api, name, {"README.md": readme, "Dockerfile": "FROM scratch"})
    assert settled(api, name).stage == "BUILD_ERROR"
    page = web.get(hub.endpoint)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for expected in [
        name,
        "BUILD_ERROR",
        commit[:7],
        str(api.space_info(name).host),
        "no &lt;b&gt;such&lt;/b&gt; module",
    ]:
        assert expected in page.text
    assert "<script>" not in page.text


def test_the_page_shows_private_spaces_only_to_those_who_may_read(api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "static")
    api.update_repo_settings(name, repo_type="space", visibility="private")
    assert f"{name}," not in web.get(hub.endpoint).text
    assert f"{name}," in web.get(hub.endpoint, headers={"authorization": "Bearer hf_alice"}).text


# -- a Space ----------------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script>"


def get(hub: LocalHub, path: str) -> str:
    answer = web.get(f"{hub.endpoint}{path}", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
    return answer.text


@pytest.fixture
def failed(api: HfApi, hub: LocalHub, name: str) -> str:
    """A docker Space whose build failed, with names and texts that would act in a page."""
    create(api, name, "docker")
    log = f"--> RUN make\n\x1b[31mERROR\x1b[0m {HOSTILE}\n"
    hub.script(
        name, {"stage": "BUILDING", "build_log": log}, {"after": 0.1, "stage": "BUILD_ERROR", "errorMessage": HOSTILE}
    )
    readme = f'---\ntitle: "{HOSTILE}"\nsdk: docker\n---\n'
    push(
        api,
        name,
        {"README.md": readme, "Dockerfile": "FROM scratch", f"a {HOSTILE.replace('/', '')}/#1 ?.txt": HOSTILE},
    )
    assert settled(api, name).stage == "BUILD_ERROR"
    return name


def test_a_space_has_stage_error_log_files_and_commits(api: HfApi, hub: LocalHub, failed: str) -> None:
    shown = get(hub, f"/spaces/{failed}")

    for expected in [
        "BUILD_ERROR",
        "--&gt; RUN make\nERROR &lt;script&gt;",
        "Dockerfile",
        str(api.space_info(failed).host),
    ]:
        assert expected in shown
    assert f"/spaces/{failed}/commit/{api.space_info(failed).sha}" in shown
    assert "\x1b" not in shown


def links(text: str, endpoint: str) -> set[str]:
    found = {each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', text)}
    own = {f"{endpoint}{each}" if each.startswith("/") else each for each in found if not each.startswith("#")}
    return {each for each in own if each.startswith("http://127.0.0.1")}


def test_every_page_that_a_space_leads_to_is_there_and_nothing_on_it_acts(
    hub: LocalHub, failed: str, api: HfApi
) -> None:
    app = str(api.space_info(failed).host)
    waiting, seen = {f"{hub.endpoint}/spaces/{failed}"}, dict[str, str]()
    while waiting:
        address = waiting.pop()
        answer = web.get(address, headers={"accept": "text/html"})
        assert answer.status_code == 200, address
        seen[address] = answer.text if "html" in answer.headers["content-type"] else ""
        inside = {each for each in links(seen[address], hub.endpoint) if failed in each and not each.startswith(app)}
        waiting |= inside - seen.keys()

    assert len(seen) > 10
    assert all(HOSTILE not in text for address, text in seen.items() if "/resolve/" not in address)
    assert any("/blob/" in each and "%231%20%3F.txt" in each for each in seen)


@pytest.mark.parametrize(
    "path", ["", "/settings", "/tree/main", "/blob/main/README.md", "/commits/main", "/commit/main"]
)
def test_a_private_space_has_no_page_for_a_browser(path: str, api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "static")
    api.update_repo_settings(name, repo_type="space", visibility="private")
    address = f"{hub.endpoint}/spaces/{name}{path}"

    assert web.get(address, headers={"accept": "text/html"}).status_code == 404
    assert web.get(address, headers=ALICE).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/tree/nowhere", "/tree/main/none", "/blob/main/none", "/commit/0000000", "/commits/x", "/blob/main/%2e%2e"],
)
def test_what_is_not_there_is_404(path: str, api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "static")

    answer = web.get(f"{hub.endpoint}/spaces/{name}{path}", headers={"accept": "text/html"})

    assert (answer.status_code, "There is nothing at this address" in answer.text) == (404, True)


def test_settings_name_secrets_and_never_show_them(api: HfApi, hub: LocalHub, name: str) -> None:
    create(api, name, "docker")
    api.add_space_secret(name, "API_KEY", "a-secret-value")
    api.add_space_variable(name, "MODEL", "org/model")

    shown = get(hub, f"/spaces/{name}/settings")

    assert "API_KEY" in shown
    assert "MODEL=org/model" in shown
    assert "a-secret-value" not in shown


def test_tokens_are_not_shown(hub: LocalHub) -> None:
    shown = get(hub, "/settings/tokens")

    assert "alice" in shown
    assert "Bearer" not in shown
    assert "hf_alice_read" not in shown


# -- the links of summaries --------------------------------------------------------------------------------------------


def addresses(summary: str, endpoint: str) -> set[str]:
    """Where a summary leads: pages of this Hub, also where its words name them on the real one."""
    page = cmarkgfm.github_flavored_markdown_to_html(summary, Options.CMARK_OPT_UNSAFE)
    found = {each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', page)}
    outside = ("https://huggingface.co/docs/", "https://status.")
    return {each.replace("https://huggingface.co", endpoint) for each in found if not each.startswith(outside)} - {
        each for each in found if each.startswith("https://github.com/")
    }


SITE = {"index.html": "<h1>Hello</h1>", "README.md": "---\nsdk: static\ntitle: Hello\n---\n"}
DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "x = 1\n"}
BROKEN = (
    {"stage": "BUILDING", "build_log": "ERROR: nope\n"},
    {"after": 0.2, "stage": "BUILD_ERROR", "errorMessage": "Job failed with exit code: 1"},
)


def summaries(hub: LocalHub, tmp_path: Path, name: str) -> Iterator[tuple[str, str]]:
    """What people read after a run: of one that went well, changed nothing, planned, failed, was asked, was refused."""
    site = repository.create(tmp_path / "site", SITE)
    for what, inputs in {
        "first": {}, "unchanged": {}, "planned": {"dry-run": "true"}, "status": {"command": "status"}, "check": {"command": "check"},
    }.items():  # fmt: skip
        yield what, deploy(site, hub.endpoint, {"space": name, **inputs}).summary
    app = repository.create(tmp_path / "app", DOCKER)
    hub.script(f"{name}-app", *BROKEN)
    yield "failed", deploy(app, hub.endpoint, {"space": f"{name}-app"}).summary
    yield "status broken", deploy(app, hub.endpoint, {"space": f"{name}-app", "command": "status"}).summary
    yield "token refused", deploy(site, hub.endpoint, {"space": name, "hf-token": "hf_nobody"}).summary
    yield "may not write", deploy(site, hub.endpoint, {"space": name, "hf-token": "hf_bob"}).summary
    yield "no plan", deploy(app, hub.endpoint, {"space": "bob/app", "hf-token": "hf_bob"}).summary
    yield (
        "cannot pay",
        deploy(site, hub.endpoint, {"space": "bob/site", "hf-token": "hf_bob", "hardware": "t4-small"}).summary,
    )


def test_every_link_of_a_summary_works(hub: LocalHub, tmp_path: Path, name: str) -> None:
    asked: dict[str, set[str]] = {}
    for what, summary in summaries(hub, tmp_path, name):
        asked[what] = addresses(summary, hub.endpoint)
        for address in asked[what]:
            answer = web.get(address, headers={"accept": "text/html"}, follow_redirects=True)
            down = what in ("failed", "status broken") and not address.startswith(
                hub.endpoint
            )  # its app, as the edge has it
            assert answer.status_code == (503 if down else 200), f"{what}: {address}"
            assert "text/html" in answer.headers["content-type"], f"{what}: {address}"
    assert any("/commit/" in each for each in asked["first"])
    assert any("/settings/tokens" in each for each in asked["token refused"])
    assert sum(map(bool, asked.values())) >= 9, asked


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with pictures.browser(needs.browser()) as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    dark: bool, chromium: Any, hub: LocalHub, failed: str, api: HfApi, tmp_path: Path
) -> None:
    long = "a_very_long_name_without_a_gap_" * 6
    push(api, failed, {f"{long}.py": "x = '" + "y" * 400 + "'\n"})
    head = str(api.space_info(failed).sha)
    paths = ["/", "/settings/tokens", "/pro"]
    paths += [
        f"/spaces/{failed}{each}"
        for each in ("", "/settings", "/tree/main", f"/blob/main/{long}.py", f"/commit/{head}")
    ]
    for path in paths:
        shown = chromium.new_page(
            viewport={"width": pictures.PHONE, "height": 800}, color_scheme="dark" if dark else "light"
        )
        shown.goto(f"{hub.endpoint}{path}")
        wide = shown.evaluate("document.documentElement.scrollWidth")
        ground, ink = shown.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
        shown.close()
        assert wide <= pictures.PHONE, path
        assert _brightness(ground) < _brightness(ink) if dark else _brightness(ground) > _brightness(ink), path


def _brightness(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))
