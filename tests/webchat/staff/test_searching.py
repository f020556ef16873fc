"""What people at work find, and what looking for numbers costs."""

import pytest

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person


@pytest.fixture(scope="module")
def ann(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "ann")


def found(person: Person, q: str) -> dict:
    answer = person.get("/api/desk/search", params={"q": q})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_customer_is_found_by_number_whole_phone_and_its_last_digits(staffed_shop: Shop, ann: Person) -> None:
    sam = Person(staffed_shop.url, "sam")
    phone = sam.post("/api/customers/T001/reveal", {"field": "phone", "reason": "核对号码"}).json()["value"]
    for q in ("T001", phone, f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", phone[-4:]):
        people = found(ann, q)["customers"]
        assert "T001" in [one["customer"] for one in people], q
        assert phone not in str(people)
    assert found(ann, phone[1:-1])["customers"] == []


def test_an_order_is_found_by_its_number_its_beginning_and_its_parcel(ann: Person) -> None:
    order = ann.get("/api/customers/T001").json()["orders"][0]
    parcel = next(item["tracking_no"] for item in order["items"] if item["tracking_no"])
    for q in (order["order"], order["order"][:-2], parcel):
        assert order["order"] in [one["order"] for one in found(ann, q)["orders"]], q
    assert found(ann, order["order"])["orders"][0]["customer"] == "T001"
    assert found(ann, order["order"][1:])["orders"] == []


@pytest.mark.parametrize("words", ['"引号" 和 \\ 反斜杠', "100%_确定", "多行\n消息"])
def test_words_are_found_as_they_were_typed_and_not_as_they_are_stored(
    staffed_shop: Shop, ann: Person, words: str
) -> None:
    shopper = staffed_shop.shopper()
    shopper.say(f"我说的是{words}，没有别的")
    shopper.until(lambda frame: frame["t"] == "ack")
    (message,) = found(ann, words)["messages"]
    assert message["conversation"] == shopper.entrance["conversation"]
    assert message["session"] == f"{message['conversation']}:1"
    assert words in message["text"]
    assert (message["from"], message["seq"]) == ("shopper", 2)


def test_the_form_in_which_entries_are_stored_is_not_found(ann: Person) -> None:
    for q in ("ShopperSpoke", "client_id", '"type":'):
        assert found(ann, q)["messages"] == []


@pytest.mark.parametrize("q", ["", " ", "a", "\0\0\0"])
def test_too_little_to_look_for_is_said(ann: Person, q: str) -> None:
    answer = ann.get("/api/desk/search", params={"q": q})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_guessing_numbers_is_slowed_down_and_noted_without_the_number(staffed_shop: Shop) -> None:
    lea = Person(staffed_shop.url, "lea")
    answers = [lea.get("/api/desk/search", params={"q": f"1381234{n:04d}"}).status_code for n in range(25)]
    assert answers[:20] == [200] * 20
    assert answers[-1] == 429
    assert lea.get("/api/desk/search", params={"q": "发什么快递"}).status_code == 200, "words are not slowed down"
    rows = Person(staffed_shop.url, "ada").get("/api/staff/audit", params={"limit": 200}).json()["rows"]
    noted = [row for row in rows if (row["who"], row["what"]) == ("lea", "search")]
    assert len(noted) == 20
    assert "1381234" not in str(noted)
