"""企业微信客服 as a channel: called back that something came, it pulls what was written, and sends what the shop says.

| there | here |
|---|---|
| 0 nobody yet, 1 the API | bot, queued, offered, active, on_hold, message_left: what is said here is sent |
| 2 pool, 3 a person in their client | served there: what they say is noted here, nothing is sent |
| 4 ended | a session that is closed here ends there; only the shopper opens it again |
"""

from collections.abc import Awaitable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse

from crm_core.privacy.wecom_crypt import NotTheirs, WeComCrypt
from webchat.channels.port import House
from webchat.channels.wecom_api import CHANNEL, WeComApi
from webchat.channels.wecom_inbox import Inbox
from webchat.channels.wecom_outbox import Outbox
from webchat.channels.wecom_xml import LONGEST, NotXml, fields_of
from webchat.problems import Problem

Signed = Annotated[str, Query(max_length=200)]


class WeCom:
    """The channel, over one corp's 微信客服."""

    name = CHANNEL

    def __init__(self, house: House, api: WeComApi, crypt: WeComCrypt):
        self._crypt = crypt
        self._inbox, self._outbox = Inbox(house, api), Outbox(house, api)

    def router(self) -> APIRouter:
        """The callback: once to prove whose it is, and then for every message."""
        routes = APIRouter(prefix="/channels/wecom")

        @routes.get("")
        async def prove(
            msg_signature: Signed, timestamp: Signed, nonce: Signed, echostr: Annotated[str, Query(max_length=2_000)]
        ) -> PlainTextResponse:
            return PlainTextResponse(self._opened(echostr, msg_signature, timestamp, nonce))

        @routes.post("")
        async def called(
            request: Request, msg_signature: Signed, timestamp: Signed, nonce: Signed
        ) -> PlainTextResponse:
            body = b""
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST:
                    raise Problem(413, "too_long", "回调内容太长")
            try:
                sealed = fields_of(body.decode()).get("Encrypt", "")
                told = fields_of(self._opened(sealed, msg_signature, timestamp, nonce))
            except (NotXml, UnicodeDecodeError):
                raise Problem(400, "bad_request", "回调内容不是约定的 XML") from None
            if told.get("Event") == "kf_msg_or_event" and told.get("OpenKfId"):
                # Answered at once: they wait five seconds, and call again when nothing comes.
                self._inbox.rung(told["OpenKfId"], told.get("Token", ""))
            return PlainTextResponse("success")

        return routes

    def tasks(self) -> Sequence[Awaitable[None]]:
        """Pull what no callback told of, and tell what was said here."""
        return (self._inbox.look(), self._outbox.tell_on())

    def _opened(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        try:
            return self._crypt.open(sealed, signature, timestamp, nonce)
        except NotTheirs:
            raise Problem(403, "forbidden", "签名或密文不对") from None
