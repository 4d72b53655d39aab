"""Small demos in the forms that Gradio's own documentation teaches: each in a folder of its own, as run.py, is found to be Gradio.

Gradio's source distribution has no demos, so these are made; each is Python that really parses.
"""

import ast
from pathlib import Path

import pytest

from hfspace_action.card import card
from hfspace_action.checkout import walk
from tests.kit.gitrepo import write

GREET = "def greet(name):\n    return f'Hello {name}!'\n\n\n"
MAIN = "\nif __name__ == '__main__':\n    demo.launch()\n"
DEMOS = {
    "interface": f"import gradio as gr\n\n\n{GREET}demo = gr.Interface(fn=greet, inputs='text', outputs='text')\ndemo.launch()\n",
    "in one line": "import gradio as gr\n\ngr.Interface(str.upper, 'text', 'text').launch()\n",
    "blocks": f"import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Textbox()\n{MAIN}",
    "blocks with a theme": f"import gradio as gr\n\nwith gr.Blocks(theme=gr.themes.Soft()) as demo:\n    gr.Slider()\n{MAIN}",
    "queue": "import gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text')\ndemo.queue(max_size=10).launch()\n",
    "chat": f"import gradio as gr\n\n\ndef reply(message, history):\n    return message\n\n\ndemo = gr.ChatInterface(reply)\n{MAIN}",
    "chat that streams": f"import time\n\nimport gradio as gr\n\n\ndef slow(message, history):\n    for end in range(len(message)):\n        time.sleep(0.1)\n        yield message[:end]\n\n\ndemo = gr.ChatInterface(slow)\n{MAIN}",
    "tabs": f"import gradio as gr\n\none = gr.Interface(str.upper, 'text', 'text')\ntwo = gr.Interface(str.lower, 'text', 'text')\ndemo = gr.TabbedInterface([one, two], ['Up', 'Down'])\n{MAIN}",
    "from import": f"from gradio import Interface\n\ndemo = Interface(str.upper, 'text', 'text')\n{MAIN}",
    "from import of parts": f"from gradio.components import Textbox\nfrom gradio import Blocks\n\nwith Blocks() as demo:\n    Textbox()\n{MAIN}",
    "without an alias": f"import gradio\n\ndemo = gradio.Interface(str.upper, 'text', 'text')\n{MAIN}",
    "under another alias": "import gradio as ui\n\nui.Interface(str.upper, 'text', 'text').launch()\n",
    "beside numpy": f"import gradio as gr\nimport numpy as np\n\ndemo = gr.Interface(lambda image: np.fliplr(image), 'image', 'image')\n{MAIN}",
    "behind a try": f"try:\n    import spaces\nexcept ImportError:\n    spaces = None\nimport gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text')\n{MAIN}",
    "ZeroGPU": f"import gradio as gr\nimport spaces\n\n\n@spaces.GPU\ndef run(text):\n    return text\n\n\ndemo = gr.Interface(run, 'text', 'text')\n{MAIN}",
    "auth": "import gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text')\ndemo.launch(auth=('admin', 'pass'))\n",
    "share": "import gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text')\ndemo.launch(share=True, debug=True)\n",
    "a main function": "import gradio as gr\n\n\ndef main():\n    demo = gr.Interface(str.upper, 'text', 'text')\n    demo.launch()\n\n\nif __name__ == '__main__':\n    main()\n",
    "arguments": "import argparse\n\nimport gradio as gr\n\nif __name__ == '__main__':\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--port', type=int, default=7860)\n    args = parser.parse_args()\n    gr.Interface(str.upper, 'text', 'text').launch(server_port=args.port)\n",
    "a class": "import gradio as gr\n\n\nclass App:\n    def __init__(self):\n        with gr.Blocks() as self.demo:\n            gr.Markdown('x')\n\n    def run(self):\n        self.demo.launch()\n\n\nApp().run()\n",
    "state": f"import gradio as gr\n\nwith gr.Blocks() as demo:\n    state = gr.State([])\n    button = gr.Button()\n    button.click(lambda s: s + [1], state, state)\n{MAIN}",
    "render": f"import gradio as gr\n\nwith gr.Blocks() as demo:\n\n    @gr.render()\n    def show():\n        gr.Markdown('x')\n{MAIN}",
    "load": f"import gradio as gr\n\ndemo = gr.load('models/gpt2')\n{MAIN}",
    "tabs of files": f"import gradio as gr\n\nwith gr.Blocks() as demo:\n    with gr.Tab('a'):\n        gr.File()\n{MAIN}",
    "css and js": f'import gradio as gr\n\ncss = """\nbody {{color: red}}\n"""\n\nwith gr.Blocks(css=css) as demo:\n    gr.HTML("<b>x</b>")\n{MAIN}',
    "audio": f"import gradio as gr\n\ndemo = gr.Interface(lambda x: x, gr.Audio(sources=['microphone']), 'audio')\n{MAIN}",
    "plot": f"import gradio as gr\nimport matplotlib.pyplot as plt\n\ndemo = gr.Interface(lambda: plt.figure(), None, gr.Plot())\n{MAIN}",
    "progress": f"import gradio as gr\n\n\ndef run(progress=gr.Progress()):\n    return [x for x in progress.tqdm(range(3))]\n\n\ndemo = gr.Interface(run, None, 'json')\n{MAIN}",
    "mcp": "import gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text')\ndemo.launch(mcp_server=True)\n",
    "a future import": f"from __future__ import annotations\n\nimport gradio as gr\n\ndemo: gr.Blocks = gr.Interface(str.upper, 'text', 'text')\n{MAIN}",
    "async": f"import asyncio\n\nimport gradio as gr\n\n\nasync def run(text):\n    await asyncio.sleep(0)\n    return text\n\n\ndemo = gr.Interface(run, 'text', 'text')\n{MAIN}",
    "flagging": "import gradio as gr\n\ndemo = gr.Interface(str.upper, 'text', 'text', flagging_mode='never')\n_, url, _ = demo.launch(prevent_thread_lock=True)\ndemo.block_thread()\n",
    "Windows line ends": "import gradio as gr\r\n\r\ndemo = gr.Interface(str.upper, 'text', 'text')\r\ndemo.launch()\r\n",
    "a tab before": "import gradio as gr\n\nif True:\n\tdemo = gr.Interface(str.upper, 'text', 'text')\n\tdemo.launch()\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DEMOS)
@pytest.mark.parametrize("file", ["run.py", "app.py", "my_demo.py"])
def test_every_demo_is_found_with_its_file(name: str, file: str, tmp_path: Path) -> None:
    ast.parse(DEMOS[name])
    write(tmp_path, {f"demo/{file}": DEMOS[name], "demo/requirements.txt": "numpy\n", "other/run.py": DEMOS[name]})

    space = card.complete(walk.read(tmp_path, "demo"), space="alice/demo", sdk=None, front_matter={})

    assert space.origin == f"{file}, which imports gradio and calls launch()"
    assert space.data.get("app_file", "app.py") == file
