"""Everything about one customer in one read, and a number in the clear only with a reason."""

import pytest

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person


def test_the_desk_sees_who_it_is_what_was_bought_and_where_it_is(staffed_shop: Shop) -> None:
    shopper = staffed_shop.shopper("T001")
    shopper.ask("发什么快递")
    one = Person(staffed_shop.url, "ann").get("/api/customers/T001").json()
    assert one["customer"] == "T001"
    assert one["phone"].count("*") == 4
    assert one["orders"]
    assert one["orders_total"] >= len(one["orders"])
    assert {"order", "status", "items", "parcels", "paid"} <= one["orders"][0].keys()
    assert any(parcel["text"] for order in one["orders"] for parcel in order["parcels"])
    assert [session["state"] for session in one["sessions"]] == ["bot"]
    assert one["value"]["r_days"] >= 0


def test_somebody_signed_in_by_the_shop_whom_the_record_does_not_know_has_their_sessions(staffed_shop: Shop) -> None:
    staffed_shop.shopper("stranger").ask("发什么快递")
    one = Person(staffed_shop.url, "ann").get("/api/customers/stranger").json()
    assert (one["orders"], len(one["sessions"])) == ([], 1)
    answer = Person(staffed_shop.url, "ann").get("/api/customers/nobody")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_number_is_revealed_with_a_reason_that_is_kept_and_the_number_is_not(staffed_shop: Shop) -> None:
    wanted = {"field": "phone", "reason": "回电确认地址"}
    sam = Person(staffed_shop.url, "sam")
    revealed = sam.post("/api/customers/T001/reveal", wanted).json()
    assert len(revealed["value"]) == 11
    assert revealed["value"][-4:] == sam.get("/api/customers/T001").json()["phone"][-4:]
    rows = Person(staffed_shop.url, "ada").get("/api/staff/audit", params={"customer": "T001"}).json()["rows"]
    kept = [(row["who"], row["what"], row["field"]) for row in rows if row["reason"] == "回电确认地址"]
    assert kept == [("sam", "reveal", "phone")]
    assert revealed["value"] not in str(rows)


@pytest.mark.parametrize(
    ("login", "customer", "wanted", "status"),
    [
        ("ann", "T001", {"field": "phone", "reason": "想看看"}, 403),
        ("sam", "T001", {"field": "phone", "reason": "  "}, 422),
        ("sam", "T001", {"field": "phone"}, 422),
        ("sam", "T001", {"field": "password", "reason": "想看看"}, 422),
        ("sam", "nobody", {"field": "phone", "reason": "想看看"}, 404),
    ],
)
def test_without_role_reason_field_or_customer_nothing_is_revealed(
    staffed_shop: Shop, login: str, customer: str, wanted: dict, status: int
) -> None:
    answer = Person(staffed_shop.url, login).post(f"/api/customers/{customer}/reveal", wanted)
    assert answer.status_code == status
    assert "value" not in answer.json()


def test_whoever_reveals_one_after_another_is_stopped(staffed_shop: Shop) -> None:
    lea = Person(staffed_shop.url, "lea")
    wanted = {"field": "phone", "reason": "回电"}
    answers = [lea.post("/api/customers/T002/reveal", wanted).status_code for _ in range(25)]
    assert answers[:20] == [200] * 20
    assert answers[-1] == 429
