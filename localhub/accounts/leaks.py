"""The Hub takes no file that would tell everybody an access token which works. Its words, as users quote them."""

from collections.abc import Iterable

from localhub.refusal import Refusal

LEAKED = """\
It appears that one or more of your files contain valid Hugging Face secrets, such as tokens or API keys.
It is important to keep your secrets private and not expose them in code that is publicly accessible.
Read more: https://huggingface.co/docs/hub/spaces-overview#managing-secrets

Offending files:"""


def refusal(ref: str, found: Iterable[tuple[str, str]]) -> Refusal:
    """The refusal of a commit to `ref` with these (path, token)."""
    return Refusal(400, message(ref, found))


def message(ref: str, found: Iterable[tuple[str, str]]) -> str:
    """What the Hub says, to git too. How much of a token it shows is not known; here its beginning."""
    return "\n".join([LEAKED, *(f"  - {path} (ref: {ref}, token: '{token[:6]}***')" for path, token in found)])
