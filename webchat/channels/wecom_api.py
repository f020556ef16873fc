"""企业微信's own interface, as far as 微信客服 needs it: a token that is renewed, messages pulled, messages sent."""

import asyncio
import time
from typing import Any

import httpx2

CHANNEL = "wecom"
ANSWERS_IN = 15.0
EXPIRED = frozenset({40014, 41001, 42001})
BUSY = frozenset({-1, 45009})
RENEW_BEFORE = 300.0
"""Seconds before its end in which a token is not used any more."""
UNTREATED, BOT, POOL, PERSON, ENDED = range(5)


class WeComError(Exception):
    """The other side said no; `code` is its errcode."""

    def __init__(self, code: int, message: str):
        super().__init__(f"{code} {message}")
        self.code = code

    @property
    def passes(self) -> bool:
        """Is it worth asking again later?"""
        return self.code in BUSY


class WeComApi:
    """Speaks to one corp with the secret of 微信客服."""

    def __init__(self, base: str, corp: str, secret: str):
        self._base, self._corp, self._secret = base.rstrip("/"), corp, secret
        self._token, self._ends = "", 0.0
        self._turn = asyncio.Lock()
        self._client: httpx2.AsyncClient | None = None

    async def pull(self, account: str, cursor: str, token: str) -> dict[str, Any]:
        """Messages and events after a cursor; `token` is the callback's, without one fewer calls are allowed."""
        asked: dict[str, Any] = {"open_kfid": account, "limit": 1000}
        asked |= {name: value for name, value in (("cursor", cursor), ("token", token)) if value}
        return await self._post("kf/sync_msg", asked)

    async def send(self, account: str, person: str, text: str, message: str) -> None:
        """Send a text under an id; the same id is never sent twice."""
        body = {"touser": person, "open_kfid": account, "msgid": message, "msgtype": "text", "text": {"content": text}}
        await self._post("kf/send_msg", body)

    async def state(self, account: str, person: str) -> int:
        """Who serves a person there: 0 nobody yet, 1 the API, 2 the pool, 3 a person, 4 nobody any more."""
        found = await self._post("kf/service_state/get", {"open_kfid": account, "external_userid": person})
        return int(found.get("service_state", ENDED))

    async def move(self, account: str, person: str, state: int) -> None:
        """Pass a person on to another state."""
        asked = {"open_kfid": account, "external_userid": person, "service_state": state}
        await self._post("kf/service_state/trans", asked)

    async def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            await self._client.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._ask("POST", path, {"access_token": await self._access()}, body)
        except WeComError as error:
            if error.code not in EXPIRED:
                raise
        self._ends = 0.0  # it ended before its time: another process has asked for a new one
        return await self._ask("POST", path, {"access_token": await self._access()}, body)

    async def _access(self) -> str:
        async with self._turn:
            if time.monotonic() >= self._ends:
                found = await self._ask("GET", "gettoken", {"corpid": self._corp, "corpsecret": self._secret}, None)
                self._token = str(found["access_token"])
                lasts = float(found.get("expires_in", 7200))
                self._ends = time.monotonic() + max(lasts - RENEW_BEFORE, lasts / 2)
            return self._token

    async def _ask(self, method: str, path: str, query: dict[str, str], body: dict[str, Any] | None) -> dict[str, Any]:
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=ANSWERS_IN)
        answer = await self._client.request(method, f"{self._base}/cgi-bin/{path}", params=query, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        code = int(found.get("errcode", 0))
        if code:
            raise WeComError(code, str(found.get("errmsg", "")))
        return found
