"""A greeter: one button, one answer, and a count that comes step by step."""

import time
from collections.abc import Iterator
from pathlib import Path

import gradio as gr

GREETINGS = Path("greetings.txt").read_text("utf-8").splitlines()


def greet(name: str, number: float) -> str:
    """A greeting in one of several languages."""
    greeting = GREETINGS[int(number) % len(GREETINGS)]
    print(f"{greeting} {name}")
    return f"{greeting}, {name}!"


def count(to: float) -> Iterator[str]:
    """The numbers up to `to`, one at a time."""
    for number in range(1, int(to) + 1):
        yield " ".join(str(seen) for seen in range(1, number + 1))
        time.sleep(0.2)


with gr.Blocks(title="Greeter") as demo:
    gr.Markdown("# Greeter")
    name = gr.Textbox("World", label="Name")
    number = gr.Slider(0, len(GREETINGS) - 1, value=0, step=1, label="Language")
    with gr.Row():
        greet_button, count_button = gr.Button("Greet", variant="primary"), gr.Button("Count to five")
    answer = gr.Textbox(label="Answer", interactive=False)
    greet_button.click(greet, [name, number], answer)
    count_button.click(count, gr.State(5), answer)

if __name__ == "__main__":
    demo.launch()
