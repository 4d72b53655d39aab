"""`python -m tests.kit.judge`: judge what the last test run left again, and print route by route how far that goes."""

import sys

from . import exchanges
from .court import complaints, judgement, summary
from .listed import listed


def main() -> int:
    """Return 0 if there is nothing to mend."""
    samples = exchanges.log()
    if not samples:
        print("No run has left anything in build/judged: make test")
        return 2
    found = judgement(samples, listed(), whole=exchanges.whole())
    for heading, routes in (("judged", found.judged), ("not known to pyhfapi", found.unknown)):
        print(f"{heading}:")
        print(*(f"  {shapes:4}  {route}" for route, shapes in sorted(routes.items())), sep="\n")
    print("listed:")
    print(*(f"  {one.route}, {one.side}, {one.field}: {one.problem}; {one.why}" for one in found.listed), sep="\n")
    print(*complaints(found), summary(found), sep="\n")
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main())
