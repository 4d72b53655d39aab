"""Names of packages that can't be guessed from what is imported, loaded or misspelt."""

import re
import sys
from functools import cache
from pathlib import Path

from hfspace_action.text import closest

_PYTORCH = re.compile(r"cu\d+|cpu|rocm[\d.]+|xpu")

# Import name -> name on PyPI
PYPI = {
    "Crypto": "pycryptodome",
    "OpenGL": "PyOpenGL",
    "PIL": "pillow",
    "attr": "attrs",
    "asynchat": "standard-asynchat",
    "asyncore": "standard-asyncore",
    "audioop": "audioop-lts",
    "bs4": "beautifulsoup4",
    "cgi": "legacy-cgi",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "github": "PyGithub",
    "google.generativeai": "google-generativeai",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "llama_cpp": "llama-cpp-python",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "multipart": "python-multipart",
    "pkg_resources": "setuptools",
    "distutils": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pyaudioop": "audioop-lts",
    "pytorch_lightning": "pytorch-lightning",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "telegram": "python-telegram-bot",
    "umap": "umap-learn",
    "websocket": "websocket-client",
    "whisper": "openai-whisper",
    "yaml": "pyyaml",
}

# Shared library -> Debian package
DEBIAN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libSM.so.6": "libsm6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libsndfile.so.1": "libsndfile1",
    "libsndfile.so": "libsndfile1",
    "libportaudio.so.2": "libportaudio2",
    "libgomp.so.1": "libgomp1",
    "libespeak-ng.so.1": "espeak-ng",
    "libmagic.so.1": "libmagic1",
    "libpq.so.5": "libpq5",
    "libcairo.so.2": "libcairo2",
    "libpango-1.0-0": "libpango-1.0-0",
    "libodbc.so.2": "unixodbc",
    "libtesseract.so.5": "tesseract-ocr",
}


def pypi(module: str) -> str:
    """The package on PyPI that most likely brings a module: the known one, or the one of the same name."""
    top = module.split(".", maxsplit=1)[0]
    return PYPI.get(module) or PYPI.get(top) or top.replace("_", "-")


def debian(library: str) -> str:
    """The Debian package of a shared library, as advice puts it."""
    return DEBIAN.get(library) or f"the package that has {library} (https://packages.debian.org knows)"


# Modules that Python has lost: the version from which on they are missing. Source: PEP 594 and PEP 632.
GONE = {
    **dict.fromkeys(("asynchat", "asyncore", "distutils", "imp", "smtpd"), "3.12"),
    **dict.fromkeys(
        ("aifc", "audioop", "pyaudioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "mailcap", "msilib", "nis", "nntplib",
         "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"),
        "3.13",
    ),
}  # fmt: skip


def gone(module: str) -> str:
    """A sentence on a module that newer Pythons don't have; empty for others."""
    since = GONE.get(module)
    return f"Python has it no more since {since}: an older `python_version` in the front matter has." if since else ""


# Packages that have builds for one other system only, and no source that builds on Linux.
OTHER_SYSTEMS = {
    **dict.fromkeys(("pywin32", "pypiwin32", "windows-curses", "pywinpty", "winsdk", "triton-windows"), "Windows"),
    **dict.fromkeys(("pyobjc", "pyobjc-core", "tensorflow-macos", "tensorflow-metal", "mlx-metal"), "macOS"),
}  # fmt: skip
_OF_MACOS = "pyobjc-framework-"

# What people take for a package of PyPI, which has none of this name (as pip says), and what to write instead.
NOT_ON_PYPI = {
    "cv2": "The package is called `opencv-python-headless`.",
    "opencv": "The package is called `opencv-python-headless`.",
    "pil": "The package is called `pillow`.",
    "pkg-resources": "Ubuntu's `pip freeze` writes it: take the line out.",
    "python": "Python comes with the Space: `python_version` in the front matter says which (Docker: the base image).",
    "yaml": "The package is called `pyyaml`.",
}
# Packages whose newest version does nothing but refuse to be built, and what people mean by them.
REFUSING = {"skimage": "scikit-image", "sklearn": "scikit-learn", "tensorflow-gpu": "tensorflow"}

# Modules of Python that PyPI has no package for. It has some for others, such as `asyncio` or `typing`.
_ALSO_ON_PYPI = frozenset(
    [
        "antigravity",
        "argparse",
        "ast",
        "asyncio",
        "chunk",
        "configparser",
        "contextvars",
        "dataclasses",
        "datetime",
        "dis",
        "email",
        "enum",
        "functools",
        "graphlib",
        "hmac",
        "html",
        "http",
        "importlib",
        "ipaddress",
        "logging",
        "mailbox",
        "modulefinder",
        "multiprocessing",
        "pathlib",
        "readline",
        "resource",
        "secrets",
        "selectors",
        "ssl",
        "statistics",
        "token",
        "typing",
        "uuid",
        "wave",
        "wsgiref",
    ]
)


def index_of(label: str) -> str:
    """Where the builds with a local label are: PyTorch's own index, or one that only the author of the requirement knows."""
    return f"https://download.pytorch.org/whl/{label}" if _PYTORCH.fullmatch(label) else "<the index that has them>"


def is_part_of_python(name: str) -> bool:
    """Whether a package's name is that of a module that comes with Python, and of nothing that PyPI has."""
    module = name.replace("-", "_")
    return module in sys.stdlib_module_names and module not in _ALSO_ON_PYPI and not module.startswith("_")


def other_system(name: str) -> str | None:
    """The system that a package (its normal name) is for, where that is not Linux."""
    return "macOS" if name.startswith(_OF_MACOS) else OTHER_SYSTEMS.get(name)


def not_found(name: str, *, unknown: bool) -> tuple[str, str]:
    """Return what is wrong with a name of which pip finds nothing, as a sentence, and the page that has its right spelling.
    `unknown`: there is no package of that name at all."""
    if unknown or not name:
        problem = f"Pip finds no package named `{name}`." if unknown else "There is no such file that pip finds."
        return problem, "https://pypi.org/search/"
    return "There is no such version that pip finds.", f"https://pypi.org/project/{name}/#history"


def meant(name: str) -> str | None:
    """The well-known package whose name is almost `name`: few letters apart, or the same letters in another order."""
    like = closest(name[:100], popular(), 0.85)
    same = [each for each in popular() if len(each) == len(name) > 4 and sorted(each) == sorted(name)]
    found = like or next(iter(same), name)
    return found if found != name else None


@cache
def popular() -> tuple[str, ...]:
    """The packages that Spaces often ask for, by the names that PyPI has: what a misspelt one may have meant."""
    return tuple((Path(__file__).parent / "popular_packages.txt").read_text("utf-8").split())
