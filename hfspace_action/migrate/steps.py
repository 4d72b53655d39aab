"""The steps of a workflow, with the lines that each takes in its file, and what its variables stand for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from hfspace_action.inputs import safe_yaml

_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_ENV_EXPRESSION = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}")
_SECRET = re.compile(r"\$\{\{\s*secrets\.(\w+)\s*\}\}")


class Old(NamedTuple):
    """A step as it is: its lines (from 0, the end not included), its keys, the environment that it runs in."""

    job: str
    first: int
    end: int
    indent: int
    keys: Mapping[str, Any]
    env: Mapping[str, str]
    everything: str
    """All of its job, where a login may have the token, and another step a remote."""

    @property
    def uses(self) -> str:
        """The action that it runs, without its version; "" for a script."""
        return str(self.keys.get("uses", "")).partition("@")[0].lower()

    @property
    def given(self) -> Mapping[str, str]:
        """The inputs of the action, as texts with variables of the workflow put in."""
        given = self.keys.get("with")
        return (
            {str(name): self.put_in(_text(value)) for name, value in given.items()} if isinstance(given, dict) else {}
        )

    @property
    def script(self) -> str:
        """The script that it runs."""
        return _text(self.keys.get("run", ""))

    def put_in(self, text: str) -> str:
        """Return a text with the variables of the environment put in; those that nobody knows stay."""

        def value(found: re.Match[str]) -> str:
            return self.env.get(found[1] or found[found.lastindex or 1] or "", found[0])

        return _VARIABLE.sub(value, _ENV_EXPRESSION.sub(value, text))

    def token(self, *texts: str) -> str:
        """Return the expression of the secret that is the token: one that the texts name, else one of the environment."""
        named = [name for text in (*texts, *self.env.values()) for name in _SECRET.findall(text)] or _SECRET.findall(
            self.everything
        )
        tokens = [name for name in named if re.search(r"TOKEN|KEY|SECRET|PASS", name, re.IGNORECASE)]
        names = [name for name in tokens or named if re.search(r"HF|HUGGING|SPACE", name, re.IGNORECASE)]
        return f"${{{{ secrets.{(names or tokens or ['HF_TOKEN'])[0]} }}}}"


def read(text: str) -> list[Old]:
    """Return the steps of a workflow, in their order. Raises `yaml.YAMLError` for what is no YAML."""
    content = safe_yaml.load(text)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(content, dict) or not isinstance(content.get("jobs"), dict) or root is None:
        return []
    return list(_steps(content, root, len(text.splitlines())))


def _steps(content: dict[str, Any], root: yaml.Node, length: int) -> Iterator[Old]:
    for name, job in content["jobs"].items():
        steps = job.get("steps") if isinstance(job, dict) else None
        node = _child(_child(_child(root, "jobs"), str(name)), "steps")
        if not isinstance(steps, list) or not isinstance(node, yaml.SequenceNode) or node.flow_style:
            continue
        for keys, at in zip(steps, node.value, strict=True):
            if isinstance(keys, dict):
                env = _env(content) | _env(job) | _env(keys)
                first, end = at.start_mark.line, min(_end(at) + 1, length)
                yield Old(str(name), first, end, node.start_mark.column, keys, env, str(job))


def _end(node: yaml.Node) -> int:
    """Return the last line of a node; the mark of a block is where the next thing begins."""
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return max(_end(value) for _, value in node.value)
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return max(_end(value) for value in node.value)
    at = node.end_mark
    return at.line - 1 if at.column == 0 and at.line > node.start_mark.line else at.line


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _env(of: Mapping[str, Any]) -> dict[str, str]:
    env = of.get("env")
    return {str(name): _text(value) for name, value in env.items()} if isinstance(env, dict) else {}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
