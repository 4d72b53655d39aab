"""What holds for every test: a home of its own for each process of pytest; and where nothing may be skipped (NO_SKIPS=1, as
in CI), a skipped test is a failed one."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest
from execnet import XSpec
from hypothesis import settings

from tests.kit import received
from tests.kit.fork import program
from tests.kit.judge import exchanges
from tests.kit.order import Runs, spread

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.kit.judge.court import Judgement

# Read by huggingface_hub when it is imported, and by hf_xet. Chunks that hf_xet remembers of an earlier Hub must not count.
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="hf-home-")
os.environ |= {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
# A build of localhub's lies in memory and uv's cache on the disk: 290 MB would be copied for each app.
os.environ["UV_LINK_MODE"] = "symlink"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
# How long an example takes is a busy machine's doing; tests that promise a time measure it themselves.
settings.register_profile("of this project", deadline=None)
settings.load_profile("of this project")
JUDGED = pytest.StashKey["Judgement | None"]()
NO_SKIPS = os.environ.get("NO_SKIPS") == "1"


@pytest.fixture(autouse=True, scope="module")
def clients_of_its_own() -> Iterator[None]:
    """Give the official client its own HTTP client back after a module that made our `Hub`, which sets one for the process. A client
    that is its own stays: each reads the machine's certificates anew, for 28 ms."""
    yield
    if "huggingface_hub" in sys.modules:
        from huggingface_hub.utils import _http

        if _http._GLOBAL_CLIENT_FACTORY is not _http.default_client_factory:
            _http.set_client_factory(_http.default_client_factory)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread what waits, where several processes share the run."""
    if _is_a_worker(config):
        slow = {each.nodeid for each in items if each.get_closest_marker("slow")}
        order = {test: place for place, test in enumerate(spread([each.nodeid for each in items], slow))}
        items.sort(key=lambda each: order[each.nodeid])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Runs | None":
    """Give a process a few tests of a module at a time."""
    return Runs(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from all that is collected, which stays to the end: it took a quarter of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes of one run share what they and their steps are forked from."""
    if _shares(config):
        program.share(config.invocation_params.args)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[XSpec]) -> None:
    """Fork the processes of the run as well."""
    if _shares(config):
        specs[:] = [XSpec(f"popen//python={program.of_pytest()}//id={spec.id}") for spec in specs]


def pytest_sessionstart(session: pytest.Session) -> None:
    if _is_whole(session.config):
        received.begin()
        exchanges.begin()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    shutil.rmtree(os.environ["HF_HOME"], ignore_errors=True)
    if not _is_whole(session.config):
        return
    exchanges.end(whole=exitstatus == pytest.ExitCode.OK and _runs_all(session.config))
    found = session.config.stash[JUDGED] = _judgement()
    if received.with_tokens(received.log()) or (found and not found.good):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what apps received in the whole run, and what pyhfapi's types say of what was asked and answered."""
    if not _is_whole(config):
        return
    requests = received.log()
    shown = received.with_tokens(requests)
    terminalreporter.write_line(
        f"apps received {len(requests)} requests, {len(shown)} of them with a token of a deploy"
    )
    for request in shown[:10]:
        terminalreporter.write_line(f"  {request['test']}: {request['to']} {request['path']}", red=True)
    if found := config.stash.get(JUDGED, None):
        from tests.kit.judge import court

        terminalreporter.write_line(court.summary(found))
        for line in court.complaints(found):
            terminalreporter.write_line(line, red=True)


def _judgement() -> "Judgement | None":
    """What the second judge says, if there is anything to judge: it takes a second to come."""
    samples = exchanges.log()
    if not samples:
        return None
    from tests.kit.judge import court, listed

    return court.judgement(samples, listed.listed(), whole=exchanges.whole())


def _runs_all(config: pytest.Config) -> bool:
    """Whether no test that needs a Hub in a process was left out, as `make test` runs them."""
    chosen = config.option.keyword or config.option.deselect or not config.option.markexpr.startswith("not (")
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


def _shares(config: pytest.Config) -> bool:
    """Whether this process starts others. Measured, each needs its own variables in what its steps are forked from."""
    several = config.getoption("numprocesses", None) and not config.getoption("cov_source", None)
    return bool(several) and not _is_a_worker(config) and hasattr(os, "pidfd_open")


def _is_whole(config: pytest.Config) -> bool:
    """Whether this process sees a run of tests from its beginning to its end."""
    return not (_is_a_worker(config) or config.option.collectonly)


def _is_a_worker(config: pytest.Config) -> bool:
    """Whether this is one of the processes that xdist starts."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse((yield))


def _refuse(report: Report) -> Report:
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be: {report.longrepr}"
    return report
