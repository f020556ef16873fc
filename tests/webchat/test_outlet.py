"""What waits for one reader: bounded, in order, and closed when nobody takes it."""

import asyncio
from typing import Any

import pytest

from webchat import outlet
from webchat.outlet import SLOW_READER, Outlet


class Socket:
    """A socket whose other end takes frames, or never does."""

    def __init__(self, *, takes: bool):
        self.takes, self.sent, self.closed = takes, [], None

    async def send_text(self, text: str) -> None:
        if not self.takes:
            await asyncio.Event().wait()
        self.sent.append(text)

    async def close(self, code: int) -> None:
        self.closed = code


async def sending(out: Outlet, socket: Any) -> None:
    async with asyncio.timeout(2):
        await out.send(socket)


async def test_frames_leave_in_order_and_what_may_be_lost_gives_way() -> None:
    out, socket = Outlet(4), Socket(takes=True)
    for text in "ab":
        out.tell(text)
    out.tell_if_room("lost: half of the queue is taken")
    task = asyncio.create_task(sending(out, socket))
    await out.flush()
    out.tell_if_room("c")
    await out.flush()
    task.cancel()
    assert socket.sent == ["a", "b", "c"]
    assert socket.closed is None


async def test_a_reader_who_falls_behind_is_closed_with_the_code_that_means_come_again() -> None:
    out, socket = Outlet(4), Socket(takes=True)
    for text in "abcde":
        out.tell(text)
    assert out.too_slow
    await sending(out, socket)
    assert socket.closed == SLOW_READER


async def test_a_reader_who_takes_nothing_is_closed_though_little_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "STALLED_AFTER", 0.05)
    out, socket = Outlet(4), Socket(takes=False)
    out.tell("a")
    await sending(out, socket)
    assert (socket.sent, socket.closed) == ([], SLOW_READER)
