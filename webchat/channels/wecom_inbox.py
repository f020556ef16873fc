"""What shoppers write in 企业微信: pulled after a cursor, kept once each, and handed to the house."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx2

from assistant import turns
from crm_core.conversations import channels
from crm_core.conversations.events import ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.customers import customers
from crm_core.database import Tx
from webchat.channels.beside import note_beside
from webchat.channels.port import House
from webchat.channels.wecom_api import CHANNEL, WeComApi, WeComError
from webchat.turns import settled

PULL_EVERY = 60.0  # seconds between looks for messages whose callback was lost
LONGEST_TEXT = 2_000
OF_OTHERS = timedelta(minutes=5)
"""What is older when an account is pulled for the first time was the affair of whoever served it before."""
FROM_SHOPPER, FROM_SYSTEM, FROM_SERVICER = 3, 4, 5
_SHOWN = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "location": "[位置]",
    "link": "[链接]",
}
log = logging.getLogger(__name__)


class Inbox:
    """Pulls the messages of every account."""

    def __init__(self, house: House, api: WeComApi):
        self._house, self._api = house, api
        self._a, self._turns = house.assistant, house.turns
        self._record = house.assistant.record
        self._locks: dict[str, asyncio.Lock] = {}
        self._pulling: set[asyncio.Task[None]] = set()

    def rung(self, account: str, token: str) -> None:
        """Something came for an account: pull it without keeping the caller waiting."""
        task = asyncio.create_task(self.pull(account, token))
        self._pulling.add(task)
        task.add_done_callback(self._pulling.discard)

    async def look(self) -> None:
        """Pull every account now and then, in case nobody was told of a message."""
        while True:
            for account in await asyncio.to_thread(self._accounts):
                await self.pull(account, "")
            await asyncio.sleep(PULL_EVERY)

    def _accounts(self) -> list[str]:
        with self._record.reading() as tx:
            return channels.accounts(tx, CHANNEL)

    async def pull(self, account: str, token: str) -> None:
        """Take everything after the cursor; a page's cursor is kept once all of the page is."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            try:
                more, first = True, not await asyncio.to_thread(self._cursor, account)
                while more:
                    page = await self._api.pull(account, await asyncio.to_thread(self._cursor, account), token)
                    for message in page.get("msg_list", []):
                        # Three days come with the first pull: what was written before this house listened is answered.
                        if not first or self._age(message) < OF_OTHERS:
                            await self._take(account, message)
                    upto = page.get("next_cursor")
                    if upto:
                        await settled(self._record.write(partial(_keep_cursor, account, upto)))
                    more = bool(page.get("has_more")) and bool(upto)
            except (WeComError, httpx2.HTTPError) as error:
                log.warning("messages of 企业微信 could not be pulled: %s", error)
            except Exception:
                log.exception("messages of 企业微信 could not be taken; they are pulled again")

    def _age(self, message: dict[str, Any]) -> timedelta:
        """How long ago something was written; now, where that is not said."""
        now = self._a.clock()
        sent = message.get("send_time")
        return max(now - datetime.fromtimestamp(int(sent), UTC), timedelta(0)) if sent else timedelta(0)

    def _cursor(self, account: str) -> str:
        with self._record.reading() as tx:
            return channels.cursor(tx, CHANNEL, account)

    async def _take(self, account: str, message: dict[str, Any]) -> None:
        person, name = str(message.get("external_userid", "")), str(message.get("msgid", ""))
        if not person or not name:
            return
        thread = await asyncio.to_thread(self._thread, account, person)
        if message.get("origin") == FROM_SHOPPER:
            await self._hear(thread, account, person, message)
        elif message.get("origin") == FROM_SERVICER:
            said = f"（在企业微信里）{_text_of(message)}"
            await note_beside(
                self._house, thread.conversation, str(message.get("servicer_userid") or "企业微信"), said, name
            )

    def _thread(self, account: str, person: str) -> Thread:
        with self._record.reading() as tx:
            known = customers.known_by(tx, CHANNEL, [person]).get(person, [])
            return Thread(
                channels.name_of(tx, CHANNEL, account, person), known[0] if len(known) == 1 else None, CHANNEL
            )

    async def _hear(self, thread: Thread, account: str, person: str, message: dict[str, Any]) -> None:
        say = ShopperSpoke(_text_of(message)[:LONGEST_TEXT], str(message["msgid"]))
        heard = await settled(turns.hear(self._a, thread, say))
        at = self._a.clock() - self._age(message)

        def work(tx: Tx) -> None:
            channels.heard(tx, CHANNEL, account, person, at, again=not heard.entries)

        await settled(self._record.write(work))
        await self._turns.share(thread.conversation, list(heard.entries))
        self._turns.wake(thread)


def _keep_cursor(account: str, upto: str, tx: Tx) -> None:
    channels.pulled(tx, CHANNEL, account, upto)


def _text_of(message: dict[str, Any]) -> str:
    kind = str(message.get("msgtype", ""))
    if kind == "text":
        return str(message.get("text", {}).get("content", "")).strip() or "[空消息]"
    return _SHOWN.get(kind, f"[{kind or '消息'}]")
