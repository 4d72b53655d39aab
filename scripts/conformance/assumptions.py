"""What localhub assumes, by fact: the answer that it gives, and the variant for each other answer."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Assumption:
    """A fact, what localhub answers by default (a beginning is enough), and the variants by their other answers."""

    fact: str
    expected: str
    variants: dict[str, str] = field(default_factory=dict)


ASSUMPTIONS = (
    Assumption("creation-is-read", "at once", {"late": "late-creation"}),
    Assumption("description-has-visibility", "True", {"False": "no-visibility"}),
    Assumption("secret-descriptions-are-kept", "True", {"False": "no-descriptions"}),
    Assumption("auth-check", "True", {"False": "no-auth-check"}),
    Assumption("a-second-creation", "409"),
    Assumption("protected-is-private", "False", {"True": "protected-is-private"}),
    Assumption("first-creation", "200", {"409": "creation-conflict"}),
    Assumption("small-binary", "regular", {"lfs": "small-binaries-lfs"}),
    Assumption("large-binary", "lfs", {"regular": "lfs-by-name"}),
    Assumption("empty-gitignore", "ignores nothing", {"ignores": "gitignore-absent"}),
    Assumption("comment-gitignore", "ignores nothing"),
    Assumption("tree-of-a-commit", "at once", {"late": "late-tree"}),
    Assumption("head-after-a-commit", "at once", {"late": "stale-head"}),
    Assumption("stale-parent", "4"),
    Assumption("pull-requests", "200", {"refused": "discussions-disabled"}),
    Assumption("merge-commit-is-named", "True"),
    Assumption("a-merge-is", "squashed", {"a merge": "merge-commit"}),
    Assumption("reference-is-deleted", "True", {"False": "no-ref-deletion"}),
    Assumption("static-front-page", "302 /index.html", {"200": "no-static-redirect"}),
    Assumption("redirect-keeps-query", "False", {"True": "redirect-keeps-query", "no redirect": "no-static-redirect"}),
    Assumption("script", "in the head", {"none": "no-injected-script", "before the doctype": "script-before-doctype"}),
    Assumption("page-without-ending", "200"),
    Assumption("unknown-page", "Entry not found"),
    Assumption("private-static-by-none", "4"),
    Assumption("private-static-by-Authorization", "200", {"404": "private-static-404", "401": "private-static-401"}),
    Assumption(
        "private-static-by-X-HF-Authorization",
        "200",
        {"404": "private-static-404 or authorization-only", "401": "private-static-401"},
    ),
    Assumption(
        "private-static-by-__sign", "200", {"404": "private-static-404", "401": "private-static-401", "0": "no-jwt"}
    ),
    Assumption("space-token", "True", {"False": "no-jwt"}),
    Assumption("sign-cookie", "True", {"False": "no-sign-cookie"}),
    Assumption("a-build-ends", "RUNNING", {"PAUSED": "flagged", "BUILDING": "build-queued"}),
    Assumption("a-commit-of-the-readme", "built", {"nothing": "readme-push"}),
    Assumption("a-commit-in-dev-mode", "built", {"nothing": "dev-mode-push"}),
    Assumption("paused-is-called", "PAUSED"),
    Assumption("a-commit-to-a-paused-space", "PAUSED"),
    Assumption("zero-gpu-is-called", "zero-a10g", {"zerogpu": "zerogpu-name"}),
    Assumption("free-account-cpu-basic", "402"),
    Assumption("free-account-t4-small", "created, or asks for a payment method", {"402": "paid-hardware-needs-plan"}),
    Assumption("free-account-zero-a10g", "200", {"402": "zerogpu-needs-plan"}),
    Assumption("rate-limit-headers", "True"),
)


@dataclass(frozen=True)
class Verdict:
    """What a recording says about an assumption; `variant` is None where localhub knows no such answer."""

    fact: str
    answer: str
    expected: str
    variant: str | None

    @property
    def holds(self) -> bool:
        """Whether it is as assumed."""
        return self.answer.startswith(self.expected)

    def __str__(self) -> str:
        if self.holds:
            return f"{self.fact}: holds ({self.answer})"
        known = f"variant {self.variant}" if self.variant else "no variant answers so"
        return f"{self.fact}: differs: localhub should answer '{self.answer}', not '{self.expected}' ({known})"


def verdicts(facts: dict[str, str]) -> list[Verdict]:
    """Judge each assumption of which a recording knows something."""
    judged = []
    for each in ASSUMPTIONS:
        if (answer := facts.get(each.fact)) is not None:
            other = next((name for start, name in each.variants.items() if answer.startswith(start)), None)
            judged.append(Verdict(each.fact, answer, each.expected, other))
    return judged
