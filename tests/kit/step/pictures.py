"""A job summary as a page of HTML in the manner of GitHub's, for Chromium: narrow or wide, light or dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options

PHONE, DESKTOP = 390, 1012
"""Widths of a window in CSS pixels."""
_STYLE = """
:root { --text: #1f2328; --soft: #59636e; --page: #fff; --block: #f6f8fa; --line: #d1d9e0; --link: #0969da;
        --added: #dafbe1; --removed: #ffebe9; --changed: #fff1e5; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --soft: #9198a1; --page: #0d1117; --block: #151b23;
        --line: #3d444d; --link: #4493f8; --added: #12261e; --removed: #25171c; --changed: #2a2011; } }
* { box-sizing: border-box }
body { margin: 0; padding: 16px; background: var(--page); color: var(--text); font: 16px/1.5 "Liberation Sans", Arial, sans-serif }
main { border: 1px solid var(--line); border-radius: 6px }
header { border-bottom: 1px solid var(--line); padding: 10px 16px; font-size: 14px; font-weight: 600 }
article { padding: 16px; overflow-wrap: break-word }
article > :first-child { margin-top: 0 } article > :last-child { margin-bottom: 0 }
h3 { font-size: 20px; line-height: 1.25; margin: 0 0 16px }
p, pre, table, details { margin: 0 0 16px }
a { color: var(--link); text-decoration: none }
code { font: 85% "Liberation Mono", monospace; background: var(--block); border-radius: 6px; padding: .2em .4em }
pre { background: var(--block); border-radius: 6px; padding: 12px 16px; overflow: auto; font-size: 16px }
pre code { background: none; padding: 0; white-space: pre }
pre[lang=diff] code { display: inline-block; min-width: 100% } pre .line { display: block }
.added { background: var(--added) } .removed { background: var(--removed) } .changed { background: var(--changed) }
table { border-collapse: collapse; display: block; overflow: auto }
th, td { border: 1px solid var(--line); padding: 6px 13px; text-align: left }
sub { font-size: 75%; color: var(--soft); line-height: 1.4; vertical-align: baseline }
summary { cursor: pointer }
details > pre { margin-top: 8px; margin-bottom: 0 }
"""
_COLOURS = """
for (const block of document.querySelectorAll('pre[lang=diff] code')) {
  const lines = block.textContent.replace(/\\n$/, '').split('\\n'); block.textContent = '';
  for (const line of lines) {
    const shown = document.createElement('span'); shown.textContent = line || ' ';
    shown.className = 'line ' + ({'+': 'added', '-': 'removed', '!': 'changed'}[line[0]] || ''); block.append(shown);
  }
}
"""


def page(summary: str) -> str:
    """Return a page that shows a summary."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_GITHUB_PRE_LANG
    shown = cmarkgfm.github_flavored_markdown_to_html(summary, options)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><style>{_STYLE}</style></head><body><main>"
        f"<header>deploy summary</header><article>{shown}</article></main><script>{_COLOURS}</script></body></html>"
    )


@contextmanager
def browser(chromium: str) -> Iterator[Any]:
    """Chromium, ready to open pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(started: Any, summary: str, *, width: int = PHONE, dark: bool = False) -> Iterator[Any]:
    """A summary, shown in a window of this width."""
    shown = started.new_page(
        viewport={"width": width, "height": 200},
        color_scheme="dark" if dark else "light",
        device_scale_factor=1.5 if width == PHONE else 1,
    )
    try:
        shown.set_content(page(summary))
        yield shown
    finally:
        shown.close()


def height(shown: Any) -> int:
    """Return the height of the summary itself in CSS pixels."""
    return int(shown.locator("article").bounding_box()["height"])


def shoot(shown: Any, path: Path) -> None:
    """Make a picture of the whole summary."""
    shown.screenshot(path=path, full_page=True)
