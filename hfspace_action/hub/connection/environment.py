"""How `huggingface_hub` is set up for a step: its environment, read once at its import, and its HTTP time-outs."""

import os
import resource
from pathlib import Path

from . import network

# Variables that would change what the client does, or print what it sends (HF_DEBUG shows the values of secrets).
_UNWANTED = (
    "HF_DEBUG", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE",
    "HF_OIDC_ID_TOKEN",
)  # fmt: skip
# Large files stay open until they are committed: a thousand in each of three batches.
_MOST_OPEN = 4096


def prepare(endpoint: str, home: Path) -> None:
    """Set the environment that `huggingface_hub` and `hf_xet` read at import; call before either is imported.

    `home` is a folder of this run for the client's caches and logs. Nothing of the machine's own Hugging Face set-up
    (a stored token, offline mode) is used. Raises `Failure` for proxies and certificates that no client can use.
    """
    network.prepare()
    for name in _UNWANTED:
        os.environ.pop(name, None)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _MOST_OPEN)), hard))
    os.environ.update(
        HF_ENDPOINT=endpoint,
        HF_HOME=str(home),
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        HF_HUB_VERBOSITY="error",  # its warnings go to stderr, past runner.py: no mask, no fence, amid a report
        HF_HUB_DISABLE_IMPLICIT_TOKEN="1",  # noqa: S106 - a switch, not a password
        HF_XET_TELEMETRY_ENABLED="false",
    )
