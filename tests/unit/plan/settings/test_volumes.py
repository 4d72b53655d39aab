"""Declared volumes are mounted, those of others stay, and a second run changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.errors import Failure
from hfspace_action.plan.settings import volumes
from hfspace_action.volume import Volume

DATA = Volume("dataset", "org/data", "/data")
HIDDEN = Volume("dataset", "****/******", "/theirs", read_only=True)

some = st.builds(
    Volume,
    st.sampled_from(["bucket", "model", "dataset", "space"]),
    st.sampled_from(["a/one", "a/two", "A/One"]),
    st.sampled_from(["/a", "/b", "/c", "/d/e", "/d/e/"]),
    st.sampled_from([None, "main", "v1"]),
    st.sampled_from([None, True, False]),
    st.sampled_from(["", "sub", "sub/"]),
)
lists = st.lists(some, unique_by=lambda volume: volume.place, max_size=5)


def reported(kept: tuple[Volume, ...]) -> tuple[Volume, ...]:
    """Volumes as a Hub reports what was set: with all that it forces and defaults."""
    return tuple(volume._replace(read_only=not volume.writable, revision=volume.revision or "main") for volume in kept)


@given(declared=lists, present=lists)
def test_a_merge_loses_none_of_others_and_has_each_declared_one_once(
    declared: list[Volume], present: list[Volume]
) -> None:
    merged = volumes.merged("alice/a", declared, present)

    wanted = {volume.place for volume in declared}
    assert [volume for volume in present if volume.place not in wanted] == [
        volume for volume in merged if volume.place not in wanted
    ]
    assert sorted(declared) == sorted(volume for volume in merged if volume.place in wanted)


@given(now=lists, before=lists)
def test_what_an_answer_leaves_out_is_still_known(now: list[Volume], before: list[Volume]) -> None:
    known = volumes.all_known(now, before)

    assert list(known[: len(now)]) == now
    assert {volume.place for volume in known} == {volume.place for volume in (*now, *before)}


@given(declared=lists, present=lists)
def test_a_second_run_changes_nothing(declared: list[Volume], present: list[Volume]) -> None:
    merged = volumes.merged("alice/a", declared, present)

    assert list(volumes.differences(declared, reported(merged))) == []
    assert volumes.merged("alice/a", declared, merged) == merged


@pytest.mark.parametrize(
    ("present", "is_there"),
    [
        (Volume("dataset", "org/data", "/data", read_only=True), True),
        (Volume("dataset", "Org/Data", "/data/", "main", read_only=True, path="/"), True),
        (Volume("dataset", "****/******", "/data", read_only=True), True),
        (Volume("dataset", "", "/data", read_only=True), True),
        (Volume("dataset", "org/data", "/data", "v1"), False),
        (Volume("dataset", "org/data", "/data", path="train"), False),
        (Volume("dataset", "org/other", "/data"), False),
        (Volume("model", "org/data", "/data"), False),
        (Volume("model", "****/******", "/data"), False),
        (Volume("dataset", "org/data", "/elsewhere"), False),
    ],
)
def test_what_the_hub_fills_in_is_no_difference(present: Volume, is_there: bool) -> None:
    assert (list(volumes.differences([DATA], [present])) == []) == is_there


def test_a_bucket_that_is_read_only_is_another_than_one_that_is_not() -> None:
    written, read = Volume("bucket", "a/b", "/b", read_only=False), Volume("bucket", "a/b", "/b", read_only=True)

    assert written.same(Volume("bucket", "a/b", "/b"))
    assert not written.same(read)


def test_a_change_shows_both_as_they_are_written() -> None:
    new, other = volumes.differences(
        [DATA, Volume("bucket", "org/store", "/store", read_only=True)], [Volume("model", "org/x", "/data", "v1")]
    )

    assert (new.key, new.was, new.becomes) == ("/data", "hf://models/org/x@v1:/data", "hf://datasets/org/data:/data")
    assert (other.key, other.was, other.becomes) == ("/store", None, "hf://buckets/org/store:/store:ro")
    assert new.restarts


def test_one_of_others_that_is_masked_stops_the_merge_unless_it_is_declared() -> None:
    with pytest.raises(Failure) as caught:
        volumes.merged("alice/a", [DATA], [HIDDEN])

    assert (caught.value.id, "/theirs in alice/a" in caught.value.message) == ("volumes-hidden", True)
    known = HIDDEN._replace(source="alice/secret")
    assert volumes.merged("alice/a", [known], [HIDDEN]) == (known,)
