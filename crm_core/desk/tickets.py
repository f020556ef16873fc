"""Tickets: work for a person that outlives the session it was asked for in. Each change is a row of its history."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crm_core.customers import customers
from crm_core.database import Tx
from crm_core.desk import dispatch, sla
from crm_core.desk.agents import Agent, all_agents
from crm_core.desk.dispatch import Matter
from crm_core.desk.hours import Hours
from crm_core.desk.work_tables import ticket_changes, tickets
from crm_core.jobs import outbox
from crm_core.tables import to_millis

STATES: Final = ("new", "assigned", "working", "waiting", "resolved", "closed")
OPEN: Final = STATES[:4]
LONGEST_SUMMARY: Final = 2_000
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that is misheard on the telephone
_ID: Final = 8
BOT: Final = "bot"


class WrongTicket(ValueError):
    """A ticket that cannot be; the message says what is wrong with it."""


@dataclass(frozen=True)
class NewTicket:
    """What a ticket is opened with. What is left out is decided by the shop's dispatch rules.

    `key` says what it is opened for: the same key never opens a second one. `phone` comes in the clear and is sealed.
    """

    type: str
    summary: str
    session: str | None = None
    conversation: str | None = None
    customer: str | None = None
    order: str | None = None
    sku: str | None = None
    phone: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    by: str = BOT
    key: str | None = None
    priority: int | None = None
    group: str | None = None
    level: str | None = None
    assignee: str | None = None
    due_at: datetime | None = None
    amount: int | None = None  # in fen, where it is about money


@dataclass(frozen=True)
class Ticket:
    """A ticket as it stands."""

    id: str
    type: str
    state: str
    priority: int
    turn_at: datetime
    group: str
    level: str
    assignee: str | None
    rule: str
    summary: str
    details: Mapping[str, Any]
    session_id: str | None
    conversation_id: str | None
    customer_id: str | None
    order_id: str | None
    sku: str | None
    opened_at: datetime
    opened_by: str
    due_at: datetime
    begun_at: datetime | None
    waiting_since: datetime | None
    overdue_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    version: int
    has_phone: bool = False

    @property
    def is_open(self) -> bool:
        """Is there anything left to do?"""
        return self.state in OPEN


_COLUMNS: Final = [one.name for one in fields(Ticket) if one.name != "has_phone"]


def open_ticket(tx: Tx, wanted: NewTicket, at: datetime, hours: Hours) -> Ticket:
    """Open a ticket, placed by the shop's rules and given to whoever has least to do; or the one of the same key.

    Raises WrongTicket for a type, level, priority or person that does not exist.
    """
    _check(wanted)
    taken, ticket_id = _id(tx, wanted.key)
    if taken is not None:
        return taken
    placed = dispatch.dispatch(_matter(tx, wanted), dispatch.rules(tx))
    group = placed.group if wanted.group is None else wanted.group
    level = wanted.level or placed.level
    priority = placed.priority if wanted.priority is None else wanted.priority
    assignee = wanted.assignee if wanted.assignee is not None else least_busy(tx, group, level)
    if wanted.assignee is not None:
        known_agent(tx, wanted.assignee)
    row: dict[str, Any] = {
        "id": ticket_id,
        "key": wanted.key,
        "type": wanted.type,
        "state": "assigned" if assignee else "new",
        "priority": priority,
        "turn_at": dispatch.turn_at(at, priority),
        "group": group,
        "level": level,
        "assignee": assignee,
        "rule": placed.name,
        "summary": wanted.summary.strip()[:LONGEST_SUMMARY],
        "details": dict(wanted.details),
        "phone": tx.keys.seal(wanted.phone or None, f"tickets.phone.{ticket_id}"),
        "session_id": wanted.session,
        "conversation_id": wanted.conversation,
        "customer_id": wanted.customer,
        "order_id": wanted.order,
        "sku": wanted.sku,
        "opened_at": at,
        "opened_by": wanted.by,
        "due_at": wanted.due_at or sla.due(hours, at, timedelta(minutes=placed.minutes)),
        "version": 1,
    }
    tx.upsert(tickets, [row], keep=[column.name for column in tickets.columns])
    ticket = ticket_of(tx, ticket_id)
    if ticket is None:  # pragma: no cover - it was inserted a line above
        raise LookupError(ticket_id)
    note_changes(tx, ticket_id, [("state", None, ticket.state)], wanted.by, at)
    tell(tx, "ticket.created", ticket, at)
    return ticket


def ticket_of(tx: Tx, ticket_id: str, *, locked: bool = False) -> Ticket | None:
    """The ticket of this id, or None; `locked` until the commit for whoever will change it."""
    query = sa.select(tickets).where(tickets.c.id == ticket_id)
    row = tx.execute(query.with_for_update() if locked else query).one_or_none()
    return None if row is None else ticket_from(row)


def ticket_from(row: "sa.Row[Any]") -> Ticket:
    """The ticket of a row."""
    return Ticket(**{name: row._mapping[name] for name in _COLUMNS}, has_phone=row.phone is not None)


def phone_of(tx: Tx, ticket_id: str) -> str | None:
    """The number to call back, in the clear; the caller answers for who sees it."""
    sealed = tx.execute(sa.select(tickets.c.phone).where(tickets.c.id == ticket_id)).scalar_one_or_none()
    return tx.keys.open(sealed, f"tickets.phone.{ticket_id}")


def least_busy(tx: Tx, group: str, level: str) -> str | None:
    """Who of a group has the fewest open tickets; nobody where there is no group, or nobody in it.

    A ticket for seniors goes to seniors, and to leads only where there are none.
    """
    if not group:
        return None
    people = [one for one in all_agents(tx) if one.disabled_at is None and group in one.groups]
    people = _seniors(people) if level == "senior" else ([one for one in people if one.role == "agent"] or people)
    if not people:
        return None
    query = (
        sa.select(tickets.c.assignee, sa.func.count().label("number"))
        .where(tickets.c.assignee.in_([one.login for one in people]), tickets.c.state.in_(OPEN))
        .group_by(tickets.c.assignee)
    )
    busy = {row.assignee: row.number for row in tx.execute(query)}
    return min(people, key=lambda one: (busy.get(one.login, 0), one.login)).login


def _seniors(people: Sequence[Agent]) -> list[Agent]:
    for role in ("senior", "lead", "admin"):
        if found := [one for one in people if one.role == role]:
            return found
    return []


def known_agent(tx: Tx, login: str) -> Agent:
    """The person of this log-in; raises WrongTicket when nobody of that name works here."""
    found = next((one for one in all_agents(tx) if one.login == login and one.disabled_at is None), None)
    if found is None:
        raise WrongTicket(f"没有 {login} 这位客服，或账号已停用")
    return found


def note_changes(tx: Tx, ticket_id: str, changes: Sequence[tuple[str, object, object]], by: str, at: datetime) -> None:
    """Write (field, before, after) down in the history, in order."""
    if not changes:
        return
    last = tx.execute(
        sa.select(sa.func.max(ticket_changes.c.number)).where(ticket_changes.c.ticket_id == ticket_id)
    ).scalar_one()
    tx.execute(
        ticket_changes.insert(),
        [
            {
                "ticket_id": ticket_id,
                "number": number,
                "at": at,
                "by": by,
                "field": name,
                "before": _shown(before),
                "after": _shown(after),
            }
            for number, (name, before, after) in enumerate(changes, start=(last or 0) + 1)
        ],
    )


def tell(tx: Tx, kind: str, ticket: Ticket, at: datetime, **more: object) -> None:
    """Tell the shop's other systems of a ticket."""
    payload = json.dumps({**as_json(ticket), **more}, ensure_ascii=False, separators=(",", ":"))
    outbox.append(tx, kind, ticket.conversation_id or "", ticket.session_id, 0, to_millis(at), payload)


