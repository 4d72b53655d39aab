"""Errors name inputs as a command line spells them."""

from typing import NamedTuple

import pytest

from hfspace_action.command_line.spelling import options


class Text(NamedTuple):
    """A text as errors have it for a workflow, and as a terminal shows it."""

    workflow: str
    terminal: str


TEXTS = [
    Text("The input `hf-token` is missing.", "The variable `HF_TOKEN` is missing."),
    Text("Pass a token with `hf-token`.", "Pass a token with `HF_TOKEN`."),
    Text("Raise the input `timeout`, or pass `wait: false`.", "Raise the option `--timeout`, or pass `--no-wait`."),
    Text("with `command: delete` and `confirm: a/b`", "with `--command delete` and `--confirm a/b`"),
    Text("name it: `keep: old file.html`.", "name it: `--keep 'old file.html'`."),
    Text("it says `resume: true`, `rebuild: always`", "it says `--resume`, `--rebuild always`"),
    Text("Name it with `space: a/b`; `space` is", "Name it with `a/b`; `SPACE` is"),
    Text(
        "Do:\n```yaml\nwith:\n  path: the app\n  sdk: gradio\n```\n", "Do:\n```\n--path 'the app' --sdk gradio\n```\n"
    ),
    Text("README.md names no `sdk`; a page (`sdk: static`)", "README.md names no `sdk`; a page (`sdk: static`)"),
    Text("```yaml\nwith:\n  node-version: 20\n```", "```yaml\nwith:\n  node-version: 20\n```"),
    Text("`pip install` and `uses: x`", "`pip install` and `uses: x`"),
    Text("The Hub says `timeout", "The Hub says `timeout"),
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.workflow[:30])
def test_inputs_are_options(text: Text) -> None:
    assert options(text.workflow) == text.terminal
    assert options(text.terminal) == text.terminal, "what is spelled so stays so"
