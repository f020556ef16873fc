"""What waits to be sent on one socket: in order, bounded, and closed when nobody takes it."""

import asyncio

from fastapi import WebSocket

QUEUE_FRAMES = 256
STALLED_AFTER = 10.0  # seconds that one frame may take to leave
SLOW_READER = 4008


class Outlet:
    """The frames on their way to one reader."""

    def __init__(self, most: int = QUEUE_FRAMES) -> None:
        self.outgoing: asyncio.Queue[str] = asyncio.Queue(most)
        self.most = most
        self.too_slow = False

    def tell(self, text: str) -> None:
        """Queue a frame; a full queue marks the reader as too slow, to be closed by its sender."""
        try:
            self.outgoing.put_nowait(text)
        except asyncio.QueueFull:
            self.too_slow = True

    def tell_if_room(self, text: str) -> None:
        """Queue a frame that may be lost: typing, a state."""
        if self.outgoing.qsize() < self.most // 2:
            self.tell(text)

    async def room(self) -> None:
        """Wait until half of the queue is free: history is sent no faster than it is taken."""
        while self.outgoing.qsize() > self.most // 2 and not self.too_slow:
            await asyncio.sleep(0.01)

    async def send(self, socket: WebSocket) -> None:
        """Send what is queued, until the reader falls behind; then close."""
        while True:
            text = await self.outgoing.get()
            try:
                async with asyncio.timeout(STALLED_AFTER):
                    await socket.send_text(text)
            except TimeoutError:
                self.too_slow = True
            if self.too_slow:
                await socket.close(SLOW_READER)
                return

    async def flush(self) -> None:
        """Give what is queued a moment to leave."""
        for _ in range(20):
            if self.outgoing.empty():
                return
            await asyncio.sleep(0.01)
