"""Money given back, step by step: proposed by one person, approved by others, and nobody approves their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk import desk_rules
from crm_core.desk.agents import may
from crm_core.desk.ticket_changes import NoSuchTicket
from crm_core.desk.tickets import note_changes, tell, ticket_of
from crm_core.desk.work_tables import refund_steps

DOCUMENT: Final = "refund_limits"
KINDS: Final = frozenset({"refund", "return", "exchange", "complaint", "lost_parcel"})
MOST: Final = 100_000_000
"""A million yuan: whatever is above it is a slip of the hand."""


@dataclass(frozen=True)
class Limits:
    """Above which amount in fen whose word is needed: a senior's, and a lead's beside it."""

    senior: int = 10_000
    lead: int = 100_000


@dataclass(frozen=True)
class Step:
    """One person's word on an amount; `needs` are the roles whose word is still wanted after it."""

    number: int
    step: str
    amount: int
    by: str
    role: str
    needs: tuple[str, ...]
    note: str
    at: datetime


class NotApproved(Exception):
    """This word cannot be given; `code` and the message say why."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def limits(tx: Tx) -> Limits:
    """The limits in force."""
    kept = desk_rules.document(tx, DOCUMENT).value
    return Limits() if kept is None else Limits(**kept)


def set_limits(tx: Tx, wanted: Limits, by: str, at: datetime, version: int) -> None:
    """Put other limits in force; raises ValueError where they contradict each other."""
    if not 0 <= wanted.senior <= wanted.lead <= MOST:
        raise ValueError("审批额度应满足 0 ≤ 资深客服额度 ≤ 主管额度")
    desk_rules.replace(tx, DOCUMENT, vars(wanted), by, at, version)


def steps(tx: Tx, ticket_id: str) -> list[Step]:
    """Every step of a ticket, oldest first."""
    query = sa.select(refund_steps).where(refund_steps.c.ticket_id == ticket_id).order_by(refund_steps.c.number)
    return [
        Step(row.number, row.step, row.amount, row.by, row.role, tuple(row.needs), row.note, row.at)
        for row in tx.execute(query)
    ]


def standing(taken: list[Step]) -> str:
    """Where the money stands after these steps: none, waiting, approved or declined."""
    if not taken:
        return "none"
    last = taken[-1]
    return "declined" if last.step == "declined" else "waiting" if last.needs else "approved"


def propose(tx: Tx, ticket_id: str, amount: int, by: str, role: str, note: str, at: datetime) -> Step:
    """Propose an amount; it is approved at once where nobody's word is needed. An earlier proposal falls."""
    if not 0 < amount <= MOST:
        raise NotApproved("wrong_amount", "退款金额应大于 0，且不超过一百万元")
    bounds = limits(tx)
    needs = (*(("senior",) if amount > bounds.senior else ()), *(("lead",) if amount > bounds.lead else ()))
    return _take(tx, ticket_id, "proposed", amount, by, role, needs, note, at)


def decide(tx: Tx, ticket_id: str, approve: bool, by: str, role: str, note: str, at: datetime) -> Step:
    """Say yes or no to what is proposed. Raises NotApproved for whoever may not, or has had a say already."""
    taken = steps(tx, ticket_id)
    if standing(taken) != "waiting":
        raise NotApproved("not_waiting", "现在没有等待审批的退款")
    last = taken[-1]
    begun = max(place for place, step in enumerate(taken) if step.step == "proposed")
    if by == taken[begun].by:
        raise NotApproved("own_proposal", "不能审批自己提出的退款")
    if by in {step.by for step in taken[begun:]}:
        raise NotApproved("already_approved", "您已经审批过这一笔，下一步要由别人来审批")
    if not may(role, last.needs[0]):
        raise NotApproved(
            "role_too_low", f"这一步要由{'主管' if last.needs[0] == 'lead' else '资深客服'}或更高角色审批"
        )
    if not approve:
        return _take(tx, ticket_id, "declined", last.amount, by, role, (), note, at)
    return _take(tx, ticket_id, "approved", last.amount, by, role, last.needs[1:], note, at)


def _take(
    tx: Tx,
    ticket_id: str,
    step: str,
    amount: int,
    by: str,
    role: str,
    needs: tuple[str, ...],
    note: str,
    at: datetime,
) -> Step:
    ticket = ticket_of(tx, ticket_id, locked=True)
    if ticket is None:
        raise NoSuchTicket(ticket_id)
    if ticket.type not in KINDS:
        raise NotApproved("not_possible", "这种工单不涉及退款")
    if not ticket.is_open:
        raise NotApproved("not_possible", "工单已经解决或关闭，不能再改退款")
    taken = Step(len(steps(tx, ticket_id)) + 1, step, amount, by, role, needs, note.strip(), at)
    row: dict[str, Any] = {**vars(taken), "needs": list(needs), "ticket_id": ticket_id}
    tx.execute(refund_steps.insert().values(**row))
    note_changes(tx, ticket_id, [("refund", None, f"{step} {amount / 100:.2f}")], by, at)
    tell(tx, "ticket.updated", ticket, at, by=by, changed=["refund"], refund={"step": step, "amount": amount})
    return taken
