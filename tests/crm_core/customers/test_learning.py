"""What a list says of customers, sealed and laid over what is known."""

import sqlalchemy as sa

from crm_core.customers import customers
from crm_core.customers.learning import learn
from crm_core.customers.tables import customers as rows
from crm_core.database import Database

LIN = {"id": "C1", "name": "林晚", "phone": "13800001234", "city": "杭州", "extra": {"来源": "小程序"}}


def test_name_and_phone_are_sealed_and_the_same_list_changes_nothing(database: Database) -> None:
    with database.transaction() as tx:
        assert learn(tx, [LIN], [[("phone", "13800001234")]]) == [True]
        sealed = tx.execute(sa.select(rows.c.phone)).scalar_one()
        assert b"13800001234" not in sealed
        assert learn(tx, [LIN], [[("phone", "13800001234")]]) == [False]
        assert tx.execute(sa.select(rows.c.phone)).scalar_one() == sealed


def test_a_new_identity_alone_is_news(database: Database) -> None:
    with database.transaction() as tx:
        learn(tx, [LIN], [[]])
        assert learn(tx, [LIN], [[("device_id", "d1")]]) == [True]
        assert customers.known_by(tx, "device_id", ["d1"]) == {"d1": ["C1"]}


def test_none_takes_nothing_away_and_extra_is_added_to(database: Database) -> None:
    with database.transaction() as tx:
        learn(tx, [LIN], [[]])
        learn(tx, [{"id": "C1", "name": None, "city": None, "points": 3, "extra": {"偏好": "口红"}}], [[]])
        found = customers.find(tx, "C1")
        assert customers.contact(tx, "C1")[0] == "林晚"
    assert found is not None
    assert (found.city, found.points, found.extra) == ("杭州", 3, {"来源": "小程序", "偏好": "口红"})
