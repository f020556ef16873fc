"""A figure without a source is found, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import figures, unsupported


@pytest.mark.parametrize(
    ("text", "grounds", "left"),
    [
        ("满59元包邮", ["全店满59元包邮"], set()),
        ("满49元包邮", ["全店满59元包邮"], {"49"}),
        ("满５９元包邮", ["全店满59元包邮"], set()),
        ("实付 ¥1299.00", ["1,299.00"], set()),
        ("11月24日 15:04 签收", ["11月24日 15:04"], set()),
        ("11月25日 签收", ["11月24日"], {"25"}),
        ("没有数字", [], set()),
        ("实付 ¥336.00，11月23日发货", ["¥336.00", "11月23日"], set()),
    ],
)
def test_what_no_ground_holds_is_unsupported(text: str, grounds: list[str], left: set[str]) -> None:
    assert unsupported(text, grounds) == left


@given(st.text())
def test_every_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == set()


@given(st.text(), st.integers(10**6, 10**9))
def test_an_invented_number_is_never_supported_by_a_text_that_lacks_it(text: str, number: int) -> None:
    if str(number) not in figures(text):
        assert str(number) in unsupported(f"共 {number} 元", [text])
