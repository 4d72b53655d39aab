"""Workflows of the kinds that people have today, each with the inputs that ours needs to do the same.

Written here after the shapes that public repositories have; `site/` is the folder where a shape deploys one.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
TOKEN = "${{ secrets.HF_TOKEN }}"


class Shape(NamedTuple):
    """An old workflow by its file, and what its step becomes."""

    name: str
    inputs: dict[str, str]
    token: str = TOKEN
    runs_before: str = ""
    """A command of its script that stays, ahead of the deploy."""

    @property
    def text(self) -> str:
        """The workflow."""
        return (FOLDER / f"{self.name}.yml").read_text("utf-8")


SPACE = {"space": "alice/my-demo"}
SHAPES = (
    Shape("push-force-url", SPACE),
    Shape("push-force-remote", SPACE),
    Shape("push-env", SPACE, "${{ secrets.HUGGINGFACE_TOKEN }}"),
    Shape("push-subtree", {**SPACE, "path": "site"}),
    Shape("hub-sync", {**SPACE, "path": "site", "sdk": "static"}),
    Shape("nateraw", {**SPACE, "visibility": "private", "sdk": "static"}),
    Shape("jacoblincool", {**SPACE, "sdk": "static", "front-matter": "emoji: 🚀\ntitle: My demo\ncolorFrom: red"}),
    Shape("hf-upload", {**SPACE, "exclude": "*.psd\ndrafts/*"}),
    Shape("huggingface-cli", {**SPACE, "path": "site"}, "${{ secrets.HF_API_TOKEN }}"),
    Shape("uvx-build", {**SPACE, "path": "site"}, runs_before="mkdir -p site"),
    Shape("python-client", {**SPACE, "path": "site"}),
    Shape("gradio-deploy", {"space": "alice/asked", "sdk": "gradio"}, "${{ secrets.hf_token }}"),
    Shape("push-matrix", {"space": "alice/${{ matrix.app }}", "path": "apps/${{ matrix.app }}"}),
)
