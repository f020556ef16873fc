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
from pwdlib import PasswordHash

from crm_core.desk import agents
from tests.journeys.conftest import Shop, render
from tests.webchat.staff.conftest import PASSWORD, PEOPLE, Person
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The tea shop with people at work, whose other systems live on this machine."""
    data = tmp_path_factory.mktemp("owing-shop")
    record = open_record(Settings(data=data))
    for kind, path in render(data):
        import_kind(record, kind, [path])
    stored = PasswordHash.recommended().hash(PASSWORD)
    with record.transaction() as tx:
        for login, role in PEOPLE.items():
            agents.hire(tx, login, login.title(), role, stored)
    record.close()
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
