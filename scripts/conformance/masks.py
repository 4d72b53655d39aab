"""What a recording must not show: tokens, ids and e-mail addresses, which are replaced by words."""

import re
from collections.abc import Iterable
from typing import Any

_SHAPES = (
    (re.compile(r"hf_[A-Za-z0-9_]{8,}(?:\.[\w-]+)*"), "<token>"),
    (re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]+){1,2}"), "<jwt>"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"), "<e-mail>"),
    (re.compile(r"\b[0-9a-f]{24}\b"), "<id>"),
    (re.compile(r"(?:Signature|X-Amz-[\w-]+|Key-Pair-Id|Policy|__sign)=[^&\s\"']+"), "<signed>"),
)


class Masks:
    """Replaces secrets that are known and whatever looks like one. `name` is the account's, which becomes `<account>`."""

    def __init__(self, secrets: Iterable[str], name: str = "") -> None:
        self.secrets = sorted({each for each in secrets if each}, key=len, reverse=True)
        self.name = name

    def text(self, text: str) -> str:
        """Return a text with nothing of that in it."""
        for secret in self.secrets:
            text = text.replace(secret, "<token>")
        for shape, word in _SHAPES:
            text = shape.sub(word, text)
        return re.sub(re.escape(self.name), "<account>", text, flags=re.IGNORECASE) if self.name else text

    def value(self, value: Any) -> Any:
        """Return JSON with nothing of that in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(each) for key, each in value.items()}
        return value
