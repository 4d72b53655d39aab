"""See `scripts.weigh`."""

import argparse
import sys

from scripts.weigh import image, imports
from tests.kit import ROOT

ADDED = 12.0
"""Megabytes, compressed."""
START = 0.5
"""Seconds from the start of a container to its first line."""
IDLE = 0.17
"""Part of our own code that an unchanged deploy loads: types, texts and constants have no function that could run."""
COMMANDS = ("deploy", "check", "status", "selftest")


def main() -> int:
    """Measure, print and judge; 1 where a bound is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m scripts.weigh", description=__doc__)
    parser.add_argument("image", nargs="?", help="a built image of the action; without one only imports are weighed")
    name = parser.parse_args().image
    good = [*_imports(), *(_image(name) if name else [])]
    return 0 if all(good) else 1


def _imports() -> list[bool]:
    loaded = imports.of_a_deploy()
    packages = imports.unused_packages(loaded)
    share, idle = imports.unused_share(loaded)
    source = imports.without_bytecode(imports.of_a_deploy(*COMMANDS))
    largest = ", ".join(imports.relative(module) for module in idle[:5])
    return [
        _judge("packages imported and not used", ", ".join(sorted(packages)) or "none", good=not packages),
        _judge(
            "our code imported and not run",
            f"{share:.1%} of its bytes (at most {IDLE:.0%}); {largest}",
            good=share <= IDLE,
        ),
        _judge("imported without bytecode", ", ".join(source) or "none", good=not source),
    ]


def _image(name: str) -> list[bool]:
    megabytes = image.added(name, image.base_of(ROOT / "Dockerfile"))
    seconds = image.start(name)
    return [
        _judge("image, beside its base", f"{megabytes:.2f} MB compressed (at most {ADDED:g})", good=megabytes <= ADDED),
        _judge("container's start to first line", f"{seconds:.2f} s (at most {START:g})", good=seconds <= START),
    ]


def _judge(what: str, measured: str, *, good: bool) -> bool:
    print(f"{'✓' if good else '✗'} {what}: {measured}")
    return good


if __name__ == "__main__":
    sys.exit(main())
