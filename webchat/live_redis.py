"""The doorbell across processes, on Redis PUB/SUB."""

import asyncio
import logging
import os
import uuid

import redis.asyncio
from redis.exceptions import RedisError

from webchat.live import OnRing, OnWord

CHANNEL = "zhanggui:news"
WORD = "!"  # before what is no ring; no conversation is called so
RETRY_SECONDS = 1.0
TIMEOUT_SECONDS = 0.3
PING_SECONDS = 2.0

log = logging.getLogger(__name__)


class RedisDoorbell:
    """Rings through Redis. Redis away means news cross processes by the sweep, two seconds late at worst."""

    sweep_every = 2.0

    def __init__(self, url: str):
        # The default pool raises under a burst instead of waiting; rings would be lost.
        self._pool = redis.asyncio.BlockingConnectionPool.from_url(
            url, max_connections=8, timeout=TIMEOUT_SECONDS, socket_timeout=5, socket_connect_timeout=1
        )
        self._redis = redis.asyncio.Redis(connection_pool=self._pool)
        self._me = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"

    async def ring(self, conversation: str) -> None:
        """Publish that the conversation has news; a failure is logged and swept up later."""
        await self._publish(conversation)

    async def pass_on(self, word: str) -> None:
        """Publish a word; a failure is logged, and the word is lost."""
        await self._publish(WORD + word)

    async def _publish(self, text: str) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._redis.publish(CHANNEL, f"{self._me} {text}")
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell did not ring: %s", type(error).__name__)

    async def listen(self, on_ring: OnRing, on_word: OnWord) -> None:
        """Subscribe for ever. After each (re)connection everything is looked at, for rings may have been missed."""
        lost = False
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    on_ring(None)
                    if lost:
                        log.warning("doorbell is back")
                    lost = False
                    while True:
                        # A subscriber can go silent without an error: ask for a sign of life between messages.
                        message = await pubsub.get_message(timeout=PING_SECONDS)
                        if message is None:
                            await pubsub.ping()
                            continue
                        if message["type"] == "message":
                            sender, _, text = message["data"].decode().partition(" ")
                            if sender != self._me and text.startswith(WORD):
                                on_word(text.removeprefix(WORD))
                            elif sender != self._me:
                                on_ring(text)
            except (RedisError, OSError, TimeoutError) as error:
                if not lost:
                    log.warning("doorbell lost, news cross processes late until it is back: %s", type(error).__name__)
                lost = True
                await asyncio.sleep(RETRY_SECONDS)

    async def answers(self) -> bool:
        """Does Redis answer a ping?"""
        try:
            async with asyncio.timeout(1):
                return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
        await self._pool.aclose()
