"""Ratings over HTTP: what shoppers think of the bot and of each person, apart."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from crm_core.desk import ratings
from crm_core.desk.ratings import Rating
from crm_core.desk.sign_ins import Staff
from crm_core.tables import from_millis, to_millis
from webchat.frames import iso
from webchat.staff.cursors import cursor_of, read_cursor, span
from webchat.staff.door import needs
from webchat.wiring import Gateway


def router(gateway: Gateway) -> APIRouter:
    """The routes about ratings."""
    routes = APIRouter(prefix="/api/ratings")
    a = gateway.assistant
    lead = needs(gateway, "lead")

    @routes.get("")
    def given(
        who: Annotated[Staff, lead],  # noqa: ARG001
        side: Literal["bot", "agent"] | None = None,
        agent: str | None = None,
        bad: bool = False,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=300)] = None,
    ) -> dict[str, Any]:
        start, end = span(a, since, until)
        place = read_cursor(cursor, 3) if cursor else None
        with a.record.reading() as tx:
            found = ratings.listed(
                tx,
                side=side,
                agent=agent,
                bad=bad,
                since=start,
                until=end,
                before=(from_millis(int(place[0])), str(place[1]), str(place[2])) if place else None,
                most=limit + 1,
            )
        last = found[limit - 1] if len(found) > limit else None
        following = cursor_of(to_millis(last.at), last.session_id, last.side) if last else None
        return {"ratings": [_rating(one) for one in found[:limit]], "next": following}

    @routes.get("/scores")
    def scores(
        who: Annotated[Staff, lead],  # noqa: ARG001
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
    ) -> dict[str, Any]:
        start, end = span(a, since, until)
        with a.record.reading() as tx:
            found = {side: [vars(one) for one in ratings.scores(tx, start, end, side)] for side in ratings.SIDES}
        return {"from": iso(start), "to": iso(end), **found}

    return routes


def _rating(one: Rating) -> dict[str, Any]:
    return {
        "session": one.session_id,
        "conversation": one.conversation_id,
        "customer": one.customer_id,
        "side": one.side,
        "agent": one.agent,
        "solved": one.solved,
        "stars": one.stars,
        "text": one.text,
        "about_seq": one.about_seq,
        "at": iso(one.at),
    }
