"""make demo KEEP=1: three summaries as pages, whose links work for as long as it stays open."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.kit import ROOT, web


@pytest.mark.slow
def test_the_summaries_are_pages_whose_links_work_while_it_stays_open() -> None:
    command = [sys.executable, "-m", "scripts.demo"]
    env = os.environ | {"KEEP": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout
            printed = []
            for line in demo.stdout:
                printed.append(line)
                if "stays open" in line:
                    break
            pages = [
                Path(unquote(urlsplit(line.strip()).path)) for line in printed if line.strip().startswith("file://")
            ]
            endpoint = printed[-1].split()[-1]
            links = {
                each for page in pages for each in re.findall(r'href="(http://127[^"]+)"', page.read_text("utf-8"))
            }
            on_the_hub = {link for link in links if link.startswith(endpoint)}
            answers = {link: web.get(link, headers={"accept": "text/html"}).status_code for link in on_the_hub}
            demo.send_signal(signal.SIGINT)
            rest, _ = demo.communicate(timeout=20)
        finally:
            demo.kill()

    assert [page.name for page in pages] == ["1.html", "2.html", "3.html"]
    assert len(answers) >= 5
    assert set(answers.values()) == {200}
    assert demo.returncode == 0
    assert rest.splitlines()[-1] == "Ended. The Hub and its Spaces are gone; the summaries stay."
