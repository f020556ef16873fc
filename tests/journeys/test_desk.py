"""From the bot to a person and back, over the sockets."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from crm_core.desk import presence
from tests.journeys.at_work import AtWork, staff_the_shop
from tests.journeys.conftest import Shop, Shopper

PEOPLE = {
    "ann": ("agent", ["售前组"]),
    "bob": ("agent", ["售后组"]),
    "sam": ("senior", ["售后组"]),
    "lea": ("lead", []),
    "ada": ("admin", []),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data = tmp_path_factory.mktemp("at-work")
    staff_the_shop(data, PEOPLE)
    opened = Shop(data)
    yield opened
    opened.close()


@pytest.fixture
def desks(shop: Shop) -> Iterator[Any]:
    """Opens desks, and sends everybody home afterwards, their sessions ended."""
    opened: list[AtWork] = []

    def desk(login: str, **more: Any) -> AtWork:
        opened.append(AtWork(shop.url, login, **more))
        return opened[-1]

    yield desk
    for person in opened:
        for row in person.get("/api/sessions", params={"state": "active,on_hold"}).json()["sessions"]:
            if row["owner"]["login"] == person.login:
                person.do("resolve", session=row["session"], summary="")
                person.do("close", session=row["session"])
        person.do("status", status="offline")
        person.close()


def session_of(shopper: Shopper, person: AtWork) -> str:
    """The session that is open in the shopper's conversation."""
    wanted = {"conversation": shopper.entrance["conversation"], "state": "open"}
    (row,) = person.get("/api/sessions", params=wanted).json()["sessions"]
    return str(row["session"])


def served(shop: Shop, person: AtWork, customer: str | None = None) -> tuple[Shopper, str]:
    """A shopper who was with the bot and is now with this person, who has the session open."""
    shopper = shop.shopper(customer)
    shopper.ask("发什么快递")
    session = session_of(shopper, person)
    assert person.do("takeover", session=session)["t"] == "ok"
    person.do("open", session=session)
    person.until(lambda frame: frame["t"] == "caught_up")
    return shopper, session


def test_a_shopper_asks_for_a_person_and_is_served_to_the_end(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    shopper = shop.shopper("T001")
    shopper.ask("正山小种现在有货吗")
    shopper.say("转人工")
    offer = ann.until(lambda frame: frame["t"] == "offer")
    session = offer["session"]
    assert offer["packet"]["rule"]
    assert offer["row"]["state"] == "offered"
    accepted = ann.do("accept", session=session)
    assert accepted["t"] == "ok", accepted
    assert accepted["row"]["owner"]["login"] == "ann"
    opened = ann.do("open", session=session)
    assert opened["packet"]["summary"]
    ann.until(lambda frame: frame["t"] == "caught_up")
    assert ann.until(lambda frame: frame["t"] == "customer")["customer"]["customer"] == "T001"
    assert ann.say(session, "您好，我是 Ann，帮您看一下")["t"] == "ack"
    said = shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "agent")
    assert said["text"] == "您好，我是 Ann，帮您看一下"
    shopper.say("可以开发票吗")
    assert ann.entry("可以开发票吗")["from"] == "shopper"
    drafts = ann.until(lambda f: f["t"] == "suggestions" and "电子普通发票" in json.dumps(f, ensure_ascii=False))
    assert drafts["items"][0]["sources"]
    ann.send("suggested", session=session, suggestion=drafts["items"][0]["id"], outcome="edited", text="可以的")
    begun = ann.do("summary", session=session)
    assert (begun["category"], begun["note"]) == ("发票", "可以开发票吗")
    resolved = ann.do("resolve", session=session, summary={"category": "售前", "note": "发票"}, solved="yes")
    assert resolved["t"] == "ok", resolved
    assert shopper.until(lambda frame: frame["t"] == "entry" and frame["kind"] == "csat")
    shopper.send(t="rate", solved="yes", stars=5)
    assert ann.entry("买家评价")["kind"] == "activity"
    ann.do("close", session=session)
    one = ann.get(f"/api/sessions/{session}").json()
    assert (one["state"], one["solved"], one["category"]) == ("closed", "yes", "售前")
    assert [segment["owner"] for segment in one["segments"]] == ["bot", "queue", "offer", "agent", "none"]
    assert one["handoffs"][0]["outcome"] == "accepted"


