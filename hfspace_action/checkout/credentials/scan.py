"""The search through files that are about to be sent. It reads each once, and nothing else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.inputs.patterns.match import Patterns

from . import named_files
from .placeholders import is_placeholder_password, is_placeholder_token
from .tokens import FORMS, Form

if TYPE_CHECKING:
    import re2

LARGEST = 10 * 1024 * 1024
"""Longer files are not read: they are data."""
_SHOWN = 10
_MOST = 100  # in one file
_BATCH = 1024 * 1024  # bytes that are searched in one
_AT_ONCE = 2  # of these
# Formats of which the content is compressed, or a picture.
_MEDIA = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".heic", ".psd", ".mp3", ".wav", ".ogg",
    ".flac", ".m4a", ".mp4", ".mov", ".webm", ".avi", ".mkv", ".ttf", ".otf", ".woff", ".woff2", ".eot", ".pdf", ".zip", ".gz",
    ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar", ".whl", ".wasm", ".so", ".dll", ".dylib", ".exe", ".pyc", ".safetensors",
    ".onnx", ".pt", ".pth", ".gguf", ".npy", ".npz", ".parquet", ".h5", ".tflite",
)  # fmt: skip
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ADDRESS = re.compile(rb"://([^:@]*):([^@]*)@([^@]*)\Z")
_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_LONGEST_KEY, _SHORTEST_RSA_KEY = 16 * 1024, 300
# As much of what was found is looked at: the random part.
_LONGEST = 40
# Of the automaton that RE2 builds on the way. With less it begins anew again and again.
_MEMORY = 64 * 1024 * 1024
_LOCAL = re.compile(
    r"(?:^|[.-])(?:example|test|invalid|localhost|local|internal|host|server|domain|your)(?:[.-]|$)|^(?:[0-9]+\.){3}"
)


class Finding(NamedTuple):
    """One credential: where it is (`line` from 1 on, None for the whole file), and of what kind. Not what it is."""

    path: str
    line: int | None
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} in {self.path}" + (f":{self.line}" if self.line else "")


def find(files: Iterable[File]) -> Iterator[Finding]:
    """Yield the credentials in these files: first those that are some by their names, then file by file."""
    searched = list[File]()
    for file in files:
        if named_files.is_key_store(file.path):
            yield Finding(file.path, None, "a store of keys")
        elif file.size <= LARGEST and not file.path.endswith(_MEDIA):
            searched.append(file)
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # RE2 holds no lock of Python's while it searches
        for found in pool.map(_found_in_batch, _batches(searched)):
            yield from found


def _batches(files: Iterable[File]) -> Iterator[list[File]]:
    batch, size = list[File](), 0
    for file in files:
        batch.append(file)
        size += file.size
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def refuse(checkout: Checkout, files: Iterable[File], allowed: Sequence[str]) -> None:
    """Raise `Failure` checkout-credential if one of these files, which are about to be sent, is or holds a credential. Files
    that the patterns `allowed` name are not searched."""
    patterns = Patterns.parse(allowed)
    wanted = (file for file in files if not patterns(file.path))
    found = sorted(find(wanted), key=lambda finding: finding.path)
    if not found:
        return
    first = found[0]
    places = "; ".join(str(each) for each in found[:_SHOWN])
    raise Failure(
        "checkout-credential",
        place=checkout.place(first.path, first.line),
        count="What looks like a credential is"
        if len(found) == 1
        else f"{len(found)} of what look like credentials are",
        places=places + (f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""),
        file=first.path,
    )


def _text(file: File) -> bytes:
    content = file.read()
    if content[:2] in _UTF_16:
        return content.decode(_UTF_16[content[:2]], "replace").encode()
    return content


def _found_in_batch(files: Sequence[File]) -> list[Finding]:
    """Return what is in some files, of which most have nothing: one search tells that of all of them."""
    batch = [(file.path, _text(file)) for file in files]
    suspect = expression().search(b"\n".join(content for _, content in batch)) is not None
    looked_at = (each for each in batch if suspect or named_files.is_named(each[0]))
    return [finding for path, content in looked_at for finding in _found_in(path, content)]


def _found_in(path: str, content: bytes) -> Iterator[Finding]:
    """Yield what is in one file, one finding a line; of very many the first."""
    places = sorted(islice(chain(_by_form(content), named_files.found_in(path, content)), _MOST))
    line, at, last = 1, 0, 0
    for start, kind in places:
        line += content.count(b"\n", at, start)
        at = start
        if line != last:
            yield Finding(path, line, kind)
        last = line


def _by_form(content: bytes) -> Iterator[tuple[int, str]]:
    for match in expression().finditer(content):
        form = FORMS[match.lastindex - 1]
        if _is_real(form, match[0], content) and _is_whole(content, match.start()):
            yield match.start(), form.kind


@cache
def expression() -> "re2._Regexp":
    """Return all forms in one expression, a group for each."""
    import re2  # not before: a deploy that sends nothing needs none

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False  # it writes past us, into the step's log
    options.max_mem = _MEMORY
    return re2.compile(b"|".join(b"(%s)" % _also_escaped(form.pattern) for form in FORMS), options)


def _also_escaped(pattern: bytes) -> bytes:
    """Let what begins a word also begin behind the letter of a line's end as JSON and code escape it."""
    return rb"(?:\b|\\[nrt])" + pattern.removeprefix(rb"\b") if pattern.startswith(rb"\b") else pattern


def _is_whole(content: bytes, start: int) -> bool:
    """Whether a private key, if one begins here, is there to its end. Documentation shows the first line of one."""
    if not content.startswith(b"-----BEGIN", start):
        return True
    key = content[start : start + _LONGEST_KEY].partition(b"-----END")[0]
    # Of what begins so, the length takes two bytes: it has 256 bytes or more.
    return b"MII" not in key[:200] or len(_BASE64.sub(b"", key.partition(b"MII")[2])) > _SHORTEST_RSA_KEY


def _is_real(form: Form, text: bytes, content: bytes) -> bool:
    if form.beside and not any(word in content for word in form.beside):
        return False
    if any(word in content for word in form.apart):
        return False
    address = _ADDRESS.search(text)
    if address:
        user, password, host = (part.decode("utf-8", "replace") for part in address.groups())
        return password != user and not is_placeholder_password(password) and not _LOCAL.search(host)
    return not form.random or not is_placeholder_token(text[-_LONGEST:].decode("utf-8", "replace"))
