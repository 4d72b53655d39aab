"""The scratch Space of a self-test: made, used, and got rid of however the self-test ends.

Its name alone does not make a Space one of ours: it also carries a variable that it was created with, so that it is known
from its first moment on, and nobody's own Space is ever swept away.
"""

import html
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template

from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan import plan, tree
from hfspace_action.plan.settings import apply
from hfspace_action.publish import publish
from hfspace_action.publish.work import Terms
from hfspace_action.report.facts import Report, Row
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch import loop
from hfspace_action.watch.app.probe import Asked, Probe
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow.run import Source

from .delete import remove

MARK = "HF_SPACE_DEPLOY_SELFTEST"
"""The variable that every scratch Space has. Source for static Spaces having variables: the Hub's spaces-sdks-static page."""
_TEMPLATES = Path(__file__).parent / "templates" / "scratch"
_LONGEST_BASE = 70  # characters, so that the whole stays below the Hub's 96
_ANSWER = 1.5  # seconds that a step which is told to end gives the Hub to answer a creation under way


class Scratch:
    """One scratch Space for the Space `name` (owner/name). `inputs` are the step's: its token and, perhaps, visibility."""

    def __init__(self, hub: Hub, inputs: Inputs, name: str, say: Callable[[str], None]) -> None:
        self._hub, self._say = hub, say
        nonce = secrets.token_hex(4)
        self.name = f"{_prefix(name)}{nonce}"
        self._inputs = Inputs(
            space=self.name,
            hf_token=inputs.hf_token,
            endpoint=inputs.endpoint,
            visibility=inputs.visibility or "private",
            variables={MARK: nonce},
        )
        files = {path: _rendered(path, nonce) for path in ("README.md", "index.html")}
        self._page = files["index.html"].decode()
        wanted = tree.build(File.of(path, text) for path, text in files.items())
        self._plan = plan.make(hub, self._inputs, self.name, None, "static", wanted)
        self._answered = threading.Event()

    def create(self) -> Space:
        """Create it, with its mark; the Space as the Hub then shows it. Raises `Failure`."""
        try:
            apply.create(self._hub, self.name, "static", self._plan.settings)
        finally:
            self._answered.set()
        created = self._hub.space(self.name)
        if created is None:
            raise Failure("not-created", space=self.name)
        return created

    def visibility(self, created: Space) -> str:
        """Return who may see it as far as the Hub says: a private one is of the kind that was asked for."""
        if created.visibility or created.private is None:
            return created.visibility or "its visibility is not known"
        asked = self._inputs.visibility
        return (asked if asked in ("private", "protected") else "private") if created.private else "public"

    def upload(self, created: Space, source: Source) -> Commit:
        """Publish its two files as a deploy publishes any, and have the tree proved. Raises `Failure`."""
        return publish.publish(self._hub, self._plan, created, Terms(source, self._say)).commit

    def watch(self, created: Space, commit: Commit) -> str:
        """Read its state until it is live and serves our page, judged as a deploy is; what was seen. Raises `Failure`."""
        app = Probe(self._hub, Asked(page=self._page), say=self._say)
        watch = Watch(target=commit.sha, before=created, moved=True, static=True, resume=True, began=time.monotonic())
        terms = loop.Terms(
            self._hub.deadline.left, self._say, lambda space: self._say(f"Stage: {space.stage}"), time.sleep
        )
        ended = loop.reach(self._hub, watch, app, terms)
        if ended.failure:
            raise ended.failure
        stage = ended.space.stage if ended.space else ended.result
        if ended.result is Result.PUBLISHED:  # the edge shows it to nobody
            return f"{stage}; {'; '.join(shown.words for shown in app.rows)}"
        return f"{stage}, and {app.url} serves the page that was published"

    def delete(self) -> str:
        """Delete it and see that it is gone; what there is to tell. Raises `Failure`."""
        return f"{self.name} is gone" if remove(self._hub, self.name) else f"{self.name} was not there"

    def last_duty(self, _: Report) -> tuple[Row]:
        """Delete it because the step is told to end, also while the Hub may be creating it. Raises `Failure`."""
        answered = self._answered.wait(_ANSWER)
        said = self.delete()
        if answered:
            return (Row(True, said, "delete"),)
        unsure = f"{said}, but the Hub had not answered its creation; the next self-test looks again"
        return (Row(None, unsure, "delete"),)


def sweep(hub: Hub, name: str) -> Iterator[str]:
    """Delete what earlier self-tests for the Space `name` left behind, if they were killed; the names, one by one."""
    owner = name.partition("/")[0]
    ours = re.compile(re.escape(_prefix(name)) + "[0-9a-f]{8}", re.IGNORECASE)
    for each in hub.spaces_of(owner):
        if ours.fullmatch(each) and _is_marked(hub, each) and remove(hub, each):
            yield each


def _is_marked(hub: Hub, space: str) -> bool:
    try:
        return MARK in hub.settings.variables(space)
    except Failure as refused:
        if refused.id in (
            "forbidden",
            "settings-forbidden",
            "hub-refused",
            "space-gone",
        ):  # somebody else's, or just gone
            return False
        raise


def _prefix(name: str) -> str:
    owner, _, base = name.partition("/")
    return f"{owner}/{base[:_LONGEST_BASE].rstrip('-.')}-selftest-"


def _rendered(path: str, nonce: str) -> bytes:
    template = Template((_TEMPLATES / path).read_text("utf-8"))
    return template.substitute(nonce=html.escape(nonce)).encode()
