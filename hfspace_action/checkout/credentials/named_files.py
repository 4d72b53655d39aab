"""Files that are made for credentials: known by their names, and read for what they hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .placeholders import is_placeholder_password, is_reference

_TEMPLATE = re.compile(r"[._-](?:example|sample|template|tmpl|tpl|dist|defaults?|schema|skel)(?:[._-]|$)")
_KEY_STORE = re.compile(r"\.(?:p12|pfx|jks|keystore|kdbx)$")
# Everybody has the same, or it holds only the keys of others.
_PUBLIC_STORE = re.compile(r"debug\.keystore$|trust|cacerts")
# Variables that a build writes into the page, where every visitor reads them.
_PUBLISHED = re.compile(
    rb"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|VITE|VUE_APP|GATSBY|PUBLIC|SNOWPACK_PUBLIC)_"
)
_SECRET_NAME = re.compile(
    rb"(?:PASS|PASSWD|PASSWORD|PASSPHRASE|PWD|SECRET|SECRET_?KEY|SECRET_?KEY_?BASE|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|"
    rb"ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY|AUTH_?KEY|CREDENTIALS?|WEBHOOK_?URL|KEY|AUTH|JWT|SALT)"
    # Of several alike.
    rb"(?:_?[0-9]{1,2}|_(?:DEV|DEVELOPMENT|TEST|STAGING|PROD|PRODUCTION|LIVE|LOCAL|READ|WRITE|ADMIN|OLD|NEW|BACKUP|MAIN))?\Z",
    re.IGNORECASE,
)
_NO_SECRET_NAME = re.compile(
    rb"(?:ENABLE|DISABLE|USE|REQUIRE|NO|WITH|SKIP)_?AUTH\Z|(?:PUBLIC|PUBLISHABLE|SITE|HOST|SORT|CACHE|PRIMARY|FOREIGN|PARTITION|MAX|MIN)_?(?:KEY|TOKEN)\Z",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    """One kind of file: what its whole path ends with, the kind of credential, and where in it the values are. `whole`: each
    value is a credential, whatever it looks like."""

    path: re.Pattern[str]
    kind: str
    values: re.Pattern[bytes]
    whole: bool = False


def _place(path: str, kind: str, values: bytes, *, whole: bool = False) -> _Place:
    return _Place(re.compile(rf"(?:^|/){path}$"), kind, re.compile(values, re.MULTILINE | re.IGNORECASE), whole)


# What gcloud and google-github-actions/auth leave behind; a service account's key is known by itself.
_GOOGLE = re.compile(rb'"type"\s{0,4}:\s{0,4}"(?:authorized_user|external_account)"')
_GOOGLE_PARTS = (b'"credential_source"', b'"refresh_token"')
_ASSIGNMENT = rb"^[ \t]*(?:export[ \t]+|set[ \t]+)?(?P<name>[A-Z_][A-Z0-9_.-]*)[ \t]*[=:][ \t]*(?P<value>[^\r\n]*)"
_IN_ADDRESS = rb"https?://[^\s:/@]*:(?P<value>[^\s/@]+)@"
_PLACES = (
    _place(r"(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|env(?:\.(?:local|dev|development|test|staging|prod|production))?|\.envrc|\.flaskenv|\.dev\.vars)", "a value to keep in an environment file", _ASSIGNMENT),
    _place(r"\.?secrets?\.(?:toml|ya?ml)", "a secret to keep", _ASSIGNMENT),
    # There each value is one, whatever its name; what is not random is an address or a user's name.
    _place(r"\.streamlit/secrets\.toml", "a secret of Streamlit", rb"""^[ \t]*[\w.-]+[ \t]*=[ \t]*(?P<value>["'](?=[^"'\r\n]*[0-9])[A-Za-z0-9_/+=.-]{20,}["'])"""),
    _place(r"[\w.-]*\.tfstate(?:\.backup)?", "a secret of Terraform", rb'"[\w-]*(?:password|secret|token|private_key|secret_key|access_key)"\s*:\s*(?P<value>"[^"\r\n]{8,}")'),
    _place(r"kaggle\.json", "a Kaggle key", rb'"key"\s*:\s*(?P<value>"[0-9a-f]{32}")', whole=True),
    _place(r"config/(?:master|credentials/\w+)\.key", "a key of Rails", rb"\A(?P<value>[0-9a-f]{32})\s*\Z", whole=True),
    _place(r"\.?npmrc", "a token of an npm registry", rb"^[^#;\r\n]*?_(?:authToken|auth|password)[ \t]*=[ \t]*(?P<value>[^\r\n]*)"),
    _place(r"\.yarnrc\.yml", "a token of an npm registry", rb"^[ \t]*npmAuth(?:Token|Ident):[ \t]*(?P<value>[^\r\n]*)"),
    _place(r"\.pypirc", "a password of a package index", rb"^[ \t]*password[ \t]*[=:][ \t]*(?P<value>[^\r\n]*)"),
    _place(r"(?:pip\.(?:conf|ini)|\.?condarc)", "a password of a package index", _IN_ADDRESS),
    _place(r"[._]netrc", "a password in .netrc", rb"\bpassword\s+(?P<value>\S+)"),
    _place(r"\.git-credentials", "a password of a git host", _IN_ADDRESS),
    _place(r"(?:\.docker/config\.json|\.dockercfg|\.dockerconfigjson)", "a password of a container registry", rb'"auth"\s*:\s*"(?P<value>[^"\r\n]*)"'),
    _place(r"(?:\.kube/config|[\w.-]*kubeconfig(?:\.ya?ml|\.conf)?)", "a key of a cluster", rb"^[ \t]*(?:client-key-data|token|password):[ \t]*(?P<value>[^\r\n]*)"),
    _place(r"\.cargo/credentials(?:\.toml)?", "a token of a package registry", rb'^[ \t]*token[ \t]*=[ \t]*(?P<value>[^\r\n]*)'),
    _place(r"(?:\.pgpass|pgpass\.conf)", "a password of a database", rb"^[^#\r\n][^:\r\n]*:[^:\r\n]*:[^:\r\n]*:[^:\r\n]*:(?P<value>[^\r\n]+)"),
    _place(r"\.?my\.cnf", "a password of a database", rb"^[ \t]*password[ \t]*=[ \t]*(?P<value>[^\r\n]*)"),
    _place(r"\.s3cfg", "a secret key of object storage", rb"^[ \t]*secret_key[ \t]*=[ \t]*(?P<value>[^\r\n]*)"),
    _place(r"\.htpasswd", "a password's hash", rb"^[^:#\s]+:(?P<value>[$\w./]{13,})", whole=True),
)  # fmt: skip


def is_key_store(path: str) -> bool:
    """Whether a file is a store of keys, by its name; what is in it can't be read without a password."""
    name = path.rpartition("/")[2].lower()
    return bool(_KEY_STORE.search(name)) and not _PUBLIC_STORE.search(name)


