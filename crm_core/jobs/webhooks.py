"""Where the shop's other systems listen: their addresses, what they asked for, and how it goes with each."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.jobs.webhook_tables import deliveries, webhooks

PREFIX: Final = "whsec_"


class NoSuchWebhook(LookupError):
    """Nobody listens under this id."""


@dataclass(frozen=True)
class Webhook:
    """Somebody who listens; the secret is told once and never again."""

    id: str
    url: str
    events: tuple[str, ...]
    description: str
    created_at: datetime
    created_by: str
    failures: int
    failing_since: datetime | None
    last_at: datetime | None
    last_status: int | None
    disabled_at: datetime | None
    disabled_for: str | None

    def hears(self, kind: str) -> bool:
        """Is this event among those that were asked for?"""
        return any(hears(wanted, kind) for wanted in self.events)


def hears(wanted: str, kind: str) -> bool:
    """Does a name or pattern (`session.*`, `*`) mean this event?"""
    return wanted in ("*", kind) or (wanted.endswith(".*") and kind.startswith(wanted[:-1]))


def register(tx: Tx, url: str, events: Sequence[str], description: str, by: str, at: datetime) -> tuple[Webhook, str]:
    """Somebody listens from now on; the webhook and its secret."""
    webhook_id = "wh_" + secrets.token_hex(10)
    secret = PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
    tx.execute(
        webhooks.insert().values(
            id=webhook_id,
            url=url,
            events=list(dict.fromkeys(events)),
            secret=tx.keys.seal(secret, f"webhooks.secret.{webhook_id}"),
            description=description,
            created_at=at,
            created_by=by,
            failures=0,
        )
    )
    return webhook_of(tx, webhook_id), secret


def webhook_of(tx: Tx, webhook_id: str) -> Webhook:
    """The webhook of this id; raises NoSuchWebhook."""
    row = tx.execute(sa.select(webhooks).where(webhooks.c.id == webhook_id)).one_or_none()
    if row is None:
        raise NoSuchWebhook(webhook_id)
    return _webhook(row)


def all_webhooks(tx: Tx) -> list[Webhook]:
    """Everybody who listens, or did until it failed too often."""
    return [_webhook(row) for row in tx.execute(sa.select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id))]


def secret_of(tx: Tx, webhook_id: str) -> str:
    """The secret that messages to this webhook are signed with."""
    sealed = tx.execute(sa.select(webhooks.c.secret).where(webhooks.c.id == webhook_id)).scalar_one()
    return tx.keys.open(sealed, f"webhooks.secret.{webhook_id}") or ""


def remove(tx: Tx, webhook_id: str) -> None:
    """Nobody listens there any more; what was on its way is dropped. Raises NoSuchWebhook."""
    webhook_of(tx, webhook_id)
    tx.execute(deliveries.delete().where(deliveries.c.webhook_id == webhook_id))
    tx.execute(webhooks.delete().where(webhooks.c.id == webhook_id))


def enable(tx: Tx, webhook_id: str) -> Webhook:
    """Send there again, what waits first. Raises NoSuchWebhook."""
    webhook_of(tx, webhook_id)
    tx.execute(
        webhooks.update()
        .where(webhooks.c.id == webhook_id)
        .values(disabled_at=None, disabled_for=None, failures=0, failing_since=None)
    )
    return webhook_of(tx, webhook_id)


def anybody_hears(tx: Tx, kind: str) -> bool:
    """Is there anybody to tell of this event?"""
    return any(one.hears(kind) for one in all_webhooks(tx))


def _webhook(row: "sa.Row[Any]") -> Webhook:
    return Webhook(
        row.id,
        row.url,
        tuple(row.events),
        row.description,
        row.created_at,
        row.created_by,
        row.failures,
        row.failing_since,
        row.last_at,
        row.last_status,
        row.disabled_at,
        row.disabled_for,
    )
