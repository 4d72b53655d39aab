"""In which order, and in what pieces, the processes of a run get its tests.

Most tests of steps wait: for a Hub that is silent, for a patience that the product owes. Where all processes run one module, all
wait at once, and the processors are idle. So the tests of each module are spread evenly over the run.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import groupby

from xdist.scheduler import LoadGroupScheduling

MOST, MOST_WAITING = 4, 2
"""How many tests of a module one process runs one after the other, in which it makes only once what the module shares. Of those that
wait fewer: what is given to a process can be taken over by no other."""
PROCESSES = 12
"""What `make test` runs: in a module of fewer tests each goes to whatever process is free."""
# Where in the run the last one starts: what is slow leaves time to end, and what waits leaves some to fill the end with.
SLOW, WAITING, QUICK = 0.6, 0.85, 1.0
GOLDEN = (math.sqrt(5) - 1) / 2


def module(test: str) -> str:
    """The file of a test, given its node id."""
    return test.partition("::")[0]


def spread(tests: Sequence[str], slow: Collection[str]) -> list[str]:
    """Spread the tests of each module evenly over the run, in runs of a few. What is `slow` begins in its first part; what fills
    its end are unit tests, which wait for nothing."""
    modules: dict[tuple[str, bool], list[str]] = {}
    for test in tests:
        modules.setdefault((module(test), test in slow), []).append(test)
    placed: list[tuple[float, list[str]]] = []
    for number, ((of, is_slow), members) in enumerate(modules.items()):
        end = SLOW if is_slow else QUICK if _is_quick(of) else WAITING
        runs = _cut(members, 1 if is_slow else most(of, len(members)))
        # Each module begins elsewhere; by the golden ratio no two fall into step.
        placed += [((place + number * GOLDEN % 1) / len(runs) * end, run) for place, run in enumerate(runs)]
    return [test for _, run in sorted(placed, key=lambda each: each[0]) for test in run]


def most(of: str, tests: int) -> int:
    """How many tests a process runs of a module that has so many: the fewer, the more processes share it."""
    return min(MOST if _is_quick(of) else MOST_WAITING, math.ceil(tests / PROCESSES))


def units(tests: Sequence[str]) -> dict[str, str]:
    """The name of the unit of work of each test: one of a few that follow each other in a module."""
    of_module = Counter(map(module, tests))
    stretches = ((of, list(stretch)) for of, stretch in groupby(tests, module))
    return {test: run[0] for of, stretch in stretches for run in _cut(stretch, most(of, of_module[of])) for test in run}


class Runs(LoadGroupScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a process not single tests, but such a unit; a group of tests as ever."""

    @cached_property
    def _units(self) -> dict[str, str]:
        return units(self.collection)

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return self._units[nodeid] if group == nodeid else group


def _is_quick(of: str) -> bool:
    return of.startswith("tests/unit/")


def _cut(tests: list[str], size: int) -> list[list[str]]:
    return [tests[at : at + size] for at in range(0, len(tests), size)]