def as_json(ticket: Ticket, rank: int | None = None) -> dict[str, Any]:
    """The ticket as the shop's own systems and pages see it; `rank` is its place among all that are open, from 1."""
    return {
        "id": ticket.id,
        "type": ticket.type,
        "priority": ticket.priority,
        "rank": rank,
        "group": ticket.group or None,
        "level": ticket.level,
        "assignee": ticket.assignee,
        "session": ticket.session_id,
        "conversation": ticket.conversation_id,
        "customer": ticket.customer_id,
        "order": ticket.order_id,
        "sku": ticket.sku,
        "state": ticket.state,
        "due_at": _iso(ticket.due_at),
        "overdue": ticket.overdue_at is not None,
        "summary": ticket.summary,
        "details": dict(ticket.details),
        "rule": ticket.rule,
        "opened_at": _iso(ticket.opened_at),
        "opened_by": ticket.opened_by,
        "begun_at": _iso(ticket.begun_at),
        "waiting_since": _iso(ticket.waiting_since),
        "resolved_at": _iso(ticket.resolved_at),
        "closed_at": _iso(ticket.closed_at),
        "has_phone": ticket.has_phone,
        "version": ticket.version,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return _iso(value) if isinstance(value, datetime) else str(value)


def _check(wanted: NewTicket) -> None:
    if wanted.type not in dispatch.TYPES:
        raise WrongTicket(f"没有「{wanted.type}」这种工单，应为 {'、'.join(dispatch.TYPES)} 之一")
    if not wanted.summary.strip():
        raise WrongTicket("工单需要一句说明（summary）")
    if wanted.level is not None and wanted.level not in dispatch.LEVELS:
        raise WrongTicket("级别应为 normal 或 senior")
    if wanted.priority is not None and wanted.priority not in dispatch.PRIORITIES:
        raise WrongTicket("优先级应为 0 到 3，0 最先处理")


def _matter(tx: Tx, wanted: NewTicket) -> Matter:
    person = customers.find(tx, wanted.customer) if wanted.customer else None
    return Matter(wanted.type, wanted.summary, person.member_level if person else None, wanted.amount)


def _id(tx: Tx, key: str | None) -> tuple[Ticket | None, str]:
    """The ticket that was opened for this key, or an id that is free."""
    letters = _letters(hashlib.sha256(key.encode()).digest() if key else secrets.token_bytes(32))
    for length in range(_ID, len(letters)):
        ticket_id = "T" + letters[:length]
        row = tx.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one_or_none()
        if row is None:
            return None, ticket_id
        if key is not None and row.key == key:
            return ticket_from(row), ticket_id
    raise LookupError(key)


def _letters(bits: bytes) -> str:
    number = int.from_bytes(bits)
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(len(bits) * 8 // 5))
