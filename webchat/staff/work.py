"""The routes of work that outlives a session, in the order in which they are looked through."""

from fastapi import APIRouter

from webchat.staff import promises, ratings, replies, ticket_export, ticket_money, ticket_rules, tickets
from webchat.wiring import Gateway


def routers(gateway: Gateway) -> list[APIRouter]:
    """Tickets, promises, ratings and canned replies. What has a name of its own comes before `/{ticket}`."""
    parts = (ticket_rules, ticket_export, ticket_money, tickets, promises, ratings, replies)
    return [part.router(gateway) for part in parts]