def test_of_two_who_take_over_at_once_one_wins_and_the_other_hears_who(shop: Shop, desks: Any) -> None:
    ann, bob = desks("ann"), desks("bob")
    for _ in range(5):
        shopper = shop.shopper()
        shopper.ask("发什么快递")
        session = session_of(shopper, ann)
        race_for(session, ann, bob)
        loser = ann if session_owner(session, ann) == "bob" else bob
        refused = loser.say(session, "我来回答")
        assert (refused["code"], refused["owner"]["login"]) == ("not_owner", session_owner(session, ann))
        winner = bob if loser is ann else ann
        winner.do("resolve", session=session)
        winner.do("close", session=session)


def race_for(session: str, *people: AtWork) -> None:
    """All of them take over at the same moment; exactly one gets it, and every other hears who."""
    start = threading.Barrier(len(people))
    answers: dict[str, dict] = {}

    def take(person: AtWork) -> None:
        start.wait()
        answers[person.login] = person.do("takeover", session=session)

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    won = [login for login, answer in answers.items() if answer["t"] == "ok"]
    assert len(won) == 1, answers
    for login, answer in answers.items():
        if login != won[0]:
            assert (answer["code"], answer["owner"]["login"]) == ("conflict", won[0])
            assert answer["state"] == "active"
            assert answer["message"] == f"已由{won[0].title()}接入"


def session_owner(session: str, person: AtWork) -> str | None:
    owner = person.get(f"/api/sessions/{session}").json()["owner"]
    return owner["login"] if owner else None


def test_a_session_that_somebody_else_took_leaves_the_others_lists(shop: Shop, desks: Any) -> None:
    ann, bob, lea = desks("ann"), desks("bob"), desks("lea")
    shopper = shop.shopper()
    shopper.ask("发什么快递")
    session = session_of(shopper, ann)
    for person in (ann, bob, lea):
        row = person.state(session, "bot")
        assert row["last"]["from"] in ("shopper", "bot")
    ann.do("takeover", session=session)
    gone = bob.until(lambda frame: frame["t"] == "gone" and frame["session"] == session)
    assert gone["owner"]["login"] == "ann"
    assert lea.state(session, "active")["owner"]["name"] == "Ann"


