"""What stands for a credential in examples and documentation, and is none."""

import re
from itertools import pairwise

_WORDS = re.compile(
    r"example|sample|placeholder|changeme|change[-_]?this|replace|redacted|dummy|fake|insert|x{4}|\*{3}|\.{3}|<|\$\{|\{\{|^\$|"
    r"your[-_]?|my[-_]?(?:secret|token|key|password|api)|not[-_]a[-_]|abc123|foobar|deadbeef|123456789",
    re.IGNORECASE,
)
# What is typed for a password where there is none to keep.
_COMMON = frozenset(
    (
        "password", "passwd", "secret", "token", "admin", "root", "user", "guest", "test", "tests", "testing", "postgres", "mysql",
        "redis", "rabbitmq", "mongo", "minio", "hunter2", "true", "false", "none", "null", "todo", "tbd", "password123",
        "secretkey", "passw0rd", "dev", "development", "local", "localhost",
    )
)  # fmt: skip
# A place where the credential is, a variable that holds it, or an address without one.
_REFERENCE = re.compile(
    r"[./~$]|(?:op|vault|ssm|sops|file)://?|arn:|ref\+|https?://[^@]*$|[\w./-]+\.(?:json|pem|key|crt|ya?ml|txt)$|[\d._-]*$"
)
_FEWEST_LETTERS = 8
_STEADY = 0.6


def is_placeholder_token(value: str) -> bool:
    """Whether a text of a credential's form is none: real ones are random."""
    return len(set(value)) < _FEWEST_LETTERS or bool(_WORDS.search(value)) or _is_steady(value)


def is_placeholder_password(value: str) -> bool:
    """Whether a password is one that nobody has to hide. Not every real one is random."""
    return len(value) < 6 or value.lower() in _COMMON or len(set(value)) < 4 or bool(_WORDS.search(value))


def is_reference(value: str) -> bool:
    """Whether a value says where a credential is, and is none."""
    return bool(_REFERENCE.match(value))


def _is_steady(value: str) -> bool:
    """Whether most letters follow one another, as in 1234 and abcd, or repeat."""
    steps = [ord(after) - ord(before) for before, after in pairwise(value)]
    return sum(step in (0, 1) for step in steps) > _STEADY * len(steps)
