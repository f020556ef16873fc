"""Carries messages to the shop's other systems, signed as Standard Webhooks are, each receiver at its own pace."""

import asyncio
import base64
import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from functools import partial

import httpx2

from crm_core.database import Tx
from crm_core.jobs import deliveries, webhooks
from crm_core.jobs.deliveries import Delivery, Outcome
from crm_core.jobs.webhooks import PREFIX, Webhook
from webchat.outward import Forbidden, target_of
from webchat.turns import settled
from webchat.wiring import Gateway

ANSWERS_IN = 10.0  # seconds for everything: name, handshake, answer
MOST_READ = 64 * 1024
"""Bytes of an answer that are looked at; nothing in it matters but that it came."""
FORGET_EVERY = timedelta(hours=1)
log = logging.getLogger(__name__)


def signature(secret: str, message: str, at: int, body: str) -> str:
    """The signature of a message at a time in seconds: version 1 of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


async def send(webhook: Webhook, secret: str, delivery: Delivery, at: datetime, *, private: bool) -> Outcome:
    """Send one message once, to a checked address, following nobody anywhere else."""
    seconds = int(at.timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Zhanggui-Webhooks/1",
        "webhook-id": delivery.message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret, delivery.message, seconds, delivery.body),
    }
    try:
        async with asyncio.timeout(ANSWERS_IN):
            target = await target_of(webhook.url, private=private)
            headers["host"] = target.host_header
            # A proxy from the environment would resolve the name again, and anywhere.
            async with (
                httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=ANSWERS_IN) as client,
                client.stream(
                    "POST",
                    target.pinned,
                    content=delivery.body.encode(),
                    headers=headers,
                    extensions={"sni_hostname": target.host},
                ) as answer,
            ):
                read = 0
                async for piece in answer.aiter_raw():
                    read += len(piece)
                    if read > MOST_READ:
                        break
                return Outcome(delivery, answer.status_code)
    except Forbidden as error:
        return Outcome(delivery, None, str(error))
    except TimeoutError:
        return Outcome(delivery, None, f"{ANSWERS_IN:g} 秒内没有答复")
    except (httpx2.HTTPError, OSError, ValueError) as error:
        return Outcome(delivery, None, f"连接不上：{type(error).__name__}")


def _settle(outcome: Outcome, at: datetime, patience: timedelta, tx: Tx) -> None:
    deliveries.settle(tx, outcome, at, patience)


class Deliverer:
    """Delivers what is due; one task a receiver, so that a slow one keeps nobody waiting but itself."""

    def __init__(self, gateway: Gateway):
        self._gateway = gateway
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._forgotten: datetime | None = None

    async def round(self) -> None:
        """Address what lies in the outbox and set out with what is due."""
        a = self._gateway.assistant
        now = a.clock()
        busy = tuple(self._busy)

        def work(tx: Tx) -> list[tuple[Webhook, str, Delivery]]:
            while deliveries.spread(tx, now) == deliveries.AT_ONCE:
                pass
            if self._forgotten is None or now - self._forgotten >= FORGET_EVERY:
                deliveries.forget(tx, now)
            claimed = deliveries.claim(tx, now, busy=busy)
            known = {one: webhooks.webhook_of(tx, one) for one in {delivery.webhook for delivery in claimed}}
            secrets = {one: webhooks.secret_of(tx, one) for one in known}
            return [(known[one.webhook], secrets[one.webhook], one) for one in claimed]

        due = await settled(a.record.write(work))
        if self._forgotten is None or now - self._forgotten >= FORGET_EVERY:
            self._forgotten = now
        for webhook in {one[0].id for one in due}:
            task = asyncio.create_task(self._carry([one for one in due if one[0].id == webhook]))
            self._busy[webhook] = task
            task.add_done_callback(partial(self._carried, webhook))

    async def _carry(self, due: list[tuple[Webhook, str, Delivery]]) -> None:
        """One receiver's messages, one after the other, the oldest first."""
        a, settings = self._gateway.assistant, self._gateway.settings
        patience = timedelta(hours=settings.webhook_patience)
        try:
            for webhook, secret, delivery in sorted(due, key=lambda one: (one[2].at, one[2].message)):
                outcome = await send(webhook, secret, delivery, a.clock(), private=settings.webhook_private)
                await settled(a.record.write(partial(_settle, outcome, a.clock(), patience)))
        except Exception:
            log.exception("messages to %s stay for the next round", due[0][0].id)

    def _carried(self, webhook: str, _: "asyncio.Task[None]") -> None:
        self._busy.pop(webhook, None)

    async def close(self) -> None:
        """Let go of what is on its way; its lease ends and it is sent again."""
        for task in list(self._busy.values()):
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)
