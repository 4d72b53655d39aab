"""Actions of others that copy a repository to a Space, and their inputs in the words of ours."""

import re
from collections.abc import Callable, Mapping

from .new import New, Unknown
from .steps import Old

_HUB_SYNC = ("huggingface/hub-sync", "nateraw/huggingface-sync-action", "alozowski/huggingface-sync-action")
_CARD = ("emoji", "title", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file", "app_port", "license", "pinned",
         "short_description")  # fmt: skip
_SPACE = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def known(step: Old) -> New | None:
    """Return what a step with an action becomes; None if it is none of these. Raises `Unknown`."""
    uses = step.uses
    if uses in _HUB_SYNC or uses.endswith("/huggingface-sync-action"):
        return _hub_sync(step)
    reader = _OTHERS.get(uses)
    return reader(step) if reader else None


def space(name: str) -> str:
    """Return the name of a Space if it is one, expressions included. Raises `Unknown`."""
    plain = re.sub(r"\$\{\{.*?\}\}", "x", name)
    if not _SPACE.fullmatch(plain):
        raise Unknown(f"the Space is not named: '{name}'" if name else "no Space is named")
    return name


def private(given: Mapping[str, str], key: str = "private") -> dict[str, str]:
    """Return the visibility that an input `private` means."""
    return {"visibility": "private"} if given.get(key, "").lower() == "true" else {}


def _hub_sync(step: Old) -> New:
    given = step.given
    kind = given.get("repo_type", "space")
    if kind != "space":
        raise Unknown(f"it syncs a {kind}, which this action does not")
    if given.get("include"):
        raise Unknown("it uploads a selection of files (`include`)")
    inputs = {"space": space(given.get("huggingface_repo_id", ""))}
    folder = given.get("subdirectory", "").strip("/")
    inputs |= {"path": folder} if folder not in ("", ".") else {}
    inputs |= {"sdk": given["space_sdk"]} if given.get("space_sdk") in ("gradio", "docker", "static") else {}
    inputs |= private(given)
    inputs |= {"exclude": "\n".join(given["exclude"].split())} if given.get("exclude") else {}
    remarks = ["files that only the Space has are removed"] if given.get("delete_removed") == "false" else []
    return New({**inputs, "hf-token": step.token(given.get("hf_token", ""))}, remarks=tuple(remarks))


def _jacob(step: Old) -> New:
    given = step.given
    user, name = given.get("user", ""), given.get("space", "")
    inputs = {"space": space(f"{user}/{name}" if user and "/" not in name else name)}
    card = {key: given[key] for key in _CARD if given.get(key)}
    inputs |= {"sdk": card.pop("sdk")} if card.get("sdk") in ("gradio", "docker", "static") else {}
    inputs |= {"front-matter": "\n".join(f"{key}: {value}" for key, value in card.items())} if card else {}
    remarks = (
        ("its file `configuration` is not read: write its keys into front-matter",)
        if given.get("configuration")
        else ()
    )
    return New({**inputs, "hf-token": step.token(given.get("token", ""))}, remarks=remarks)


def _gradio_space(step: Old) -> New:
    given = step.given
    inputs = {"space": space(given.get("space_name") or given.get("space-name") or given.get("space", ""))}
    inputs |= private(given)
    return New({**inputs, "hf-token": step.token(*given.values())})


_OTHERS: dict[str, Callable[[Old], New]] = {
    "jacoblincool/huggingface-sync": _jacob,
    "gradio-app/github/actions/deploy-space": _gradio_space,
}
