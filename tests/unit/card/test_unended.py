"""Front matter that does not end: which line is none of it, however much follows."""

import pytest

from hfspace_action.card import blocks

MANY = 3000


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("---\nsdk: gradio\ntext\n" + "k: v\n" * MANY, 3, "text"),
        ("---\nsdk: gradio\nx: 'open\n" + "k: v\n" * MANY, 3, "x: 'open"),
        ("---\nsdk: gradio\nx: [\n" + "- v\n" * MANY, 3, "x: ["),
        ("---\nsdk: gradio\n" + "k: v\n" * MANY + "\n# Text\n", MANY + 4, "# Text"),
        ("---\nsdk: gradio\ntitle: A\n# Heading\ntext here\nmore: [\n", 5, "text here"),
    ],
    ids=["text", "a quote", "a bracket", "an empty line", "two"],
)
def test_the_first_line_that_is_none_is_found_at_once(text: str, line: int, says: str) -> None:
    with pytest.raises(blocks.Unended) as ended:
        blocks.find(text)

    assert (ended.value.line, ended.value.text) == (line, says)


def test_text_without_settings_is_none() -> None:
    assert blocks.find("---\nsome: text\n" + "of: nobody\n" * MANY) is None
