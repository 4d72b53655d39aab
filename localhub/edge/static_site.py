"""A static Space as its address serves it.

What the Hub does was seen by two projects' live checks: `/` is a redirect to the page's file, `/page` serves page.html,
large files are redirects to another host, an unknown path is a bare 404, and a script with the Space's variables stands
in each page, directly behind `<head>`. Where there is no `<head>` the script comes first, ahead of the doctype too.
"""

import json
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from localhub.accounts.accounts import account_id
from localhub.hub import Hub
from localhub.repos.git import Entry
from localhub.spaces.building.checks import app_file
from localhub.spaces.running.environment import values
from localhub.spaces.space import Space
from localhub.variants import Variant
from localhub.variants.static_pages import (
    NO_CDN,
    NO_INJECTED_SCRIPT,
    NO_STATIC_REDIRECT,
    REDIRECT_KEEPS_QUERY,
    SCRIPT_BEFORE_DOCTYPE,
)

from .cdn import Cdn

HEAD = re.compile(rb"<head(?:\s[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StaticSite:
    """The files of a commit of a static Space."""

    hub: Hub
    cdn: Cdn
    space: Space
    commit: str

    def answer(self, path: str, query: str) -> Response:
        """What stands at a URL's path (decoded). Blocking: call it in a thread."""
        parts = [part for part in PurePosixPath(path).parts if part != "/"]
        if not parts and not self._on(NO_STATIC_REDIRECT):
            keep = f"?{query}" if query and self._on(REDIRECT_KEEPS_QUERY) else ""
            return RedirectResponse(f"/{quote(self._page)}{keep}", 302)
        entry = self._file("/".join(parts) or self._page)
        return PlainTextResponse("Entry not found", 404) if entry is None else self._serve(entry)

    def _serve(self, entry: Entry) -> Response:
        kind, encoding = mimetypes.guess_type(entry.path, strict=False)
        media_type = "application/octet-stream" if kind is None or encoding else kind
        if entry.lfs is not None:
            if not self._on(NO_CDN):
                return RedirectResponse(self.cdn.address(entry.lfs.sha256, media_type), 302)
            stored = self.hub.objects.path(entry.lfs.sha256)
            return FileResponse(stored, 200, {"ETag": f'"{entry.oid}"'}, media_type)
        content = self.space.git.read(self.commit, entry.path)
        if media_type == "text/html" and not self._on(NO_INJECTED_SCRIPT):
            content = self._with_script(content)
        return Response(content, 200, {"ETag": f'"{sha256(content).hexdigest()}"'}, media_type)

    def _with_script(self, page: bytes) -> bytes:
        settings = self.space.settings
        variables = {"SPACE_CREATOR_USER_ID": account_id(self.space.meta.creator)}
        variables |= values(settings.variables | settings.secrets)
        # A value that ends the script must not.
        text = json.dumps(variables, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
        script = f"<script>window.huggingface={{variables:{text}}};</script>".encode()
        head = None if self._on(SCRIPT_BEFORE_DOCTYPE) else HEAD.search(page)
        at = head.end() if head else 0
        return page[:at] + script + page[at:]

    def _file(self, path: str) -> Entry | None:
        """The file at a path, also without its `.html`; of a folder its index.html."""
        for candidate in self._candidates(path):
            try:
                entry = self.space.git.entry(self.commit, candidate)
            except KeyError:
                continue
            if entry.kind == "file":
                return entry
        return None

    def _candidates(self, path: str) -> Iterator[str]:
        yield from (path, f"{path}.html", f"{path}/index.html")
        # Bundlers refer to their files from the root, so what a build made is found there too; that is assumed.
        folder = str(PurePosixPath(self._page).parent)
        if "app_build_command" in self._card and folder != ".":
            yield from (f"{folder}/{path}", f"{folder}/{path}.html", f"{folder}/{path}/index.html")

    @property
    def _card(self) -> dict[str, Any]:
        return self.space.front_matter(self.commit) or {}

    @property
    def _page(self) -> str:
        return app_file("static", self._card).lstrip("/")  # `//x` would be another host

    def _on(self, variant: Variant) -> bool:
        return self.hub.variants.on(variant, self.space.id)
