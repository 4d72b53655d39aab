"""Never runs: requirements.txt asks for a version of requests that doesn't exist."""

import gradio as gr
import requests

gr.Interface(lambda url: requests.get(url, timeout=10).text, "text", "text").launch()
