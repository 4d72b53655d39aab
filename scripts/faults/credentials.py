"""The credentials of a trial, and the search for any part of them."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

TOKEN = "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"  # noqa: S105 - known to localhub alone
JOB = "ghs_LkJhGfDsAqWeRtYuIoPzXcVbNm"
"""The token of the job for GitHub."""
SECRET = 's3cr3t/Zq8+Vb5=Rt7"Kp2&Xw9 Lm4'  # noqa: S105 - with what is written otherwise in JSON and in addresses
ACCOUNTS = f"""
users:
  - {{name: alice, plan: pro, tokens: {{{TOKEN}: write, hf_alice_setup: write}}}}
  - {{name: bob, plan: pro, tokens: {{hf_bob: write}}}}
"""
SETUP = "hf_alice_setup"
"""The token by which a trial makes what is there before."""
_WINDOW = 10
"""Characters of a secret that nothing else has by chance."""
_MASK = re.compile(r"^::add-mask::.*$", re.MULTILINE)


def found(texts: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[str]:
    """Yield where a part of a secret is in a text, in whatever way it is written."""
    for name, secret in secrets.items():
        parts = set(_parts(secret))
        for where, text in texts.items():
            shown = _MASK.sub("", text)
            together = re.sub(r"\s+", "", shown)
            if hit := next((part for part in parts if part in shown or part in together), None):
                yield f"a part of {name} is in {where}: {hit[:4]}…"


def _parts(secret: str) -> Iterator[str]:
    for form in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), secret.encode().hex()):
        yield from (form[at : at + _WINDOW] for at in range(len(form) - _WINDOW + 1))
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")[4:-2]
        yield from (encoded[at : at + _WINDOW] for at in range(len(encoded) - _WINDOW + 1))
