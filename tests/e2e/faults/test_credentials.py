"""That a part of a secret is found, in whatever way it is written, and that nothing else is taken for one."""

import base64
import json
from urllib.parse import quote

import pytest

from scripts.faults.credentials import SECRET, TOKEN, found


@pytest.mark.parametrize(
    "planted",
    [
        TOKEN,
        TOKEN[:14],
        TOKEN[-11:],
        f"x={TOKEN[5:25]};",
        "\n".join(TOKEN[at : at + 5] for at in range(0, len(TOKEN), 5)),
        json.dumps(SECRET),
        quote(SECRET, safe=""),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(f"user:{TOKEN}".encode()).decode(),
        TOKEN.encode().hex(),
    ],
)
def test_a_planted_one_is_found(planted: str) -> None:
    assert list(found({"the log": f"before\n{planted}\nafter"}, {"it": SECRET, "the token": TOKEN}))


@pytest.mark.parametrize(
    "text", ["", "hf_alice", "s3cr3t", f"::add-mask::{TOKEN}", "hf-space-deploy 1.0.0: deploy alice/x"]
)
def test_nothing_else_is(text: str) -> None:
    assert not list(found({"the log": text}, {"it": SECRET, "the token": TOKEN}))
