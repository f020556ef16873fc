"""How a ticket moves on: which moves there are, what each does to its clock, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk import dispatch, sla
from crm_core.desk.agents import agent
from crm_core.desk.dispatch import Matter
from crm_core.desk.hours import Hours
from crm_core.desk.tickets import (
    BOT,
    LONGEST_SUMMARY,
    OPEN,
    Ticket,
    WrongTicket,
    known_agent,
    least_busy,
    note_changes,
    tell,
    ticket_from,
    ticket_of,
)
from crm_core.desk.work_tables import ticket_changes, tickets

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "new": frozenset({"assigned", "working"}),
    "assigned": frozenset({"new", "working", "waiting"}),
    "working": frozenset({"assigned", "waiting", "resolved"}),
    "waiting": frozenset({"working", "resolved"}),
    "resolved": frozenset({"working", "closed"}),
    "closed": frozenset(),
}
EDITABLE: Final = frozenset({"state", "type", "priority", "group", "level", "assignee", "summary", "order", "due_at"})
CLOSES_AFTER: Final = timedelta(days=3)
"""A resolved ticket that nobody reopened is closed after this long."""
_SHOWN_IN_HISTORY: Final = ("type", "priority", "group", "level", "assignee", "summary", "order_id", "due_at", "state")


class NoSuchTicket(LookupError):
    """There is no ticket of this id."""


class NotAMove(Exception):
    """The ticket cannot go from `state` to `wanted`; `possible` says where it can."""

    def __init__(self, state: str, wanted: str):
        super().__init__(f"{state} -> {wanted}")
        self.state, self.wanted, self.possible = state, wanted, sorted(MOVES[state])


class Overtaken(Exception):
    """Somebody else changed the ticket since the version that was seen."""

    def __init__(self, ticket: Ticket):
        super().__init__(ticket.version)
        self.ticket = ticket


@dataclass(frozen=True)
class Change:
    """A row of a ticket's history."""

    number: int
    at: datetime
    by: str
    field: str
    before: str | None
    after: str | None


def change(
    tx: Tx,
    ticket_id: str,
    wanted: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    hours: Hours,
    version: int | None = None,
    note: str = "",
) -> Ticket:
    """Change a ticket, and write down who changed what; a change that changes nothing is none.

    `wanted` names fields of EDITABLE. Raises NoSuchTicket, NotAMove, Overtaken, or WrongTicket for a wrong value.
    """
    ticket = ticket_of(tx, ticket_id, locked=True)
    if ticket is None:
        raise NoSuchTicket(ticket_id)
    if version is not None and version != ticket.version:
        raise Overtaken(ticket)
    changed = _moved(tx, _edited(tx, ticket, wanted, hours), wanted.get("state"), by, at, hours)
    rows: list[tuple[str, object, object]] = [
        (name, getattr(ticket, name), getattr(changed, name))
        for name in _SHOWN_IN_HISTORY
        if getattr(ticket, name) != getattr(changed, name)
    ]
    if rows and ticket.state == "closed":
        raise NotAMove("closed", str(wanted.get("state", "closed")))
    if note.strip():
        rows.append(("note", None, note.strip()))
    if not rows:
        return ticket
    changed = replace(changed, version=ticket.version + 1)
    _write(tx, changed)
    note_changes(tx, ticket_id, rows, by, at)
    tell(tx, "ticket.updated", changed, at, by=by, changed=[name for name, _, _ in rows])
    return changed


def history(tx: Tx, ticket_id: str) -> list[Change]:
    """Who changed what, oldest first."""
    query = sa.select(ticket_changes).where(ticket_changes.c.ticket_id == ticket_id).order_by(ticket_changes.c.number)
    return [Change(row.number, row.at, row.by, row.field, row.before, row.after) for row in tx.execute(query)]


def sweep(tx: Tx, at: datetime, most: int = 100) -> tuple[list[Ticket], int]:
    """Notice tickets whose time has run out, and close what stayed resolved; those, and how many were closed."""
    late = sa.select(tickets).where(
        tickets.c.state.in_(("new", "assigned", "working")), tickets.c.due_at <= at, tickets.c.overdue_at.is_(None)
    )
    overdue = []
    for row in tx.execute(late.order_by(tickets.c.due_at).limit(most).with_for_update(skip_locked=True)).all():
        ticket = replace(ticket_from(row), overdue_at=at, version=row.version + 1)
        _write(tx, ticket)
        note_changes(tx, ticket.id, [("overdue_at", None, at)], BOT, at)
        tell(tx, "ticket.overdue", ticket, at)
        overdue.append(ticket)
    done = sa.select(tickets).where(tickets.c.state == "resolved", tickets.c.resolved_at <= at - CLOSES_AFTER)
    settled = tx.execute(done.limit(most).with_for_update(skip_locked=True)).all()
    for row in settled:
        ticket = replace(ticket_from(row), state="closed", closed_at=at, version=row.version + 1)
        _write(tx, ticket)
        note_changes(tx, ticket.id, [("state", "resolved", "closed")], BOT, at)
        tell(tx, "ticket.updated", ticket, at, by=BOT, changed=["state"])
    return overdue, len(settled)


