"""Buyers without a name, and how they leave."""

from crm_core.commerce import ordering
from crm_core.customers import customers, guests
from crm_core.database import Database


def test_a_guest_is_the_same_one_every_time_and_the_id_tells_nothing(database: Database) -> None:
    with database.transaction() as tx:
        first = guests.welcome(tx, "phone", ["13800001234"])
        again = guests.welcome(tx, "phone", ["13800001234"])
        assert first == again
        (guest,) = first.values()
        assert guests.is_guest(guest)
        assert "13800001234" not in guest
        assert customers.known_by(tx, "phone", ["13800001234"]) == {"13800001234": [guest]}
        assert customers.contact(tx, guest) == (None, "13800001234")


def test_a_dismissed_guest_leaves_the_identity_to_the_customer(database: Database) -> None:
    with database.transaction() as tx:
        (guest,) = guests.welcome(tx, "taobao_nick", ["晚晚"]).values()
        customers.ensure(tx, ["C1"])
        ordering.hand_over(tx, {guest: "C1"})
        guests.dismiss(tx, {guest: "C1"})
        assert customers.known_by(tx, "taobao_nick", ["晚晚"]) == {"晚晚": ["C1"]}
        assert customers.all_ids(tx) == ["C1"]