def test_the_bot_is_silent_while_a_person_serves_and_back_after_the_release(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    shopper, session = served(shop, ann)
    shopper.say("可以开发票吗")
    ann.entry("可以开发票吗")
    time.sleep(1)
    shopper.send(t="ping")
    assert shopper.until(lambda f: f["t"] == "pong" or (f["t"] == "entry" and f["from"] == "bot"))["t"] == "pong"
    assert ann.do("release", session=session, summary="已说明快递")["t"] == "ok"
    assert "电子普通发票" in shopper.ask("可以开发票吗")["text"]
    refused = ann.say(session, "还有别的吗")
    assert refused["t"] == "error"
    assert refused["state"] == "bot"


def test_notes_and_whispers_reach_colleagues_and_never_the_shopper(shop: Shop, desks: Any) -> None:
    ann, bob, lea = desks("ann"), desks("bob"), desks("lea")
    shopper, session = served(shop, ann)
    for person, how in ((bob, "open"), (lea, "listen")):
        person.do(how, session=session)
        person.until(lambda frame: frame["t"] == "caught_up")
    note = {"session": session, "id": "n1", "text": "这位上次退过一次", "mentions": ["bob"]}
    first, again = ann.do("note", **note), ann.do("note", **note)
    assert first["t"] == again["t"] == "ack"
    for person in (ann, bob, lea):
        shown = person.seen(lambda frame: frame["t"] == "entry" and frame["kind"] == "note")
        assert (shown["text"], shown["agent"], shown["mentions"]) == ("这位上次退过一次", "ann", ["bob"])
        assert sum(frame.get("kind") == "note" for frame in person.frames) == 1
    assert bob.seen(lambda frame: frame["t"] == "mention")["by"]["login"] == "ann"
    assert lea.do("whisper", session=session, id="w1", text="可以给一张券")["t"] == "ack"
    assert ann.seen(lambda frame: frame["t"] == "entry" and frame["kind"] == "whisper")["agent"] == "lea"
    assert bob.do("whisper", session=session, text="我也说")["code"] == "not_allowed"
    later = desks("sam")
    later.do("open", session=session)
    later.until(lambda frame: frame["t"] == "caught_up")
    told = [(frame["kind"], frame["text"]) for frame in later.frames if frame["t"] == "entry" and "note" in frame]
    assert told == [("note", "这位上次退过一次"), ("whisper", "可以给一张券")]
    ann.say(session, "您好")
    other, told = Shopper(shop.url, token=shopper.token), []
    while not told or told[-1]["text"] != "您好":
        told.append(other.until(lambda frame: frame["t"] == "entry"))
    assert not any("上次退过" in entry["text"] or "一张券" in entry["text"] for entry in told)


def test_who_else_looks_and_types_is_seen_and_a_listening_lead_is_not(shop: Shop, desks: Any) -> None:
    ann, bob, lea = desks("ann"), desks("bob"), desks("lea")
    shopper, session = served(shop, ann)
    bob.do("open", session=session)
    assert ann.until(lambda f: f["t"] == "viewing" and f["viewers"])["viewers"] == [{"login": "bob", "name": "Bob"}]
    bob.send("typing", session=session)
    assert ann.until(lambda f: f["t"] == "viewing" and f["typing"])["typing"] == ["bob"]
    bob.send("leave", session=session)
    assert ann.until(lambda f: f["t"] == "viewing" and not f["viewers"])
    lea.do("listen", session=session)
    lea.until(lambda frame: frame["t"] == "caught_up")
    shopper.send(t="typing")
    assert ann.until(lambda frame: frame["t"] == "typing")["from"] == "shopper"
    assert "lea" not in json.dumps([f for f in ann.frames if f["t"] not in ("welcome", "presence")])
    assert any("lea" in f["watchers"] for f in lea.frames if f.get("session") == session and "watchers" in f)
    ann.send("typing", session=session)
    assert shopper.until(lambda frame: frame["t"] == "typing")["from"] == "agent"
    ack = ann.say(session, "您好")
    shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "agent")
    shopper.send(t="read", seq=ack["seq"])
    assert ann.until(lambda frame: frame["t"] == "read")["seq"] == ack["seq"]
    shopper.say("好的")
    seq = ann.entry("好的")["seq"]
    ann.send("read", session=session, seq=seq)
    assert shopper.until(lambda frame: frame["t"] == "read")["seq"] == seq


def test_what_is_said_twice_is_acknowledged_twice_and_shown_once(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    shopper, session = served(shop, ann)
    first = ann.do("say", session=session, id="same", text="您好")
    again = ann.do("say", session=session, id="same", text="您好")
    assert (first["t"], again["t"], first["seq"]) == ("ack", "ack", again["seq"])
    ann.say(session, "完")
    texts = []
    while not texts or texts[-1] != "完":
        texts.append(shopper.until(lambda f: f["t"] == "entry" and f["from"] == "agent")["text"])
    assert texts == ["您好", "完"]


def test_an_order_or_a_product_goes_along_as_a_card_and_nobody_elses_order_does(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    shopper, session = served(shop, ann, "T002")
    order = ann.get("/api/customers/T002").json()["orders"][0]["order"]
    assert ann.do("say", session=session, id="c1", text="是这一单吗", order=order)["t"] == "ack"
    shown = shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "agent")
    assert (shown["kind"], shown["cards"][0]["order"]) == ("order_card", order)
    assert ann.seen(lambda f: f["t"] == "entry" and f.get("id") == "c1")["cards"] == shown["cards"]
    ann.do("say", session=session, id="c2", text="这款也不错", sku="TEA-01")
    shown = shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "agent")
    assert (shown["kind"], shown["cards"][0]["price"]) == ("product_card", "¥168.00")
    foreign = ann.get("/api/customers/T001").json()["orders"][0]["order"]
    for more in ({"order": foreign}, {"order": "nothing"}, {"sku": "nothing"}):
        assert ann.do("say", session=session, id="c3", text="这一单", **more)["code"] == "not_allowed"


