"""Where a page of a list ended, as a word that its reader hands back, and the span of time of a report."""

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from assistant.parts import Assistant
from crm_core.tables import from_millis
from webchat.problems import Problem
from webchat.staff.ticket_requests import zoned

USUAL_SPAN = timedelta(days=30)


def cursor_of(*place: int | str) -> str:
    """A place in a list: milliseconds first, and what tells rows of the same moment apart."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str, length: int) -> list[Any]:
    """The place that a cursor names; a Problem for any that was not given out here."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        from_millis(int(place[0]))
        if len(place) == length:
            return list(place)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, OSError, binascii.Error):
        pass
    raise Problem(422, "invalid_request", "这个 cursor 不是从上一页得到的")


def span(a: Assistant, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """The span that is asked for; the last month of it where it has no beginning."""
    end = zoned(until, a.zone) if until else a.clock()
    return (zoned(since, a.zone) if since else end - USUAL_SPAN), end
