"""What outlives a session: enquiries become to-dos, promises and ratings are kept, other systems are told."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from tests.journeys.at_work import AtWork, staff_the_shop
from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import PEOPLE, Person

GROUPS = {"ann": ["售前组"], "sam": ["金牌客服"], "lea": [], "ada": []}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The tea shop with people at work, whose other systems live on this machine."""
    data = tmp_path_factory.mktemp("owing-shop")
    staff_the_shop(data, {login: (role, GROUPS[login]) for login, role in PEOPLE.items()})
    shop = Shop(data, webhook_private=True)
    yield shop
    shop.close()


class Receiver:
    """Another system of the shop: keeps what it is sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [body for body in (json.loads(text) for _, text in self.got) if body["type"] == kind]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def until(wanted: Callable[[], Any], seconds: float = 15.0) -> Any:
    ends = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)
    return found


def delete(person: Person, path: str) -> int:
    return httpx2.delete(person.url + path, headers=person.bearer).status_code


def test_other_systems_are_told_signed_and_once(shop: Shop, receiver: Receiver) -> None:
    ada = Person(shop.url, "ada")
    made = ada.post("/api/webhooks", {"url": receiver.url, "events": ["message.created", "ticket.*", "session.*"]})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    assert secret not in ada.get("/api/webhooks").text
    shopper = shop.shopper("T001")
    shopper.ask("在吗")
    ticket = ada.post("/api/tickets", {"type": "complaint", "summary": "态度不好"}).json()

    until(lambda: len(receiver.of("message.created")) >= 2 and receiver.of("ticket.created"))
    assert [one["data"]["from"] for one in receiver.of("message.created")] == ["shopper", "bot"]
    assert receiver.of("message.created")[0]["data"]["text"] == "在吗"
    assert receiver.of("session.opened")
    assert receiver.of("ticket.created")[0]["data"]["id"] == ticket["id"]
    for headers, body in receiver.got:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    names = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(set(names)) == len(names)
    shopper.close()
    assert delete(ada, f"/api/webhooks/{made.json()['id']}") == 204
    assert delete(ada, f"/api/webhooks/{made.json()['id']}") == 404


def test_what_failed_comes_again_under_the_same_name_and_redirects_lead_nowhere(shop: Shop, receiver: Receiver) -> None:
    ada = Person(shop.url, "ada")
    other = Receiver()
    receiver.status, receiver.headers = 302, {"Location": other.url}
    hook = ada.post("/api/webhooks", {"url": receiver.url, "events": ["ticket.created"]}).json()["id"]
    ada.post("/api/tickets", {"type": "how_to", "summary": "怎么泡"})
    until(lambda: receiver.got)
    (failed,) = until(lambda: ada.get(f"/api/webhooks/{hook}/deliveries").json()["deliveries"])
    failed = until(
        lambda: next(
            (one for one in ada.get(f"/api/webhooks/{hook}/deliveries").json()["deliveries"] if one["attempts"]), None
        )
    )
    assert (failed["state"], failed["error"]) == ("waiting", "HTTP 302")
    assert other.got == []
    receiver.status, receiver.headers = 200, {}
    until(lambda: len(receiver.got) == 2)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    until(lambda: ada.get(f"/api/webhooks/{hook}/deliveries?state=delivered").json()["deliveries"])
    assert ada.post(f"/api/webhooks/{hook}/replay", {"message": failed["message"]}).json() == {"again": 1}
    until(lambda: len(receiver.got) == 3)
    delete(ada, f"/api/webhooks/{hook}")
    other.server.shutdown()
    other.server.server_close()


def test_who_may_register_what(shop: Shop) -> None:
    ada, lea = Person(shop.url, "ada"), Person(shop.url, "lea")
    assert lea.post("/api/webhooks", {"url": "https://example.com"}).status_code == 403
    assert ada.post("/api/webhooks", {"url": "ftp://example.com"}).json()["code"] == "invalid_url"
    assert ada.post("/api/webhooks", {"url": "https://no-such-host.invalid/"}).json()["code"] == "invalid_url"
    assert ada.post("/api/webhooks", {"url": "http://127.0.0.1/", "events": ["nothing"]}).status_code == 422


def test_a_price_asked_for_many_becomes_a_to_do_with_all_that_is_known(shop: Shop) -> None:
    shopper = shop.shopper("T001")
    ann = Person(shop.url, "ann")
    shopper.ask("明前龙井要50盒什么价", sku="TEA-01")
    (todo,) = until(lambda: ann.get("/api/tickets?type=price_enquiry&customer=T001").json()["tickets"])
    assert (todo["details"]["quantity"], todo["details"]["unit"]) == (50, "盒")
    assert {"price", "stock", "name"} <= set(todo["details"]["product"])
    assert todo["details"]["customer"]["orders"] >= 1
    shopper.ask("50盒到底多少钱一盒", sku="TEA-01")
    time.sleep(2.5)
    assert len(ann.get("/api/tickets?type=price_enquiry&customer=T001").json()["tickets"]) == 1
    shopper.close()


def test_a_retail_question_is_no_enquiry(shop: Shop) -> None:
    shopper = shop.shopper("T002")
    shopper.ask("这个多少钱")
    shopper.ask("买两盒有优惠吗")
    time.sleep(2.5)
    assert Person(shop.url, "ann").get("/api/tickets?type=price_enquiry&customer=T002").json()["tickets"] == []
    shopper.close()


def test_a_rating_is_the_bot_s_until_a_person_has_spoken_and_the_last_one_counts(shop: Shop) -> None:
    lea = Person(shop.url, "lea")
    shopper = shop.shopper("T003")
    shopper.ask("怎么退货")
    shopper.send(t="rate", solved="no", stars=1, text="答非所问")
    shopper.until(lambda f: f["t"] == "entry" and f["from"] == "system")
    shopper.send(t="rate", solved="partly", stars=2, text="还行")
    shopper.until(lambda f: f["t"] == "entry" and f["from"] == "system")
    (rating,) = [one for one in lea.get("/api/ratings").json()["ratings"] if one["customer"] == "T003"]
    assert (rating["side"], rating["solved"], rating["stars"], rating["text"]) == ("bot", "partly", 2, "还行")
    assert rating["session"] in [one["session"] for one in lea.get("/api/ratings?bad=true&side=bot").json()["ratings"]]
    assert lea.get("/api/ratings/scores").json()["bot"][0]["rated"] >= 1
    shopper.close()


def session_of(shopper: Any, person: Person) -> str:
    found = person.get(f"/api/sessions?conversation={shopper.entrance['conversation']}").json()["sessions"]
    return str(found[0]["session"])


def test_what_an_agent_promises_is_in_the_ledger_and_kept_by_what_is_done(shop: Shop) -> None:
    ann, lea = AtWork(shop.url, "ann"), Person(shop.url, "lea")
    shopper = shop.shopper("T001")
    shopper.ask("发什么快递")
    session = session_of(shopper, lea)
    ann.do("takeover", session=session)
    ann.say(session, "您放心，退款明天下班前给您退回，我稍后给您回复")
    made = until(lambda: lea.get(f"/api/promises?session={session}").json()["promises"])
    assert [(one["topic"], one["owner"], one["state"], one["exact"]) for one in made] == [
        ("refund", "ann", "open", True)
    ]
    text = made[0]["text"]
    assert "您放心，退款明天下班前给您退回，我稍后给您回复"[slice(*made[0]["span"])] == text
    assert lea.get("/api/customers/T001").json()["promises"][0]["id"] == made[0]["id"]
    assert ann.get("/api/promises?mine=true&state=due").json()["promises"][0]["id"] == made[0]["id"]
    ann.say(session, "请稍等")
    ann.say(session, "退款已经给您退回了，请查收")
    kept = until(
        lambda: [
            one for one in lea.get(f"/api/promises?session={session}").json()["promises"] if one["state"] == "kept"
        ]
    )
    assert kept[0]["settled_by"] is None
    ann.do("resolve", session=session, solved="yes")
    ann.do("close", session=session)
    ann.do("status", status="offline")
    ann.close()
    shopper.close()


def test_a_promise_is_settled_by_its_owner_or_a_lead_and_counts_for_the_owner(shop: Shop) -> None:
    ann, lea, sam = AtWork(shop.url, "ann"), Person(shop.url, "lea"), Person(shop.url, "sam")
    shopper = shop.shopper("T002")
    shopper.ask("发什么快递")
    session = session_of(shopper, lea)
    ann.do("takeover", session=session)
    ann.say(session, "明天下班前给您回复")
    (made,) = until(lambda: lea.get(f"/api/promises?session={session}").json()["promises"])
    path = f"/api/promises/{made['id']}"
    assert sam.patch(path, {"state": "kept"}).status_code == 403
    assert lea.patch(path, {"state": "kept", "note": "电话里回复了"}).json()["settled_by"] == "lea"
    assert lea.patch("/api/promises/P0", {"state": "kept"}).status_code == 404
    ahead = "2099-01-01T00:00:00Z"
    rates = lea.get(f"/api/promises/rates?to={ahead}&from=2020-01-01T00:00:00Z").json()["rates"]
    assert next(one for one in rates if one["who"] == "ann")["rate"] == 1.0
    ann.do("resolve", session=session, solved="yes")
    ann.do("close", session=session)
    ann.do("status", status="offline")
    ann.close()
    shopper.close()


def test_who_leaves_a_message_is_called_back_and_the_session_ends_with_the_ticket(shop: Shop) -> None:
    lea = Person(shop.url, "lea")
    shopper = shop.shopper("T003")
    shopper.ask("茶叶有点受潮")
    shopper.ask("转人工")
    session = session_of(shopper, lea)
    (ticket,) = until(lambda: lea.get(f"/api/tickets?session={session}&type=callback").json()["tickets"])
    assert ticket["summary"].startswith("留言")
    assert "茶叶有点受潮" in ticket["summary"]
    path = f"/api/tickets/{ticket['id']}"
    lea.patch(path, {"state": "working"})
    assert lea.patch(path, {"state": "resolved"}).status_code == 200
    one = lea.get(f"/api/sessions/{session}").json()
    assert (one["state"], one["close_reason"]) == ("closed", "message_left")
    shopper.close()


def test_what_is_said_after_the_message_belongs_to_it_until_somebody_works_on_it(shop: Shop) -> None:
    lea = Person(shop.url, "lea")
    shopper = shop.shopper()
    shopper.ask("转人工")
    session = session_of(shopper, lea)
    (ticket,) = until(lambda: lea.get(f"/api/tickets?session={session}&type=callback").json()["tickets"])
    shopper.ask("是上周买的那两罐，打13900001234")
    path = f"/api/tickets/{ticket['id']}"
    until(lambda: "上周买的那两罐" in lea.get(path).json()["summary"])
    assert lea.get(path).json()["has_phone"]
    lea.patch(path, {"assignee": "ann", "state": "working"})
    shopper.ask("发什么快递")
    time.sleep(2.5)
    assert "发什么快递" not in lea.get(path).json()["summary"]
    shopper.close()


def test_a_lost_parcel_is_one_ticket_at_the_head_of_the_queue_with_the_number_given_later(shop: Shop) -> None:
    lea = Person(shop.url, "lea")
    shopper = shop.shopper("T001")
    shopper.ask("我的快递丢了，一直没收到，你们赔吗")
    session = session_of(shopper, lea)
    (ticket,) = until(lambda: lea.get(f"/api/tickets?session={session}").json()["tickets"])
    assert (ticket["type"], ticket["priority"]) == ("lost_parcel", 0)
    assert not ticket["has_phone"]
    shopper.ask("打我电话13800001234")
    until(lambda: lea.get(f"/api/tickets/{ticket['id']}").json()["has_phone"])
    assert len(lea.get(f"/api/tickets?session={session}").json()["tickets"]) == 1
    shopper.close()
