"""Tickets as the rest of the house opens and moves them: by the shop's own hours, and with what hangs on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.parts import Assistant
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
