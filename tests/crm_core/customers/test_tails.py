"""The last digits of a phone come and go with the phone."""

import pytest

from crm_core.customers import customers, learning
from crm_core.customers.tails import KIND, tail_of
from crm_core.database import Database


@pytest.mark.parametrize(
    ("phone", "tail"), [("13812345678", "5678"), ("+86 138-1234-5678", "5678"), ("123", None), ("", None)]
)
def test_the_tail_is_the_last_four_digits(phone: str, tail: str | None) -> None:
    assert tail_of(phone) == tail


def test_who_gets_a_new_number_is_found_by_its_end_and_no_longer_by_the_old_one(database: Database) -> None:
    for number in ("13812345678", "13987654321"):
        row = {"id": "C1", "phone": number, "extra": {}}
        database.write(lambda tx, row=row: learning.learn(tx, [row], [[("phone", row["phone"])]])).result()
    with database.reading() as tx:
        assert customers.known_by(tx, KIND, ["5678", "4321"]) == {"4321": ["C1"]}
