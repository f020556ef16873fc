"""Who is signed in: one row a token, so that a sign-out or a dismissal ends it in every process at once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.tables import agents, sign_ins

LASTS = timedelta(hours=12)
IDLE_ENDS_AFTER = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
"""A token that is in use is written down at most this often."""


@dataclass(frozen=True)
class Staff:
    """A person who is signed in, and the digest of the token that says so."""

    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    skills: tuple[str, ...]
    max_chats: int | None
    sign_in: str
    seen_at: datetime


def digest_of(token: str) -> str:
    """What is stored of a token: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(tx: Tx, login: str, now: datetime) -> tuple[str, datetime]:
    """A new token and when it ends. What has ended of the same person is cleared away."""
    token = secrets.token_urlsafe(32)
    tx.execute(sign_ins.delete().where(sign_ins.c.login == login, _ended(now)))
    tx.execute(
        sign_ins.insert().values(
            digest=digest_of(token), login=login, opened_at=now, seen_at=now, expires_at=now + LASTS
        )
    )
    return token, now + LASTS


def signed_in(tx: Tx, digests: Sequence[str], now: datetime) -> dict[str, Staff]:
    """Whom these tokens stand for, as far as they are alive and their owners still work here."""
    query = (
        sa.select(agents, sign_ins.c.digest, sign_ins.c.seen_at)
        .join(sign_ins, sign_ins.c.login == agents.c.login)
        .where(sign_ins.c.digest.in_(list(digests)), agents.c.disabled_at.is_(None), ~_ended(now))
    )
    return {
        row.digest: Staff(
            row.login,
            row.name,
            row.role,
            tuple(row.groups),
            tuple(row.skills),
            row.max_chats,
            row.digest,
            row.seen_at,
        )
        for row in tx.execute(query)
    }


def seen(tx: Tx, digests: Sequence[str], now: datetime) -> None:
    """Note that these tokens are in use."""
    tx.execute(sign_ins.update().where(sign_ins.c.digest.in_(list(digests))).values(seen_at=now))


def sign_out(tx: Tx, digest: str) -> None:
    """End one token."""
    tx.execute(sign_ins.delete().where(sign_ins.c.digest == digest))


def sign_out_everywhere(tx: Tx, login: str) -> None:
    """End every token of a person."""
    tx.execute(sign_ins.delete().where(sign_ins.c.login == login))


def _ended(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(sign_ins.c.expires_at <= now, sign_ins.c.seen_at <= now - IDLE_ENDS_AFTER)
