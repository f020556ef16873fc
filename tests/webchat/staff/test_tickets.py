"""Tickets over HTTP, as the desk and the shop's own programs use them."""

import csv
import io

import openpyxl
import pytest

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person


@pytest.fixture
def ann(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "ann")


@pytest.fixture
def sam(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "sam")


@pytest.fixture
def lea(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "lea")


def new(person: Person, kind: str = "return", **more: object) -> dict:
    answer = person.post("/api/tickets", {"type": kind, "summary": "少了一件", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_ticket_has_what_the_contract_says(ann: Person) -> None:
    made = new(ann, "lost_parcel", order="A1")
    wanted = {"id", "type", "priority", "rank", "group", "assignee", "session", "customer", "order", "state", "due_at"}
    assert wanted | {"summary"} <= set(made)
    assert (made["type"], made["priority"], made["order"], made["summary"]) == ("lost_parcel", 0, "A1", "少了一件")
    listed = ann.get("/api/tickets").json()["tickets"]
    assert listed[made["rank"] - 1] == made
    assert ann.get(f"/api/tickets/{made['id']}").json()["history"][0]["by"] == "ann"


def test_a_session_s_ticket_belongs_to_its_customer(staffed_shop: Shop, ann: Person) -> None:
    shopper = staffed_shop.shopper("C1")
    shopper.ask("在吗")
    (session, *_) = ann.get(f"/api/sessions?conversation={shopper.entrance['conversation']}").json()["sessions"]
    made = new(ann, "complaint", session=session["session"])
    assert (made["session"], made["customer"]) == (session["session"], "C1")
    for query in (f"session={session['session']}", "customer=C1&state=open"):
        assert made["id"] in [one["id"] for one in ann.get(f"/api/tickets?{query}").json()["tickets"]]
    shopper.close()


def test_the_whole_way_and_a_move_that_there_is_not(ann: Person) -> None:
    made = new(ann)
    path = f"/api/tickets/{made['id']}"
    refused = ann.patch(path, {"state": "closed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible")
    for state in ("working", "waiting", "working", "resolved", "closed"):
        answer = ann.patch(path, {"state": state})
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == state
    assert answer.json()["rank"] is None
    history = ann.get(path).json()["history"]
    assert [row["after"] for row in history if row["field"] == "state"][-1] == "closed"
    assert ann.patch(path, {"state": "working"}).status_code == 409


def test_of_two_who_saw_the_same_version_the_second_is_told(ann: Person, lea: Person) -> None:
    made = new(ann)
    assert ann.patch(f"/api/tickets/{made['id']}", {"priority": 0, "version": 1}).status_code == 200
    answer = lea.patch(f"/api/tickets/{made['id']}", {"priority": 3, "version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "nothing"},
        {"type": "return", "priority": 9},
        {"type": "return", "assignee": "nobody"},
        {"type": "return", "session": "nowhere:1"},
        {"type": "return", "customer": "nobody"},
        {"type": "return", "unknown": 1},
        {},
    ],
)
def test_what_cannot_be_is_refused_by_name(ann: Person, wrong: dict) -> None:
    answer = ann.post("/api/tickets", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_unknown_tickets_states_and_cursors(ann: Person) -> None:
    assert ann.get("/api/tickets/T0").status_code == 404
    assert ann.patch("/api/tickets/T0", {"state": "working"}).status_code == 404
    for query in ("state=nothing", "type=nothing", "cursor=nothing", "limit=0"):
        assert ann.get(f"/api/tickets?{query}").status_code == 422


def test_pages(ann: Person) -> None:
    made = {new(ann, "exchange", customer="T002")["id"] for _ in range(5)}
    seen, cursor = [], ""
    while True:
        page = ann.get(f"/api/tickets?type=exchange&customer=T002&limit=2{cursor}").json()
        seen += [one["id"] for one in page["tickets"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(made)


def test_a_refund_goes_up_the_steps(ann: Person, sam: Person, lea: Person) -> None:
    path = f"/api/tickets/{new(ann, 'refund')['id']}"
    proposed = ann.post(f"{path}/refund", {"amount": "1500.00", "note": "整单退"})
    assert (proposed.status_code, proposed.json()["state"]) == (201, "waiting")
    assert ann.post(f"{path}/refund/decision", {"approve": True}).json()["code"] == "own_proposal"
    assert sam.post(f"{path}/refund/decision", {"approve": True}).json()["state"] == "waiting"
    again = sam.post(f"{path}/refund/decision", {"approve": True})
    assert again.json()["code"] == "already_approved"
    assert lea.post(f"{path}/refund/decision", {"approve": True}).json()["state"] == "approved"
    steps = ann.get(path).json()["refund"]["steps"]
    assert [(step["by"], step["amount"]) for step in steps] == [(who, "1500.00") for who in ("ann", "sam", "lea")]


def test_exports_run_nothing_as_a_formula(ann: Person) -> None:
    bad = '=HYPERLINK("http://x")'
    made = new(ann, "other", summary=bad, order="@A1")
    rows = list(csv.reader(io.StringIO(ann.get("/api/tickets/export?type=other").content.decode("utf-8-sig"))))
    row = next(row for row in rows if row[0] == made["id"])
    assert (row[4], row[9]) == (f"'{bad}", "'@A1")
    sheet = openpyxl.load_workbook(io.BytesIO(ann.get("/api/tickets/export?type=other&format=xlsx").content)).active
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert cells[0] == rows[0]
    assert next(row for row in cells if row[0] == made["id"])[4] == f"'{bad}"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_number_to_call_back_is_shown_only_with_a_reason(ann: Person) -> None:
    made = new(ann, "callback", phone="13800001234")
    assert made["has_phone"]
    assert "13800001234" not in ann.get("/api/tickets").text
    assert ann.post(f"/api/tickets/{made['id']}/reveal", {"reason": " "}).status_code == 422
    assert ann.post(f"/api/tickets/{made['id']}/reveal", {"reason": "回访"}).json()["value"] == "13800001234"


def test_rules_are_the_leads_affair(ann: Person, lea: Person, staffed_shop: Shop) -> None:
    known = ann.get("/api/tickets/rules").json()
    assert "快递丢件插队" in [rule["name"] for rule in known["rules"]]
    assert httpx_put(ann, "/api/tickets/rules", known).status_code == 403
    mine = [{"name": "过敏", "words": ["过敏"], "group": "金牌客服", "priority": 0, "minutes": 30}, *known["rules"]]
    kept = httpx_put(lea, "/api/tickets/rules", {"version": known["version"], "rules": mine})
    assert kept.status_code == 200, kept.text
    assert new(ann, "how_to", summary="用了过敏")["group"] == "金牌客服"
    assert httpx_put(lea, "/api/tickets/rules", {"version": known["version"], "rules": []}).status_code == 409
    wrong = {"version": kept.json()["version"], "rules": [{"name": "x", "types": ["nothing"]}]}
    assert httpx_put(lea, "/api/tickets/rules", wrong).status_code == 422


def httpx_put(person: Person, path: str, body: object) -> object:
    import httpx2

    return httpx2.put(person.url + path, headers=person.bearer, json=body)


def test_nobody_without_a_sign_in(staffed_shop: Shop) -> None:
    import httpx2

    for path in ("tickets", "tickets/T1", "tickets/export", "promises", "ratings", "desk/canned", "tickets/rules"):
        assert httpx2.get(f"{staffed_shop.url}/api/{path}").status_code == 401, path
