"""The input `volumes` means what the official client reads in the same text, and says what is wrong with any other."""

import pytest
from huggingface_hub.errors import HfUriError
from huggingface_hub.utils import parse_hf_mount
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.inputs import volumes
from hfspace_action.inputs.key_values import Refused
from hfspace_action.volume import Volume

TYPES = ("bucket", "model", "dataset", "space")
names = st.from_regex(r"[a-z0-9]([a-z0-9_-]{0,5}[a-z0-9])?", fullmatch=True).filter(lambda name: "--" not in name)
parts = st.from_regex(r"[a-z0-9_@.-]{0,6}[a-z0-9]", fullmatch=True)
paths = st.lists(parts, max_size=3).map("/".join)
revisions = st.one_of(
    st.none(),
    st.from_regex(r"[a-z0-9][a-z0-9/._-]{0,8}[a-z0-9]", fullmatch=True),
    st.sampled_from(["main", "v1.0", "refs/pr/3", "refs/convert/parquet", "a b%@:é"]),
)


@st.composite
def drawn(draw: st.DrawFn) -> Volume:
    """Any volume that there can be."""
    kind = draw(st.sampled_from(TYPES))
    is_bucket = kind == "bucket"
    mount = "/" + "/".join(draw(st.lists(parts, min_size=1, max_size=3)))
    read_only = draw(st.sampled_from([None, True, False] if is_bucket else [None, True]))
    revision = None if is_bucket else draw(revisions)
    return Volume(kind, f"{draw(names)}/{draw(names)}", mount, revision, read_only, draw(paths))


def by_the_client(line: str) -> Volume:
    found = parse_hf_mount(line)
    source = found.source
    return Volume(source.type, source.id, found.mount_path, source.revision, found.read_only, source.path_in_repo)


@given(drawn())
def test_what_is_written_out_is_read_as_the_client_reads_it(volume: Volume) -> None:
    line = str(volume)

    (read,) = volumes.read(line)

    assert read == by_the_client(line)
    assert read.same(volume)


@pytest.mark.parametrize(
    "line",
    [
        "hf://org/model:/models",
        "hf://models/org/model:/models:ro",
        "hf://datasets/org/data@v1/train/a@b:/data",
        "hf://org/model@refs/pr/3/weights:/m",
        "hf://org/model@feature%2Ffoo:/m",
        "hf://buckets/org/store/sub/dir:/mnt/store:rw",
        "hf://buckets/org/store:/mnt:ro",
        "hf://spaces/org/app:/app",
    ],
)
def test_the_client_reads_the_same(line: str) -> None:
    assert volumes.read(line) == (by_the_client(line),)


def test_there_is_one_a_line_as_in_a_list_and_lines_of_remarks_are_left_out() -> None:
    text = "\n- hf://datasets/org/data:/data/\n# what the app writes\n  hf://buckets/org/store:/store\n"

    assert [str(each) for each in volumes.read(text)] == [
        "hf://datasets/org/data:/data",
        "hf://buckets/org/store:/store",
    ]


@pytest.mark.parametrize(
    ("text", "problem", "advice"),
    [
        ("# none", "it names no volume", "hf://datasets/alice/data:/data"),
        ("datasets/org/data:/data", "is not a volume", "one volume a line"),
        ("https://huggingface.co/datasets/org/data:/d", "is not a volume", "Did you mean hf://datasets/org/data:/d?"),
        ("hf://datasets/org/data:data", "'data' in 'hf://datasets/org/data:data' is a relative path", ":/data."),
        ("hf://datasets/org/data", "does not say where it is mounted", "hf://datasets/org/data:/data"),
        ("hf://org/model:/", "'/' in 'hf://org/model:/' is no path to mount at", "such as /data"),
        ("hf://org/model:/a/../b", "is no path to mount at", "such as /data"),
        ("hf://dataset/org/data:/d", "'dataset' in 'hf://dataset/org/data:/d' is no type", "Did you mean datasets?"),
        ("hf://datsets/org/data:/d", "is no type of volume", "Did you mean datasets?"),
        ("hf://kernels/org/kernel:/k", "is no type of volume", "Known types: models, datasets, spaces, buckets."),
        ("hf://buckets/org/store@v1/x:/s", "names a revision, and a bucket has none", "Leave @v1 out."),
        ("hf://datasets/org/data:/d:rw", "is a dataset, which is always mounted read-only", "Leave :rw out"),
        ("hf://org/model@:/m", "has no revision after the @", "leave the @ out"),
        ("hf://model:/m", "is not the name of a model", "Write owner/name."),
        ("hf://datasets/org/da--ta:/m", "'org/da--ta'", "Write owner/name."),
        ("hf://org/model/a//b:/m", "'a//b' in 'hf://org/model/a//b:/m' is no folder", "without empty parts"),
        ("hf://a/b:/data\nhf://c/d:/data/", "two volumes are mounted at '/data'", "a path of its own"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(text: str, problem: str, advice: str) -> None:
    with pytest.raises(Refused) as refused:
        volumes.read(text)

    assert problem in str(refused.value)
    assert advice in refused.value.advice


@given(st.text(st.sampled_from("hf:/@.-ro w%aàbcdset\n"), max_size=40).map(lambda text: f"hf://{text}"))
def test_no_text_ends_otherwise_and_none_is_taken_that_the_client_refuses(text: str) -> None:
    try:
        read = volumes.read(text)
    except Refused:
        return
    for volume in read:
        try:
            assert by_the_client(str(volume)).same(volume)
        except HfUriError as error:
            pytest.fail(f"{text!r}: {error}")
