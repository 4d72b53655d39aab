"""The certificates that clients trust."""

import ssl
from pathlib import Path

import httpx2
import pytest

from hfspace_action.hub.connection.client import Client
from hfspace_action.hub.connection.rate_limit import Answers
from hfspace_action.hub.connection.trust import trusted


def test_they_are_read_once_for_all_clients(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))  # not read before
    made = []
    real = httpx2.create_ssl_context

    def counted() -> ssl.SSLContext:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(httpx2, "create_ssl_context", counted)
    for _ in range(5):
        Client("https://huggingface.co", Answers("https://huggingface.co"), {}).close()
        httpx2.Client(verify=trusted()).close()

    assert len(made) == 1


def test_they_are_those_that_the_environment_names_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    before = trusted()
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    assert trusted() is not before
    assert trusted().get_ca_certs() == []
