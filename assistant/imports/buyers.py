"""Whose order is it? By the shop's own id, by an account, by a phone, or by nothing but the order itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm_core.customers import customers, guests
from crm_core.database import Tx


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a row says of who bought. The first of these that is there decides."""

    customer_id: str | None = None
    account: tuple[str, str] | None = None  # kind of identity and value
    phone: str | None = None
    order: tuple[str, str] = ("", "")  # platform and order number


@dataclass
class Found:
    """The customer of each buyer, and for whom none could be told, with the reason."""

    customers: dict[Buyer, str] = field(default_factory=dict)
    unclear: dict[Buyer, str] = field(default_factory=dict)


def find(tx: Tx, buyers: Sequence[Buyer]) -> Found:
    """The customer of each buyer; whoever is not known yet gets a record."""
    found = Found()
    by_identity: dict[str, dict[str, list[Buyer]]] = {}
    nameless: list[Buyer] = []
    for buyer in dict.fromkeys(buyers):
        if buyer.customer_id is not None:
            found.customers[buyer] = buyer.customer_id
        elif buyer.account is not None:
            by_identity.setdefault(buyer.account[0], {}).setdefault(buyer.account[1], []).append(buyer)
        elif buyer.phone is not None:
            by_identity.setdefault("phone", {}).setdefault(buyer.phone, []).append(buyer)
        else:
            nameless.append(buyer)
    for buyer in nameless:
        found.customers[buyer] = guests.of_order(*buyer.order)
    customers.ensure(tx, sorted(set(found.customers.values())))
    for kind, values in by_identity.items():
        _by_identity(tx, kind, values, found)
    return found


def _by_identity(tx: Tx, kind: str, values: dict[str, list[Buyer]], found: Found) -> None:
    known = customers.known_by(tx, kind, sorted(values))
    unknown = sorted(value for value in values if value not in known)
    made = guests.welcome(tx, kind, unknown) if unknown else {}
    for value, buyers in values.items():
        owners = known.get(value, [])
        named = [owner for owner in owners if not guests.is_guest(owner)] or owners
        for buyer in buyers:
            if value in made:
                found.customers[buyer] = made[value]
            elif len(named) == 1:
                found.customers[buyer] = named[0]
            else:
                what = "手机号" if kind == "phone" else "账号"
                found.unclear[buyer] = (
                    f"这个{what}属于多位顾客（{'、'.join(named[:3])}），应当用 customer_id 指明是哪一位"
                )
