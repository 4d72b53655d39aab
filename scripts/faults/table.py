"""The table of what came of the cells, and a line for each that is not as promised."""

from collections import Counter
from collections.abc import Sequence

from .judge import Kind
from .shards import Outcome


def show(found: Sequence[Outcome]) -> int:
    """Print it; 1 if anything is wrong, otherwise 0."""
    wrong = [each for each in found if each.problems]
    counted = Counter((each.cell.command, kind) for each in found for kind in {one.kind for one in each.problems})
    commands = list(dict.fromkeys(each.cell.command for each in found))
    print(f"\n{'':10} {'cells':>6} {'green':>6} " + " ".join(f"{kind:>9}" for kind in Kind))
    for command in commands:
        own = [each for each in found if each.cell.command == command]
        _row(command, own, [counted[command, kind] for kind in Kind])
    _row("all", found, [sum(counted[command, kind] for command in commands) for kind in Kind])
    for each in wrong:
        print(f"\nmake faults ARGS='--only \"{each.cell.id}\"'")
        print(*(f"    {one.kind}: {one.words}" for one in each.problems), sep="\n")
    once = [each for each in found if each.cell.often == "once"]
    survived = sum(each.result.split()[:1] != ["error"] and each.result != "killed" for each in once)
    print(
        f"\n{len(found) - len(wrong)} of {len(found)} cells are as promised; {survived} of {len(once)} single faults were got over"
    )
    return int(bool(wrong))


def _row(name: str, found: Sequence[Outcome], counts: Sequence[int]) -> None:
    green = sum(not each.problems for each in found)
    print(f"{name:10} {len(found):6} {green:6} " + " ".join(f"{count or '·':>9}" for count in counts))
