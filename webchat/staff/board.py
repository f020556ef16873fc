"""What the desks of this process are shown: rows of sessions, offers, people; each desk is told only what changed."""

import time
from typing import Any

from crm_core.desk import agents
from webchat.frames import frame, iso
from webchat.staff.lookers import Lookers
from webchat.staff.seat import Seat
from webchat.staff.snapshot import Offer, Snapshot

OURS_NO_MORE = ("bot", "message_left", "wrap_up")


class Board:
    """The last look at the record, and the desks that were told of it."""

    def __init__(self) -> None:
        self.seats: set[Seat] = set()
        self.rows: dict[str, dict[str, Any]] = {}
        self.offers: dict[str, Offer] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.read: dict[tuple[str, str], int] = {}  # how far an agent has read a session
        self.lookers = Lookers()

    def clear(self) -> None:
        """Nobody is here to be told."""
        self.rows, self.offers = {}, {}

    def take(self, seen: Snapshot) -> None:
        """Tell the desks what is different now."""
        for session, row in list(self.rows.items()):
            looked_at = seen.conversations is None or row["conversation"] in seen.conversations
            if looked_at and session not in seen.rows:
                del self.rows[session]
                self._tell_gone(session, "closed" if seen.conversations is not None else row["state"])
        for session, row in seen.rows.items():
            if self.rows.get(session) != row:
                self.rows[session] = row
                self._tell_row(session)
        self._take_offers(seen.offers)
        if people := [one for login, one in seen.people.items() if self.people.get(login) != one]:
            for seat in self.seats:
                seat.outlet.tell_if_room(frame(t="presence", agents=people))
        self.people = seen.people

    def introduce(self, seat: Seat, now: str) -> None:
        """Tell a new desk everything."""
        staff = seat.staff
        me = self.people.get(staff.login, {"status": "offline", "max": staff.max_chats})
        seat.tell(
            "welcome",
            me={
                "login": staff.login,
                "name": staff.name,
                "role": staff.role,
                "groups": staff.groups,
                "status": me["status"],
                "max_chats": me["max"],
            },
            agents=list(self.people.values()),
            groups=sorted({group for one in self.people.values() for group in one["groups"]}),
            now=now,
            hb=25,
        )
        seat.listed = {session for session, row in self.rows.items() if seat.sees(row)}
        seat.tell("sessions", sessions=[self.row(seat, session) for session in self.rows if session in seat.listed])
        for offer in self.offers.values():
            if offer.agent == seat.login:
                self._tell_offer(seat, offer)

    def row(self, seat: Seat, session: str) -> dict[str, Any] | None:
        """A session's row as this desk is shown it; None when it is not open."""
        row = self.rows.get(session)
        if row is None:
            return None
        viewers = [login for login in self.lookers.looking(session, time.monotonic()) if login != seat.login]
        shown = row | {"viewers": viewers, "read": self.read.get((seat.login, session), 0)}
        if not agents.may(seat.staff.role, "lead"):  # whoever listens as a supervisor is not seen by those who serve
            shown["watchers"] = [login for login in row["watchers"] if login == seat.login]
        return shown

    def owner(self, session: str) -> str | None:
        """Who serves the session."""
        row = self.rows.get(session)
        return row["owner"]["login"] if row is not None and row["owner"] else None

    def seats_of(self, login: str) -> list[Seat]:
        """The desks at which somebody sits."""
        return [seat for seat in self.seats if seat.login == login]

    def _take_offers(self, offers: dict[str, Offer]) -> None:
        before, self.offers = self.offers, offers
        for session, offer in before.items():
            if not _same(offer, offers.get(session)):
                why, by = self._fate(offer)
                for seat in self.seats_of(offer.agent):
                    seat.tell("offer_gone", session=session, why=why, by=by)
        for session, offer in offers.items():
            if not _same(offer, before.get(session)):
                for seat in self.seats_of(offer.agent):
                    self._tell_offer(seat, offer)

    def _fate(self, offer: Offer) -> tuple[str, dict[str, str] | None]:
        row = self.rows.get(offer.session)
        if row is None or row["state"] in OURS_NO_MORE:
            return "cancelled", None
        if row["owner"] is None or (offer.warm and row["owner"]["login"] != offer.agent):
            return "expired", None
        return ("accepted" if row["owner"]["login"] == offer.agent else "taken"), row["owner"]

    def _tell_offer(self, seat: Seat, offer: Offer) -> None:
        seat.tell(
            "offer",
            session=offer.session,
            expires_at=iso(offer.expires_at),
            warm=offer.warm,
            packet=offer.packet,
            row=self.row(seat, offer.session),
        )

    def _tell_row(self, session: str) -> None:
        row = self.rows[session]
        for seat in self.seats:
            if seat.sees(row) or session in seat.open:
                seat.listed.add(session)
                seat.tell("state", **(self.row(seat, session) or {}))
            elif session in seat.listed:
                seat.listed.discard(session)
                seat.tell("gone", session=session, state=row["state"], owner=row["owner"])

    def _tell_gone(self, session: str, state: str) -> None:
        for seat in self.seats:
            self.read.pop((seat.login, session), None)
            if session in seat.listed:
                seat.listed.discard(session)
                seat.tell("gone", session=session, state=state, owner=None)


def _same(one: Offer, other: Offer | None) -> bool:
    return other is not None and (one.agent, one.expires_at) == (other.agent, other.expires_at)
