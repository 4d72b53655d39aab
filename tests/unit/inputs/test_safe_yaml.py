"""YAML that is made to hang, to grow or to break its reader."""

import tracemalloc

import pytest
import yaml

from hfspace_action.inputs import safe_yaml

ALIASES = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9))


@pytest.mark.parametrize(
    "text",
    [
        ALIASES,
        MERGES,
        "a: &a [*a]",
        "a: &a {b: {c: *a}}",
        "[" * 5000,
        "{a: " * 5000,
        "? [a]\n: b\n? {c: d}\n: e",
        "k: v\n" * (safe_yaml.LONGEST // 5 + 1),
        "[" + "x," * (safe_yaml.MOST_NODES + 1) + "]",
        "a: b\n--- \nc: d",
    ],
    ids=lambda text: text[:24],
)
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "text"])
def test_what_can_not_be_read_is_refused_in_little_memory(text: str, typed: bool) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(yaml.YAMLError):
            safe_yaml.load(text, typed=typed)
        assert tracemalloc.get_traced_memory()[1] < 200 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["x: 2020-13-45", "x: !!int letters"])
def test_a_value_that_does_not_fit_its_type_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        safe_yaml.load(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: &x [1, 2]\nb: *x", {"a": [1, 2], "b": [1, 2]}),
        ("base: &b {k: v}\nall: {<<: *b, m: n}", {"base": {"k": "v"}, "all": {"k": "v", "m": "n"}}),
        ("- 3.10", [3.1]),
    ],
)
def test_what_people_write_is_read(text: str, value: object) -> None:
    assert safe_yaml.load(text) == value
