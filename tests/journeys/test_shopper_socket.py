"""The socket as the contract says it."""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx2
import jwt
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from crm_core.desk import ratings
from tests.journeys.conftest import WIDGET_KEY, Shop, Shopper


def test_a_message_said_twice_is_acknowledged_twice_and_shown_once(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    for _ in range(2):
        shopper.send(t="say", id="same", text="可以开发票吗")
    frames = []
    while sum(frame["t"] == "ack" for frame in frames) < 2 or not any(f.get("from") == "bot" for f in frames):
        frames.append(shopper.until(lambda frame: True))
    acks = [(frame["id"], frame["seq"]) for frame in frames if frame["t"] == "ack"]
    assert acks == [("same", 2), ("same", 2)]
    other = Shopper(tea_shop.url, token=shopper.token)
    shown = [other.until(lambda frame: frame["t"] == "entry") for _ in range(2)]
    assert [(entry["from"], entry.get("id")) for entry in shown] == [("shopper", "same"), ("bot", None)]
    other.send(t="ping")
    assert other.until(lambda frame: True)["t"] == "pong", "nothing more was stored"


def test_every_open_tab_shows_the_same_in_the_same_order(tea_shop: Shop) -> None:
    first = tea_shop.shopper()
    second = Shopper(tea_shop.url, token=first.token)
    second.until(lambda frame: frame["t"] == "welcome")
    first.say("发什么快递")
    second.say("可以开发票吗")
    seen = []
    for tab in (first, second):
        entries = []
        while sum(entry["from"] == "shopper" for entry in entries) < 2 or entries[-1]["from"] != "bot":
            entries.append(tab.until(lambda frame: frame["t"] == "entry"))
        seen.append([(entry["seq"], entry["text"]) for entry in entries])
    shorter = min(len(tab) for tab in seen)
    assert seen[0][:shorter] == seen[1][:shorter]


def test_after_a_cut_of_any_length_nothing_is_missing(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    answer = shopper.ask("发什么快递")
    shopper.close()
    shopper.socket = shopper._open()
    welcome = shopper.until(lambda frame: frame["t"] == "welcome")
    assert welcome["seq"] == answer["seq"]
    away = Shopper(tea_shop.url, token=shopper.token, since=answer["seq"])
    away.ask("可以开发票吗")
    missed = [shopper.until(lambda frame: frame["t"] == "entry") for _ in range(2)]
    assert [entry["from"] for entry in missed] == ["shopper", "bot"]


def test_the_numbers_a_client_sees_name_the_entry_before(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    before = 0
    for question in ("发什么快递", "可以开发票吗"):
        client_id = shopper.say(question)
        entries = []
        while not entries or entries[-1]["from"] != "bot":
            entries.append(shopper.until(lambda frame: frame["t"] == "entry"))
        assert entries[0]["id"] == client_id
        for entry in entries:
            assert entry["prev"] == before
            before = entry["seq"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "bad_frame"),
        ("[]", "bad_frame"),
        ('{"t":"nonsense"}', "bad_frame"),
        ('{"t":"say","id":"a"}', "bad_frame"),
        ('{"t":"say","id":"","text":"在吗"}', "bad_frame"),
        ('{"t":"say","id":"a","text":"   "}', "bad_frame"),
        ('{"t":"say","id":"a","text":"\\u0000"}', "bad_frame"),
        ('{"t":"rate","stars":9}', "bad_frame"),
        (json.dumps({"t": "say", "id": "a", "text": "长" * 2001}), "too_long"),
    ],
)
def test_a_wrong_frame_is_named_and_the_socket_stays_open(tea_shop: Shop, frame: str, code: str) -> None:
    shopper = tea_shop.shopper()
    shopper.socket.send(frame)
    error = shopper.until(lambda received: received["t"] == "error")
    assert error["code"] == code
    assert error["message"]
    if '"id":"a"' in frame.replace(" ", ""):
        assert error["id"] == "a"
    assert "中通" in shopper.ask("发什么快递")["text"]
    shopper.close()


def test_the_longest_message_is_kept_whole(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    text = "茶" * 2000
    shopper.say(text)
    assert shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "shopper")["text"] == text


def test_five_wrong_frames_close_the_socket(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.until(lambda frame: frame["t"] == "state")
    for _ in range(5):
        shopper.socket.send("{")
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            shopper.socket.recv(timeout=5)
    assert closed.value.rcvd.code == 1008


def test_a_frame_over_16_kib_closes_the_socket(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.until(lambda frame: frame["t"] == "state")
    shopper.socket.send(json.dumps({"t": "say", "id": "a", "text": "x" * 17_000}))
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            shopper.socket.recv(timeout=5)
    assert closed.value.rcvd.code == 1009


def test_a_flood_is_refused_with_the_time_to_wait_and_loses_nothing(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    ids = [shopper.say(f"第{n}句") for n in range(14)]
    answered: dict[str, dict] = {}
    while len(answered) < len(ids):
        frame = shopper.until(lambda frame: frame["t"] in ("ack", "error"))
        answered[frame["id"]] = frame
    refused = [frame for frame in answered.values() if frame["t"] == "error"]
    assert refused
    assert all(frame["code"] == "rate_limited" and frame["retry_after"] > 0 for frame in refused)
    time.sleep(1.1)
    shopper.send(t="say", id=refused[0]["id"], text="再发一次")
    assert shopper.until(lambda frame: frame["t"] == "ack")["id"] == refused[0]["id"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1.evil.example",
        "null",
        "http://user@{host}",
        "http://{host}/path",
        "ftp://{host}",
        "http://{host}.",
    ],
)
def test_a_foreign_page_cannot_open_the_socket(tea_shop: Shop, origin: str) -> None:
    host = tea_shop.url.removeprefix("http://")
    token = httpx2.post(f"{tea_shop.url}/api/shopper/sessions", json={}).json()["token"]
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{host}/ws/shopper?token={token}", origin=origin.format(host=host))
    assert refused.value.response.status_code == 403


def test_the_shops_own_page_may_open_the_socket(tea_shop: Shop) -> None:
    host = tea_shop.url.removeprefix("http://")
    token = httpx2.post(f"{tea_shop.url}/api/shopper/sessions", json={}).json()["token"]
    with connect(f"ws://{host}/ws/shopper?token={token}", origin=tea_shop.url) as socket:
        socket.send('{"t":"hello","since":0}')
        assert json.loads(socket.recv())["t"] == "welcome"


@pytest.mark.parametrize("token", ["", "nonsense", jwt.encode({"c": "x", "aud": "shopper"}, "guess" * 8, "HS256")])
def test_a_token_that_is_not_ours_opens_nothing(tea_shop: Shop, token: str) -> None:
    with connect(f"{tea_shop.url.replace('http', 'ws')}/ws/shopper?token={token}") as socket:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=5)
        assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "T001"},
        {"exp": 4_000_000_000},
        {"sub": "T001", "exp": 1},
        {"sub": "T001", "exp": 4_000_000_000},
        {"sub": "T001", "exp": 10**30},
        {"sub": "", "exp": 0},
    ],
    ids=["no exp", "no sub", "expired", "too long", "beyond all time", "empty"],
)
def test_an_identity_that_proves_nothing_is_refused_with_a_stable_code(tea_shop: Shop, claims: dict) -> None:
    if claims.get("exp") == 0:
        claims["exp"] = time.time() + 60
    identity = jwt.encode(claims, WIDGET_KEY, "HS256")
    answer = httpx2.post(f"{tea_shop.url}/api/shopper/sessions", json={"identity": identity})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"].startswith("identity_")


