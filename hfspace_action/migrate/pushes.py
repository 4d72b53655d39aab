"""`git push` to a Space, with its address in the command or in a remote of the job."""

import re
from collections.abc import Sequence

from .actions import space
from .new import Unknown
from .steps import Old

PUSH = re.compile(r"git (?:push|subtree push)\b")
SUBTREE = re.compile(r"git subtree (?:push|split) (?:.*\s)?(?:--prefix|-P)[= ](\S+)")
HOST = re.compile(
    r"(?:https://(?:[^@/\s\"']*@)?|git@)(?:huggingface\.co|hf\.co)[/:]spaces/([^\s\"'/]+/[^\s\"'/]+?)(?:\.git)?(?=[\s\"'/\\]|$)"
)
_REMOTE = re.compile(r"git remote (?:add|set-url) (?:-\S+ )*(\S+) [\"']?(\S+?)[\"']?(?=\s|\\|$)")
_HEADS = re.compile(
    r"HEAD|main|master|\$\{?GITHUB_(?:REF_NAME|SHA)\}?|\$\{\{github\.(?:ref_name|sha|ref|head_ref)\}\}|(?:refs/heads/)?(?:main|master)"
)
_ALTERED = re.compile(
    r"git (?:merge|rebase|reset|cherry-pick|rm|mv|filter-branch|filter-repo|read-tree|commit-tree|apply|am)\b"
)


def address(line: str, job: str) -> str | None:
    """Return the Space that a push goes to, or None if it goes elsewhere. `job` is all that the job runs."""
    if found := HOST.search(line):
        return found[1]
    words = [word for word in line.split()[2:] if not word.startswith("-")]
    for name, url in _REMOTE.findall(job):
        if name in words and (found := HOST.search(url)):
            return found[1]
    return None


def push(line: str, lines: Sequence[str], folder: str, step: Old) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read a push and the commands before it. `folder` is where they went by `cd`. Raises `Unknown`."""
    named = address(line, step.everything)
    before = lines[: lines.index(line)]
    if any(re.match(r"git clone\b", each) for each in before):
        raise Unknown("it commits to a clone of the Space, which only its author can take apart")
    if altered := next((each for each in before if _ALTERED.match(each)), None):
        raise Unknown(f"it changes what it pushes: `{altered}`")
    fresh = any(re.match(r"git init\b", each) for each in before)
    own = next((each for each in before if re.match(r"git (?:add|commit)\b", each)), None)
    if own and not (fresh and folder):
        raise Unknown(f"it commits files of its own before the push: `{own}`")
    inputs = {"space": space(named or "")}
    subtree = next((found for each in (*before, line) if (found := SUBTREE.match(each))), None)
    if subtree:
        inputs["path"] = subtree[1].strip("/'\"")
    elif not fresh:
        _one_of_ours(line)
    force = re.search(r"--force|\s-\w*f\b|\s\+", line)
    remarks = (
        ()
        if force
        else ("pushed without --force: what somebody committed on the Space is replaced now, unless `keep` names it",)
    )
    return inputs, remarks


def _one_of_ours(line: str) -> None:
    """Raise `Unknown` for a push of something else than what is checked out."""
    words = [word.strip("\"'+") for word in line.split()[2:] if not word.startswith("-")]
    source, _, target = words[1].partition(":") if len(words) > 1 else ("HEAD", "", "")
    if not _HEADS.fullmatch(source) or (
        (target or source).rpartition("/")[2] not in ("main", "master", "HEAD") and target
    ):
        raise Unknown(f"it pushes another branch, {words[1]}")
