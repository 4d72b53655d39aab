"""What a line of YAML that can't be read should have been: the line that quotes mend."""

import pytest
import yaml

from hfspace_action.inputs import safe_yaml, yaml_mistakes


@pytest.mark.parametrize(
    ("text", "line", "mended"),
    [
        ("title: A: b", 0, "title: 'A: b'"),
        ("sdk: static\ntitle: Ted's: app", 1, "title: 'Ted''s: app'"),
        ("emoji: @", 0, "emoji: '@'"),
        ("a: 1\n\nb: %x\n", 2, "b: '%x'"),
        ('title: "half', 0, "title: 'half'"),
        ("a: b: c\nd: e: f", 0, "a: 'b: c'"),
    ],
)
def test_quotes_mend_the_line_that_is_wrong(text: str, line: int, mended: str) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        safe_yaml.load(text)

    found = yaml_mistakes.mended(text, caught.value)

    assert found is not None
    assert found[:2] == (line, mended)


@pytest.mark.parametrize("text", ["- a\nb: c", "{a: [}", "a: &x {b: *x}", "a:\n  - b\n c: d", "\x00"])
def test_what_quotes_do_not_mend_is_left(text: str) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        safe_yaml.load(text)

    assert yaml_mistakes.mended(text, caught.value) is None
