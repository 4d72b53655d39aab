"""The login that `hf auth login` left on this machine."""

import subprocess
import sys
from collections.abc import Mapping

_CODE = "from huggingface_hub import get_token; print(get_token() or '', end='')"
_PATIENCE = 30  # seconds; a login that is about to expire is renewed on the way
_ID_TOKENS = ("HF_OIDC_RESOURCE", "HF_OIDC_ID_TOKEN")  # which are exchanged elsewhere, for the right Space


def token(env: Mapping[str, str]) -> str:
    """Return the token of the login that huggingface_hub finds; empty if there is none.

    The client is asked in a process of its own, because it reads its settings when it is imported, and this process imports it
    with those of a step. -P: a module beside the user's files is not the client.
    """
    own = {name: value for name, value in env.items() if name not in _ID_TOKENS}
    command = [sys.executable, "-P", "-c", _CODE]
    try:
        asked = subprocess.run(command, env=own, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
