"""What the files of a Gradio Space show: its front matter, its requirements, its packages of Debian, its code."""

from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.foresight import Tree, foresee
from tests.kit.trees import APP, Space, gradio

PAGE = "import gradio as gr\ndemo = gr.Interface(len, 'text', 'number')\n"


def readme(**keys: str) -> str:
    return "---\nsdk: gradio\n" + "".join(f"{key}: {value}\n" for key, value in keys.items()) + "---\n"


# Lines of requirements.txt. What pip 22.3, 24.0 and 25.3 make of each was asked of their own parsers.
REFUSED_BY_EVERY_PIP = [
    "numpy=1.0", "numpy = 1.0", "numpy== 1.0 2.0", "torch >2.0 <3", "torch==2.0 torchvision==0.15", "import numpy", "git clone https://github.com/a/b",
    "!pip install x", "* numpy", "numpy; sys_platform = 'win32'", "numpy; platform == 'x'", "numpy[extra", "[numpy]", "'numpy'", '"numpy>=1"', "<<<<<<< HEAD",
    "-r", "-e", "--extra-index-url", "numpy 1.24", "numpy: 1.24", "numpy\u20131", "dependencies:",
]  # fmt: skip
TAKEN_BY_AN_OLDER_PIP = ["numpy==1.*.2", "numpy>=1.*", "numpy==abc", "numpy==1.24.0.", "torch>=2.1+cu118", "- numpy"]
TAKEN = [
    "numpy;", "numpy>=1.0 ;", "torch>=2.0,", "numpy>=1.20.0 # ok", "git+https://github.com/a/b", "https://github.com/a/b.git", "-e git+https://github.com/a/b#egg=b",
    "--pre", "--find-links ./wheels", "--index https://example.org", "numpy\\", "a @ https://example.org/a.whl", "typing==3.7.4.3", "uuid", "numpy>=2,<2.1",
    "numpy>=2,!=2.0.*", "numpy==1.26.*,>=1.26.4", "numpy~=1.26.0,!=1.26.1", "numpy<2,>1", "numpy>=2.0rc1,<2.1", "scikit-learn", "sklearn==0.0", "tensorflow-gpu==2.10.0",
]  # fmt: skip
IMPOSSIBLE = {
    "numpy<1.0,>=1.0": "requirements-conflict", "numpy===1.26,>2": "requirements-conflict", "numpy==1.26.*,>=2": "requirements-conflict",
    "numpy~=1.26.0,>=2": "requirements-conflict", "numpy>2,<=2": "requirements-conflict", "numpy!=1.26.4,==1.26.4": "requirements-conflict",
    "python==3.10": "requirement-not-found", "pkg-resources==0.0.0": "requirement-not-found", "cv2": "requirement-not-found", "PIL": "requirement-not-found",
    "json": "requirement-not-found", "triton-windows": "requirement-platform", "pyobjc-framework-Quartz==10.1": "requirement-platform",
    "demo-1.0-py3-none-any.whl": "requirement-path", "../lib": "requirement-path", "torch==2.5.1+cu124": "requirement-label",
}  # fmt: skip


class Case(NamedTuple):
    name: str
    files: dict[str, str]
    id: str = ""
    place: Place | None = None
    certain: bool = True
    hardware: str | None = None


