"""Tickets as the rest of the house opens and moves them: by the shop's own hours, and with what hangs on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import Entry
from crm_core.conversations.movements import SessionClosed
from crm_core.conversations.timeline import Thread
from crm_core.database import Tx
from crm_core.desk import ticket_changes, tickets
from crm_core.desk.tickets import NewTicket, Ticket


def open_ticket(a: Assistant, tx: Tx, wanted: NewTicket, at: datetime) -> Ticket:
    """Open a ticket in the caller's transaction, or return the one of the same key; raises WrongTicket."""
    return tickets.open_ticket(tx, wanted, at, a.hours)


def change_ticket(
    a: Assistant,
    tx: Tx,
    ticket_id: str,
    wanted: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    version: int | None = None,
    note: str = "",
) -> Ticket:
    """Change a ticket; raises what `ticket_changes.change` raises."""
    return ticket_changes.change(tx, ticket_id, wanted, by=by, at=at, hours=a.hours, version=version, note=note)


def close_what_was_left(tx: Tx, ticket: Ticket, by: str, at: datetime) -> list[Entry]:
    """Close the session whose message the ticket was about, once that is resolved; the entries that say so."""
    if ticket.state != "resolved" or ticket.session_id is None or ticket.conversation_id is None:
        return []
    place = timeline.hold(tx, ticket.conversation_id)
    if place.session is None or place.session.id != ticket.session_id or place.session.state != "message_left":
        return []
    closed = SessionClosed("message_left", by)
    return timeline.append(tx, Thread(ticket.conversation_id), [(closed, None)], at=at, place=place)