def test_after_a_cut_the_desk_goes_on_from_its_number_and_misses_nothing(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    shopper, session = served(shop, ann)
    last = ann.say(session, "您好")["seq"]
    ann.close()
    for n in range(3):
        shopper.say(f"第{n}句")
        shopper.until(lambda frame: frame["t"] == "ack")
    ann.open_desk(status=None)
    assert ann.welcome["me"]["status"] == "online", "a cut of a moment changes nobody's status"
    ann.frames.clear()
    ann.do("open", session=session, since=last)
    ann.until(lambda frame: frame["t"] == "caught_up")
    shown = [frame["text"] for frame in ann.frames if frame["t"] == "entry" and frame["from"] == "shopper"]
    assert shown == ["第0句", "第1句", "第2句"]
    older = ann.do("older", session=session, before=last)
    assert [entry["from"] for entry in older["entries"] if entry["kind"] == "text"] == ["shopper", "bot"]
    assert older["more"] is False


def test_a_transfer_is_offered_with_its_note_and_to_nobody_who_is_away(shop: Shop, desks: Any) -> None:
    ann, bob = desks("ann"), desks("bob")
    shopper, session = served(shop, ann)
    refused = ann.do("transfer", session=session, to={"agent": "sam"}, note="请看看")
    assert refused["code"] == "not_possible"
    assert "不在线" in refused["message"]
    assert ann.do("transfer", session=session, to={"agent": "bob"}, note=" ")["code"] == "not_allowed"
    assert ann.do("transfer", session=session, to={"agent": "bob"}, note="售后问题，请接")["t"] == "ok"
    offer = bob.until(lambda frame: frame["t"] == "offer" and frame["session"] == session)
    assert offer["row"]["offered_to"] == "bob"
    assert bob.do("accept", session=session)["t"] == "ok"
    assert bob.say(session, "您好，我来处理")["t"] == "ack"
    shopper.until(lambda frame: frame["t"] == "entry" and frame["text"] == "您好，我来处理")
    refused = ann.say(session, "我还在")
    assert (refused["code"], refused["owner"]["login"]) == ("not_owner", "bob")
    bob.do("open", session=session)
    assert bob.entry("售后问题，请接")["kind"] == "activity"


def test_an_offer_that_is_taken_over_by_somebody_else_is_withdrawn_by_name(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    bob = desks("bob", status="busy")
    shopper = shop.shopper()
    shopper.ask("发什么快递")
    shopper.say("转人工")
    offer = ann.until(lambda frame: frame["t"] == "offer")
    assert bob.do("takeover", session=offer["session"])["t"] == "ok"
    gone = ann.until(lambda frame: frame["t"] == "offer_gone")
    assert (gone["session"], gone["why"], gone["by"]["login"]) == (offer["session"], "taken", "bob")
    refused = ann.do("accept", session=offer["session"])
    assert (refused["code"], refused["owner"]["login"]) == ("conflict", "bob")


def test_a_lead_takes_a_session_from_an_agent_only_where_it_is_meant(shop: Shop, desks: Any) -> None:
    ann, lea = desks("ann"), desks("lea")
    _, session = served(shop, ann)
    refused = lea.do("takeover", session=session)
    assert (refused["code"], refused["owner"]["login"]) == ("conflict", "ann")
    assert lea.do("takeover", session=session, force=True)["row"]["owner"]["login"] == "lea"
    assert ann.say(session, "我还在")["code"] == "not_owner"
    ada = AtWork(shop.url, "ada", open_desk=False)
    assert lea.do("close", session=session, reason="spam")["t"] == "ok"
    rows = ada.get("/api/staff/audit").json()["rows"]
    deeds = [(row["who"], row["what"], row["reason"]) for row in rows if row["about"] == session]
    assert deeds == [("lea", "close", "spam"), ("lea", "takeover", "")]


def test_a_held_session_weighs_nothing_and_comes_back(shop: Shop, desks: Any) -> None:
    ann = desks("ann")
    _, session = served(shop, ann)
    until = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))
    assert ann.do("hold", session=session, until=until)["row"]["state"] == "on_hold"
    row = ann.get("/api/sessions", params={"state": "on_hold"}).json()["sessions"][0]
    assert row["hold_until"]
    assert ann.do("unhold", session=session)["row"]["state"] == "active"
    assert ann.do("hold", session=session, until="2020-01-01T00:00:00Z")["code"] == "not_allowed"


def test_whoever_goes_home_leaves_nobody_waiting(shop: Shop, desks: Any) -> None:
    ann, bob = desks("ann"), desks("bob", status="busy")
    shopper, session = served(shop, ann)
    shopper.say("在吗")
    ann.entry("在吗")
    assert ann.do("status", status="offline")["t"] == "ok"
    assert bob.state(session, "queued")["waiting_since"]
    bob.do("takeover", session=session)


