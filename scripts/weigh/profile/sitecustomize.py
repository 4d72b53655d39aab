"""Python loads this at its start where PYTHONPATH leads here: writes to the file USED, at the end, each module that is loaded, with whether a
function of it ran once it was loaded."""

import os
import sys
import threading
from types import FrameType
from typing import Any

_FILE = os.environ["USED"]
_ran: set[str] = set()
_IMPORT = "<frozen importlib._bootstrap>"


def _note(frame: FrameType, event: str, _argument: Any) -> None:
    code = frame.f_code
    if event != "call" or code.co_filename in _ran or code.co_name == "<module>":
        return
    above: FrameType | None = frame
    while above is not None:  # what runs while a module is loaded uses nothing yet
        if above.f_code.co_filename == _IMPORT:
            return
        above = above.f_back
    _ran.add(code.co_filename)


def _write(code: int) -> None:
    sys.setprofile(None)
    with open(_FILE, "w", encoding="utf-8") as file:
        for name, module in sorted(sys.modules.items()):
            path = getattr(module, "__file__", None) or ""
            file.write(f"{name}\t{path}\t{int(path in _ran)}\n")
    _exit(code)


_exit = os._exit
os._exit = _write  # type: ignore[assignment]
threading.setprofile(_note)
sys.setprofile(_note)
import atexit  # noqa: E402

atexit.register(lambda: _write(0) if not os.path.exists(_FILE) else None)