FAULTY = [
    Case("a folder for the app file", gradio(readme=readme(app_file="src"), **{"src/app.py": APP}), "app-file-missing", Place("README.md", 3)),
    Case("an app file in other letters", {"README.md": readme(), "App.py": APP}, "app-file-missing", Place("README.md", 2)),
    Case("a page for the app file", gradio(readme=readme(app_file="index.html"), **{"index.html": "<h1>x</h1>\n"}), "syntax-error", Place("index.html", 1)),
    Case("gradio from git", gradio("gradio @ git+https://github.com/gradio-app/gradio\n", readme=readme(sdk_version="5.0.1")),
         "sdk-version-conflict", Place("requirements.txt", 1), certain=False),
    Case("sdk_version with a caret", gradio(readme=readme(sdk_version="^5.0")), "sdk-version-unknown", Place("README.md", 3)),
    Case("sdk_version cut", gradio(readme=readme(sdk_version="4.40")), "version-cut", Place("README.md", 3), certain=False),
    Case("a name that is refused", gradio("sklearn\n"), "requirement-build-failed", Place("requirements.txt", 1), certain=False),
    Case("match in an older Python", gradio(app="import gradio\nmatch 1:\n    case _:\n        pass\n" + APP, readme=readme(python_version="'3.9'")),
         "syntax-error", Place("app.py", 2)),
    Case("except* in an older Python", gradio(app="try:\n    pass\nexcept* ValueError:\n    pass\n" + APP, readme=readme(python_version="'3.10'")),
         "syntax-error", Place("app.py", 1)),
    Case("return outside of a function", gradio(app=APP + "return\n"), "syntax-error", Place("app.py", 8)),
    Case("await outside of a function", gradio(app=APP + "await x\n"), "syntax-error", Place("app.py", 8)),
    Case("a module that Python lost", gradio("numpy\n", app="import cgi\n" + APP, readme=readme(python_version="'3.13'")),
         "module-missing", Place("app.py", 1), certain=False),
    Case("a module that its folder lacks", gradio(app="from utils.text import clean\n" + APP, **{"utils/__init__.py": "", "utils/other.py": ""}),
         "local-module-missing", Place("app.py", 1), certain=False),
    Case("dots in the program", gradio(app="from .utils import clean\n" + APP, **{"utils.py": ""}), "local-module-missing", Place("app.py", 1), certain=False),
    Case("a page that nobody holds", gradio(app="import gradio as gr\ngr.Interface(len, 'text', 'number')\n"), "app-ended", Place("app.py", 2)),
    Case("a page with its type", gradio(app="import gradio as gr\ndemo: gr.Interface = gr.Interface(len, 'text', 'number')\n"), "app-ended", Place("app.py", 2)),
    Case("launch that is not called", gradio(app=PAGE + "demo.launch\n"), "app-ended", Place("app.py", 2), certain=False),
    Case("launch in what nobody calls", gradio(app=PAGE + "def main():\n    demo.launch()\n"), "app-ended", Place("app.py", 2), certain=False),
    Case("launch behind a misspelt name", gradio(app=PAGE + "if __name__ == 'main':\n    demo.launch()\n"), "app-ended", Place("app.py", 2), certain=False),
    Case("launch in what nobody imports", gradio(app=PAGE, **{"old.py": PAGE + "demo.launch()\n"}), "app-ended", Place("app.py", 2), certain=False),
    Case("launch in a module's own test", gradio(app="import ui\n" + PAGE, **{"ui.py": "if __name__ == '__main__':\n    demo.launch()\n"}),
         "app-ended", Place("app.py", 3), certain=False),
    Case("a port by a name", gradio(app="PORT = 8080\n" + PAGE + "demo.launch(server_port=PORT)\n"), "wrong-port", Place("app.py", 4), certain=False),
    Case("ZeroGPU without a function", gradio(app="import spaces\n" + APP), "zero-gpu-unused", Place("app.py", 1), certain=False, hardware="zero-a10g"),
    Case("ZeroGPU in a comment", gradio(app="# @spaces.GPU\n" + APP), "zero-gpu-unused", Place("app.py", 1), hardware="zero-a10g"),
    Case("packages.txt with a command", gradio(**{"packages.txt": "ffmpeg\napt-get install -y libgl1\n"}), "packages-txt", Place("packages.txt", 2)),
    Case("packages.txt with commas", gradio(**{"packages.txt": "ffmpeg, libgl1\n"}), "packages-txt", Place("packages.txt", 1)),
    Case("packages.txt with pip's pins", gradio(**{"packages.txt": "ffmpeg==4.4\n"}), "packages-txt", Place("packages.txt", 1)),
    Case("packages.txt with a mark", gradio(**{"packages.txt": "\ufeffffmpeg\n"}), "packages-txt", Place("packages.txt", 1)),
]  # fmt: skip
HEALTHY = [
    Case("a package for the app file", gradio(readme=readme(app_file="src"), **{"src/__main__.py": APP})),
    Case("a version with one zero", gradio("gradio==5.0.0\n", readme=readme(sdk_version="5.0"))),
    Case("a marker for older Pythons", gradio("gradio<5 ; python_version < '3.8'\n", readme=readme(sdk_version="5.0.1"))),
    Case("a module that Python lost, in a Python that has it", gradio(app="import cgi\n" + APP, readme=readme(python_version="'3.10'"))),
    Case("a module that Python lost, and its package", gradio("legacy-cgi\n", app="import cgi\n" + APP, readme=readme(python_version="'3.13'"))),
    Case("a module that its package makes", gradio(app="import utils.text\n" + APP, **{"utils/__init__.py": "import sys\nsys.modules['utils.text'] = sys\n"})),
    Case("a name out of a package", gradio(app="from utils import clean\n" + APP, **{"utils/__init__.py": "def clean(): ...\n"})),
    Case("json.load is no page", gradio(app="import json\ndata = json.load(open('x.json'))\nfrom ui import *\n", **{"ui.py": "", "x.json": "{}"})),
    Case("launch in what is called", gradio(app=PAGE + "def main():\n    demo.launch()\nmain()\n")),
    Case("launch in a method", gradio(app=PAGE + "class App:\n    def run(self):\n        demo.launch()\nApp().run()\n")),
    Case("launch in a decorated function", gradio(app="import atexit\n" + PAGE + "@atexit.register\ndef last():\n    demo.launch()\n")),
    Case("launch in a module", gradio(app="from ui import start\n" + PAGE + "start(demo)\n", **{"ui.py": "def start(page):\n    page.launch()\n"})),
    Case("launch through a folder", gradio(app="from web.pages import home\n" + PAGE + "home.show(demo)\n", **{"web/pages/home.py": "def show(page):\n    page.launch()\n"})),
    Case("ZeroGPU by its name alone", gradio(app="from spaces import GPU\n@GPU(duration=60)\ndef run(): ...\n" + APP), hardware="zero-a10g"),
    Case("ZeroGPU by another name", gradio(app="import spaces as sp\nrun = sp.GPU(len)\n" + APP), hardware="zero-a10g"),
    Case("packages.txt with a pattern", gradio(**{"packages.txt": "libqt5*\nffmpeg=7:5.1\nlibstdc++6:amd64\n\n"})),
]  # fmt: skip


