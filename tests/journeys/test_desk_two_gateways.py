"""Two gateways over one PostgreSQL: agents on either see the same floor, and of two who grab a session one gets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.test_doorbell import REDIS, redis_doorbell
from tests.journeys.at_work import AtWork, staff_the_shop
from tests.journeys.conftest import Shop, Shopper
from tests.journeys.test_desk import PEOPLE, race_for, session_of, session_owner

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(params=["postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """PostgreSQL only."""
    from tests import conftest

    yield from conftest.database_at(request.param, request, tmp_path)


@pytest.fixture
def gateways(database_url: str, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    redis_doorbell()  # skips where there is no Redis
    shared = {"database_url": database_url, "live_url": REDIS, "secret_key": "shared by both gateways"}
    staff_the_shop(tmp_path, PEOPLE, **shared)
    both = Shop(tmp_path, **shared), Shop(tmp_path, **shared)
    yield both
    for gateway in both:
        gateway.close()


def test_agents_on_two_gateways_race_and_see_the_same_floor(gateways: tuple[Shop, Shop]) -> None:
    here, there = gateways
    ann, bob = AtWork(here.url, "ann", status="busy"), AtWork(there.url, "bob", status="busy")
    lea = AtWork(there.url, "lea", status="busy")
    for n in range(4):
        shopper = (here, there)[n % 2].shopper()
        shopper.ask("发什么快递")
        session = session_of(shopper, ann)
        for person in (ann, bob):
            person.state(session, "bot")
        race_for(session, ann, bob)
        owner = session_owner(session, lea)
        assert lea.state(session, "active")["owner"]["login"] == owner
        winner, loser = (ann, bob) if owner == "ann" else (bob, ann)
        loser.seen(lambda f, s=session: f["t"] == "gone" and f["session"] == s)
        winner.say(session, "您好")
        assert shopper.until(lambda f: f["t"] == "entry" and f["from"] == "agent")["text"] == "您好"
        winner.do("resolve", session=session)
        winner.do("close", session=session)


def test_what_is_fleeting_crosses_too_and_a_dismissed_agent_is_out_everywhere(gateways: tuple[Shop, Shop]) -> None:
    here, there = gateways
    ann, bob = AtWork(here.url, "ann", status="busy"), AtWork(there.url, "bob", status="busy")
    shopper = there.shopper()
    shopper.ask("发什么快递")
    session = session_of(shopper, ann)
    ann.do("takeover", session=session)
    for person in (ann, bob):
        person.do("open", session=session)
        person.until(lambda frame: frame["t"] == "caught_up")
    assert ann.seen(lambda f: f["t"] == "viewing" and f["viewers"])["viewers"][0]["login"] == "bob"
    shopper.send(t="typing")
    assert ann.until(lambda f: f["t"] == "typing" and f["session"] == session)
    ann.send("typing", session=session)
    assert shopper.until(lambda f: f["t"] == "typing" and f["from"] == "agent")
    assert bob.until(lambda f: f["t"] == "viewing" and f["typing"])["typing"] == ["ann"]
    bob.do("note", session=session, id="n", text="同事提醒")
    assert ann.until(lambda f: f["t"] == "entry" and f["kind"] == "note")["text"] == "同事提醒"
    shopper.say("还在吗")
    assert ann.entry("还在吗")
    assert bob.do("say", session=session, id="x", text="我来")["code"] == "not_owner"
    bob.post("/api/staff/logout")
    with pytest.raises(Exception, match="4401"):
        while True:
            bob.socket.recv(timeout=4)


def test_a_shopper_on_one_gateway_is_offered_to_an_agent_on_the_other(gateways: tuple[Shop, Shop]) -> None:
    here, there = gateways
    ann = AtWork(there.url, "ann")
    shopper = here.shopper("T001")
    shopper.ask("发什么快递")
    shopper.say("转人工")
    offer = ann.until(lambda frame: frame["t"] == "offer", timeout=8)
    assert ann.do("accept", session=offer["session"])["t"] == "ok"
    ann.say(offer["session"], "您好，请讲")
    again = Shopper(there.url, token=shopper.token)
    for tab in (shopper, again):
        assert tab.until(lambda f: f["t"] == "entry" and f["from"] == "agent")["text"] == "您好，请讲"
    ann.close()
    here_again = AtWork(here.url, "ann", status=None)
    assert here_again.welcome["me"]["status"] == "online"
    assert [row["owner"]["login"] for row in here_again.sessions if row["state"] == "active"] == ["ann"]
