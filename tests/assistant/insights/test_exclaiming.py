"""Three exclamation marks, however they are typed."""

import pytest

from assistant.insights.exclaiming import mark_at_end, run_in


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("发货啊！！！", "！！！"),
        ("发货!!！快点", "!!！"),
        ("破了！ ！ ！", "！ ！ ！"),
        ("破烂😡！😡！😡！", "！😡！😡！"),
        ("破烂！[发怒]！[发怒]！", "！[发怒]！[发怒]！"),
        ("急‼！", "‼！"),
        ("急❗❗❗", "❗❗❗"),
        ("急❗️❗️❗️", "❗️❗️❗"),
        ("好的！！", None),
        ("好！的！吗！", None),
        ("！。！。！", None),
        ("???", None),
    ],
)
def test_a_run_is_found_with_the_characters_that_make_it(text: str, run: str | None) -> None:
    assert run_in(text) == run


@pytest.mark.parametrize(
    ("text", "mark"),
    [("快点!", "!"), ("快点！！ ", "！！"), ("快点！😡", "！"), ("快点！~", "！"), ("快！点", None), ("", None)],
)
def test_a_message_that_ends_with_a_mark(text: str, mark: str | None) -> None:
    assert mark_at_end(text) == mark
