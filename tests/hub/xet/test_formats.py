"""The binary formats and the tokens of localhub's Xet CAS, where hf_xet's own uploads do not reach."""

import io
import time
from pathlib import Path

import lz4.frame
import pytest

from localhub.xet import hashes, xorb
from localhub.xet.tokens import TokenError, Tokens


def chunk(stored: bytes, scheme: int, size: int) -> bytes:
    return b"\0" + len(stored).to_bytes(3, "little") + bytes([scheme]) + size.to_bytes(3, "little") + stored


def grouped(content: bytes) -> bytes:
    return b"".join(content[place::4] for place in range(4))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 1001])
def test_a_chunk_decodes_by_every_scheme(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    written = [chunk(content, 0, size), chunk(lz4.frame.compress(content), 1, size)]
    written.append(chunk(lz4.frame.compress(grouped(content)), 2, size))
    assert list(xorb.contents(io.BytesIO(b"".join(written)))) == [content] * 3


def test_reading_stops_at_the_footer() -> None:
    assert list(xorb.contents(io.BytesIO(chunk(b"content", 0, 7) + b"XETBLOB\1 and so on"))) == [b"content"]


@pytest.mark.parametrize(
    ("damaged", "words"),
    [
        (chunk(b"no frame", 1, 8), "no LZ4 frame"),
        (chunk(lz4.frame.compress(b"content")[:-4], 1, 7), "has no end"),
        (chunk(lz4.frame.compress(bytes(10_000_000)), 1, 100), "has no end"),
        (chunk(lz4.frame.compress(b"content"), 1, 8), "decodes to 7"),
        (chunk(b"content", 0, 8), "decodes to 7"),
        (chunk(b"", 0, 0), "decodes to 0"),
        (chunk(b"content", 3, 7), "Unknown compression scheme 3"),
        (chunk(b"content", 0, 7)[:-1], "ends within a chunk"),
        (chunk(b"content", 0, 7) + b"\0\0", "No chunk header at byte 15"),
        (b"", "no chunk"),
    ],
)
def test_a_damaged_xorb_is_named_for_what_is_wrong(damaged: bytes, words: str) -> None:
    with pytest.raises(xorb.MalformedError, match=words):
        xorb.index(io.BytesIO(damaged))


def test_a_hash_is_written_as_four_numbers() -> None:
    # The example of https://huggingface.co/docs/xet/api
    text = "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918"
    assert hashes.to_text(bytes(range(32))) == text
    assert hashes.to_bytes(text) == bytes(range(32))


def test_a_file_of_no_chunks_has_the_hash_of_nothing() -> None:
    assert hashes.file_hash([]) == hashes.NOTHING


def test_a_token_holds_for_its_time_and_over_a_restart(tmp_path: Path) -> None:
    before = Tokens(tmp_path / "key")
    access = before.access("write", "spaces/alice/app")
    assert access.expires > time.time() + 60
    assert Tokens(tmp_path / "key").check_access(access.token) == "write"
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_token_that_is_over_or_anothers_is_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "key")
    over = tokens.access("read", "spaces/alice/app", life=-1).token
    foreign = Tokens(tmp_path / "other").access("read", "spaces/alice/app").token
    for token in (over, foreign, "", "xet_", tokens.fetch(hashes.NOTHING, 0, 1)):
        with pytest.raises(TokenError):
            tokens.check_access(token)


def test_an_address_that_is_over_or_of_another_xorb_is_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "key")
    assert tokens.check_fetch(tokens.fetch("a" * 64, 5, 9), "a" * 64) == (5, 9)
    for token in (
        tokens.fetch("a" * 64, 5, 9, life=-1),
        tokens.fetch("b" * 64, 5, 9),
        tokens.access("read", "r").token,
    ):
        with pytest.raises(TokenError):
            tokens.check_fetch(token, "a" * 64)
