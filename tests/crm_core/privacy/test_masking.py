"""What may be shown of a phone and a name."""

import pytest

from crm_core.privacy import masking


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("021-5555666", "********66"),
        ("123", "***"),
        (None, None),
    ],
)
def test_a_phone_shows_its_ends_alone(number: str | None, shown: str | None) -> None:
    assert masking.phone(number) == shown


@pytest.mark.parametrize(
    ("full", "shown"), [("王小美", "王**"), ("李四", "李*"), ("张", "张*"), ("", None), (None, None)]
)
def test_a_name_shows_its_first_character(full: str | None, shown: str | None) -> None:
    assert masking.name(full) == shown
