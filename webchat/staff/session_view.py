"""A session as lists and the desk show it, in one flat row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke
from crm_core.privacy import masking
from crm_core.reports.session_list import Listed
from webchat.frames import iso
from webchat.staff.entry_view import RULES

SHOWN_OF_LAST = 80


def row(one: Listed, names: Mapping[str, str]) -> dict[str, Any]:
    """The session as JSON; a shopper's name is shown whole only where the customer is opened."""
    of = one.row
    owner = of["assignee"] or (of["last_agent"] if of["state"] == "wrap_up" else None)
    return {
        "session": one.id,
        "conversation": of["conversation_id"],
        "customer": one.customer,
        "name": masking.name(one.name) or (one.customer or f"访客 {of['conversation_id'][:4]}"),
        "tier": one.tier,
        "channel": of["channel"],
        "state": of["state"],
        "owner": person(owner, names),
        "last_agent": of["last_agent"],
        "offered_to": of["offered_to"],
        "level": of["level"],
        "priority": of["priority"],
        "group": of["queue"] or None,
        "reason": RULES.get(one.rule, one.rule) if one.rule else None,
        "opened_at": iso(of["opened_at"]),
        "queued_at": _at(of["queued_at"]),
        "waiting_since": _at(of["waiting_since"]),
        "waiting_on": of["waiting_on"],
        "hold_until": _at(one.hold_until),
        "closed_at": _at(of["closed_at"]),
        "close_reason": of["close_reason"],
        "solved": of["solved"],
        "category": of["category"],
        "version": of["version"],
        "last": _last(one.last),
        "seq": one.seq,
    }


def person(login: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    """Somebody at work, by log-in and name."""
    return {"login": login, "name": names.get(login, login)} if login else None


def _last(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None or not isinstance(entry.event, ShopperSpoke | BotReplied | AgentSpoke):
        return None
    text = " ".join(entry.event.text.split())
    return {
        "from": entry.event.sender,
        "text": text if len(text) <= SHOWN_OF_LAST else text[: SHOWN_OF_LAST - 1] + "…",
        "at": iso(entry.at),
        "seq": entry.seq,
    }


def _at(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
