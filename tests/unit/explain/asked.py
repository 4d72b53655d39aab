"""A cause asked for, of a sample or of a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hfspace_action.errors import Place
from hfspace_action.explain import Cause, Ended, explain
from tests.kit.corpus.scenario import Scenario, log


@dataclass(frozen=True)
class Texts:
    """Files that are only a mapping."""

    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(self.files)

    def text(self, path: str) -> str | None:
        return self.files.get(path)


def of(scenario: Scenario, part: str) -> Cause | None:
    lines = log(part, scenario).read_text("utf-8").split("\n")
    return explain(
        Ended(scenario.stage, scenario.message), lines, scenario, sdk=str(scenario.data["sdk"]), data=scenario.data
    )


def said(
    stage: str,
    message: str = "",
    lines: str = "",
    files: Mapping[str, str] | None = None,
    sdk: str = "docker",
    **data: object,
) -> Cause | None:
    """The cause for a message of the Hub and a log."""
    return explain(Ended(stage, message), lines.split("\n"), Texts(files or {}), sdk=sdk, data=data)


def known(cause: Cause | None) -> tuple[str, Place | None]:
    assert cause is not None
    return cause.id, cause.place


def text_of(cause: Cause) -> str:
    return f"{cause.message} {cause.advice}"
