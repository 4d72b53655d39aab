"""The Xet CAS over plain HTTP: what it hands out and what it refuses."""

import hashlib
import json
import random
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub.xet import hashes

NOWHERE = "f" * 64


@dataclass(frozen=True)
class Description:
    """A file as a shard describes it, here to be falsified; terms are (xorb, first chunk, end, length)."""

    hash: str
    sha256: str
    terms: tuple[tuple[str, int, int, int], ...]
    proofs: tuple[str, ...]
    flags: int = 0b11 << 30

    def shard(self) -> bytes:
        def record(text: str, *numbers: int) -> bytes:
            return struct.pack("<32s4I", hashes.to_bytes(text), *numbers, *[0] * (4 - len(numbers)))

        magic = b"HFRepoMetaData\0" + bytes.fromhex("556967456a7b815783a5bdd95ccdd14aa9")
        lines = [struct.pack("<32sQQ", magic, 2, 0), record(self.hash, self.flags, len(self.terms))]
        lines += [record(xorb, 0, length, first, end) for xorb, first, end, length in self.terms]
        lines += [record(proof) for proof in self.proofs]
        return b"".join([*lines, record(self.sha256), record("f" * 64), record("f" * 64)])


class Chunks:
    """Some chunks of random content, the xorb that holds them, and files made of them."""

    def __init__(self, *sizes: int) -> None:
        self.contents = [random.randbytes(size) for size in sizes]
        self.nodes = [(hashes.chunk_hash(content), len(content)) for content in self.contents]
        self.hash = hashes.xorb_hash(self.nodes)
        headers = [b"\0" + len(c).to_bytes(3, "little") + b"\0" + len(c).to_bytes(3, "little") for c in self.contents]
        self.xorb = b"".join(header + content for header, content in zip(headers, self.contents, strict=True))

    def file(self, *spans: tuple[int, int]) -> Description:
        """The file of these spans [first, end) of chunks."""
        content = b"".join(b"".join(self.contents[first:end]) for first, end in spans)
        nodes = [node for first, end in spans for node in self.nodes[first:end]]
        return Description(
            hashes.file_hash(nodes),
            hashlib.sha256(content).hexdigest(),
            tuple((self.hash, first, end, sum(size for _, size in self.nodes[first:end])) for first, end in spans),
            tuple(hashes.range_hash(text for text, _ in self.nodes[first:end]) for first, end in spans),
        )


@pytest.fixture
def dataset(api: HfApi, name: str) -> str:
    api.create_repo(name, repo_type="dataset", private=True)
    return name


def token(
    http: httpx2.Client, dataset: str, scope: str, hub_token: str = "hf_alice", rev: str = "main"
) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {hub_token}"}
    return http.get(f"/api/datasets/{dataset}/xet-{scope}-token/{rev}", headers=headers)


@pytest.fixture
def cas(http: httpx2.Client, dataset: str) -> Iterator[httpx2.Client]:
    """The CAS, with a write token."""
    access = token(http, dataset, "write").json()
    headers = {"Authorization": f"Bearer {access['accessToken']}"}
    with httpx2.Client(base_url=access["casUrl"], headers=headers, timeout=10) as client:
        yield client


def post_xorb(cas: httpx2.Client, chunks: Chunks) -> httpx2.Response:
    return cas.post(f"/v1/xorbs/default/{chunks.hash}", content=chunks.xorb)


def is_there(http: httpx2.Client, dataset: str, file: Description) -> bool:
    """Whether the Hub has the content."""
    size = sum(length for *_, length in file.terms)
    headers = {"Authorization": "Bearer hf_alice"}
    asked = {"oid": file.sha256, "size": size}
    status = http.post(f"/datasets/{dataset}.git/info/lfs/objects/verify", json=asked, headers=headers).status_code
    assert status in (200, 404)
    return status == 200


def test_a_token_comes_in_the_body_and_in_the_headers(http: httpx2.Client, dataset: str) -> None:
    answer = token(http, dataset, "read")
    body = answer.json()
    assert body["casUrl"] == answer.headers["X-Xet-Cas-Url"] == f"{str(http.base_url).rstrip('/')}/_xet"
    assert body["accessToken"] == answer.headers["X-Xet-Access-Token"]
    assert str(body["exp"]) == answer.headers["X-Xet-Token-Expiration"]


class Refusal(NamedTuple):
    """Who asks for which token, and how the Hub refuses it."""

    scope: str
    hub_token: str
    rev: str
    status: int
    code: str | None


