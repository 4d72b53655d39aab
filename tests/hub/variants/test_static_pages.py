"""How the address of a static Space answers otherwise."""

from collections.abc import Callable

import pytest
from huggingface_hub import HfApi

from tests.kit import web

from .conftest import Reach, Vary

HTML = "<!doctype html><html><head><title>x</title></head></html>"


@pytest.fixture
def site(static: str, push: Callable[..., str], reach: Reach) -> str:
    """The address of a static Space."""
    push(static, {"index.html": HTML, "data.bin": b"\0" * 9999})
    return reach("RUNNING")


def test_no_static_redirect(site: str, vary: Vary) -> None:
    assert web.get(site).status_code == 302
    vary("no-static-redirect")
    assert "<title>x</title>" in web.get(site).text


def test_redirect_keeps_query(site: str, vary: Vary) -> None:
    assert web.get(f"{site}/?a=1&b").headers["location"] == "/index.html"
    vary("redirect-keeps-query")
    assert web.get(f"{site}/?a=1&b").headers["location"] == "/index.html?a=1&b"
    assert web.get(site).headers["location"] == "/index.html"


def test_no_injected_script(site: str, vary: Vary) -> None:
    assert web.get(f"{site}/index.html").text != HTML
    vary("no-injected-script")
    assert web.get(f"{site}/index.html").text == HTML


def test_script_before_doctype(site: str, vary: Vary) -> None:
    assert web.get(f"{site}/index.html").text.startswith("<!doctype html><html><head><script>")
    vary("script-before-doctype")
    served = web.get(f"{site}/index.html").text
    assert served.startswith("<script>window.huggingface=")
    assert served.endswith(f"</script>{HTML}")


def test_no_cdn(site: str, vary: Vary) -> None:
    assert web.get(f"{site}/data.bin").status_code == 302
    vary("no-cdn")
    assert web.get(f"{site}/data.bin").content == b"\0" * 9999


@pytest.mark.parametrize("status", [404, 401])
def test_a_private_static_page_is_nobodys(api: HfApi, static: str, site: str, vary: Vary, status: int) -> None:
    alice = {"x-hf-authorization": "Bearer hf_alice"}
    vary({404: "private-static-404", 401: "private-static-401"}[status])
    assert web.get(f"{site}/index.html").status_code == 200
    api.update_repo_settings(static, repo_type="space", visibility="private")
    assert web.get(f"{site}/index.html", headers=alice).status_code == status
    vary()
    assert web.get(f"{site}/index.html", headers=alice).status_code == 200
