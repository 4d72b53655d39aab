"""Asks a Space at its custom domains once its app is live: whether its visitors reach it there, too.

The name is the owner's, and may point anywhere. So it is asked as any visitor asks, without a token or a cookie.
Source: https://huggingface.co/docs/hub/spaces-custom-domain.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx2

from hfspace_action.hub.api import Hub
from hfspace_action.inputs.meanings import LOOPBACK
from hfspace_action.space import Domain, Space

from .visit import Answer, NoAnswer, Question, Visitor

MOST = 5
"""So many are asked."""
_WITHIN = 10.0  # seconds for each of them
_READY = "READY"
_NAME = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]{1,5})?")
_PAGE = "https://huggingface.co/docs/hub/spaces-custom-domain"
_POINT = f"Let its CNAME record point to hf.space: {_PAGE}"
_ADVICE = {
    "PENDING": f"{_POINT}. The Hub looks at it again by itself.",
    "EXPIRED_CHALLENGE": f"{_POINT}. Then remove it in the settings of the Space and add it again.",
}


class Asked(NamedTuple):
    """What came of one domain. `advice` is what to do about it, empty where visitors reach the app."""

    name: str
    words: str
    advice: str = ""


def ask(hub: Hub, space: Space) -> Iterator[Asked]:
    """Ask each custom domain of a Space that is live."""
    visitor = Visitor(hub)
    for domain in space.domains[:MOST]:
        words, answers = _answer(visitor, hub.endpoint, space, domain)
        if domain.stage != _READY:
            stage = domain.stage or "of no known stage"
            yield Asked(domain.name, f"{stage} on the Hub; {words}", _ADVICE.get(stage, _POINT))
        else:
            yield Asked(domain.name, words, "" if answers else _POINT)


def _answer(visitor: Visitor, endpoint: str, space: Space, domain: Domain) -> tuple[str, bool]:
    """Return what a domain answers, and whether it does."""
    url = _url(domain.name, endpoint)
    if url is None:
        return "not asked: it is no domain", False
    try:
        answer = visitor.ask_openly(url, Question("/", within=_WITHIN))
    except NoAnswer as silent:
        return str(silent), False
    return f"HTTP {answer.status}", _is_the_spaces(answer, space)


def _is_the_spaces(answer: Answer, space: Space) -> bool:
    """Whether an answer may be the Space's: the edge itself answers 404 under a name that it does not know."""
    unknown = answer.status == 404 and not answer.by_app and space.sdk != "static"
    return answer.status < 500 and not unknown


def _url(name: str, endpoint: str) -> httpx2.URL | None:
    """Return the address of a domain; None where it is none. Only a Hub on this machine serves one without TLS, on this machine."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    hub = httpx2.URL(endpoint)
    at_home = hub.scheme == "http" and hub.host in LOOPBACK and found["host"] in LOOPBACK
    try:
        return httpx2.URL(f"{'http' if at_home else 'https'}://{name}/")
    except httpx2.InvalidURL:
        return None