@pytest.mark.parametrize(
    "case",
    [
        Refusal(scope="write", hub_token="hf_alice_read", rev="main", status=403, code=None),
        Refusal(scope="read", hub_token="hf_bob", rev="main", status=404, code="RepoNotFound"),
        Refusal(scope="read", hub_token="hf_nobody", rev="main", status=401, code=None),
        Refusal(scope="write", hub_token="hf_alice", rev="nowhere", status=404, code="RevisionNotFound"),
    ],
    ids=lambda case: f"{case.scope} by {case.hub_token} at {case.rev}",
)
def test_a_token_is_refused_to_whoever_may_not(case: Refusal, http: httpx2.Client, dataset: str) -> None:
    answer = token(http, dataset, case.scope, case.hub_token, case.rev)
    assert (answer.status_code, answer.headers.get("X-Error-Code")) == (case.status, case.code)


def test_a_read_token_is_for_reading_only(http: httpx2.Client, cas: httpx2.Client, dataset: str) -> None:
    headers = {"Authorization": f"Bearer {token(http, dataset, 'read').json()['accessToken']}"}
    for path in (f"/v1/xorbs/default/{NOWHERE}", "/v1/shards", "/v2/shards"):
        assert cas.post(path, content=b"x", headers=headers).status_code == 403
    assert cas.get(f"/v1/reconstructions/{NOWHERE}", headers=headers).status_code == 404


@pytest.mark.parametrize("authorization", ["", "Bearer xet_forged", "Bearer hf_alice"])
def test_the_cas_opens_to_its_own_tokens_only(cas: httpx2.Client, authorization: str) -> None:
    headers = {"Authorization": authorization}
    assert cas.post("/v1/shards", content=b"x", headers=headers).status_code == 401
    assert cas.get(f"/v1/chunks/default/{NOWHERE}", headers=headers).status_code == 401
    assert cas.get(f"/v2/reconstructions/{NOWHERE}", headers=headers).status_code == 401


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_whose_content_is_proven_is_accepted(
    http: httpx2.Client, cas: httpx2.Client, dataset: str, version: int
) -> None:
    chunks = Chunks(1000, 2000)
    file = chunks.file((0, 2))
    assert post_xorb(cas, chunks).json() == {"was_inserted": True}
    assert post_xorb(cas, chunks).json() == {"was_inserted": False}
    assert not is_there(http, dataset, file)
    answer = cas.post(f"/v{version}/shards", content=file.shard())
    events = [json.loads(line) for line in answer.text.splitlines()]
    assert events == [{"result": 1}] if version == 1 else events[-1] == {"type": "result"}
    assert is_there(http, dataset, file)


def test_a_xorb_uploaded_by_eight_at_once_is_new_once(cas: httpx2.Client) -> None:
    chunks = Chunks(*[60_000] * 20)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post_xorb(cas, chunks).json()["was_inserted"], range(8)))
    assert sorted(answers) == [False] * 7 + [True]


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "damage", ["content", "version", "length", "scheme", "cut in a chunk", "cut after one", "empty"]
)
def test_a_damaged_xorb_is_refused(cas: httpx2.Client, damage: str) -> None:
    chunks = Chunks(1000, 2000)
    whole, first = chunks.xorb, 8 + 1000
    damaged = {
        "content": flipped(whole, 500),
        "version": flipped(whole, 0),
        "length": flipped(whole, 5),
        "scheme": flipped(whole, 4),
        "cut in a chunk": whole[:-1],
        "cut after one": whole[:first],
        "empty": b"",
    }[damage]
    path = f"/v1/xorbs/default/{chunks.hash}"
    answer = cas.post(path, content=damaged)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert cas.post("/v1/shards", content=chunks.file((0, 2)).shard()).status_code == 400, "it was kept all the same"
    assert post_xorb(cas, chunks).json() == {"was_inserted": True}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("lie", "word"),
    [
        ("sha256", "sha256"),
        ("hash", "hash"),
        ("proof", "verification hash"),
        ("length", "length"),
        ("unknown xorb", "aren't here"),
        ("too many chunks", "aren't here"),
        ("no chunks", "aren't here"),
        ("no proofs", "verification entries"),
        ("cut", "bookend"),
        ("no shard", "no shard"),
    ],
)
def test_a_shard_that_does_not_tell_the_truth_is_refused(
    http: httpx2.Client, cas: httpx2.Client, dataset: str, version: int, lie: str, word: str
) -> None:
    chunks = Chunks(1000, 2000)
    post_xorb(cas, chunks)
    file = chunks.file((0, 2))
    shard = {
        "sha256": replace(file, sha256="0" * 64).shard(),
        "hash": replace(file, hash=chunks.hash).shard(),
        "proof": replace(file, proofs=(NOWHERE,)).shard(),
        "length": replace(file, terms=((chunks.hash, 0, 2, 2999),)).shard(),
        "unknown xorb": replace(file, terms=((NOWHERE, 0, 2, 3000),)).shard(),
        "too many chunks": replace(file, terms=((chunks.hash, 0, 3, 3000),)).shard(),
        "no chunks": replace(file, terms=((chunks.hash, 2, 2, 0),)).shard(),
        "no proofs": replace(file, flags=0).shard(),
        "cut": file.shard()[: 3 * 48],
        "no shard": b"no shard" * 20,
    }[lie]
    answer = cas.post(f"/v{version}/shards", content=shard)
    last = json.loads(answer.text.splitlines()[-1])
    if answer.status_code == 200:  # a stream has begun before the content is looked at
        assert (version, last["type"], last["retryable"]) == (2, "error", False)
    else:
        assert answer.status_code == 400
    assert word in last.get("message", "") + last.get("error", "")
    assert not is_there(http, dataset, file)
    assert cas.get(f"/v1/reconstructions/{file.hash}").status_code == 404


