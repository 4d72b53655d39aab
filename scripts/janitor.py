"""`HF_TOKEN=… make janitor`: deletes the Spaces that live tests left because they were killed. `--dry-run` only names them.

A Space is theirs by its name, in the namespace of the token (or HF_SPACE_NAMESPACE), and left behind once it is six hours old.
"""

import argparse
import os
import re
import sys
from datetime import UTC, datetime, timedelta

from huggingface_hub import HfApi

THEIRS = re.compile(r"(five-steps|conformance)-[0-9a-f]{6,}(-[a-z0-9-]+)?")
AGE = timedelta(hours=6)


def left_behind(api: HfApi, owner: str, now: datetime) -> list[str]:
    """Return the Spaces of live tests in a namespace that no run needs any more."""
    return [
        space.id
        for space in api.list_spaces(author=owner, expand=["createdAt"])
        if THEIRS.fullmatch(space.id.partition("/")[2]) and space.created_at and now - space.created_at > AGE
    ]


def main() -> int:
    """Delete them; 0 also where there were none."""
    parser = argparse.ArgumentParser(prog="python -m scripts.janitor", description=__doc__)
    parser.add_argument("--dry-run", action="store_true")
    dry = parser.parse_args().dry_run
    token = os.environ.get("HF_TOKEN")
    if not token:
        print("Set HF_TOKEN to the token that the live tests have.")
        return 2
    api = HfApi(os.environ.get("HF_ENDPOINT"), token=token)
    owner = os.environ.get("HF_SPACE_NAMESPACE") or str(api.whoami()["name"])
    found = left_behind(api, owner, datetime.now(UTC))
    for space in found:
        if not dry:
            api.delete_repo(space, repo_type="space", missing_ok=True)
        print(f"{'would delete' if dry else 'deleted'} {space}")
    print(f"{len(found)} Spaces were left in {owner}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
