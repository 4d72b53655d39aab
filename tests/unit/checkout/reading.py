"""What a checkout gives, and why it gives nothing."""

from pathlib import Path

import pytest

from hfspace_action.checkout import walk
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure


def paths(found: Checkout) -> list[str]:
    return list(found.files)


def refusal(workspace: Path, folder: str = ".", **selection: list[str]) -> Failure:
    with pytest.raises(Failure) as caught:
        walk.read(workspace, folder, **selection)
    return caught.value