def test_a_token_too_long_to_be_one_is_answered_and_not_left_hanging(tea_shop: Shop) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{tea_shop.url.replace('http', 'ws')}/ws/shopper?token={'x' * 20_000}", open_timeout=3).__enter__()
    assert refused.value.response.status_code == 431


@pytest.mark.parametrize("algorithm", ["none", "HS384"])
def test_an_identity_under_another_algorithm_is_refused(tea_shop: Shop, algorithm: str) -> None:
    key = "" if algorithm == "none" else WIDGET_KEY
    identity = jwt.encode({"sub": "T001", "exp": time.time() + 60}, key, algorithm)
    assert httpx2.post(f"{tea_shop.url}/api/shopper/sessions", json={"identity": identity}).status_code == 401


def test_one_customer_on_two_devices_is_in_one_conversation(tea_shop: Shop) -> None:
    phone, desk = tea_shop.shopper("T001"), tea_shop.shopper("T001")
    assert phone.entrance["conversation"] == desk.entrance["conversation"]
    assert phone.entrance["customer_known"] is True
    assert tea_shop.shopper("nobody").entrance["customer_known"] is False


def test_of_several_ratings_the_last_counts(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.ask("发什么快递")
    for stars, solved in ((5, "yes"), (1, "no")):
        shopper.send(t="rate", stars=stars, solved=solved)
        assert "感谢" in shopper.until(lambda frame: frame["t"] == "entry")["text"]
    with tea_shop.gateway.assistant.record.reading() as tx:
        given = ratings.badly_rated(tx, datetime.now(UTC) - timedelta(hours=1))
        session = next(one.session_id for one in given if one.conversation_id == shopper.entrance["conversation"])
        assert [one.stars for one in ratings.of_session(tx, session)] == [1]


def test_the_human_button_is_told_once_and_keeps_the_bot_reachable(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.ask("发什么快递")
    shopper.send(t="human")
    assert "登记" in shopper.until(lambda frame: frame["t"] == "entry")["text"]
    assert "电子普通发票" in shopper.ask("可以开发票吗")["text"]


def test_a_client_from_another_time_is_told_to_start_over(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.ask("发什么快递")
    late = Shopper(tea_shop.url, token=shopper.token, since=10_000)
    assert late.until(lambda frame: frame["t"] == "reset")["seq"] > 0
    late.since = 0
    assert late.until(lambda frame: frame["t"] == "entry")["from"] == "shopper"


def test_talking_before_hello_is_not_allowed(tea_shop: Shop) -> None:
    token = httpx2.post(f"{tea_shop.url}/api/shopper/sessions", json={}).json()["token"]
    with connect(f"{tea_shop.url.replace('http', 'ws')}/ws/shopper?token={token}") as socket:
        socket.send(json.dumps({"t": "say", "id": uuid.uuid4().hex, "text": "在吗"}))
        assert json.loads(socket.recv())["code"] == "not_allowed"


def test_health_says_what_is_ready(tea_shop: Shop) -> None:
    assert httpx2.get(f"{tea_shop.url}/healthz").json() == {"status": "ok"}
    ready = httpx2.get(f"{tea_shop.url}/readyz")
    assert ready.status_code == 200
    assert ready.json()["parts"]["record"] == "ok"


def test_the_metrics_count_and_tell_nothing_of_what_was_said(tea_shop: Shop) -> None:
    shopper = tea_shop.shopper()
    shopper.ask("有没有一种叫做玉兔的茶杯垫")
    text = httpx2.get(f"{tea_shop.url}/metrics").text
    assert "zhanggui_messages_heard_total" in text
    assert 'zhanggui_answers_total{decision="' in text
    assert "玉兔" not in text


def test_an_unknown_page_is_a_problem_with_a_code(tea_shop: Shop) -> None:
    answer = httpx2.get(f"{tea_shop.url}/nowhere")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_who_writes_the_moment_an_answer_arrives_is_answered_at_once(tea_shop: Shop) -> None:
    shoppers = [tea_shop.shopper() for _ in range(8)]
    for n in range(9):
        sent = [(shopper, shopper.say(f"可以开发票吗 {n}")) for shopper in shoppers]
        for shopper, client_id in sent:
            ack = shopper.until(lambda frame, wanted=client_id: frame["t"] == "ack" and frame["id"] == wanted)
            # Far less than the 15 s after which a forgotten turn is taken by the worker.
            shopper.until(lambda f, seq=ack["seq"]: f["t"] == "entry" and f["from"] == "bot" and f["seq"] > seq, 4)
