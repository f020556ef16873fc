"""Two gateways over one record: whoever claims first has it, and the other is told so."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant import turns
from assistant.desk import desk, offering
from assistant.dialogue import Dialogues
from assistant.parts import Assistant
from crm_core.conversations import projection
from crm_core.conversations.movements import Offered
from crm_core.conversations.session import NotPossible
from crm_core.conversations.timeline import Thread
from crm_core.database import Database
from crm_core.desk import queues
from crm_core.privacy.fields import FieldKeys
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import Reader
from tests.assistant.desk.conftest import House
from tests.conftest import SECRET

ROUNDS = 12


@pytest.fixture
def gateways(database_url: str, reader: Reader, embedder: StaticEmbedder) -> Iterator[tuple[House, Assistant]]:
    """Two gateways, each with a writer of its own."""
    here, there = (Database(database_url, FieldKeys(SECRET)) for _ in range(2))
    house = House(here, reader, embedder)
    yield house, replace(house.a, record=there, dialogues=Dialogues())
    here.close()
    there.close()


def at_once(*works):  # type: ignore[no-untyped-def]
    """Run all at the same moment; what each returned or raised."""
    gate = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(place: int) -> None:
        gate.wait()
        try:
            found[place] = works[place]()
        except Exception as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_takeovers_exactly_one_wins(gateways: tuple[House, Assistant]) -> None:
    house, there = gateways
    for number in range(ROUNDS):
        house.thread = Thread(f"race-{number}")
        house.says("你好")
        session = house.session.id
        found = at_once(
            lambda session=session: desk.take_over(house.a, "lin", session).result(),
            lambda session=session: desk.take_over(there, "chen", session).result(),
        )
        lost = [one for one in found if isinstance(one, NotPossible)]
        assert len(lost) == 1, found
        assert lost[0].owner == house.session.assignee
        assert lost[0].state == "active"


def test_two_routers_offer_each_session_once_and_fill_nobody_past_the_cap(gateways: tuple[House, Assistant]) -> None:
    house, there = gateways
    house.online("lin", "chen")
    for number in range(6):
        house.thread = Thread(f"queue-{number}")
        house.says("转人工")

    def routes(a: Assistant) -> list[Offered]:
        return [
            entry.event
            for pick in offering.picks(a)
            for entry in offering.offer(a, pick).result()
            if isinstance(entry.event, Offered)
        ]

    made = [one for found in at_once(lambda: routes(house.a), lambda: routes(there)) for one in found]
    made += routes(house.a)
    assert sorted(one.agent for one in made) == ["chen", "chen", "lin", "lin"]  # two each is their cap
    with house.a.record.reading() as tx:
        assert len(queues.open_offers(tx)) == 4
        assert len(queues.waiting(tx)) == 2


def test_a_shopper_who_cancels_while_an_agent_accepts_has_one_of_both(gateways: tuple[House, Assistant]) -> None:
    house, there = gateways
    house.online("lin")
    for number in range(ROUNDS):
        house.thread = Thread(f"cancel-{number}")
        house.says("转人工")
        house.routes()
        session = house.session.id
        accepted, cancelled = at_once(
            lambda session=session: desk.accept(house.a, "lin", session).result(),
            lambda: turns.cancel_wait(there, house.thread).result(),
        )
        with house.a.record.reading() as tx:
            now = projection.by_id(tx, session)
        assert now is not None
        if isinstance(accepted, NotPossible):
            assert now.state == "bot"
        else:
            assert (now.state, now.assignee, cancelled) == ("active", "lin", [])
            desk.release(house.a, "lin", session).result()
