"""What the shop says, sent to 企业微信: in order, within what is allowed there, and noted where it could not be."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import httpx2

from crm_core.conversations import channels, timeline
from crm_core.conversations.channels import Elsewhere
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry
from crm_core.conversations.movements import SessionClosed, SessionOpened
from crm_core.database import Tx
from webchat.channels.beside import note_beside
from webchat.channels.port import House
from webchat.channels.wecom_api import BOT, CHANNEL, ENDED, UNTREATED, WeComApi, WeComError
from webchat.channels.wecom_plan import Piece, plan
from webchat.turns import settled

ANSWERED_FOR = timedelta(hours=48)
TELL_EVERY = 0.5  # seconds
log = logging.getLogger(__name__)


class Outbox:
    """Sends what shoppers elsewhere were not told yet."""

    def __init__(self, house: House, api: WeComApi):
        self._house, self._a, self._api = house, house.assistant, api
        self._record = house.assistant.record

    async def tell_on(self) -> None:
        """Send what was said, again and again."""
        try:
            while True:
                await asyncio.sleep(TELL_EVERY)
                for one in await asyncio.to_thread(self._behind):
                    try:
                        await self._tell(one)
                    except (WeComError, httpx2.HTTPError) as error:
                        log.warning("a message could not be sent to 企业微信 yet: %s", error)
                    except Exception:
                        log.exception("a message could not be sent to 企业微信")
        finally:
            await self._api.close()

    def _behind(self) -> list[Elsewhere]:
        with self._record.reading() as tx:
            return channels.behind(tx, CHANNEL)

    def _news(self, one: Elsewhere) -> list[Entry]:
        with self._record.reading() as tx:
            return timeline.since(tx, one.conversation, one.told_seq)

    async def _tell(self, one: Elsewhere) -> None:
        news = await asyncio.to_thread(self._news, one)
        pieces = [piece for entry in news if (piece := _piece(entry)) is not None]
        turning = [entry.event for entry in news if isinstance(entry.event, SessionOpened | SessionClosed)]
        ends = bool(turning) and isinstance(turning[-1], SessionClosed)
        if pieces or ends:
            state = await self._api.state(one.account, one.person)
            why = self._unsayable(one, state)
            if pieces and why:
                await self._not_sent(one, pieces, why)
            elif pieces:
                await self._send(one, pieces, state)
            if ends and state in (UNTREATED, BOT):
                await self._api.move(one.account, one.person, ENDED)
        if news:
            await settled(self._record.write(lambda tx: channels.told(tx, one.conversation, news[-1].seq)))

    def _unsayable(self, one: Elsewhere, state: int) -> str:
        if state not in (UNTREATED, BOT):
            return "会话已经结束" if state == ENDED else "现在由人在企业微信里接待"
        return "买家最后一条消息已过 48 小时" if self._a.clock() - one.heard_at > ANSWERED_FOR else ""

    async def _send(self, one: Elsewhere, pieces: Sequence[Piece], state: int) -> None:
        if state == UNTREATED:
            await self._api.move(one.account, one.person, BOT)
        planned = plan(pieces, one.told, one.told_by_bot)
        for message in planned.messages:
            name = hashlib.sha256(f"{one.conversation}:{message.seq}".encode()).hexdigest()[:32]
            try:
                await self._api.send(one.account, one.person, message.text, name)
            except WeComError as error:
                if error.passes:
                    raise
                await self._not_sent(one, [message], f"企业微信答复 {error.code}")
                continue
            await settled(self._record.write(partial(_told, one.conversation, message)))
        if planned.left_out:
            await self._not_sent(one, planned.left_out, "买家每条消息最多回 5 条")

    async def _not_sent(self, one: Elsewhere, pieces: Sequence[Piece], why: str) -> None:
        said = "\n".join(piece.text for piece in pieces)
        await note_beside(
            self._house, one.conversation, "掌柜", f"没有发到企业微信（{why}）：{said}", f"unsent-{pieces[-1].seq}"
        )


def _told(conversation: str, message: Piece, tx: Tx) -> None:
    channels.told(tx, conversation, message.seq, more=1, by_bot=int(message.kind == "bot"))


def _piece(entry: Entry) -> Piece | None:
    event = entry.event
    text = getattr(event, "text", "")
    if not event.for_shopper or event.sender == "shopper" or not text:
        return None
    if isinstance(event, BotReplied):
        offered = "、".join(choice.say for choice in event.choices)
        return Piece("bot", f"{text}\n（可以回复：{offered}）" if offered else text, entry.seq)
    return Piece("agent" if isinstance(event, AgentSpoke) else "notice", text, entry.seq)
