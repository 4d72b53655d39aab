"""Asks the app at the address that the Hub names: a visit of its default path, then each of the checks."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.result import Result
from hfspace_action.space import Space

from . import page
from .outcome import Outcome
from .page import Page
from .visit import Answer, NoAnswer, Question, Visitor

if TYPE_CHECKING:
    from hfspace_action.inputs.checks import Check

    from .files import Served

_NO_ROOM = frozenset({408, 425, 429})
"""Statuses of 400 to 499 that say "later", not "this is how it is"."""
FILES = "changed files"
"""What they are called in a report."""
_COUNTS = "which counts as answering"


class Asked(NamedTuple):
    """What an app is asked. Its default `path` is `visited`; `lenient`: nobody named it, so that whatever the app itself answers
    there counts, errors of its own (5xx) aside. `page` is what a static Space must serve there, when known, and `files` are others that
    were changed."""

    path: str = "/"
    visited: bool = True
    lenient: bool = False
    page: str | None = None
    files: Sequence[File] = ()
    checks: "Sequence[Check]" = ()


class Shown(NamedTuple):
    """What a row of the report shows of a visit or a check; `good` is None where it could not be made."""

    name: str
    good: bool | None
    words: str


class Probe:
    """Asks one app all that is `asked`, and remembers what came last. `say` gets a line whenever an answer changes."""

    def __init__(self, hub: Hub, asked: Asked, *, say: Callable[[str], None]) -> None:
        self._hub, self._asked, self._say = hub, asked, say
        self._visitor = Visitor(hub)
        self._page = Page(asked.page) if asked.page is not None else None
        self._served: Served | None = None
        if asked.files:
            from . import files  # not before: a deploy without a change has none

            self._served = files.Served(asked.files)
        self._private: bool | None = None
        self._static = False
        self._latest: dict[str, Outcome] = {}
        self._done: set[str] = (
            set()
        )  # checks that answered well and are not made again, because that costs or changes something
        self.reached = False
        """Whether the app itself has answered, good or bad: then its port and its address are right."""
        self.url = ""
        """The address of the latest visit."""
        self.space: Space | None = None
        """The Space with its address, once it was asked for."""

    def know(self, space: Space) -> None:
        """Take the Space's address from this description, which has it, instead of asking for it."""
        self.space, self._private = space, space.private

    def remember(self, space: Space) -> None:
        """Look at the page before it is published anew. If the new one only leaves something out, the old one has all
        that it has, so that only this tells them apart."""
        if self._page and self._asked.visited:
            try:
                answer = self._visit(space, self._question(self._asked.path))
            except NoAnswer:
                return
            self._page.before = _text(answer) if answer.status == 200 else None

    def answers(self, space: Space) -> Outcome:
        """Ask everything once; the first answer that is not as it should be, otherwise the last."""
        self._static = space.sdk == "static"
        outcomes = []
        for name, ask in self._questions(space):
            outcome = self._made(ask)
            self._note(name, outcome)
            outcomes.append(outcome)
            if not outcome.good and not outcome.reached and not self._static:
                break  # the others would not reach the app either
        bad = [outcome for outcome in outcomes if not outcome.good]
        self._done = set() if bad else {check.name for check in self._asked.checks if not check.repeatable}
        return (bad or [*outcomes[-1:], Outcome(True, "")])[0]

    def _note(self, name: str, outcome: Outcome) -> None:
        self.reached |= outcome.reached
        if name not in self._latest or self._latest[name].words != outcome.words:
            self._say(f"{name}: {outcome.words}")
        self._latest[name] = outcome

    @property
    def rows(self) -> Sequence[Shown]:
        """What came last of all that was asked so far."""
        return [
            Shown(name, None if outcome.final is Result.PUBLISHED else outcome.good, outcome.words)
            for name, outcome in self._latest.items()
        ]

    def failure(self, after: str) -> Failure | None:
        """Return the failure of an app that does not answer as it should; None where it does, or was not asked: without an
        address nothing was."""
        bad = {name: outcome for name, outcome in self._latest.items() if not outcome.good}
        if not bad or not self.url:
            return None
        name, outcome = next(iter(bad.items()))
        if self._static and name == self._visit_name:
            return Failure("page-stale", url=self.url, answer=outcome.words, after=after)
        if name == FILES:
            return Failure("files-stale", url=self.url, answer=outcome.words, after=after)
        if not outcome.reached:
            return Failure("not-reached", url=self.url, answer=outcome.words, after=after)
        if name == self._visit_name:
            return Failure("unreachable", url=self.url, answer=outcome.words, after=after)
        more = f" (and {', '.join(list(bad)[1:6])})" if len(bad) > 1 else ""
        return Failure("check-failed", name=name, answer=outcome.words, more=more, after=after)

    # What is asked

    @property
    def _visit_name(self) -> str:
        return f"GET {self._asked.path}"

    def _questions(self, space: Space) -> Iterator[tuple[str, Callable[[], Outcome]]]:
        if self._asked.visited:
            yield self._visit_name, partial(self._open, space, self._asked.path)
        if self._served:
            yield FILES, partial(self._served.ask, partial(self._visit, space))
        for check in self._asked.checks:
            if check.name not in self._done:
                yield check.name, partial(self._check, space, check)

    def _made(self, ask: Callable[[], Outcome]) -> Outcome:
        try:
            return ask()
        except NoAnswer as silent:
            return Outcome(False, str(silent))

    def _question(self, path: str) -> Question:
        known = self._page is not None
        return Question(path, most=2 * page.LARGEST if known else 0, elsewhere=known)

    def _open(self, space: Space, path: str) -> Outcome:
        """Visit the path, and judge what came."""
        answer = self._visit(space, self._question(path))
        status = answer.status
        if answer.closed:
            return Outcome(False, f"the page can't be checked: the edge shows it to nobody (HTTP {status})",
                           final=Result.PUBLISHED)  # fmt: skip
        if 200 <= status < 400:
            if self._page and not self._page.is_served(_text(answer)):
                return Outcome(False, page.STALE)
            return Outcome(True, f"HTTP {status}", answer.by_app)
        if not answer.by_app:
            return Outcome(False, f"the Hub, in the app's place, answers HTTP {status}")
        if self._asked.lenient and status < 500 and status not in _NO_ROOM:
            return Outcome(True, f"the app itself answers HTTP {status}, {_COUNTS}", True)
        return Outcome(False, f"the app answers HTTP {status}", True)

    def _check(self, space: Space, check: "Check") -> Outcome:
        if check.api is not None:
            from . import gradio_api  # not before: few apps are called

            return gradio_api.call(check, lambda question: self._visit(space, question))
        from . import check as checks  # not before: most apps are asked for a page only

        reads = bool(check.contains or check.json or check.within)
        redirects = all(300 <= status < 400 for wanted in check.status for status in wanted)
        path = check.path or self._asked.path
        question = Question(
            path, check.method, most=checks.MOST if reads else 0, within=check.within, follow=not redirects
        )
        try:
            answer = self._visit(space, question)
        except NoAnswer as silent:
            if check.within:
                raise NoAnswer(f"{silent}, which has to come within {check.within:g} s") from silent
            raise
        if not answer.by_app and not self._static:
            return Outcome(False, f"the Hub, in the app's place, answers HTTP {answer.status}")
        problem = checks.difference(check, answer)
        return Outcome(problem is None, problem or f"HTTP {answer.status}", True)

    def _visit(self, space: Space, question: Question) -> Answer:
        described = self._described(space)
        if described is None or not described.host:
            raise NoAnswer("the Hub names no address for the app")
        self.url = described.host.rstrip("/") + question.path
        return self._visitor.visit(described, question)

    def _described(self, space: Space) -> Space | None:
        """The Space with its address, asked for once, and again when the Space was made private or public since."""
        if self.space is None or space.private != self._private:
            try:
                self.space = self._hub.observe(space.id, address=True)
            except Failure as failure:
                raise NoAnswer(f"the app's address could not be read: {failure.message}") from failure
            self._private = space.private
        return self.space


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")
