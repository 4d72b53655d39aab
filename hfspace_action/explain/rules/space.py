"""What the Hub itself says: configuration, quota, capacity. The messages are those seen on the Hub; none is documented."""

import re
from collections.abc import Callable

from hfspace_action.errors import Place
from hfspace_action.explain import places
from hfspace_action.explain.case import Case, Cause, Rule

_FRONT_MATTER = re.compile(r'"(?P<key>\w+)" (?=must|length|is|contains|with|does|fails)')
_TIMED_OUT = re.compile(r"timed out|not healthy", re.IGNORECASE)
_MAIN_FILES = re.compile(r"^(?:[^/]+/)?(?:app|main|server|demo|run|streamlit_app|index)\.(?:py|html)$")


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
    place = places.front_matter(case.files, found["key"])
    return case.cause("front-matter-invalid", place, 0, said=case.message)


def _no_app_file(case: Case) -> Cause | None:
    if case.stage != "NO_APP_FILE":
        return None
    if case.sdk == "docker":
        return case.cause("app-file-missing", None, 0, file="Dockerfile", there=there(case))
    named = str(case.data.get("app_file") or ("index.html" if case.sdk == "static" else "app.py"))
    place = places.front_matter(case.files, "app_file", "sdk")
    return case.cause("app-file-missing", place, 0, file=named, there=there(case))


def there(case: Case) -> str:
    """The files of the Space that look as if they were meant to be started."""
    like = sorted(path for path in case.files.paths if _MAIN_FILES.match(path))
    return ", ".join(like[:5]) or "nothing that looks like one"


def _never_healthy(case: Case) -> Cause | None:
    if not _TIMED_OUT.search(case.message):
        return None
    return case.cause("never-healthy", None, 0, len(case.lines), said=case.message, port=expected_port(case))


def expected_port(case: Case) -> int:
    """The port on which the Hub expects the app: 7860, or a Docker Space's `app_port`."""
    port = str(case.data.get("app_port", ""))
    return int(port) if case.sdk == "docker" and re.fullmatch(r"\d{1,5}", port) else 7860


CERTAIN: tuple[Rule, ...] = (
    _said("front-matter-missing", r"missing configuration in readme", lambda case: places.front_matter(case.files)),
    _said("name-collision", r"collision on variables and secrets"),
    _front_matter_invalid,
    _no_app_file,
    _said("quota-exceeded", r"quota exceeded|quota limit"),
    _said("hardware-billing", r"payment method"),
    _said("no-capacity", r"scheduling failure|not enough hardware capacity|unable to schedule"),
    _said("storage-full", r"storage limit exceeded"),
    _said("hub-fault", r"unexpected job error|failed to push |context canceled"),
)
LIKELY: tuple[Rule, ...] = (_never_healthy,)
