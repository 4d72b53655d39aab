"""What is too long or too deep for Python is no fault of ours: it is passed over, and the Hub's own tools have the last word."""

import pytest

from hfspace_action.card import ports
from hfspace_action.foresight import Tree, foresee
from hfspace_action.inputs import safe_yaml
from hfspace_action.readers import front_matter
from tests.kit.trees import DOCKER, GRADIO, SLIM, Space, gradio

_DIGITS = "9" * 5000
_DEEP = "import gradio\nx = " + "(" * 3000 + "\ngradio.Blocks().launch()\n"


@pytest.mark.parametrize(
    "files",
    [
        gradio(f"a=={_DIGITS}\n"),
        gradio(f"a>={_DIGITS}\na<1\n"),
        gradio(f"gradio=={_DIGITS}\n"),
        gradio(f"a=={_DIGITS}.*\na==1.*\n"),
        gradio(f"https://example.com/a-{_DIGITS}-py3-none-any.whl\n"),
        gradio(readme=GRADIO.replace("5.49.1", f"'{_DIGITS}'")),
        gradio(readme=GRADIO.replace("---\ntitle", f"---\npython_version: '3.{_DIGITS}'\ntitle")),
        gradio(app=_DEEP),
        gradio(app="x = " + "-" * 100_000 + "1\n"),
        {"README.md": DOCKER, "Dockerfile": f"{SLIM}EXPOSE {_DIGITS}\nCMD serve --port {_DIGITS}\n"},
        {"README.md": DOCKER, "Dockerfile": f"{SLIM}EXPOSE 1-{_DIGITS}\nENV PORT={_DIGITS}\nCMD serve\n"},
        {"README.md": DOCKER, "Dockerfile": f"{SLIM}COPY --from={_DIGITS} /a /b\nEXPOSE 7860\nCMD serve\n"},
    ],
    ids=lambda files: " ".join(text[:30] for text in files.values()),
)
def test_it_ends_without_an_error(files: dict[str, str]) -> None:
    space = Space("", files)
    data = safe_yaml.load(front_matter.block(space.deployed))

    foresee(Tree(space.deployed, str(data["sdk"]), data))
    ports.find(space.deployed)
