"""The way to the Hub, where it is the runner's own network that lets nobody through: its proxies, and the certificates that
it trusts. Both come from the environment, and a failure names the variable.

It imports nothing that opens a connection, because it is asked before `huggingface_hub` is imported.
"""

import os
import socket
import ssl
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from hfspace_action.errors import Failure
from hfspace_action.text import beginning

CERTIFICATES = "SSL_CERT_FILE"
# What other programs read for the same; the client does not.
_ALIASES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_SCHEMES = ("http", "https")


class _Proxy(NamedTuple):
    """A proxy: the variable that names it, and its address without the password."""

    variable: str
    shown: str


def prepare() -> None:
    """Check the variables that every client reads, and let those of other programs count. Raises `Failure`."""
    for scheme, address in getproxies_environment().items():
        if scheme in (*_SCHEMES, "all") and (problem := _problem(address)):
            raise Failure("proxy-unusable", variable=_variable(scheme), problem=problem)
    file = os.environ.get(CERTIFICATES)
    if file and (problem := _unreadable(file)):
        raise Failure("certificates-unreadable", variable=CERTIFICATES, file=file, said=problem)
    if not file:
        others = (os.environ.get(name, "") for name in _ALIASES)
        usable = next((other for other in others if other and not _unreadable(other)), None)
        if usable:
            os.environ[CERTIFICATES] = usable


def _problem(address: str) -> str:
    """Why a proxy's address can't be used; empty if it can."""
    try:
        parts = _split(address)
        host, _ = parts.hostname, parts.port
    except ValueError:  # whose text may have a part of the password
        return "it is not an address with scheme, host and port"
    if parts.scheme.startswith("socks"):
        return "it is a SOCKS proxy, and the step speaks HTTP with proxies only"
    if parts.scheme not in _SCHEMES:
        return f"its scheme is `{parts.scheme}`, not http"
    if not host:
        return "it has no host"
    return "" if parts.path in ("", "/") else "it is not an address with scheme, host and port"


def _split(address: str) -> SplitResult:
    return urlsplit(address if "://" in address else f"http://{address}")


def _unreadable(file: str) -> str:
    """Why a file's certificates can't be used; empty if they can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except OSError as error:  # ssl.SSLError is one, too
        return error.strerror or str(error)
    return ""


def explained(error: BaseException, doing: str, endpoint: str) -> Failure | None:
    """Return the failure of a request that the runner's network did not let through; None for all others."""
    said = beginning(" ".join(str(error).split()), 300).rstrip(".")
    if _distrusts(error):
        return Failure("certificate-unknown", endpoint=endpoint, said=said, trusted=_trusted())
    proxy = _proxy(error)
    if proxy is None:
        return None
    if type(error).__name__ == "ProxyError" or _wants_password(error):
        return Failure("proxy-refuses", proxy=proxy.shown, variable=proxy.variable, endpoint=endpoint, said=said)
    if type(error).__name__ in ("ConnectError", "ConnectTimeout"):
        return Failure("proxy-unreachable", proxy=proxy.shown, variable=proxy.variable, doing=doing, said=said)
    return None


def is_final(error: BaseException) -> bool:
    """Whether a request that failed on its way would fail again: by a certificate, a proxy that refuses or is not there."""
    if _distrusts(error):
        return True
    if _proxy(error) is None:
        return False
    if type(error).__name__ == "ProxyError":
        return str(error).startswith("4")
    causes = list(_causes(error))
    unknown = any(isinstance(one, socket.gaierror) and one.errno != socket.EAI_AGAIN for one in causes)
    return unknown or any(isinstance(one, ConnectionRefusedError) for one in causes)


def _wants_password(error: BaseException) -> bool:
    """Whether a proxy that passes plain HTTP on answered in the Hub's place."""
    return getattr(getattr(error, "response", None), "status_code", None) == 407


def _distrusts(error: BaseException) -> bool:
    return any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what led to it; ten at most."""
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _proxy(error: BaseException) -> _Proxy | None:
    """The proxy that a request went to, as the client chooses it."""
    try:
        answered: Any = getattr(error, "response", None) or error
        url = urlsplit(str(answered.request.url))
    except (AttributeError, RuntimeError):  # an error of no request
        return None
    if url.hostname is None or proxy_bypass(url.hostname):
        return None
    known = getproxies_environment()
    scheme = next((scheme for scheme in (url.scheme, "all") if known.get(scheme)), None)
    if scheme is None:
        return None
    parts = _split(known[scheme])
    return _Proxy(_variable(scheme), f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname))


def _variable(scheme: str) -> str:
    """The variable that names the proxy of a scheme: lower case first, as Python reads them."""
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) else name.upper()


def _trusted() -> str:
    """Words on where the trusted authorities come from."""
    file = os.environ.get(CERTIFICATES)
    if file:
        return f"it trusts those in {file}, which {CERTIFICATES} names"
    ignored = next((name for name in _ALIASES if os.environ.get(name)), None)
    return f"{ignored} names a file that can't be read here" if ignored else f"{CERTIFICATES} is not set"
