"""A shopper in WeChat, the bot and a person at the desk, over the callbacks and limits of 微信客服."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from crm_core.conversations import channels
from crm_core.customers import customers
from tests.journeys.at_work import AtWork, staff_the_shop
from tests.journeys.conftest import Shop
from tests.webchat.channels.wecom_double import ACCOUNT, AES_KEY, CORP, SECRET, TOKEN, WeComDouble
from webchat.settings import Settings
from webchat.wiring import WrongSetting, choose_channels


@pytest.fixture(scope="module")
def wecom() -> Iterator[WeComDouble]:
    double = WeComDouble()
    yield double
    double.close()


@pytest.fixture(scope="module")
def shop(wecom: WeComDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data = tmp_path_factory.mktemp("wecom-shop")
    staff_the_shop(data, {"ann": ("agent", ["售前组"]), "lea": ("lead", [])})
    given = {"wecom_corp_id": CORP, "wecom_secret": SECRET, "wecom_token": TOKEN, "wecom_aes_key": AES_KEY}
    opened = Shop(data, wecom_api=wecom.url, **given)
    yield opened
    opened.close()


def until(wanted: Callable[[], Any], seconds: float = 15.0) -> Any:
    ends = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)
    return found


def session_of(shop: Shop, desk: AtWork, person: str) -> dict[str, Any]:
    """The open session of somebody who writes in WeChat, with its entries."""
    with shop.gateway.assistant.record.reading() as tx:
        conversation = channels.name_of(tx, "wecom", ACCOUNT, person)
    (row,) = desk.get("/api/sessions", params={"conversation": conversation, "state": "open"}).json()["sessions"]
    one: dict[str, Any] = desk.get(f"/api/sessions/{row['session']}").json()
    return one


def test_the_callback_is_proven(shop: Shop, wecom: WeComDouble) -> None:
    echo = wecom.crypt.seal("1616140317555161061")
    query = {"timestamp": "1", "nonce": "n", "echostr": echo, "msg_signature": wecom.crypt.signature("1", "n", echo)}
    assert httpx2.get(f"{shop.url}/channels/wecom", params=query).text == "1616140317555161061"
    assert httpx2.get(f"{shop.url}/channels/wecom", params={**query, "nonce": "m"}).status_code == 403
    (forged,) = wecom.calls_back(shop.url, token="another")
    assert forged.status_code == 403
    lol = '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
    signed = {"msg_signature": "s", "timestamp": "1", "nonce": "n"}
    assert httpx2.post(f"{shop.url}/channels/wecom", params=signed, content=lol.encode()).status_code == 400
    assert httpx2.post(f"{shop.url}/channels/wecom", params=signed, content=b"x" * 70_000).status_code == 413


def test_a_message_is_heard_and_answered_once_however_often_it_is_called(shop: Shop, wecom: WeComDouble) -> None:
    wecom.writes("wm-old", "三个小时以前的问题", sent=time.time() - 10_000)
    wecom.writes("wm-1", "发什么快递")
    assert [answer.text for answer in wecom.calls_back(shop.url, times=4)] == ["success"] * 4
    until(lambda: wecom.of("wm-1"))
    time.sleep(2)
    assert len(wecom.of("wm-1")) == 1
    assert wecom.states["wm-1"] == 1
    assert wecom.of("wm-old") == []  # it was written before this house listened


def test_many_pages_are_pulled_to_the_end_and_what_is_no_text_is_named(shop: Shop, wecom: WeComDouble) -> None:
    for n in range(5):
        wecom.writes(f"wm-page-{n}", "在吗")
    wecom.writes("wm-picture", "", msgtype="image", image={"media_id": "m"})
    wecom.calls_back(shop.url)
    for n in range(5):
        until(lambda n=n: wecom.of(f"wm-page-{n}"))
    until(lambda: wecom.of("wm-picture"))
    lea = AtWork(shop.url, "lea", open_desk=False)
    said = [entry["text"] for entry in session_of(shop, lea, "wm-picture")["entries"] if entry["from"] == "shopper"]
    assert said == ["[图片]"]


def test_a_token_that_ended_early_is_renewed(shop: Shop, wecom: WeComDouble) -> None:
    with wecom.lock:
        wecom.tokens.clear()
    before = wecom.asked.count("gettoken")
    wecom.writes("wm-token", "发什么快递")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-token"))
    assert wecom.asked.count("gettoken") > before


def test_who_is_too_busy_is_asked_again_and_told_once(shop: Shop, wecom: WeComDouble) -> None:
    with wecom.lock:
        wecom.failing += [-1, 45009]
    wecom.writes("wm-busy", "发什么快递")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-busy"))
    time.sleep(1.5)
    assert len(wecom.of("wm-busy")) == 1


def test_a_customer_known_by_that_name_is_known(shop: Shop, wecom: WeComDouble) -> None:
    with shop.gateway.assistant.record.transaction() as tx:
        customers.identify(tx, [("wecom", "wm-known", "T001")])
    wecom.writes("wm-known", "我的订单到哪了")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-known"))
    assert "登录" not in wecom.of("wm-known")[0]


def test_a_person_answers_from_the_desk_and_the_session_ends_there_too(shop: Shop, wecom: WeComDouble) -> None:
    ann = AtWork(shop.url, "ann")
    wecom.writes("wm-person", "我想问问茶叶礼盒怎么包装")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-person"))
    session = session_of(shop, ann, "wm-person")["session"]
    assert ann.do("takeover", session=session)["t"] == "ok"
    ann.say(session, "您好，礼盒是木盒包装")
    until(lambda: "您好，礼盒是木盒包装" in wecom.of("wm-person")[-1])
    ann.do("resolve", session=session, solved="yes")
    ann.do("close", session=session)
    until(lambda: wecom.states["wm-person"] == 4)
    ann.close()


def test_five_answers_for_each_message_and_the_desk_learns_what_was_not_sent(shop: Shop, wecom: WeComDouble) -> None:
    ann = AtWork(shop.url, "ann")
    wecom.writes("wm-many", "发什么快递呢请问")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-many"))
    session = session_of(shop, ann, "wm-many")["session"]
    ann.do("takeover", session=session)
    for n in range(6):
        ann.say(session, f"第 {n} 句")
        time.sleep(0.8)
    until(lambda: len(wecom.of("wm-many")) == 5)
    ann.do("open", session=session)
    noted = ann.seen(lambda f: f["t"] == "entry" and f["kind"] == "note" and "没有发到企业微信" in f["text"])
    assert "最多回 5 条" in noted["text"]
    wecom.writes("wm-many", "好的")
    wecom.calls_back(shop.url)
    ann.until(lambda f: f["t"] == "entry" and f["text"] == "好的")
    ann.say(session, "不客气，再见")
    until(lambda: "不客气，再见" in wecom.of("wm-many")[-1])
    assert 90003 not in wecom.failing
    ann.do("resolve", session=session, solved="yes")
    ann.do("close", session=session)
    ann.close()


def test_where_a_person_serves_in_their_client_the_bot_is_silent_and_the_desk_reads_along(
    shop: Shop, wecom: WeComDouble
) -> None:
    lea = AtWork(shop.url, "lea")
    wecom.writes("wm-there", "茶叶怎么保存比较好")
    wecom.calls_back(shop.url)
    until(lambda: wecom.of("wm-there"))
    with wecom.lock:
        wecom.states["wm-there"] = 3
    before = wecom.of("wm-there")
    wecom.writes("wm-there", "发什么快递")
    wecom.servicer_says("wm-there", "我是店里的张三，我来回答")
    wecom.calls_back(shop.url)
    session = session_of(shop, lea, "wm-there")["session"]
    lea.do("open", session=session)
    lea.seen(lambda f: f["t"] == "entry" and f["kind"] == "note" and "我是店里的张三" in f["text"])
    lea.seen(lambda f: f["t"] == "entry" and f["kind"] == "note" and "现在由人在企业微信里接待" in f["text"])
    assert wecom.of("wm-there") == before
    lea.close()


def test_settings_that_cannot_work_are_named() -> None:
    with pytest.raises(WrongSetting, match="WECOM_SECRET"):
        choose_channels(Settings(wecom_corp_id=CORP), None)  # type: ignore[arg-type]
    given = {"wecom_corp_id": CORP, "wecom_secret": SECRET, "wecom_token": TOKEN}
    with pytest.raises(WrongSetting, match="AES_KEY"):
        choose_channels(Settings(**given, wecom_aes_key="short"), None)  # type: ignore[arg-type]
    assert choose_channels(Settings(), None) == ()  # type: ignore[arg-type]
