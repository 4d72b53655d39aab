"""The certificates that this step trusts, read once. A client of httpx2's that is made without them reads the machine's whole
store again, which takes longer than a request."""

import functools
import os
import ssl

import httpx2


def trusted() -> ssl.SSLContext:
    """Return what a client's `verify` is to be: the certificates of SSL_CERT_FILE or SSL_CERT_DIR, otherwise the machine's."""
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@functools.lru_cache(1)
def _read(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    return httpx2.create_ssl_context()
