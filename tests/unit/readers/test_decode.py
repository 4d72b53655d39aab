"""Text files as the programs that read them decode them."""

import pytest

from hfspace_action.file import File, Pointer, is_unfetched
from hfspace_action.readers import decode, requirements
from hfspace_action.readers.files import Deployed

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"


def asked(content: bytes) -> requirements.Asked:
    return requirements.read(Deployed({"requirements.txt": File.of("requirements.txt", content)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    assert decode.strict("é\n".encode(encoding)) == "é\n"
    assert decode.lenient("é\n".encode(encoding)) == "é\n"


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_both_orders(mark: str) -> None:
    assert decode.lenient("\ufeffgradio\r\n".encode(mark)) == "gradio\r\n"
    assert decode.name("\ufeffx".encode(mark)) == "UTF-16"


def test_requirements_in_an_encoding_that_they_declare() -> None:
    assert decode.lenient("# -*- coding: latin-1 -*-\n# é\n".encode("latin-1")).endswith("# é\n")
    assert decode.lenient(b"# coding: nonsense\ngradio\n").endswith("gradio\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("x = 1\n".encode("utf-16"), "UTF-16"),
        (b"# coding: nonsense\n", "nonsense"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem"),
        (b"x = '\xe9'\n", "encoding declaration"),
    ],
)
def test_sources_that_python_can_t_read(content: bytes, reason: str) -> None:
    with pytest.raises(SyntaxError, match=reason):
        compile_or_decode(content)


def compile_or_decode(content: bytes) -> None:
    """Python refuses it as well."""
    with pytest.raises((SyntaxError, ValueError)):
        compile(content, "x.py", "exec")
    decode.python(content)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfx = 1\r\n", b"# coding: latin-1\nx = '\xe9'\n", b"x = 1\n"])
def test_sources_that_python_reads(content: bytes) -> None:
    compile(content, "x.py", "exec")
    assert "x = " in decode.python(content)


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("gradio==5.1.0", "5.1.0"),
        ("gradio[oauth] == 5.1.0 ; python_version > '3'", "5.1.0"),
        ("Gradio===5.1.0", "5.1.0"),
        ("gradio==5.1.0  # why", "5.1.0"),
        ("gradio==5.1.0 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11", "5.1.0"),
        ("gradio \\\n==5.1.0", "5.1.0"),
        ("gradio>=5", None),
        ("gradio==5.*", None),
        ("gradio==5.1,!=5.2", None),
        ("# gradio==5.1.0", None),
        ("gradio-client==1.0", None),
        ("gradio @ https://example.com/x.whl", None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_pin_of_gradio(text: str, pin: str | None, encoding: str) -> None:
    content = f"numpy\n-i https://pypi.org/simple\n{text}\n".replace("\n", "\r\n").encode(encoding)
    entry = asked(content).get("gradio")
    assert (entry and entry.pin) == pin
    if pin and entry:
        assert entry.line == 3


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("numpy=1.26.4=py311h64a7726_0", "numpy==1.26.4"),
        ("numpy=1.26.4", "numpy==1.26.4"),
        ("this is not one", None),
        ("numpy==", None),
    ],
)
def test_lines_that_pip_can_t_read_are_found_and_conda_s_are_mended(line: str, instead: str | None) -> None:
    read = asked(f"a\n{line}\n".encode())
    (fault,) = read.faults
    assert (fault.line, fault.text, fault.instead) == (2, line, instead)


@pytest.mark.parametrize(
    "line", ["./wheels/x.whl", "git+https://github.com/a/b.git", "-e .", "--pre", "x @ file:///y", "a; b" * 0]
)
def test_lines_that_pip_reads_are_no_faults(line: str) -> None:
    assert asked(f"{line}\n".encode()).faults == ()


def test_requirements_that_include_one_another_come_to_an_end() -> None:
    files = {
        "requirements.txt": File.of("requirements.txt", b"-r a.txt\n"),
        "a.txt": File.of("a.txt", b"-r requirements.txt\nx\n"),
    }
    assert [entry.name for entry in requirements.read(Deployed(files)).entries] == ["x"]


@pytest.mark.parametrize(
    "content", [POINTER, POINTER.rstrip("\n"), POINTER.replace("\n", "\r\n"), POINTER.replace("\n", "\r\n").rstrip()]
)
def test_a_pointer_that_was_not_fetched_is_known_by_any_line_ends(content: str) -> None:
    assert is_unfetched(content.encode())


@pytest.mark.parametrize(
    "content", ["", "version https://git-lfs.github.com/spec/v1\n", POINTER + "more\n", f" {POINTER}"]
)
def test_what_is_no_pointer(content: str) -> None:
    assert not is_unfetched(content.encode())


def test_only_git_lfs_own_form_is_a_pointer_in_git() -> None:
    assert Pointer.parse(POINTER.encode())
    assert Pointer.parse(POINTER.replace("\n", "\r\n").encode()) is None
