"""The steps of a run. Each finds out about a few assumptions; a step that fails leaves the others to be asked."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .run import Run

PAGE = b"<!doctype html>\n<html><head><title>Conformance</title></head><body><h1>Hello</h1></body></html>\n"
LFS_ENOUGH = b"\0\1" * 550_000
READY = 30.0
QUICK = 0.7
"""Seconds: what takes less counts as at once."""


def _lag(run: Run, fact: str, seconds: float | None) -> None:
    run.find(fact, "never" if seconds is None else "at once" if seconds < QUICK else "late")


def creation(run: Run) -> None:
    """A new Space: when it can be read, and what its description says."""
    space, _ = run.create(
        "a", secrets=[{"key": "S", "value": "x", "description": "d" * 200}], variables=[{"key": "V", "value": "1"}]
    )
    began = time.monotonic()
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    _lag(run, "creation-is-read", time.monotonic() - began)
    about = run.ask("GET", f"/api/spaces/{space}").json()
    run.find("description-has-visibility", str("visibility" in about))
    secrets = run.ask("GET", f"/api/spaces/{space}/secrets").json()
    run.find("secret-descriptions-are-kept", str(bool(secrets.get("S", {}).get("description"))))
    check = run.ask("GET", f"/api/spaces/{space}/auth-check/write").status_code
    run.find("auth-check", str(check == 200))
    run.ask("GET", f"/api/spaces/{space}/tree/main?recursive=true")
    body = {"name": space.partition("/")[2], "type": "space", "sdk": "static", "organization": None}
    run.find("a-second-creation", str(run.ask("POST", "/api/repos/create", json=body).status_code))


def visibility(run: Run) -> None:
    """A protected Space: whether `private` is true for it."""
    space, answer = run.create("p", visibility="protected")
    if answer.status_code != 200:
        run.find("protected", f"refused with {answer.status_code}")
        return
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    run.find("protected-is-private", str(run.ask("GET", f"/api/spaces/{space}?expand=private").json().get("private")))


def conflict(run: Run) -> None:
    """The first attempt at a creation, without asking again."""
    space = run.announce("c")
    answer = run.ask(
        "POST", "/api/repos/create", json={"name": space.partition("/")[2], "type": "space", "sdk": "static"}
    )
    run.find("first-creation", str(answer.status_code))


def uploads(run: Run) -> None:
    """What preupload decides by content, and what an empty `gitIgnore` means."""
    from base64 import b64encode

    space, _ = run.create("u")
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    samples = {"small.png": b"\x89PNG\0\1", "large.png": LFS_ENOUGH, "data.bin": b"x", "text.txt": b"text"}
    files = [
        {"path": path, "size": len(content), "sample": b64encode(content[:512]).decode()}
        for path, content in samples.items()
    ]

    def modes(**more: str) -> dict[str, tuple[str, bool]]:
        answer = run.ask("POST", f"/api/spaces/{space}/preupload/main", json={"files": files, **more}).json()
        return {each["path"]: (each["uploadMode"], each["shouldIgnore"]) for each in answer.get("files", [])}

    found = modes()
    run.find("small-binary", found["small.png"][0])
    run.find("large-binary", found["large.png"][0])
    run.commit(space, {".gitignore": b"*.txt\n"})
    run.find("empty-gitignore", "ignores" if modes(gitIgnore="")["text.txt"][1] else "ignores nothing")
    run.find("comment-gitignore", "ignores" if modes(gitIgnore="#\n")["text.txt"][1] else "ignores nothing")


def reading(run: Run) -> None:
    """How long reads lag behind a commit."""
    space, _ = run.create("r")
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    oid = str(run.commit(space, {"index.html": PAGE}).json().get("commitOid"))
    began = time.monotonic()
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}/tree/{oid}").status_code == 200, READY)
    _lag(run, "tree-of-a-commit", time.monotonic() - began)
    oid = str(run.commit(space, {"index.html": PAGE + b"<!-- 2 -->"}).json().get("commitOid"))
    began = time.monotonic()
    run.until(lambda: run.head(space) == oid, READY)
    _lag(run, "head-after-a-commit", time.monotonic() - began)
    run.find("stale-parent", str(run.commit(space, {"a": b"a"}, parentCommit="0" * 39 + "1").status_code))


def pull_requests(run: Run) -> None:
    """A draft, filled, opened, merged; whether its reference can go."""
    space, _ = run.create("d")
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    opened = run.ask(
        "POST", f"/api/spaces/{space}/discussions", json={"title": "Change", "description": "", "pullRequest": True}
    )
    if opened.status_code != 200:
        run.find("pull-requests", f"refused with {opened.status_code}")
        return
    run.find("pull-requests", "200")
    number = opened.json()["num"]
    tip = run.commit(space, {"index.html": PAGE}, f"refs/pr/{number}").json().get("commitOid")
    run.ask("POST", f"/api/spaces/{space}/discussions/{number}/merge", json={})
    run.ask("POST", f"/api/spaces/{space}/discussions/{number}/status", json={"status": "open"})
    run.ask("POST", f"/api/spaces/{space}/discussions/{number}/merge", json={})
    merged = run.ask("GET", f"/api/spaces/{space}/discussions/{number}").json().get("changes", {}).get("mergeCommitId")
    run.find("merge-commit-is-named", str(bool(merged)))
    run.until(lambda: run.head(space) == merged, READY)
    commits = [each["id"] for each in run.ask("GET", f"/api/spaces/{space}/commits/main").json()]
    run.find("a-merge-is", "a merge" if tip in commits else "squashed")
    run.find(
        "reference-is-deleted",
        str(run.ask("DELETE", f"/api/spaces/{space}/discussions/{number}/ref").status_code < 300),
    )


def static_host(run: Run) -> None:
    """How the address of a public static Space answers."""
    space, _ = run.create("s")
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    run.commit(space, {"index.html": PAGE, "page.html": PAGE})
    run.settle(space)
    host = run.host(space)
    run.until(lambda: b"Hello" in run.ask("GET", f"{host}/index.html", token="").content, READY, 0.5)
    front = run.ask("GET", f"{host}/", token="")
    run.find(
        "static-front-page", f"{front.status_code}" + (f" {front.headers['location']}" if front.is_redirect else "")
    )
    query = run.ask("GET", f"{host}/?a=b", token="")
    run.find(
        "redirect-keeps-query", "no redirect" if not query.is_redirect else str("a=b" in query.headers["location"])
    )
    page = run.ask("GET", f"{host}/index.html", token="").text
    where = page.find("window.huggingface")
    run.find(
        "script", "none" if where < 0 else "before the doctype" if where < page.find("<!doctype") else "in the head"
    )
    run.find("page-without-ending", str(run.ask("GET", f"{host}/page", token="").status_code))
    run.find("unknown-page", run.ask("GET", f"{host}/nothing-there", token="").text[:40].strip())


def private_host(run: Run) -> None:
    """Which credentials open a private static Space."""
    space, _ = run.create("v", visibility="private")
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    run.commit(space, {"index.html": PAGE})
    run.settle(space)
    address = f"{run.host(space)}/index.html"
    bearer = f"Bearer {run.token}"
    answer = run.ask("GET", f"/api/spaces/{space}/jwt")
    signed = answer.json().get("token", "") if answer.status_code == 200 else ""
    run.masks.secrets.insert(0, signed) if signed else None
    tries: dict[str, Callable[[], int]] = {
        "none": lambda: run.ask("GET", address, token="").status_code,
        "Authorization": lambda: run.ask("GET", address).status_code,
        "X-HF-Authorization": lambda: (
            run.ask("GET", address, token="", headers={"x-hf-authorization": bearer}).status_code
        ),
        "__sign": lambda: run.ask("GET", f"{address}?__sign={signed}", token="").status_code if signed else 0,
    }
    run.until(lambda: tries["Authorization"]() == 200, 5, 0.5)
    for name, ask in tries.items():
        run.find(f"private-static-by-{name}", str(ask()))
    run.find("space-token", str(bool(signed)))
    if signed:
        run.find("sign-cookie", str("set-cookie" in run.ask("GET", f"{address}?__sign={signed}", token="").headers))


def lives(run: Run) -> None:
    """What commits do to an app that runs, sleeps, is paused, or is in dev mode."""
    docker = b"FROM python:3.12-slim\nCMD python -m http.server 7860 --bind 0.0.0.0\n"
    space, answer = run.create("l", "docker")
    if answer.status_code != 200:
        run.find("docker", f"refused with {answer.status_code}")
        return
    run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
    run.commit(space, {"Dockerfile": docker, "README.md": b"---\nsdk: docker\n---\n"})
    queued = run.settle(space)
    run.find("a-build-ends", queued)
    if queued != "RUNNING":
        return

    def moves(what: str, files: dict[str, bytes]) -> None:
        before = run.stage(space).get("sha")
        run.commit(space, files)
        moved = run.until(
            lambda: run.stage(space).get("stage") != "RUNNING" or run.stage(space).get("sha") != before, 10
        )
        run.find(what, "built" if moved is not None else "nothing happens")
        run.settle(space)

    moves("a-commit-of-the-readme", {"README.md": b"---\nsdk: docker\ntitle: Other\n---\n"})
    run.ask("POST", f"/api/spaces/{space}/dev-mode", json={"enabled": True})
    run.settle(space)
    moves("a-commit-in-dev-mode", {"a.txt": b"1"})
    run.ask("POST", f"/api/spaces/{space}/dev-mode", json={"enabled": False})
    run.settle(space)
    run.ask("POST", f"/api/spaces/{space}/pause")
    run.find("paused-is-called", str(run.stage(space).get("stage")))
    run.commit(space, {"a.txt": b"2"})
    run.find("a-commit-to-a-paused-space", str(run.stage(space).get("stage")))
    run.ask("POST", f"/api/spaces/{space}/restart")
    run.settle(space)


def hardware(run: Run) -> None:
    """Names of hardware, and what a Space on ZeroGPU says it runs on."""
    listed = run.ask("GET", "/api/spaces/hardware").json()
    run.find("hardware-list", ", ".join(sorted(each.get("name", "") for each in listed)))
    space, answer = run.create("z", "gradio", hardware="zero-a10g")
    if answer.status_code == 200:
        run.until(lambda: run.ask("GET", f"/api/spaces/{space}").status_code == 200, READY)
        found = run.stage(space).get("hardware") or {}
        run.find("zero-gpu-is-called", str(found.get("requested") or found.get("current")))


def plans(run: Run) -> None:
    """What a free account may create, with a token of one in HF_FREE_TOKEN."""
    token = run.others.get("free")
    if not token:
        return
    name = str(run.ask("GET", "/api/whoami-v2", token=token).json().get("name"))
    for hardware_name in ("cpu-basic", "t4-small", "zero-a10g"):
        _, answer = run.create(f"f-{hardware_name}", "gradio", token=token, owner=name, hardware=hardware_name)
        fine = hardware_name == "t4-small" and answer.status_code in (200, 403)
        run.find(
            f"free-account-{hardware_name}",
            "created, or asks for a payment method" if fine else str(answer.status_code),
        )


def limits(run: Run) -> None:
    """What every answer says about limits, and two requests at once."""
    headers = run.ask("GET", "/api/whoami-v2").headers
    run.find("rate-limit-headers", str("ratelimit" in headers))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: run.client.get(run.endpoint), range(2)))


STEPS: tuple[Callable[[Run], None], ...] = (
    creation, visibility, conflict, uploads, reading, pull_requests, static_host, private_host, lives, hardware, plans, limits,
)  # fmt: skip
