"""Processes of pytest, forked from one that has collected the tests: to load them takes each of the twelve two seconds."""

import contextlib
import functools
import io
import os
import sys
import tempfile
from collections.abc import Callable, Sequence

import pytest

from .client import CLIENT, places
from .server import TESTS


def collect(arguments: Sequence[str]) -> Callable[[], None]:
    """Load the tests of these arguments of pytest, and all that they import. Returns what a process does when it is forked. What
    can't be loaded, each says by itself. The cache is another: that of the run keeps its seed, for `--randomly-seed=last`."""
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as cache:
        pytest.main([*arguments, "--collect-only", "-n", "0", "-o", f"cache_dir={cache}"])
    return functools.partial(settle, os.environ["HF_HOME"])


def settle(where: str) -> None:
    """Give a process a home of its own, where the client has read that of another."""
    home = tempfile.mkdtemp(prefix="hf-home-")
    loaded = [module for name, module in sys.modules.items() if name.partition(".")[0] in (CLIENT, TESTS)]
    for held, name, value in places(loaded, where):
        held[name] = value.replace(where, home)
    os.environ["HF_HOME"] = home
