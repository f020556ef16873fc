"""What is on its way to the shop's other systems: at least once, with patience, and again on demand."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.jobs import outbox
from crm_core.jobs.webhook_tables import deliveries, webhooks
from crm_core.jobs.webhooks import NoSuchWebhook, Webhook, all_webhooks, webhook_of

RETRIES: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000))
"""Waits between the tries; after the last a delivery has failed."""
LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 200
FAILURES: Final = 8
"""So many in a row, over the whole time a shop allows, and nothing more is sent until somebody looks."""
KEPT_FOR: Final = timedelta(days=7)
GONE: Final = 410


@dataclass(frozen=True)
class Delivery:
    """A message on its way to one webhook."""

    webhook: str
    message: str
    kind: str
    at: datetime
    body: str
    state: str
    attempts: int
    due_at: datetime
    status: int | None
    error: str | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """What came of one try: the answer's status, or why there was none."""

    delivery: Delivery
    status: int | None
    error: str | None = None

    @property
    def taken(self) -> bool:
        """Did the other side take it?"""
        return self.error is None and self.status is not None and 200 <= self.status < 300


def spread(tx: Tx, at: datetime, most: int = AT_ONCE) -> int:
    """Address what lies in the outbox to everybody who asked for it; how much there was."""
    found = outbox.undelivered(tx, most)
    if not found:
        return 0
    listening = all_webhooks(tx)
    rows: list[dict[str, Any]] = []
    for one in found:
        hearing = [webhook for webhook in listening if webhook.hears(one.kind) and one.at >= webhook.created_at]
        if not hearing:
            continue
        place = f"{one.id}:{one.kind}:{one.conversation}:{one.seq}:{one.at.isoformat()}"
        message = "msg_" + hashlib.sha256(place.encode()).hexdigest()[:24]
        body = _body(one)
        rows += [
            {
                "webhook_id": webhook.id,
                "message_id": message,
                "kind": one.kind,
                "at": one.at,
                "body": body,
                "state": "waiting",
                "attempts": 0,
                "due_at": at,
            }
            for webhook in hearing
        ]
    tx.upsert(deliveries, rows, keep=[column.name for column in deliveries.columns])
    outbox.delivered(tx, [one.id for one in found], at)
    return len(found)


def _body(one: outbox.Outgoing) -> str:
    about = {"conversation": one.conversation or None, "session": one.session, "seq": one.seq or None}
    data = {name: value for name, value in about.items() if value is not None} | json.loads(one.payload)
    said = {
        "type": one.kind,
        "timestamp": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": data,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def claim(tx: Tx, at: datetime, *, busy: Collection[str] = (), most: int = 20) -> list[Delivery]:
    """Take what is due for the length of a lease, the oldest first; whoever dies with it gives it back.

    Nothing is taken for webhooks that are `busy`, and nothing for those that are switched off.
    """
    on = sa.select(webhooks.c.id).where(webhooks.c.disabled_at.is_(None))
    query = (
        sa.select(deliveries)
        .where(
            deliveries.c.state == "waiting",
            deliveries.c.due_at <= at,
            deliveries.c.webhook_id.in_(on),
            deliveries.c.webhook_id.not_in(list(busy)),
        )
        .order_by(deliveries.c.due_at, deliveries.c.at, deliveries.c.message_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = [_delivery(row) for row in tx.execute(query)]
    for one in claimed:
        tx.execute(_this(one).values(due_at=at + LEASE))
    return claimed


def settle(tx: Tx, outcome: Outcome, at: datetime, patience: timedelta) -> None:
    """Write down what came of a try: taken, to be tried again later, or given up.

    Who failed FAILURES times in a row over the whole of `patience`, or says that the address is gone, is switched off.
    """
    one = outcome.delivery
    try:
        webhook = webhook_of(tx, one.webhook)
    except NoSuchWebhook:
        return
    last = {"last_at": at, "last_status": outcome.status}
    if outcome.taken:
        done = {"state": "delivered", "finished_at": at, "attempts": one.attempts + 1, "status": outcome.status}
        tx.execute(_this(one).values(**done, error=None))
        tx.execute(_its(webhook).values(**last, failures=0, failing_since=None))
        return
    tries = one.attempts + 1
    over = tries > len(RETRIES)
    tx.execute(
        _this(one).values(
            state="failed" if over else "waiting",
            attempts=tries,
            due_at=at if over else at + RETRIES[tries - 1],
            status=outcome.status,
            error=(outcome.error or f"HTTP {outcome.status}")[:500],
            finished_at=at if over else None,
        )
    )
    since = webhook.failing_since or at
    failures = webhook.failures + 1
    why = None
    if outcome.status == GONE:
        why = "对方答复该地址已不再使用（HTTP 410）"
    elif failures >= FAILURES and at - since >= patience:
        why = f"连续 {failures} 次没有送达，最近一次：{outcome.error or f'HTTP {outcome.status}'}"
    off = {} if why is None else {"disabled_at": at, "disabled_for": why}
    tx.execute(_its(webhook).values(**last, failures=failures, failing_since=since, **off))


def sent(
    tx: Tx, webhook_id: str, *, state: str | None = None, before: tuple[datetime, str] | None = None, most: int = 50
) -> list[Delivery]:
    """What went or goes to a webhook, newest first."""
    query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    if before is not None:
        at, message = before
        same = sa.and_(deliveries.c.at == at, deliveries.c.message_id < message)
        query = query.where(sa.or_(deliveries.c.at < at, same))
    rows = tx.execute(query.order_by(deliveries.c.at.desc(), deliveries.c.message_id.desc()).limit(most))
    return [_delivery(row) for row in rows]


def replay(tx: Tx, webhook_id: str, at: datetime, *, message: str | None = None, since: datetime | None = None) -> int:
    """Send again what went to a webhook: one message, or everything since a time; how many there are."""
    query = deliveries.update().where(deliveries.c.webhook_id == webhook_id)
    if message is not None:
        query = query.where(deliveries.c.message_id == message)
    if since is not None:
        query = query.where(deliveries.c.at >= since)
    return tx.execute(query.values(state="waiting", attempts=0, due_at=at, finished_at=None)).rowcount


def forget(tx: Tx, at: datetime) -> int:
    """Drop what was settled, or told to nobody, longer ago than it is kept."""
    old = deliveries.c.at < at - KEPT_FOR
    outbox.forget(tx, at - KEPT_FOR)
    return tx.execute(deliveries.delete().where(old, deliveries.c.state != "waiting")).rowcount


def _this(one: Delivery) -> sa.Update:
    return deliveries.update().where(deliveries.c.webhook_id == one.webhook, deliveries.c.message_id == one.message)


def _its(webhook: Webhook) -> sa.Update:
    return webhooks.update().where(webhooks.c.id == webhook.id)


def _delivery(row: "sa.Row[Any]") -> Delivery:
    return Delivery(
        row.webhook_id,
        row.message_id,
        row.kind,
        row.at,
        row.body,
        row.state,
        row.attempts,
        row.due_at,
        row.status,
        row.error,
        row.finished_at,
    )
