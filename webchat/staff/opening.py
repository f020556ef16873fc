"""A session is opened at a desk: its entries from where the desk knows them, its notes, the packet, the customer."""

import asyncio
from typing import Any

from assistant.desk import wrapping_up
from crm_core.conversations import timeline
from crm_core.database import Tx
from crm_core.desk import notes
from crm_core.desk.notes import Note
from crm_core.reports import session_list
from crm_core.reports.session_list import Listed, Wanted, place_of
from webchat.frames import Refused
from webchat.staff import desk_frames as f
from webchat.staff import session_view, snapshot
from webchat.staff.customers import read_customer
from webchat.staff.desk_acts import Acts
from webchat.staff.floor import Floor
from webchat.staff.seat import OWN, Opened, Seat

MOST_OPEN = 100  # sessions of one desk
OLDER_AT_ONCE = 50


class Opening:
    """Opens and closes the sessions of one desk."""

    def __init__(self, floor: Floor, seat: Seat, acts: Acts):
        self._floor = floor
        self._seat = seat
        self._acts = acts

    async def open(self, command: f.Open | f.Listen) -> None:
        """Show the session and what follows."""
        seat, floor, session = self._seat, self._floor, command.session
        quiet = isinstance(command, f.Listen)
        if len(seat.open) >= MOST_OPEN:
            raise Refused("rate_limited", f"最多同时打开 {MOST_OPEN} 个会话")
        if quiet:
            await self._acts.watch(session, on=True)
        found = await asyncio.to_thread(self._look_into, session)
        if found is None:
            raise Refused("not_found", "没有这个会话")
        listed, head, packet, written = found
        floor.close(seat, session)
        conversation, first = place_of(session)
        since = first - 1 if command.since is None else min(command.since, head)
        opened = Opened(seat, session, conversation, since, quiet=quiet, view=floor.view)
        row = floor.board.row(seat, session) or session_view.row(listed, floor.view.names)
        told = {"conversation": conversation, "seq": head, "first": first, "row": row, "packet": packet}
        if row["state"] in OWN:
            told["summary"] = await asyncio.to_thread(self._summed, session)
        seat.tell("opened", session=session, ref=command.ref, **told)
        floor.opened(seat, opened)
        await floor.gateway.rooms.join(conversation, opened, head)
        for note in written:
            opened.note(note)
        seat.tell("caught_up", session=session, seq=opened.cursor)
        customer = await asyncio.to_thread(read_customer, floor.gateway, listed.customer) if listed.customer else None
        seat.tell("customer", session=session, customer=customer)
        floor.wants_drafts(opened)

    async def leave(self, command: f.Leave) -> None:
        """Look at it no more."""
        opened = self._seat.open.get(command.session)
        self._floor.close(self._seat, command.session)
        if opened is not None and opened.quiet:
            await self._acts.watch(command.session, on=False)

    def _look_into(self, session: str) -> tuple[Listed, int, Any, list[Note]] | None:
        with self._floor.gateway.assistant.record.reading() as tx:
            found = session_list.listed(tx, Wanted(ids=[session]), 1)
            if not found:
                return None
            head = timeline.head(tx, place_of(session)[0])
            return found[0], head.seq if head else 0, snapshot.packet_of(tx, session), notes.of_session(tx, session)

    async def summary(self, command: f.Summary) -> None:
        """Begin the summary for whoever ends the session."""
        found = await asyncio.to_thread(self._summed, command.session)
        self._seat.tell("summary", session=command.session, ref=command.ref, **found)

    def _summed(self, session: str) -> dict[str, Any]:
        with self._floor.gateway.assistant.record.reading() as tx:
            entries = session_list.entries_of(tx, session)
        draft = wrapping_up.draft(self._floor.gateway.assistant.reader, entries)
        return {"category": draft.category, "note": draft.note, "solved": draft.solved}

    async def older(self, command: f.Older) -> None:
        """Show what stands before."""
        conversation, _ = place_of(command.session)

        def read(tx: Tx) -> list[dict[str, Any]]:
            entries = session_list.before(tx, conversation, command.before, OLDER_AT_ONCE)
            shown, prev = [], (entries[0].seq - 1 if entries else 0)
            for entry in entries:
                one = self._floor.view.entry(entry, prev)
                if one is not None:
                    prev = entry.seq
                    shown.append(one)
            return shown

        found = await asyncio.to_thread(self._reading, read)
        more = bool(found) and found[0]["prev"] > 0
        self._seat.tell("entries", session=command.session, entries=found, more=more, ref=command.ref)

    def _reading(self, read: Any) -> Any:
        with self._floor.gateway.assistant.record.reading() as tx:
            return read(tx)
