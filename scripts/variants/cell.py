"""One cell of the table: a promise, tried on a Space of some kind, on a Hub with some variants."""

from collections.abc import Mapping
from dataclasses import dataclass, field

REPOSITORY = "octo/site"
STATIC = {
    "README.md": "---\ntitle: Tides\nsdk: static\n---\n",
    "index.html": "<!doctype html>\n<html><head><title>Tides</title></head><body><h1>Tides</h1></body></html>\n",
}
DOCKER = {"README.md": "---\ntitle: Tides\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"}
GRADIO = {"README.md": "---\ntitle: Tides\nsdk: gradio\n---\n", "app.py": "import gradio\n\ngradio.Blocks().launch()\n"}
# A static Space whose page a command makes.
BUILT = {
    "README.md": STATIC["README.md"].replace("static\n", "static\napp_build_command: sh make.sh\n"),
    "make.sh": "echo tides > index.html\n",
}
BROKEN_BUILD = {"make.sh": "sleep 2\nexit 1\n"}
# What a .gitignore on the Space names, and the checkout has.
IGNORED = {".gitignore": "*.log\n"}
IGNORED_FILE = {"tides.log": "wanted\n"}
FILES: Mapping[str, Mapping[str, str]] = {"static": STATIC, "docker": DOCKER, "gradio": GRADIO}
CHANGED: Mapping[str, Mapping[str, str]] = {
    "static": {"index.html": STATIC["index.html"].replace("<h1>Tides</h1>", "<h1>High tide</h1>")},
    "docker": {"Dockerfile": DOCKER["Dockerfile"] + "USER 1000\n"},
    "gradio": {"app.py": GRADIO["app.py"] + "# changed\n"},
}
PROMISES = ("first", "redeploy", "unchanged", "large", "settings", "failing", "rollback", "selftest", "check", "delete")
SDKS, VISIBILITIES, TOKENS = (
    ("static", "docker", "gradio"),
    ("public", "private", "protected"),
    ("write", "fine-grained", "publisher"),
)


@dataclass(frozen=True)
class Cell:
    """What is tried, and on which Hub."""

    promise: str
    sdk: str
    visibility: str
    token: str
    variants: frozenset[str] = field(default_factory=frozenset)

    @property
    def publisher(self) -> bool:
        """Whether the job has no stored token."""
        return self.token == "publisher"  # noqa: S105 - a kind of token

    def on(self, *names: str) -> bool:
        """Whether one of these variants is on."""
        return bool(self.variants & set(names))

    @property
    def built(self) -> bool:
        """Whether a command makes the page, and fails: a stage that does not show it must not be taken for a page that is there."""
        return self.on("quiet-static-build") and self.sdk == "static" and self.promise == "redeploy"

    @property
    def resting(self) -> bool:
        """Whether the Space sleeps, or somebody works on it, so that a commit alone changes nothing."""
        return self.on("sleeping-push", "dev-mode-push") and self.sdk != "static" and self.promise == "redeploy"

    @property
    def ignoring(self) -> bool:
        """Whether a .gitignore on the Space names a file of the checkout."""
        return self.on("gitignore-absent") and self.promise in ("redeploy", "large")

    def __str__(self) -> str:
        """Return the cell in a line."""
        variants = ", ".join(sorted(self.variants)) or "as localhub answers by default"
        return f"{self.promise} · {self.sdk} · {self.visibility} · {self.token} · {variants}"


def is_possible(cell: Cell) -> bool:
    """Whether there is anything to try: a publisher creates nothing, and of an app alone there is a build that fails."""
    if cell.publisher and cell.promise in ("first", "selftest", "delete"):
        return False
    if cell.sdk == "static" and cell.promise == "failing":
        return False
    return not (cell.promise == "selftest" and (cell.sdk != "static" or cell.visibility == "protected"))
