"""Rows laid over rows: only what differs is written."""

from crm_core.changes import filled, over, put
from crm_core.commerce.tables import products, relations
from crm_core.database import Database

FRESH = {"attributes": {}}


def test_what_is_said_wins_and_what_is_not_said_stays(database: Database) -> None:
    with database.transaction() as tx:
        put(
            tx, products, [{"sku": "A", "name": "茶杯", "price": 9, "attributes": {"色": "白", "高": "9"}}], fresh=FRESH
        )
        changed = put(tx, products, [{"sku": "A", "name": "茶碗", "attributes": {"色": "青", "高": None}}], fresh=FRESH)
        (row,) = tx.execute(products.select()).all()
    assert changed == [True]
    assert (row.name, row.price, row.attributes) == ("茶碗", 9, {"色": "青"})


def test_saying_the_same_again_writes_nothing(database: Database) -> None:
    row = {"sku": "A", "name": "茶杯", "attributes": {}}
    with database.transaction() as tx:
        assert put(tx, products, [row, row], fresh=FRESH) == [True, False]
        assert put(tx, products, [row], fresh=FRESH) == [False]


def test_of_two_rows_with_one_key_the_later_lies_on_top(database: Database) -> None:
    with database.transaction() as tx:
        put(tx, products, [{"sku": "A", "name": "茶杯", "stock": 1}, {"sku": "A", "name": "茶碗"}], fresh=FRESH)
        (row,) = tx.execute(products.select()).all()
    assert (row.name, row.stock) == ("茶碗", 1)


def test_rows_with_several_key_columns_and_more_keys_than_one_question_holds(database: Database) -> None:
    rows = [{"subject_sku": f"S{n}", "predicate": "goes_with", "object_sku": "A", "note": str(n)} for n in range(1200)]
    with database.transaction() as tx:
        assert all(put(tx, relations, rows, fresh={"extra": {}}))
        assert not any(put(tx, relations, rows, fresh={"extra": {}}))
        changed = put(tx, relations, [{**rows[1100], "note": "别的"}], fresh={"extra": {}})
    assert changed == [True]


def test_nothing_to_say_asks_nothing(database: Database) -> None:
    with database.transaction() as tx:
        assert put(tx, products, [], fresh=FRESH) == []


def test_laying_over_takes_keys_away_where_none_is_said() -> None:
    assert over({"a": 1, "x": {"k": 1, "l": 2}}, {"x": {"k": None, "m": 3}}) == {"a": 1, "x": {"l": 2, "m": 3}}
    assert filled({"a": None, "b": 0}) == {"b": 0}
