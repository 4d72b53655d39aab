"""The Space holds exactly what is checked out: random edits of random trees, judged by `git ls-tree` on localhub's own
repository. EDITS says how many (`make edits`: 10,000)."""

import os
import secrets
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan import plan, tree
from hfspace_action.publish import batches, publish
from hfspace_action.publish.publish import Published
from hfspace_action.publish.work import Terms
from hfspace_action.workflow.run import Source
from tests.kit.gitrepo import commit, git
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree, stored

EDITS = int(os.environ.get("EDITS", "1000"))
PARTS = 4  # tests, so that several processes share the work
DEPLOYS, EDITS_EACH = 3, 40  # of one example
PAGE = b"<h1>Random</h1>\n"
README = b"---\ntitle: Random\nemoji: \xf0\x9f\x8e\xb2\ncolorFrom: blue\ncolorTo: indigo\nsdk: static\n---\n"
# What lives on the Space only, and the input that says so.
KEPT = {"kept/users.db": b"users", "top.db": b"top"}
KEEP = ("*.db",)

# Few enough for files and folders to meet under one name, and such as addresses and git find hard.
NAMES = st.sampled_from(
    ["a", "b", "a.b", "a-b", "A", "é", "e\u0301", "日本", "two words", "50%", "a#b", "q?", "[x]", "*", "a&b+c;d", ".hidden",
     "x.bin", "m.safetensors", "README.md", "~", "'", '"', "\\"]
)  # fmt: skip
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join).filter(lambda path: not path.startswith("README.md"))
CONTENTS = (b"", b"x", b"text\n", b"crlf\r\n", b"\0\xff" * 50, b"long " * 2000)
KINDS = st.sampled_from(["write"] * 5 + ["remove", "rewrite", "executable", "link", "stray"])
EDIT = st.tuples(KINDS, PATHS, st.integers(0, 99))
# Whether the edits are committed before the deploy, or only added: what git does not track stays here.
ROUND = st.tuples(st.lists(EDIT, min_size=EDITS_EACH, max_size=EDITS_EACH), st.booleans())


