"""Money given back: whose word is needed, and whose does not count."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_core.database import Database
from crm_core.desk import approvals, ticket_changes, tickets
from crm_core.desk.approvals import Limits, NotApproved, standing
from crm_core.desk.hours import Hours
from crm_core.desk.tickets import NewTicket

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
ALWAYS = Hours(ZoneInfo("Asia/Shanghai"))


def refund(tx: object, kind: str = "refund") -> str:
    return tickets.open_ticket(tx, NewTicket(kind, "要退款"), NOW, ALWAYS).id  # type: ignore[arg-type]


def test_a_small_sum_needs_nobody_a_larger_one_a_senior_a_large_one_a_lead_too(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as tx:
        ticket = refund(tx)
        assert approvals.propose(tx, ticket, 9_900, "ann", "agent", "", NOW).needs == ()
        assert standing(approvals.steps(tx, ticket)) == "approved"

        approvals.propose(tx, ticket, 50_000, "ann", "agent", "", NOW)
        assert standing(approvals.steps(tx, ticket)) == "waiting"
        approvals.decide(tx, ticket, True, "sam", "senior", "", NOW)
        assert standing(approvals.steps(tx, ticket)) == "approved"

        approvals.propose(tx, ticket, 500_000, "ann", "agent", "", NOW)
        approvals.decide(tx, ticket, True, "sam", "senior", "", NOW)
        assert standing(approvals.steps(tx, ticket)) == "waiting"
        with pytest.raises(NotApproved) as second:
            approvals.decide(tx, ticket, True, "sid", "senior", "", NOW)
        assert second.value.code == "role_too_low"
        approvals.decide(tx, ticket, True, "lea", "lead", "", NOW)
        assert standing(approvals.steps(tx, ticket)) == "approved"
        steps = [(step.step, step.by) for step in approvals.steps(tx, ticket)]
        assert steps[-3:] == [("proposed", "ann"), ("approved", "sam"), ("approved", "lea")]


def test_nobody_approves_their_own_nor_twice(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as tx:
        ticket = refund(tx)
        approvals.propose(tx, ticket, 500_000, "lea", "lead", "", NOW)
        with pytest.raises(NotApproved) as own:
            approvals.decide(tx, ticket, True, "lea", "lead", "", NOW)
        assert own.value.code == "own_proposal"
        with pytest.raises(NotApproved) as low:
            approvals.decide(tx, ticket, True, "ann", "agent", "", NOW)
        assert low.value.code == "role_too_low"
        approvals.decide(tx, ticket, True, "ada", "admin", "", NOW)
        with pytest.raises(NotApproved) as twice:
            approvals.decide(tx, ticket, True, "ada", "admin", "", NOW)
        assert twice.value.code == "already_approved"


def test_a_no_ends_it_and_a_new_proposal_begins_anew(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as tx:
        ticket = refund(tx)
        approvals.propose(tx, ticket, 50_000, "ann", "agent", "", NOW)
        approvals.decide(tx, ticket, False, "sam", "senior", "太多了", NOW)
        assert standing(approvals.steps(tx, ticket)) == "declined"
        with pytest.raises(NotApproved):
            approvals.decide(tx, ticket, True, "sam", "senior", "", NOW)
        approvals.propose(tx, ticket, 20_000, "ann", "agent", "", NOW)
        approvals.decide(tx, ticket, True, "sam", "senior", "", NOW)
        assert standing(approvals.steps(tx, ticket)) == "approved"


def test_what_is_not_about_money_and_what_is_done_has_no_refund(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as tx:
        with pytest.raises(NotApproved):
            approvals.propose(tx, refund(tx, "how_to"), 100, "ann", "agent", "", NOW)
        for amount in (0, -1, approvals.MOST + 1):
            with pytest.raises(NotApproved):
                approvals.propose(tx, refund(tx), amount, "ann", "agent", "", NOW)
        with pytest.raises(ticket_changes.NoSuchTicket):
            approvals.propose(tx, "T0", 100, "ann", "agent", "", NOW)


def test_a_shop_sets_its_own_limits(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as tx:
        approvals.set_limits(tx, Limits(0, 0), "ada", NOW, 0)
        assert approvals.propose(tx, refund(tx), 1, "ann", "agent", "", NOW).needs == ("senior", "lead")
        with pytest.raises(ValueError, match="额度"):
            approvals.set_limits(tx, Limits(100, 50), "ada", NOW, 1)
