"""Empty packages in place of those that a gradio Space is built with, for apps that import none of them: the real ones have 10,000
files."""

import io
import os
import zipfile
from functools import cache
from pathlib import Path

from tests.kit import ROOT

FOLDER = ROOT / "build/wheels"
"""The same in each run, because uv remembers every place that it had a package from."""
SHOWN = {"UV_FIND_LINKS": str(FOLDER)}
"""Lets a rehearsal read them: it may read the packages that its environment names."""
PACKAGES = {
    "gradio": "Provides-Extra: oauth\nProvides-Extra: mcp\n",
    "uvicorn": "",
    "websockets": "",
    "spaces": "",
}
"""What the Hub installs beside the app's own requirements, and what more their metadata say."""
VERSION = "99"
_WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@cache
def requirements() -> str:
    """A requirements.txt with which pip and uv find these packages and no others."""
    for name in PACKAGES:
        wheel(name)
    return f"--no-index\n--find-links {FOLDER.as_uri()}\n"


def wheel(name: str) -> Path:
    """The wheel of a package. Other processes make it too, so it is replaced in one piece, and only by another."""
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n{PACKAGES[name]}",
        "WHEEL": _WHEEL,
        "RECORD": "",
    }
    with zipfile.ZipFile(content := io.BytesIO(), "w") as archive:
        for file, text in about.items():
            archive.writestr(zipfile.ZipInfo(f"{name}-{VERSION}.dist-info/{file}"), text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{VERSION}-py3-none-any.whl"
    if not path.exists() or path.read_bytes() != content.getvalue():
        made = path.with_suffix(f".{os.getpid()}")
        made.write_bytes(content.getvalue())
        made.replace(path)
    return path