class World:
    """A checkout, the Space that it is deployed to, and what both should hold."""

    def __init__(self, hub: LocalHub, api: HfApi, space: str, folder: Path) -> None:
        self.hub, self.api, self.space, self.folder = hub, api, space, folder
        self.tree = SpaceTree(hub, space)
        self.wanted: dict[str, bytes] = {}
        self.links: dict[str, str] = {}
        self.write("README.md", README)
        self.write("index.html", PAGE)
        commit(folder)
        api.create_repo(space, repo_type="space", space_sdk="static")
        self.push(KEPT)

    def push(self, files: dict[str, bytes]) -> None:
        """Somebody else changes the Space."""
        added = [CommitOperationAdd(path, content) for path, content in files.items()]
        self.api.create_commit(self.space, added, commit_message="Somebody else", repo_type="space")

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, whatever stands there or above."""
        for above in [*Path(path).parents][-2::-1]:
            if (self.folder / above).is_symlink() or (self.folder / above).is_file():
                self.remove(above.as_posix())
        self.remove(path)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)
        self.wanted[path] = content

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all in it, and the links that would lead nowhere then."""
        gone = [each for each in self.wanted if each == path or each.startswith(path + "/")]
        for each in gone:
            del self.wanted[each]
            self.links.pop(each, None)
        there = self.folder / path
        if there.is_dir() and not there.is_symlink():
            shutil.rmtree(there)
        else:
            there.unlink(missing_ok=True)
        for link, target in list(self.links.items()):
            if target in gone:
                self.remove(link)

    def edit(self, kind: str, path: str, number: int) -> None:
        """One edit. Some choose by `number` a file that there is; README and page stay."""
        plain = sorted(self.wanted.keys() - self.links.keys() - {"README.md", "index.html"})
        chosen = plain[number % len(plain)] if plain else path
        if kind == "stray":
            self.push({f"stray/{path}": b"not wanted %d" % number})
        elif kind == "write" or not plain:
            self.write(path, CONTENTS[number % len(CONTENTS)])
        elif kind == "remove":
            self.remove(chosen)
        elif kind == "rewrite":
            self.write(chosen, b"rewritten %d" % number)
        elif kind == "executable":
            (self.folder / chosen).chmod(0o755)
        elif not f"{chosen}/".startswith(f"{path}/") and not path.startswith(f"{chosen}/"):
            self.link(path, chosen)

    def link(self, path: str, target: str) -> None:
        """Put a symbolic link there; the Space gets what it leads to."""
        self.write(path, b"")
        link = self.folder / path
        link.unlink()
        link.symlink_to(os.path.relpath(self.folder / target, link.parent))
        self.links[path] = target

    def deploy(self) -> Published:
        """The action from the checkout to main, without the watching."""
        inputs = Inputs(space=self.space, hf_token="hf_alice", endpoint=self.hub.endpoint, keep=KEEP)
        found = walk.read(self.folder, ".")
        made = card.complete(found, space=self.space, sdk=None, front_matter={})
        files = {**found.files, made.readme.path: made.readme}
        hub = Hub(self.hub.endpoint, "hf_alice", Retries(lambda _: None))
        existing = hub.space(self.space)
        assert existing is not None
        planned = plan.make(hub, inputs, self.space, existing, made.sdk, tree.build(files.values()))
        return publish.publish(hub, planned, existing, Terms(Source(), lambda _: None))

    def check(self) -> None:
        """The Space holds what is wanted, no more and no less."""
        for link, target in self.links.items():
            self.wanted[link] = self.wanted[target]
        assert self.tree.blobs() == stored(self.wanted | KEPT)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the client remembers of another Hub counts."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    return (tmp_path / str(number) for number in count())


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits_of_random_trees(
    part: int, hub: LocalHub, api: HfApi, space: str, folders: Iterator[Path]
) -> None:
    numbers, edits = count(), 0

    @seed(part if "EDITS" not in os.environ else secrets.randbits(64))
    @settings(
        max_examples=-(-EDITS // (DEPLOYS * EDITS_EACH * PARTS)),
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.generate],  # nothing to be gained from shrinking lists of a fixed length
        suppress_health_check=list(HealthCheck),
    )
    @given(rounds=st.lists(ROUND, min_size=DEPLOYS, max_size=DEPLOYS))
    def example(rounds: list[tuple[list[tuple[str, str, int]], bool]]) -> None:
        nonlocal edits
        world = World(hub, api, f"{space}-{next(numbers)}", next(folders))
        for changes, committed in rounds:
            for change in changes:
                world.edit(*change)
            edits += len(changes)
            commit(world.folder) if committed else git(world.folder, "add", "--all")
            published = world.deploy()
            world.check()
            assert published.commit.sha == git(world.tree.path, "rev-parse", "main").strip()
        shutil.rmtree(world.folder)

    example()
    assert edits >= EDITS / PARTS


def test_a_large_change_arrives_whole_in_one_commit(
    hub: LocalHub, api: HfApi, space: str, folders: Iterator[Path]
) -> None:
    world = World(hub, api, space, next(folders))
    many = batches.FILES * 2 + 300
    for number in range(many):
        world.write(f"part {number % 40}/é{number}.{'bin' if number % 500 == 0 else 'txt'}", b"%d" % number)
    commit(world.folder)

    first = world.deploy()
    world.check()

    for number in range(0, many, 2):
        world.write(f"part {number % 40}/é{number}.txt", b"changed %d" % number)
    for number in range(2, 6):
        world.write(f"part {number}", b"a file now")
    for number in range(1, many, 100):
        world.write(f"part {number % 40}/é{number}.txt/inside", b"in a folder now")
    world.write("part 39/é39.txt", b"")
    git(world.folder, "add", "--all")

    second = world.deploy()
    world.check()

    assert (first.route, second.route) == ("pull request", "pull request")
    # The first push was somebody else's.
    assert len(world.tree.commits()) == 3
