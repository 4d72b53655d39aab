"""`make fuzz`: all that reads what others wrote, given texts that mean harm: each ends in time, with an answer or with a `Failure`."""

import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.checkout.credentials import scan
from hfspace_action.errors import Failure, Failures
from hfspace_action.explain import order
from hfspace_action.explain.case import Ended
from hfspace_action.file import File
from hfspace_action.foresight import Tree, foresee
from hfspace_action.inputs import safe_yaml, schema
from hfspace_action.plan.large_files import Storage
from hfspace_action.readers import front_matter
from hfspace_action.readers.files import Deployed
from hfspace_action.workflow.redaction import Redactor
from tests.kit import ROOT
from tests.kit.trees import FAULTY, HEALTHY

from .texts import Mangler

LONGEST = 5.0
"""Seconds of the processor that one text may take: a hundred times what the longest true one does."""
_INPUTS = {
    "space": "alice/demo", "hf-token": "hf_" + "a" * 34, "command": "deploy", "path": "app", "sdk": "docker", "hardware": "t4-small",
    "sleep-time": "30m", "visibility": "private", "front-matter": "title: Tides\ntags: [a, b]\n", "secrets": "KEY: value\nPEM: |\n  a\n  b\n",
    "variables": "A=1\nB=2\n", "include": "*.py\n!x\n", "exclude": "docs/**\n[a-z]*.md\n", "keep": "data/\n", "wait": "true", "timeout": "30m",
    "probe": "/health", "checks": "- path: /a\n  status: [200, 404]\n  json: {a.b: 1}\n- api: /predict\n  arguments: [Ada]\n", "healthy": "3",
    "soak": "5m", "on-failure": "rollback", "endpoint": "https://huggingface.co", "confirm": "alice/demo", "allow-credentials": "a.env\n",
}  # fmt: skip


def _deployed(files: Mapping[str, str]) -> Deployed:
    """Return files as the readers want them."""
    return Deployed({path: File.of(path, text.encode("utf-8", "surrogatepass")) for path, text in files.items()})


def _data(files: Deployed) -> dict[str, object]:
    """Return the front matter; empty where there is none that can be read."""
    try:
        data = safe_yaml.load(front_matter.block(files))
    except yaml.YAMLError:
        return {}
    return data if isinstance(data, dict) else {}


@cache
def _trees() -> Sequence[Mapping[str, str]]:
    return [space.files for space in (*FAULTY, *HEALTHY)]


@cache
def _texts() -> Sequence[str]:
    return [text for files in _trees() for text in files.values()]


@cache
def _logs() -> Sequence[str]:
    return [file.read_text("utf-8", "replace") for file in sorted((ROOT / "tests/kit/corpus").rglob("*.log"))]


def inputs(make: Mangler) -> object:
    """Read the inputs of a step."""
    names = make.random.sample(sorted(_INPUTS), make.random.randint(2, 6))
    given = {name: make.text(_INPUTS[name], list(_INPUTS.values())) for name in names}
    env = {"space": "alice/demo", "hf-token": _INPUTS["hf-token"]} | given
    return schema.read({f"INPUT_{name.upper()}": value for name, value in env.items()})


def foresight(make: Mangler) -> object:
    """Foresee what will fail: the readers of requirements, Dockerfiles, code, manifests."""
    made = _deployed(make.files(make.random.choice(_trees()), _texts()))
    data = _data(made)
    return foresee(Tree(made, str(data.get("sdk") or "gradio"), data))


def explanation(make: Mangler) -> object:
    """Explain a failure from a log."""
    made = _deployed(make.files(make.random.choice(_trees()), _texts()))
    log = make.text(make.random.choice(_logs()), _texts())
    stage = make.random.choice(("BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE"))
    ended = Ended(stage, make.text("Exit code: 1. Reason: Traceback", _texts())[:2000])
    data = _data(made)
    return order.explain(ended, log.splitlines(), made, sdk=str(data.get("sdk") or "docker"), data=data)


def checkout(make: Mangler) -> object:
    """Read a checkout: which files go, the card, the SDK, credentials."""
    files = make.files(make.random.choice(_trees()), _texts())
    if make.random.random() < 0.3:
        files[".gitignore"] = make.text("*.log\n!keep.log\n/build/\n", _texts())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for path, text in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
        found = walk.look(Path(folder), ".")
        made = card.complete(found, space="alice/demo", sdk=None, front_matter={})
        scan.refuse(found, list(made.files.values()), ())
        return made


def credentials(make: Mangler) -> object:
    """Search a file for credentials."""
    path = make.random.choice((".env", "config.json", "app.py", "id_rsa", ".npmrc", "a.pem"))
    text = make.text("TOKEN=hf_" + "aB3" * 12 + "\npassword: 'x'\n-----BEGIN PRIVATE KEY-----\nabc\n", _texts())
    return list(scan.find([File.of(path, text.encode("utf-8", "surrogatepass"))]))


def redaction(make: Mangler) -> object:
    """Hide a secret, which must not be in what is left."""
    secret = make.text("correct-horse-battery", _texts())[: make.random.randint(8, 60)].strip()
    redactor = Redactor()
    redactor.add(secret)
    left = redactor(make.text("before ", _texts()) + secret + make.text(" after", _texts()))
    assert len(secret) < 8 or set(secret) <= set("*") or secret not in left, "a secret is left"  # noqa: S101 - what is tried
    return left


def rules(make: Mangler) -> object:
    """Read the .gitattributes of a Space."""
    text = make.text("*.bin filter=lfs diff=lfs merge=lfs -text\n[attr]x y\n", _texts())
    storage = Storage(text)
    return [storage(File.of(path, b"x")) for path in ("a.bin", "d/b.bin", "x y")]


TARGETS: dict[str, Callable[[Mangler], object]] = {
    each.__name__: each for each in (inputs, foresight, explanation, checkout, credentials, redaction, rules)
}


class Found(NamedTuple):
    """A text that is not answered as it should be: which reader, the seed that makes it again, and what happened."""

    target: str
    seed: int
    words: str


def tried(target: str, seed: int) -> Found | None:
    """Give a reader one text."""
    began = time.process_time()
    try:
        TARGETS[target](Mangler(seed))
    except (Failure, Failures):
        pass
    except Exception:  # noqa: BLE001 - what is looked for
        return Found(target, seed, traceback.format_exc(limit=-4))
    took = time.process_time() - began
    return Found(target, seed, f"it took {took:.1f} s") if took > LONGEST else None


def ends(seed: int) -> bool:
    """Whether the text of a seed is answered, and not refused."""
    names = list(TARGETS)
    try:
        TARGETS[names[seed % len(names)]](Mangler(seed))
    except (Failure, Failures):
        return False
    return True


def run(number: int, start: int = 0) -> Iterator[Found]:
    """Give the readers so many texts in turn; yield what is wrong."""
    names = list(TARGETS)
    for seed in range(start, start + number):
        if found := tried(names[seed % len(names)], seed):
            yield found


def main(number: int, seed: int | None = None) -> int:
    """Try so many; 0 if nothing is wrong. With the `seed` that a run named, that one alone is tried."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    start = random.SystemRandom().randrange(10**9) if seed is None else seed
    wrong = 0
    for found in run(1 if seed is not None else number, start):
        wrong += 1
        print(f"✗ {found.target}, `make fuzz ARGS='--seed {found.seed}'`:\n{found.words}", file=sys.stderr, flush=True)
    print(
        f"fuzz: {1 if seed is not None else number} texts for {len(TARGETS)} readers from seed {start}: {wrong} wrong"
    )
    return int(bool(wrong))
