"""Conversations held in somebody else's client: who is at the other end, what was pulled, how far they were told."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations.tables import channel_cursors, channel_threads, conversations
from crm_core.database import Tx

LETTERS = 32


@dataclass(frozen=True)
class Elsewhere:
    """A conversation of a channel; `told` counts messages since the shopper's last one, `told_by_bot` the bot's."""

    conversation: str
    customer: str | None
    account: str
    person: str
    heard_at: datetime
    told_seq: int
    told: int
    told_by_bot: int


def name_of(tx: Tx, channel: str, account: str, person: str) -> str:
    """The conversation of a person with an account: the same for ever, and nobody's name can be read from it."""
    return f"{channel}-{tx.keys.digest(channel, f'{account}|{person}')[:LETTERS]}"


def heard(tx: Tx, channel: str, account: str, person: str, at: datetime, *, again: bool = False) -> None:
    """Somebody wrote in a channel, and may be answered anew; `again`: their message was known, which renews nothing."""
    conversation = name_of(tx, channel, account, person)
    known = sa.select(channel_threads.c.told_seq).where(channel_threads.c.conversation_id == conversation)
    if again and tx.execute(known).first() is not None:
        return
    row = {
        "conversation_id": conversation,
        "channel": channel,
        "account": account,
        "person": tx.keys.seal(person, f"channel_threads.person.{conversation}"),
        "heard_at": at,
        "told_seq": 0,
        "told": 0,
        "told_by_bot": 0,
    }
    tx.upsert(channel_threads, [row], keep=("told_seq",))


def behind(tx: Tx, channel: str, most: int = 100) -> list[Elsewhere]:
    """Conversations in which the other end was not told everything yet."""
    query = (
        sa.select(channel_threads, conversations.c.customer_id)
        .join(conversations, conversations.c.id == channel_threads.c.conversation_id)
        .where(channel_threads.c.channel == channel, conversations.c.last_seq > channel_threads.c.told_seq)
        .order_by(conversations.c.last_at)
        .limit(most)
    )
    return [
        Elsewhere(
            row.conversation_id,
            row.customer_id,
            row.account,
            tx.keys.open(row.person, f"channel_threads.person.{row.conversation_id}") or "",
            row.heard_at,
            row.told_seq,
            row.told,
            row.told_by_bot,
        )
        for row in tx.execute(query)
    ]


def told(tx: Tx, conversation: str, seq: int, *, more: int = 0, by_bot: int = 0) -> None:
    """The other end was told everything up to an entry, in so many messages more."""
    tx.execute(
        channel_threads.update()
        .where(channel_threads.c.conversation_id == conversation, channel_threads.c.told_seq < seq)
        .values(told_seq=seq, told=channel_threads.c.told + more, told_by_bot=channel_threads.c.told_by_bot + by_bot)
    )


def cursor(tx: Tx, channel: str, account: str) -> str:
    """How far an account's messages were pulled; nothing before the first of them."""
    found = tx.execute(
        sa.select(channel_cursors.c.cursor).where(
            channel_cursors.c.channel == channel, channel_cursors.c.account == account
        )
    ).scalar_one_or_none()
    return found or ""


def pulled(tx: Tx, channel: str, account: str, upto: str) -> None:
    """An account's messages were pulled up to here, and all of them are kept."""
    tx.upsert(channel_cursors, [{"channel": channel, "account": account, "cursor": upto}])


def accounts(tx: Tx, channel: str) -> list[str]:
    """The accounts of a channel that anything was pulled from."""
    query = sa.select(channel_cursors.c.account).where(channel_cursors.c.channel == channel)
    return list(tx.execute(query.order_by(channel_cursors.c.account)).scalars())