def _edited(tx: Tx, ticket: Ticket, wanted: Mapping[str, Any], hours: Hours) -> Ticket:
    """The ticket with its fields changed, and what follows from them; not moved yet."""
    unknown = set(wanted) - EDITABLE
    if unknown:
        raise WrongTicket(f"不能修改 {'、'.join(sorted(unknown))}")
    edited = ticket
    if "type" in wanted and wanted["type"] != ticket.type:
        edited = _placed_anew(tx, ticket, wanted["type"], hours)
    plain = {name: wanted[name] for name in ("priority", "group", "level", "due_at") if name in wanted}
    if "summary" in wanted:
        plain["summary"] = str(wanted["summary"]).strip()[:LONGEST_SUMMARY]
    if "order" in wanted:
        plain["order_id"] = wanted["order"]
    edited = replace(edited, **{**plain, "group": plain.get("group", edited.group) or ""})
    _check(edited)
    if edited.due_at != ticket.due_at:
        edited = replace(edited, overdue_at=None)
    if "assignee" in wanted:
        login = wanted["assignee"]
        return replace(edited, assignee=known_agent(tx, login).login if login else None)
    if (edited.group, edited.level) != (ticket.group, ticket.level) and not _belongs(tx, edited):
        return replace(edited, assignee=least_busy(tx, edited.group, edited.level))
    return edited


def _placed_anew(tx: Tx, ticket: Ticket, kind: str, hours: Hours) -> Ticket:
    """Another type is placed by the rules as if it had been opened with it."""
    if kind not in dispatch.TYPES:
        raise WrongTicket(f"没有「{kind}」这种工单，应为 {'、'.join(dispatch.TYPES)} 之一")
    rule = dispatch.dispatch(Matter(kind, ticket.summary), dispatch.rules(tx))
    return replace(
        ticket,
        type=kind,
        group=rule.group,
        level=rule.level,
        priority=rule.priority,
        rule=rule.name,
        due_at=sla.due(hours, ticket.opened_at, timedelta(minutes=rule.minutes)),
    )


def _check(ticket: Ticket) -> None:
    if ticket.priority not in dispatch.PRIORITIES or isinstance(ticket.priority, bool):
        raise WrongTicket("优先级应为 0 到 3，0 最先处理")
    if ticket.level not in dispatch.LEVELS:
        raise WrongTicket("级别应为 normal 或 senior")
    if not ticket.summary:
        raise WrongTicket("工单需要一句说明（summary）")


def _belongs(tx: Tx, ticket: Ticket) -> bool:
    """May whoever has the ticket keep it in its group and on its level?"""
    person = agent(tx, ticket.assignee) if ticket.assignee else None
    if person is None:
        return False
    return (not ticket.group or ticket.group in person.groups) and (ticket.level != "senior" or person.role != "agent")


def _moved(tx: Tx, ticket: Ticket, wanted: str | None, by: str, at: datetime, hours: Hours) -> Ticket:
    """The ticket in the state that is wanted, or that follows from who has it now."""
    state = wanted or ticket.state
    if wanted is None and ticket.state == "new" and ticket.assignee:
        state = "assigned"
    if wanted is None and ticket.state == "assigned" and not ticket.assignee:
        state = "new"
    if state not in MOVES:
        raise WrongTicket(f"没有「{state}」这个状态")
    if state != ticket.state and state not in MOVES[ticket.state]:
        raise NotAMove(ticket.state, state)
    if state == "new":
        ticket = replace(ticket, assignee=None)
    elif state in OPEN and not ticket.assignee:
        person = agent(tx, by)
        if state == "assigned" or person is None:
            raise WrongTicket("请写明由谁处理（assignee）")
        ticket = replace(ticket, assignee=by)
    if state == ticket.state:
        return replace(ticket, turn_at=dispatch.turn_at(ticket.opened_at, ticket.priority))
    due_at, waiting_since = _clock(ticket, state, at, hours)
    return replace(
        ticket,
        state=state,
        turn_at=dispatch.turn_at(ticket.opened_at, ticket.priority),
        due_at=due_at,
        waiting_since=waiting_since,
        begun_at=ticket.begun_at or (at if state == "working" else None),
        resolved_at=at if state == "resolved" else ticket.resolved_at if state == "closed" else None,
        closed_at=at if state == "closed" else None,
    )


def _clock(ticket: Ticket, state: str, at: datetime, hours: Hours) -> tuple[datetime, datetime | None]:
    """(due, standing still since): while others are waited for, the time that was left is kept."""
    if state == "waiting":
        return ticket.due_at, at
    if ticket.waiting_since is None or ticket.waiting_since >= ticket.due_at:
        return ticket.due_at, None
    return sla.due(hours, at, sla.between(hours, ticket.waiting_since, ticket.due_at)), None


def _write(tx: Tx, ticket: Ticket) -> None:
    kept = {"id", "opened_at", "opened_by", "has_phone"}
    row = {name: value for name, value in vars(ticket).items() if name not in kept}
    row["details"] = dict(ticket.details)
    tx.execute(tickets.update().where(tickets.c.id == ticket.id).values(**row))
