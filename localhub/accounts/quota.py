"""What an account's plan and purse don't cover: hardware, running Spaces, storage. The words are the Hub's."""

from collections.abc import Iterator

import pygit2

from localhub.refusal import Refusal
from localhub.repos.hardware import COSTS_NOTHING, ZEROGPU
from localhub.repos.pointer import LONGEST, Pointer
from localhub.repos.repository import Repo

from .accounts import Accounts, User
from .limits import Meter

NO_PLAN = (
    "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. "
    "Subscribe at https://huggingface.co/pro"
)
"""402 at creation; seen in ed-donner/agents#1469."""
NO_PAYMENT = (
    "You must add a payment method to your account to upgrade your space's hardware. "
    "Visit your billing settings to add one: https://huggingface.co/settings/billing"
)
"""403; seen in gradio-app/gradio#3804."""
NO_RESTART = "You've reached your cpu-basic quota limit, please upgrade your account, or pause your previous Spaces to restart this one"
"""403; quoted by many since the plan gate of July 2026."""
PAUSED = "Quota exceeded for flavor {flavor} (requested=1): current=0, limit=0"
"""The errorMessage of a Space that was switched from static to another SDK on a free account."""


ZEROGPU_FREE = 2
"""So many Gradio Spaces of a free personal account may run on ZeroGPU: https://huggingface.co/docs/hub/spaces-zerogpu."""


def covers(accounts: Accounts, owner: str, sdk: str, hardware: str, zero_gpus: int) -> bool:
    """Whether a Space may run: somebody pays for the account or for the hardware, or nothing runs, or ZeroGPU is granted.

    `zero_gpus` is the number of the owner's other Spaces that run on it. Paid hardware takes no plan: huggingface_hub 2.4,
    `create_repo`.
    """
    if sdk == "static" or accounts.paid(owner):
        return True
    if hardware == ZEROGPU:
        return sdk == "gradio" and isinstance(accounts.namespace(owner), User) and zero_gpus < ZEROGPU_FREE
    return hardware not in COSTS_NOTHING


def check_hardware(accounts: Accounts, owner: str, flavor: str) -> None:
    """Refuse hardware that costs something where nobody can be charged. ZeroGPU costs nothing by the hour."""
    account = accounts.namespace(owner)
    if flavor not in COSTS_NOTHING and not (account and account.can_pay):
        raise Refusal(403, NO_PAYMENT)


def check_storage(meter: Meter, repo: Repo, added: dict[str, int]) -> None:
    """Refuse a Space's commit that would keep too much: each large file of its history counts once. Blocking.

    `added` are the large files of the commit, their sizes by sha256.
    """
    limit = meter.of(repo.owner).storage
    if repo.kind == "space" and added and sum((dict(_large_files(repo.git.git)) | added).values()) > limit:
        raise Refusal(403, f"Repository storage limit reached (Max: {_size(limit)})")


def _large_files(git: pygit2.Repository) -> Iterator[tuple[str, int]]:
    """The large files in all commits of all references, by sha256."""
    seen: set[pygit2.Oid] = set()
    walker = git.walk(None)
    for name in git.references:
        walker.push(git.references[name].peel(pygit2.Commit).id)
    for commit in walker:
        yield from _in_tree(git, commit.tree, seen)


def _in_tree(git: pygit2.Repository, tree: pygit2.Tree, seen: set[pygit2.Oid]) -> Iterator[tuple[str, int]]:
    if tree.id in seen:
        return
    seen.add(tree.id)
    for item in tree:
        if isinstance(item, pygit2.Tree):
            yield from _in_tree(git, item, seen)
        elif isinstance(item, pygit2.Blob) and item.id not in seen:
            seen.add(item.id)
            if git.odb.read_header(item.id)[1] <= LONGEST and (pointer := Pointer.parse(item.data)):
                yield pointer.sha256, pointer.size


def _size(number: float) -> str:
    """Bytes as the Hub writes them: 1 GB is 1,000,000,000."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:g} {name}"
    return f"{number:g} B"
