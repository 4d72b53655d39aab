"""Python loads this at its start where PYTHONPATH leads here: notes the argument list of every process that the program starts
in the file AUDIT. None of that can be hidden from it."""

import os
import sys

_FILE = os.environ["AUDIT"]
_STARTS = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork"})


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in _STARTS:
        with open(_FILE, "a", encoding="utf-8") as file:
            file.write(f"{event} {arguments!r}\n")


sys.addaudithook(_note)
