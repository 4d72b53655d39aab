"""The tags of a Space's repository. They are names of commits: no app is built or started for them."""

from huggingface_hub import HfApi

from hfspace_action.errors import Failure
from hfspace_action.hub.calls import Calls
from hfspace_action.hub.errors import status


class Tags:
    """Reads, makes and deletes tags."""

    def __init__(self, api: HfApi, calls: Calls) -> None:
        self._api, self._calls = api, calls

    def listed(self, space: str) -> dict[str, str]:
        """Return the tags of a Space by their names, each with the commit that it names."""
        refs = self._calls.repeat(
            f"list the tags of {space}", space, self._api.list_repo_refs, space, repo_type="space"
        )
        return {ref.name: ref.target_commit for ref in refs.tags}

    def create(self, space: str, name: str, sha: str) -> bool:
        """Name a commit. False where the name is given already, perhaps by a try whose answer was lost."""
        doing = f"tag a commit of {space}"
        try:
            self._calls.repeat(doing, space, self._api.create_tag, space, tag=name, revision=sha, repo_type="space")
        except Failure as refused:
            if _status(refused) == 409:
                return False
            raise
        return True

    def delete(self, space: str, name: str) -> bool:
        """Delete a tag. False where it was gone already."""
        doing = f"delete a tag of {space}"
        try:
            self._calls.repeat(doing, space, self._api.delete_tag, space, tag=name, repo_type="space")
        except Failure as refused:
            if _status(refused) == 404:
                return False
            raise
        return True


def _status(refused: Failure) -> int | None:
    return status(refused.__cause__) if isinstance(refused.__cause__, Exception) else None
