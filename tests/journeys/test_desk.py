"""From the bot to a person and back, over the sockets."""

from collections.abc import Iterator

import pytest

from tests.journeys.at_work import AtWork, staff_the_shop
from tests.journeys.conftest import Shop

PEOPLE = {
    "ann": ("agent", ["售前组"]),
    "bob": ("agent", ["售后组"]),
    "sam": ("senior", ["售后组"]),
    "lea": ("lead", []),
}


@pytest.fixture
def shop(tmp_path: pytest.TempPathFactory) -> Iterator[Shop]:
    staff_the_shop(tmp_path, PEOPLE)  # type: ignore[arg-type]
    opened = Shop(tmp_path)  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_a_shopper_asks_for_a_person_and_is_served_to_the_end(shop: Shop) -> None:
    ann = AtWork(shop.url, "ann")
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
    assert opened["t"] == "opened"
    assert opened["packet"]["summary"]
    ann.until(lambda frame: frame["t"] == "caught_up")
    customer = ann.until(lambda frame: frame["t"] == "customer")["customer"]
    assert customer["customer"] == "T001"
    assert ann.say(session, "您好，我是 Ann，帮您看一下")["t"] == "ack"
    said = shopper.until(lambda frame: frame["t"] == "entry" and frame["from"] == "agent")
    assert said["text"] == "您好，我是 Ann，帮您看一下"
    shopper.say("正山小种什么时候补货")
    assert ann.entry("什么时候补货")["from"] == "shopper"
    drafts = ann.until(lambda frame: frame["t"] == "suggestions" and frame["items"])
    assert drafts["items"][0]["sources"]
    resolved = ann.do("resolve", session=session, summary={"category": "售前", "note": "补货"}, solved="yes")
    assert resolved["t"] == "ok", resolved
    assert shopper.until(lambda frame: frame["t"] == "entry" and frame["kind"] == "csat")
    shopper.send(t="rate", solved="yes", stars=5)
    assert ann.entry("买家评价")["kind"] == "activity"
