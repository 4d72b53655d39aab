"""requirements/*.txt, against what the installed packages ask for."""

import importlib.metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lock", ["action.txt", "dev.txt", "rehearse.txt"])
def test_a_pin_names_the_extras_that_other_packages_ask_for(lock: str) -> None:
    """pip with --require-hashes refuses `coverage[toml]` on the day when coverage's next release appears, unless the pin has the extra."""
    lines = (ROOT / "requirements" / lock).read_text().splitlines()
    pins = {
        canonicalize_name(pin.name): pin
        for pin in (
            Requirement(line.rstrip("\\ ")) for line in lines if "==" in line and not line.startswith((" ", "#"))
        )
    }
    assert len(pins) > 20
    missing = [
        f"{name} asks for {asked.name}{sorted(asked.extras)}"
        for name, pin in pins.items()
        if pin.marker is None or pin.marker.evaluate()
        for text in importlib.metadata.requires(name) or ()
        if (asked := Requirement(text)).extras
        and (asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in {"", *pin.extras}))
        if not asked.extras <= pins[canonicalize_name(asked.name)].extras
    ]
    assert missing == []


def pins(lock: str) -> set[str]:
    """The pins of a lock with their markers and hashes."""
    text = (ROOT / "requirements" / lock).read_text().replace("\\\n", "")
    return {" ".join(line.split()) for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))}


def test_the_image_has_the_lock_but_for_what_no_run_loads() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (named,) = (line.partition(":=")[2].split() for line in makefile.splitlines() if line.startswith("NEVER_LOADED"))

    left = pins("action.txt") - pins("image.txt")

    assert pins("image.txt") < pins("action.txt")
    assert sorted(Requirement(pin.partition(" --hash")[0]).name for pin in left) == sorted(named)
