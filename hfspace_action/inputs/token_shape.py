"""What a text in the place of a token is, by its shape alone. Neither it nor a part of it is ever in an answer.

Only what certainly is no token of a Hub is refused; of all else the Hub decides. Sources of the shapes: the Hub's
documentation (security-tokens, trusted-publishers) and client, and what other services document of their own tokens.
"""

import re

from hfspace_action.errors import Failure

_NAME = re.compile(
    r"\$\{\{.*|\$\{?\w+\}?|(?:secrets|env|vars|inputs)\.\w+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|hf[-_]token", re.DOTALL
)
_FOREIGN = {
    r"gh[opsur]_|github_pat_": "a token of GitHub",
    r"glpat-": "a token of GitLab",
    r"sk-": "an API key of another AI service",
    r"pypi-": "a token of PyPI",
    r"npm_": "a token of npm",
}
_MISTYPED = {
    r"[\"'`].*|.*[\"'`]": "it stands in quotes",
    r"(?i:bearer|basic|token)\b[\s:].*": "it begins with a word such as Bearer",
    r"[\w-]+\s*[=:](?!//)\s*[^=\s].*": "a name stands before it",
    r"[a-z]+://.*": "it is an address",
    r"[*•]+|.*\*\*\*": "it has asterisks, as a secret in a log",
    r".*[\r\n].*": "it has more than one line",
    r".*\s.*": "there is white space in it",
    r".*[^\x21-\x7e].*": "there are characters in it that no token has",
}
# Whole tokens, wherever they stand. A name such as `hf_` and words is none.
_ANYWHERE = re.compile(
    r"(?<![A-Za-z0-9_])(?:hf_(?:(?:jwt|oauth)_[\w.-]{30,}|[A-Za-z0-9]{30,})|gh[opsur]_[A-Za-z0-9]{36,}"
    r"|github_pat_\w{50,}|glpat-[\w-]{20,})"
)
# In the order in which they are tried: the longer beginnings first.
_KINDS = {
    r"hf_jwt_.*": "a trusted publisher's token, which holds for an hour",
    r"hf_oauth_.*": "a token that an app got by a login, which holds for some hours",
    r"hf_[A-Za-z0-9]{34}": "a user access token",
    r"hf_.*": "a user access token of an unusual length (37 characters are usual)",
    r"api_org_.*": "an organisation's API token, which the Hub gives out no more",
    r".*": "like none of the Hub's tokens, which begin with hf_",
}

_WHY = {
    "a trusted publisher's token, which holds for an hour": "so its hour is over",
    "a token that an app got by a login, which holds for some hours": "so its hours are over",
    "a user access token": "so it was mistyped, has expired, was revoked, or is another Hub's",
    "a user access token of an unusual length (37 characters are usual)": "so it was cut off or mistyped",
    "an organisation's API token, which the Hub gives out no more": "so it counts no more",
    "like none of the Hub's tokens, which begin with hf_": "so it belongs elsewhere, or is incomplete",
}
"""Why the Hub is likely to refuse a token, by its kind."""


def check(text: str) -> str:
    """`text` itself, if it may be a token. Raises `Failure`: token-name, token-foreign or token-mistyped."""
    if _NAME.fullmatch(text):
        raise Failure("token-name")
    for pattern, kind in _FOREIGN.items():
        if re.match(pattern, text):
            raise Failure("token-foreign", kind=kind)
    for pattern, problem in _MISTYPED.items():
        if re.fullmatch(pattern, text, re.DOTALL):
            raise Failure("token-mistyped", problem=problem)
    return text


def within(text: str) -> list[str]:
    """Return the tokens that stand in a text of any kind."""
    return _ANYWHERE.findall(text)


def kind(token: str) -> str:
    """What a token that the Hub does not accept is by its shape, as the end of a sentence."""
    return next(words for pattern, words in _KINDS.items() if re.fullmatch(pattern, token, re.DOTALL))


def why_refused(kind: str) -> str:
    """Return the likely reason of the Hub's to refuse a token of this kind, as the end of a sentence."""
    return _WHY.get(kind, "so it may have expired or been revoked")


def is_publishers(token: str) -> bool:
    """Whether it is a trusted publisher's token, of which the Hub tells no account."""
    return token.startswith("hf_jwt_")
