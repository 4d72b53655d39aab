"""What the Hub itself says: configuration, quota, capacity. The messages are those seen on the Hub; none is documented."""

import re
from collections.abc import Callable, Mapping

from hfspace_action.errors import Place
from hfspace_action.explain.case import Case, Cause, Rule
from hfspace_action.readers import dockerfile, front_matter
from hfspace_action.readers.files import startable
from hfspace_action.readers.python import launching

_ENDED = re.compile(r"exit code: 0\b", re.IGNORECASE)
_PLAN = re.compile(
    r"\b402\b|payment required|requires? (?:a|an) (?:pro|paid|team|enterprise)\b|subscri|prepaid credit", re.IGNORECASE
)
_FRONT_MATTER = re.compile(r'"(?P<key>\w+)" (?=must|length|is|contains|with|does|fails)')
_TIMED_OUT = re.compile(r"timed out|not healthy", re.IGNORECASE)


def _said(id: str, pattern: str, place: Callable[[Case], Place | None] = lambda _: None) -> Rule:  # noqa: A002
    """A rule that knows the cause by the Hub's message alone."""
    wanted = re.compile(pattern, re.IGNORECASE)

    def rule(case: Case) -> Cause | None:
        if not wanted.search(case.message):
            return None
        return case.cause(id, place(case), 0, case.message.count("\n") + 1, said=case.message)

    return rule


def _front_matter_invalid(case: Case) -> Cause | None:
    if case.stage != "CONFIG_ERROR" or not (found := _FRONT_MATTER.search(case.message)):
        return None
    place = front_matter.place(case.files, found["key"])
    return case.cause("front-matter-invalid", place, 0, said=case.message)


def _no_app_file(case: Case) -> Cause | None:
    if case.stage != "NO_APP_FILE":
        return None
    if case.sdk == "docker":
        return case.cause("app-file-missing", None, 0, file="Dockerfile", there=startable(case.files))
    named = str(case.data.get("app_file") or ("index.html" if case.sdk == "static" else "app.py"))
    place = front_matter.place(case.files, "app_file", "sdk")
    return case.cause("app-file-missing", place, 0, file=named, there=startable(case.files))


def _build_needs_plan(case: Case) -> Cause | None:
    """A static Space with a build, which the Hub makes in a job of its own, and does not make for everyone."""
    if case.sdk != "static" or not case.data.get("app_build_command") or case.stage == "RUNNING":
        return None
    found = case.last(_PLAN)
    place = front_matter.place(case.files, "app_build_command")
    return case.cause("build-needs-plan", place, found.at, said=case.lines[found.at].strip()) if found else None


def _app_ended(case: Case) -> Cause | None:
    """The program came to its end, without an error: it started no server, or did not wait for it."""
    if case.stage != "RUNTIME_ERROR" or not _ENDED.search(case.message):
        return None
    if case.sdk == "docker":
        server = "a server in the foreground with the command of CMD or ENTRYPOINT"
        return case.cause("app-ended", dockerfile.starting(case.files), 0, server=server)
    file = app_file(case.data)
    page = launching.page(case.files, file)
    server = f"it with `{page.name if page else 'demo'}.launch()` at the end of {file}"
    return case.cause("app-ended", Place(file, page.line) if page else _whole(case, file), 0, server=server)


def _whole(case: Case, file: str) -> Place | None:
    return Place(file) if file in case.files.paths else None


def app_file(data: Mapping[str, object]) -> str:
    """The file that a Gradio Space starts."""
    return str(data.get("app_file") or "app.py")


def _never_healthy(case: Case) -> Cause | None:
    if case.answered or not _TIMED_OUT.search(case.message):
        return None
    return case.cause("never-healthy", None, 0, len(case.lines), said=case.message, port=expected_port(case))


def expected_port(case: Case) -> int:
    """The port on which the Hub expects the app: 7860, or a Docker Space's `app_port`."""
    port = str(case.data.get("app_port", ""))
    return int(port) if case.sdk == "docker" and re.fullmatch(r"\d{1,5}", port) else 7860


CERTAIN: tuple[Rule, ...] = (
    _said("front-matter-missing", r"missing configuration in readme", lambda case: front_matter.place(case.files)),
    _said("name-collision", r"collision on variables and secrets"),
    _front_matter_invalid,
    _no_app_file,
    _build_needs_plan,
    _said("zero-gpu-unused", r"no @spaces\.gpu function"),
    _app_ended,
    _said("quota-exceeded", r"quota exceeded|quota limit"),
    _said("hardware-billing", r"payment method"),
    _said("no-capacity", r"scheduling failure|not enough hardware capacity|unable to schedule"),
    _said("storage-full", r"storage limit exceeded"),
    _said("hub-fault", r"unexpected job error|failed to push |context canceled"),
)
LIKELY: tuple[Rule, ...] = (_never_healthy,)
