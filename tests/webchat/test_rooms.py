"""What a tab saw up to any moment plus what follows is the whole conversation, each entry once and in order."""

import asyncio
import json
import random
from datetime import UTC, datetime

import pytest

from crm_core.conversations.events import BotReplied, Entry, HandoffRequested, ShopperSpoke
from webchat.outlet import QUEUE_FRAMES
from webchat.rooms import Connection, Rooms

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Log:
    """A log that is read slowly, as a database is."""

    def __init__(self, rng: random.Random):
        self.entries: list[Entry] = []
        self.rng = rng

    def append(self, count: int = 1) -> list[Entry]:
        new = []
        for _ in range(count):
            seq = len(self.entries) + 1
            events = (
                ShopperSpoke(f"{seq}", f"m{seq}"),
                BotReplied(f"{seq}", seq, "answer"),
                HandoffRequested("asked_for_person", 1, ""),
            )
            new.append(Entry("c", seq, NOW, events[seq % 3]))
            self.entries.append(new[-1])
        return new

    async def since(self, _: str, seq: int) -> list[Entry]:
        await asyncio.sleep(self.rng.random() / 500)
        found = self.entries[seq : seq + 200]
        await asyncio.sleep(self.rng.random() / 500)
        return found


def shown(connection: Connection) -> list[int]:
    frames = []
    while not connection.outlet.outgoing.empty():
        frames.append(json.loads(connection.outlet.outgoing.get_nowait()))
    return [frame["seq"] for frame in frames]


@pytest.mark.parametrize("seed", range(20))
async def test_joining_at_any_moment_misses_nothing_and_doubles_nothing(seed: int) -> None:
    rng = random.Random(seed)
    log = Log(rng)
    log.append(rng.randrange(40))
    rooms = Rooms(log.since)
    connections: list[tuple[Connection, int]] = []

    async def speak() -> None:
        for _ in range(30):
            new = log.append(rng.choice((1, 1, 2)))
            kind = rng.random()
            if kind < 0.6:
                rooms.arrived(new)  # our own commit
            elif kind < 0.8:
                rooms.ring("c")  # another process's
            await asyncio.sleep(rng.random() / 300)  # else: a ring that was lost

    async def come() -> None:
        for _ in range(5):
            await asyncio.sleep(rng.random() / 50)
            since = rng.randrange(len(log.entries) + 1)
            connection = Connection(since)
            connections.append((connection, since))
            await rooms.join("c", connection, len(log.entries))

    await asyncio.gather(speak(), come())
    rooms.look("c", len(log.entries))  # the sweep
    await asyncio.sleep(0.1)
    for connection, since in connections:
        expected = [entry.seq for entry in log.entries if entry.seq > since and entry.event.for_shopper]
        assert shown(connection) == expected


async def test_a_reader_who_takes_nothing_is_marked_and_the_others_hear_everything() -> None:
    log = Log(random.Random(1))
    rooms = Rooms(log.since)
    slow, healthy = Connection(0), Connection(0)
    for connection in (slow, healthy):
        await rooms.join("c", connection, 0)
    heard: list[int] = []
    for _ in range(QUEUE_FRAMES * 2):
        rooms.arrived(log.append())
        heard += shown(healthy)
    assert slow.too_slow
    assert heard == [entry.seq for entry in log.entries if entry.event.for_shopper]


async def test_a_room_is_forgotten_with_its_last_listener() -> None:
    rooms = Rooms(Log(random.Random(1)).since)
    connection = Connection(0)
    await rooms.join("c", connection, 0)
    assert rooms.conversations == ["c"]
    rooms.leave("c", connection)
    assert rooms.conversations == []


async def test_a_desk_that_reads_along_is_no_visit_of_the_shopper() -> None:
    class Desk(Connection):
        for_desk = True

    log = Log(random.Random(1))
    rooms = Rooms(log.since)
    desk, shopper = Desk(0), Connection(0)
    await rooms.join("c", desk, 0)
    assert (rooms.count("c"), rooms.visited, rooms.conversations) == (0, [], ["c"])
    await rooms.join("c", shopper, 0)
    assert (rooms.count("c"), rooms.visited) == (1, ["c"])
    rooms.tell_if_room("c", "typing")
    assert (desk.outlet.outgoing.qsize(), shopper.outlet.outgoing.qsize()) == (0, 1)


async def test_news_are_spread_whether_anybody_listens_or_not() -> None:
    log = Log(random.Random(1))
    rooms = Rooms(log.since)
    heard: list[str | None] = []
    rooms.on_news.append(heard.append)
    rooms.arrived(log.append())
    rooms.ring("elsewhere")
    rooms.ring(None)
    assert heard == ["c", "elsewhere", None]
