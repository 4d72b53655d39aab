"""package.json and its lock file against the commands of npm that a Dockerfile runs: each line decides one thing."""

from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.foresight import Tree, foresee
from tests.kit.trees import LOCK, NODE, SITE, Space, docker

CI = "RUN npm ci\n"
WORKSPACES = SITE.replace('"scripts"', '"workspaces": ["web"], "scripts"')
TSC = SITE.replace("vite build", "tsc -p .").replace('"vite": "5.4.0"', '"typescript": "5.9.2"')
RUNTIME = SITE.replace('"devDependencies"', '"dependencies": {"vite": "5.4.0"}, "devDependencies"')


class Case(NamedTuple):
    name: str
    commands: str
    package: str = SITE
    lock: str | None = LOCK
    foreseen: tuple[str, Place, str] | None = None
    """The id, the place, and what is said."""


CASES = [
    Case("no JSON", CI, SITE.replace('"site",', '"site"'),
         foreseen=("npm-failed", Place("package.json", 3), "no JSON: Expecting ',' delimiter in line 3")),
    Case("no JSON, and npm does not run", "RUN echo built\n", SITE.replace('"site",', '"site"')),
    Case("a byte order mark", CI, "\ufeff" + SITE),
    Case("brackets without an end", CI, "[" * 100_000),
    Case("a lock without a package", CI, lock=LOCK.replace("node_modules/vite", "node_modules/rollup"),
         foreseen=("npm-lock", Place("package.json", 4), "package-lock.json has no vite, which package.json asks for")),
    Case("a lock with another version", CI, lock=LOCK.replace("5.4.0", "5.3.1"),
         foreseen=("npm-lock", Place("package.json", 4), "package-lock.json has vite 5.3.1, and package.json asks for 5.4.0")),
    Case("a lock with a version in the range", CI, SITE.replace("5.4.0", "^5.3.0")),
    Case("a lock that is no JSON", CI, lock="{"),
    Case("a lock of workspaces", CI, WORKSPACES, LOCK.replace("node_modules/vite", "node_modules/rollup")),
    Case("npm install needs no lock", "RUN npm install\n", lock=None),
    Case("a script that is not there", CI + "RUN npm run biuld\n",
         foreseen=("npm-failed", Place("Dockerfile", 5), 'Missing script: "biuld"')),
    Case("a script that is not there, and need not be", CI + "RUN npm run biuld --if-present\n"),
    Case("a program of devDependencies that are left out", "RUN npm ci --omit=dev\nRUN npm run build\n",
         foreseen=("node-command-missing", Place("Dockerfile", 5), "`--omit=dev` leaves out")),
    Case("tsc, which typescript brings", "RUN npm install --production\nRUN npm run build\n", TSC,
         foreseen=("node-command-missing", Place("Dockerfile", 5), "tsc")),
    Case("a program of dependencies", "RUN npm ci --omit=dev\nRUN npm run build\n", RUNTIME),
    Case("devDependencies that another line installs", "RUN npm ci --omit=dev\nRUN npm install\nRUN npm run build\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_npm(case: Case) -> None:
    files = {"package.json": case.package} | ({} if case.lock is None else {"package-lock.json": case.lock})
    space = Space(case.name, docker(NODE + case.commands + "COPY . .\nCMD npm start\n", **files))

    found = foresee(Tree(space.deployed, "docker", space.data))

    told = [(one.id, one.place, f"{one.message} {one.advice}") for one in (*found.certain, *found.likely)]
    if case.foreseen is None:
        assert told == []
    else:
        failure, place, said = case.foreseen
        assert [(each[0], each[1]) for each in told] == [(failure, place)]
        assert said in told[0][2]
