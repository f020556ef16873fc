"""What every doorbell keeps: rings reach the others, never the ringer, and a broken bell raises nothing."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.conftest import skip_unless_everything
from webchat.live import Doorbell, LocalDoorbell

REDIS = os.environ.get("ZHANGGUI_TEST_REDIS", "redis://127.0.0.1:6379/0")


def redis_doorbell(url: str = REDIS) -> Doorbell:
    try:
        import redis

        redis.Redis.from_url(url, socket_connect_timeout=1).ping()
    except Exception as error:
        skip_unless_everything(f"no Redis at {url}: {type(error).__name__}")
    from webchat.live_redis import RedisDoorbell

    return RedisDoorbell(url)


class Listening:
    """A process that listens."""

    def __init__(self, bell: Doorbell):
        self.heard: list[str | None] = []
        self.words: list[str] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(bell.listen(self._on_ring, self._on_word))

    def _on_ring(self, conversation: str | None) -> None:
        self.heard.append(conversation)
        self._news.set()

    def _on_word(self, word: str) -> None:
        self.words.append(word)
        self._news.set()

    async def until(self, wanted: str | None) -> None:
        async with asyncio.timeout(5):
            while wanted not in self.heard:
                self._news.clear()
                await self._news.wait()

    async def stop(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
async def bell(request: pytest.FixtureRequest) -> AsyncIterator[Doorbell]:
    made = LocalDoorbell() if request.param == "local" else redis_doorbell()
    yield made
    await made.close()


async def test_a_bell_answers_and_may_be_rung_when_nobody_listens(bell: Doorbell) -> None:
    assert await bell.answers()
    await bell.ring("c")


async def test_the_ringer_does_not_hear_its_own_ring(bell: Doorbell) -> None:
    listening = Listening(bell)
    await asyncio.sleep(0.2)
    await bell.ring("mine")
    await asyncio.sleep(0.2)
    assert "mine" not in listening.heard
    await listening.stop()


@pytest.mark.redis
async def test_a_ring_reaches_the_other_processes_in_order() -> None:
    ringer, bell = redis_doorbell(), redis_doorbell()
    listening = Listening(bell)
    await listening.until(None)  # subscribed: everything is looked at once
    for n in range(50):
        await ringer.ring(f"c{n}")
    await listening.until("c49")
    assert listening.heard[1:] == [f"c{n}" for n in range(50)]
    await ringer.pass_on('{"a word": "with blanks"}')
    await ringer.ring("after it")
    await listening.until("after it")
    assert listening.words == ['{"a word": "with blanks"}']
    await listening.stop()
    await ringer.close()
    await bell.close()


@pytest.mark.redis
async def test_without_redis_rings_are_lost_quietly_and_after_its_return_everything_is_looked_at(
    unused_tcp_port: int, tmp_path
) -> None:
    redis_doorbell()  # skips where there is no Redis
    server = ["redis-server", "--port", str(unused_tcp_port), "--save", "", "--dir", str(tmp_path)]
    from webchat.live_redis import RedisDoorbell

    bell = RedisDoorbell(f"redis://127.0.0.1:{unused_tcp_port}/0")
    await bell.ring("lost")
    assert not await bell.answers()
    listening = Listening(bell)
    process = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await listening.until(None)
        heard = len(listening.heard)
        process.kill()
        process.wait()
        process = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        async with asyncio.timeout(8):
            while len(listening.heard) == heard:
                await asyncio.sleep(0.05)
        assert listening.heard[-1] is None
    finally:
        process.kill()
        process.wait()
        await listening.stop()
        await bell.close()