def told(case: Case) -> list[tuple[str, Place | None, bool]]:
    space = Space(case.name, case.files)
    found = foresee(Tree(space.deployed, "gradio", space.data, hardware=case.hardware))
    return [(one.id, one.place, sure) for sure, each in ((True, found.certain), (False, found.likely)) for one in each]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_faulty(case: Case) -> None:
    assert (case.id, case.place, case.certain) in told(case)


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
def test_healthy(case: Case) -> None:
    assert told(case) == []


@pytest.mark.parametrize("line", REFUSED_BY_EVERY_PIP)
def test_line_that_no_pip_takes(line: str) -> None:
    assert ("requirement-invalid", Place("requirements.txt", 2), True) in told(Case("", gradio(f"pandas\n{line}\n")))


@pytest.mark.parametrize("line", TAKEN_BY_AN_OLDER_PIP)
def test_line_that_an_older_pip_takes(line: str) -> None:
    assert told(Case("", gradio(f"pandas\n{line}\n"))) == [("requirement-invalid", Place("requirements.txt", 2), False)]


@pytest.mark.parametrize("line", TAKEN)
def test_line_that_pip_takes(line: str) -> None:
    assert told(Case("", gradio(f"pandas\n{line}\n"))) == []


@pytest.mark.parametrize("line", IMPOSSIBLE)
def test_line_that_asks_for_the_impossible(line: str) -> None:
    found = told(Case("", gradio(f"pandas\n{line}\n")))

    assert found == [(IMPOSSIBLE[line], Place("requirements.txt", 2), True)]
