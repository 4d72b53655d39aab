"""The Spaces of an owner as the Hub lists them."""

from datetime import datetime
from typing import NamedTuple

from huggingface_hub import HfApi


class Listed(NamedTuple):
    """A Space in a list. `created` and `modified` (its latest commit) are None where the Hub does not say."""

    id: str
    sdk: str | None
    created: datetime | None
    modified: datetime | None


def spaces(api: HfApi, owner: str) -> list[Listed]:
    """Return all Spaces of an owner that the token sees."""
    found = api.list_spaces(author=owner, expand=["createdAt", "lastModified", "sdk"])
    return [Listed(each.id, each.sdk, each.created_at, each.last_modified) for each in found]