def put(cas: httpx2.Client, chunks: Chunks, file: Description) -> None:
    post_xorb(cas, chunks)
    assert cas.post("/v1/shards", content=file.shard()).status_code == 200


def test_chunk_ranges_that_overlap_or_touch_are_fetched_as_one(cas: httpx2.Client) -> None:
    chunks = Chunks(*[1000] * 8)
    file = chunks.file((0, 3), (1, 4), (4, 5), (6, 8))
    put(cas, chunks, file)
    answer: dict[str, Any] = cas.get(f"/v1/reconstructions/{file.hash}").json()
    assert [term["range"] for term in answer["terms"]] == [
        {"start": first, "end": end} for first, end in [(0, 3), (1, 4), (4, 5), (6, 8)]
    ]
    fetches = answer["fetch_info"][chunks.hash]
    assert [fetch["range"] for fetch in fetches] == [{"start": 0, "end": 5}, {"start": 6, "end": 8}]
    assert [fetch["url_range"] for fetch in fetches] == [{"start": 0, "end": 5039}, {"start": 6048, "end": 8063}]
    newer = cas.get(f"/v2/reconstructions/{file.hash}").json()
    assert newer["terms"] == answer["terms"]
    ranges = [entry["ranges"] for entry in newer["xorbs"][chunks.hash]]
    assert ranges == [[{"chunks": fetch["range"], "bytes": fetch["url_range"]}] for fetch in fetches]


def test_a_range_of_a_file_needs_only_the_chunks_it_touches(cas: httpx2.Client) -> None:
    chunks = Chunks(*[1000] * 8)
    file = chunks.file((0, 4), (6, 8))
    put(cas, chunks, file)
    answer = cas.get(f"/v1/reconstructions/{file.hash}", headers={"Range": "bytes=2500-4999"}).json()
    assert answer["offset_into_first_range"] == 500
    assert [(term["range"], term["unpacked_length"]) for term in answer["terms"]] == [
        ({"start": 2, "end": 4}, 2000),
        ({"start": 6, "end": 7}, 1000),
    ]
    beyond = cas.get(f"/v1/reconstructions/{file.hash}", headers={"Range": "bytes=6000-6001"})
    assert beyond.status_code == 416
    assert cas.get(f"/v1/reconstructions/{file.hash}", headers={"Range": "lines=1-2"}).status_code == 400


def test_an_address_opens_its_own_range_of_its_own_xorb(http: httpx2.Client, cas: httpx2.Client) -> None:
    chunks, others = Chunks(1000, 1000), Chunks(1000, 1000)
    post_xorb(cas, others)
    file = chunks.file((1, 2))
    put(cas, chunks, file)
    (fetch,) = cas.get(f"/v1/reconstructions/{file.hash}").json()["fetch_info"][chunks.hash]
    url, asked = fetch["url"], {"Range": "bytes=1008-2015"}
    answer = http.get(url, headers=asked)
    assert (answer.status_code, answer.content) == (206, chunks.xorb[1008:])
    assert http.get(url, headers={"Range": "bytes=0-2015"}).status_code == 403
    assert http.get(url).status_code == 403
    assert http.get(url.replace(chunks.hash, others.hash), headers=asked).status_code == 403
    assert http.get(url.partition("?")[0], headers=asked).status_code == 403
