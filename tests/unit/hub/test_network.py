"""The runner's own network: proxies and certificates, with real proxies and a real TLS server on loopback."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.connection import environment
from hfspace_action.hub.retry import Retries
from tests.kit.loopback import self_signed, serving

VARIABLES = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
]
HUB = "https://hub.example"


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """An environment without proxies and certificates, and the old one afterwards: `prepare` changes it for good."""
    saved = dict(os.environ)
    for name in VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The certificate of localhost, which signs itself, and its key."""
    return self_signed(tmp_path_factory.mktemp("certificate"))


def asking(endpoint: str, home: Path) -> tuple[Failure | None, list[str]]:
    """How a step fails to ask a Hub for a Space, and what it says of other tries; no failure where it got an answer."""
    waits: list[str] = []
    try:
        environment.prepare(endpoint, home)
        Hub(endpoint, "hf_x", Retries(say=waits.append, sleep=lambda _: None)).space("alice/demo")
    except Failure as failure:
        return failure, waits
    return None, waits


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "SOCKS"),
        ("https_proxy", "socks5h://name:secret@127.0.0.1:1080", "SOCKS"),
        ("HTTPS_PROXY", "htp://127.0.0.1:3128", "`htp`"),
        ("HTTP_PROXY", "https//127.0.0.1:3128", "not an address"),
        ("HTTPS_PROXY", "http://:3128", "no host"),
        ("HTTPS_PROXY", "http://name:secret", "not an address"),
    ],
)
def test_proxy_that_no_client_can_use_is_named_by_its_variable(
    variable: str, value: str, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, value)

    failure, waits = asking(HUB, tmp_path)

    assert failure
    assert (failure.id, waits) == ("proxy-unusable", [])
    assert f"The variable {variable} " in failure.message
    assert word in failure.message
    assert "secret" not in failure.message + failure.advice


@pytest.mark.parametrize("address", ["http://name:secret@127.0.0.1:{port}", "127.0.0.1:{port}"])
@pytest.mark.parametrize(("status", "word"), [(407, "407"), (403, "403")])
def test_proxy_that_refuses_is_asked_once(
    address: str, status: int, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(status) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", address.format(port=port))

        failure, waits = asking(HUB, tmp_path)

    assert failure
    assert (failure.id, waits) == ("proxy-refuses", [])
    assert len(asked) <= 2, "the client itself shows its password when it is asked to"
    assert f"127.0.0.1:{port}" in failure.message
    assert "The variable HTTPS_PROXY names it" in failure.message
    assert word in failure.message
    assert "secret" not in failure.message


def test_proxy_that_is_not_there_is_asked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    failure, waits = asking(HUB, tmp_path)

    assert failure
    assert (failure.id, waits) == ("proxy-unreachable", [])
    assert "The proxy 127.0.0.1:9 could not be reached. The variable https_proxy names it" in failure.message


def test_proxy_whose_own_way_fails_is_asked_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(502) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")

        failure, waits = asking(HUB, tmp_path)

    assert failure
    assert (failure.id, len(waits), len(asked)) == ("proxy-refuses", 4, 5)


def test_hub_that_needs_no_proxy_is_not_one_of_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    failure, waits = asking("http://127.0.0.1:9", tmp_path)

    assert failure
    assert (failure.id, len(waits)) == ("hub-unreachable", 4)


def test_unknown_authority_is_not_asked_again(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    with serving(200, certificate) as (port, _):
        failure, waits = asking(f"https://localhost:{port}", tmp_path)

    assert failure
    assert (failure.id, waits) == ("certificate-unknown", [])
    assert "SSL_CERT_FILE is not set" in failure.message
    assert "`env: SSL_CERT_FILE: ca.pem`" in failure.advice


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_authority_of_ones_own_is_trusted_by_each_usual_variable(
    variable: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, str(certificate[0]))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]) if variable == "SSL_CERT_FILE" else "")
    with serving(500, certificate) as (port, asked):
        failure, _ = asking(f"https://localhost:{port}", tmp_path)

    assert failure
    assert failure.id == "hub-unwell", "the request arrived"
    assert asked


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_file_without_certificates_is_named_by_its_variable(
    content: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    failure, waits = asking(HUB, tmp_path)

    assert failure
    assert (failure.id, waits) == ("certificates-unreadable", [])
    assert f"No certificates can be read from {file}" in failure.message
    assert "The variable SSL_CERT_FILE names it" in failure.message


def test_missing_file_of_another_program_stops_nothing_and_is_told_where_it_matters(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with serving(200, certificate) as (port, _):
        failure, _ = asking(f"https://localhost:{port}", tmp_path)

    assert failure
    assert failure.id == "certificate-unknown"
    assert "REQUESTS_CA_BUNDLE names a file that can't be read here" in failure.message