def is_named(path: str) -> bool:
    """Whether a file is made for credentials, by its name. A template for one is not."""
    name = path.rpartition("/")[2]
    return (
        name[:1] in "._"
        or name.startswith(("env", "secret"))
        or name.endswith(
            (".env", "npmrc", ".conf", ".ini", ".cnf", "condarc", "toml", ".json", ".key", ".tfstate", ".backup")
        )
        or "kube" in path
    )


def found_in(path: str, content: bytes) -> Iterator[tuple[int, str]]:
    """Yield position and kind of each credential in a file, if it is made for them."""
    if not is_named(path) or _TEMPLATE.search(path.rpartition("/")[2]):
        return
    if (
        path.endswith(".json")
        and (google := _GOOGLE.search(content))
        and any(part in content for part in _GOOGLE_PARTS)
    ):
        yield google.start(), "Google credentials"
    for place in _PLACES:
        if not place.path.search(path):
            continue
        for match in place.values.finditer(content):
            value = _bare(match["value"])
            named = "name" not in match.re.groupindex or _names_secret(match["name"])
            if named and (place.whole or not (is_reference(value) or is_placeholder_password(value))):
                yield match.start("value"), place.kind


def _names_secret(name: bytes) -> bool:
    return not _PUBLISHED.match(name) and bool(_SECRET_NAME.search(name)) and not _NO_SECRET_NAME.search(name)


def _bare(value: bytes) -> str:
    """Return a value without quotes and the comment behind it."""
    text = value.decode("utf-8", "replace").strip()
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0]
    return text.partition(" #")[0].strip()