def test_a_desk_that_is_cut_for_a_minute_leaves_nobody_waiting_and_a_second_is_no_matter(
    shop: Shop, desks: Any
) -> None:
    ann, bob = desks("ann"), desks("bob", status="busy")
    shopper, session = served(shop, ann)
    shopper.say("在吗")
    ann.entry("在吗")
    ann.close()
    time.sleep(6)  # longer than the look at who is gone
    assert session_owner(session, bob) == "ann"
    record = shop.gateway.assistant.record
    minute_ago = datetime.now(UTC) - timedelta(seconds=61)
    record.write(lambda tx: presence.beat(tx, ["ann"], minute_ago)).result()
    row = bob.until(lambda f: f["t"] == "state" and f["session"] == session and f["state"] == "queued", timeout=12)
    assert row["waiting_since"]
    assert shopper.until(lambda f: f["t"] == "entry" and "换一位" in f["text"])["kind"] == "notice"
    bob.do("takeover", session=session)
    ann.open_desk()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "bad_frame"),
        ("[]", "bad_frame"),
        ('{"t":"nonsense"}', "bad_frame"),
        ('{"t":"say","session":"x:1","id":"a"}', "bad_frame"),
        ('{"t":"say","session":"x:1","id":"a","text":" "}', "bad_frame"),
        ('{"t":"say","session":"x:1","id":"a","text":"\\u0000"}', "bad_frame"),
        ('{"t":"hold","session":"x:1","until":"tomorrow"}', "bad_frame"),
        ('{"t":"transfer","session":"x:1","to":"anybody","note":"x"}', "bad_frame"),
        ('{"t":"transfer","session":"x:1","to":{},"note":"x"}', "bad_frame"),
        (json.dumps({"t": "say", "session": "x:1", "id": "a", "text": "长" * 2001}), "too_long"),
        ('{"t":"open","session":"nothing:1"}', "not_found"),
        ('{"t":"takeover","session":"nothing"}', "not_found"),
        ('{"t":"accept","session":"a:99999999999999999999"}', "not_found"),
        ('{"t":"listen","session":"nothing:1"}', "not_found"),
    ],
)
def test_a_wrong_frame_is_named_and_the_desk_stays_open(shop: Shop, desks: Any, frame: str, code: str) -> None:
    ann = desks("ann")
    ann.socket.send(frame)
    error = ann.until(lambda received: received["t"] == "error")
    assert error["code"] == code
    assert error["message"]
    if '"id"' in frame:
        assert error["id"] == "a"
    assert ann.do("ping")["t"] == "pong"


def test_a_foreign_page_a_shoppers_token_and_a_dead_one_open_no_desk(shop: Shop) -> None:
    host = shop.url.removeprefix("http://")
    token = AtWork(shop.url, "ann", open_desk=False).token
    for origin in ("https://evil.example", f"http://{host}.evil.example", "null", f"http://x@{host}"):
        with pytest.raises(InvalidStatus):
            connect(f"ws://{host}/ws/desk?token={token}", origin=origin)  # type: ignore[arg-type]
    for wrong in ("", "nonsense", shop.shopper().token):
        with connect(f"ws://{host}/ws/desk?token={wrong}") as socket, pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
    page = httpx2.get(f"{shop.url}/api/staff/me", headers={"Cookie": f"zhanggui_staff={token}"}).json()
    with connect(f"ws://{host}/ws/desk?token={page['token']}", origin=shop.url) as socket:  # type: ignore[arg-type]
        assert json.loads(socket.recv())["t"] == "welcome"


def test_a_dismissed_agents_desk_closes_within_two_seconds_and_hears_nothing_more(shop: Shop, desks: Any) -> None:
    ada = AtWork(shop.url, "ada", open_desk=False)
    sam = desks("sam")
    started = time.monotonic()
    httpx2.patch(f"{shop.url}/api/staff/agents/sam", headers=ada.bearer, json={"disabled": True})
    try:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                sam.socket.recv(timeout=5)
        assert time.monotonic() - started < 2.5
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
    finally:
        httpx2.patch(f"{shop.url}/api/staff/agents/sam", headers=ada.bearer, json={"disabled": False})
    sam.__init__(shop.url, "sam")  # type: ignore[misc]
