"""Text files, decoded as the programs that read them decode them: byte order marks, UTF-16, encodings that a file declares."""

import codecs
import re
from io import BytesIO

# UTF-32 before UTF-16, whose marks are the beginning of UTF-32's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"coding[:=]\s*([-\w.]+)")


def marked(content: bytes) -> str | None:
    """Return the encoding that a byte order mark names; None without a mark."""
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def without_mark(content: bytes) -> bytes:
    """Return the content after its byte order mark, if it has one."""
    return next((content[len(mark) :] for mark, _ in _MARKS if content.startswith(mark)), content)


def strict(content: bytes) -> str:
    """Decode by the byte order mark, or as UTF-8. Raises `UnicodeDecodeError`, whose `start` does not count the mark."""
    return without_mark(content).decode(marked(content) or "utf-8")


def lenient(content: bytes) -> str:
    """Decode with a replacement for what can't be read: by the byte order mark, by an encoding that a comment in the first two
    lines declares, as pip and Python read theirs, else as UTF-8."""
    if (encoding := marked(content)) is None:
        for line in content.split(b"\n", 2)[:2]:
            found = _DECLARED.search(line) if line.startswith(b"#") else None
            if found:
                try:
                    return content.decode(found[1].decode("ascii"), "replace")
                except LookupError:
                    break
    return without_mark(content).decode(encoding or "utf-8", "replace")


def python(content: bytes) -> str:
    """Decode a Python source as Python does. Raises `SyntaxError` for what Python can't read: UTF-16, unknown encodings."""
    if (marked(content) or "utf-8") != "utf-8":
        raise SyntaxError(f"it is {name(content)}, and Python reads no such source")
    import tokenize  # not before: an unchanged deploy reads no code

    encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SyntaxError(f"it is not {encoding}: {error.reason}") from error


def name(content: bytes) -> str:
    """Return the name of a content's encoding, as people write it."""
    return (marked(content) or "utf-8").upper().removesuffix("-LE").removesuffix("-BE")
