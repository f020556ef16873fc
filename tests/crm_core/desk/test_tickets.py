"""Tickets: placed, worked on, timed, listed; and what is refused."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_core.database import Database, Tx
from crm_core.desk import agents, dispatch, ticket_changes, ticket_lists, tickets
from crm_core.desk.dispatch import Rule
from crm_core.desk.hours import Hours
from crm_core.desk.ticket_changes import NotAMove, Overtaken
from crm_core.desk.ticket_lists import Filter
from crm_core.desk.tickets import NewTicket, Ticket, WrongTicket
from crm_core.jobs import outbox

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in the shop
ALWAYS = Hours(SHANGHAI)
PEOPLE = (
    ("wu", "agent", ["仓库组", "售后组"]),
    ("lin", "agent", ["售后组"]),
    ("wang", "senior", ["金牌客服", "售后组"]),
    ("li", "lead", ["金牌客服"]),
    ("liu", "agent", ["售前组"]),
)


@pytest.fixture
def shop(database: Database) -> Database:
    with database.transaction() as tx:
        for login, role, groups in PEOPLE:
            agents.engage(tx, [{"login": login, "name": login, "role": role, "groups": groups, "password_hash": "-"}])
    return database


def opened(tx: Tx, kind: str, at: datetime = NOW, hours: Hours = ALWAYS, **more: object) -> Ticket:
    return tickets.open_ticket(tx, NewTicket(kind, f"关于 {kind}", **more), at, hours)  # type: ignore[arg-type]


def moved(tx: Tx, ticket: Ticket, at: datetime = NOW, by: str = "wang", **wanted: object) -> Ticket:
    return ticket_changes.change(tx, ticket.id, wanted, by=by, at=at, hours=ALWAYS)


def test_each_kind_goes_where_the_shop_s_rules_send_it(shop: Database) -> None:
    with shop.transaction() as tx:
        placed = {kind: opened(tx, kind) for kind in dispatch.TYPES}
    assert (placed["return"].group, placed["return"].assignee, placed["return"].state) == ("仓库组", "wu", "assigned")
    assert (placed["complaint"].group, placed["complaint"].level, placed["complaint"].assignee) == (
        "金牌客服",
        "senior",
        "wang",
    )
    assert placed["lost_parcel"].priority == 0
    assert (placed["how_to"].priority, placed["how_to"].assignee) == (3, "liu")
    assert (placed["other"].group, placed["other"].assignee, placed["other"].state) == ("", None, "new")


def test_the_one_with_least_to_do_gets_the_next(shop: Database) -> None:
    with shop.transaction() as tx:
        assert [opened(tx, "logistics").assignee for _ in range(4)] == ["lin", "wu", "lin", "wu"]


def test_who_left_gets_nothing(shop: Database) -> None:
    with shop.transaction() as tx:
        agents.disable(tx, "wu", NOW)
        ticket = opened(tx, "return")
        assert (ticket.group, ticket.assignee, ticket.state) == ("仓库组", None, "new")


def test_the_same_key_opens_no_second_ticket(shop: Database) -> None:
    with shop.transaction() as tx:
        first = opened(tx, "callback", key="left:s1")
    with shop.transaction() as tx:
        assert opened(tx, "callback", key="left:s1", at=NOW + timedelta(hours=1)) == first
        assert opened(tx, "callback", key="left:s2").id != first.id
        assert len(outbox.undelivered(tx)) == 2


def test_a_telephone_number_is_sealed(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = opened(tx, "callback", phone="13800001234")
        assert ticket.has_phone
        assert tickets.phone_of(tx, ticket.id) == "13800001234"
        assert "13800001234" not in repr(tx.execute(tickets.tickets.select()).all())


def test_a_lost_parcel_jumps_the_queue_and_the_oldest_starves_under_no_stream_of_lost_parcels(shop: Database) -> None:
    with shop.transaction() as tx:
        how_to = opened(tx, "how_to")
        back = opened(tx, "return", at=NOW + timedelta(hours=1))
        lost = opened(tx, "lost_parcel", at=NOW + timedelta(hours=2))
        assert ticket_lists.ranks(tx, [how_to.id, back.id, lost.id]) == {lost.id: 1, back.id: 2, how_to.id: 3}
        for day in range(1, 8):
            opened(tx, "lost_parcel", at=NOW + timedelta(days=day, minutes=1))
        assert ticket_lists.ranks(tx, [how_to.id])[how_to.id] == 6
        listed, _ = ticket_lists.page(tx, Filter(), NOW)
        assert [one.id for one in listed].index(how_to.id) == 5


def test_the_whole_way_and_no_other(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = opened(tx, "other")
        with pytest.raises(WrongTicket):
            moved(tx, ticket, state="assigned")
        for state in ("assigned", "working", "waiting", "working", "resolved", "closed"):
            ticket = moved(tx, ticket, state=state, **({"assignee": "lin"} if state == "assigned" else {}))
            assert ticket.state == state
        assert ticket.closed_at == NOW
        for state in ("new", "assigned", "working", "waiting", "resolved"):
            with pytest.raises(NotAMove) as refused:
                moved(tx, ticket, state=state)
            assert refused.value.possible == []
        with pytest.raises(NotAMove):
            moved(tx, ticket, priority=0)


@pytest.mark.parametrize("wanted", ["resolved", "closed", "waiting"])
def test_a_new_ticket_skips_nothing(shop: Database, wanted: str) -> None:
    with shop.transaction() as tx, pytest.raises(NotAMove):
        moved(tx, opened(tx, "other"), state=wanted)


def test_the_history_says_who_changed_what(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = opened(tx, "return", by="wang")
        ticket_changes.change(
            tx, ticket.id, {"priority": 0, "state": "working"}, by="wu", at=NOW, hours=ALWAYS, note="缺一件"
        )
        rows = [(row.by, row.field, row.before, row.after) for row in ticket_changes.history(tx, ticket.id)]
        assert rows == [
            ("wang", "state", None, "assigned"),
            ("wu", "priority", "2", "0"),
            ("wu", "state", "assigned", "working"),
            ("wu", "note", None, "缺一件"),
        ]
        same = ticket_changes.change(tx, ticket.id, {"priority": 0}, by="wu", at=NOW, hours=ALWAYS)
        assert same.version == 2


def test_of_two_who_change_the_same_version_one_is_told(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = opened(tx, "return")
        ticket_changes.change(tx, ticket.id, {"priority": 1}, by="wu", at=NOW, hours=ALWAYS, version=1)
        with pytest.raises(Overtaken):
            ticket_changes.change(tx, ticket.id, {"priority": 3}, by="li", at=NOW, hours=ALWAYS, version=1)


def test_another_group_is_another_person_and_another_kind_another_place(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = moved(tx, opened(tx, "return"), group="售后组")
        assert ticket.assignee == "wu"  # who belongs to both groups keeps it
        assert moved(tx, ticket, group="售前组").assignee == "liu"
        assert moved(tx, ticket, group="没有人的组").state == "new"
        again = moved(tx, ticket, type="complaint")
        assert (again.group, again.assignee, again.priority) == ("金牌客服", "wang", 1)


def test_due_in_open_hours(shop: Database) -> None:
    hours = Hours(SHANGHAI, time(9), time(18))
    evening = datetime(2026, 5, 4, 17, 0, tzinfo=SHANGHAI)
    with shop.transaction() as tx:
        assert opened(tx, "complaint", at=evening, hours=hours).due_at == datetime(2026, 5, 5, 12, tzinfo=SHANGHAI)


def test_while_others_are_waited_for_the_clock_stands_still(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = moved(tx, opened(tx, "complaint"), state="working")  # due in 4 h
        ticket = moved(tx, ticket, at=NOW + timedelta(hours=1), state="waiting")
        assert ticket_changes.sweep(tx, NOW + timedelta(hours=9)) == ([], 0)
        ticket = moved(tx, ticket, at=NOW + timedelta(hours=10), state="working")
        assert ticket.due_at == NOW + timedelta(hours=13)


def test_what_runs_out_of_time_is_noticed_once_and_listed(shop: Database) -> None:
    with shop.transaction() as tx:
        late = opened(tx, "complaint")
        opened(tx, "how_to")
        later = NOW + timedelta(hours=5)
        assert [one.id for one in ticket_changes.sweep(tx, later)[0]] == [late.id]
        assert ticket_changes.sweep(tx, later)[0] == []
        listed, _ = ticket_lists.page(tx, Filter(overdue=True), later)
        assert [one.id for one in listed] == [late.id]
        assert [told.kind for told in outbox.undelivered(tx)].count("ticket.overdue") == 1
        assert ticket_lists.counts(tx, later)["overdue"] == 1


def test_what_stays_resolved_is_closed(shop: Database) -> None:
    with shop.transaction() as tx:
        ticket = moved(tx, moved(tx, opened(tx, "complaint"), state="working"), state="resolved")
        assert ticket_changes.sweep(tx, NOW + timedelta(days=2))[1] == 0
        assert ticket_changes.sweep(tx, NOW + timedelta(days=3))[1] == 1
        kept = tickets.ticket_of(tx, ticket.id)
        assert kept is not None
        assert kept.state == "closed"


def test_pages_are_whole_and_in_turn_whatever_is_opened_meanwhile(shop: Database) -> None:
    with shop.transaction() as tx:
        for n in range(25):
            opened(tx, dispatch.TYPES[n % len(dispatch.TYPES)], at=NOW + timedelta(minutes=n), customer=f"C{n % 2}")
        for ticket in ticket_lists.page(tx, Filter(types=("complaint",)), NOW)[0]:
            moved(tx, moved(tx, ticket, state="working"), state="resolved")
        whole, none = ticket_lists.page(tx, Filter(), NOW, most=100)
        assert none is None
        assert [one.is_open for one in whole] == sorted((one.is_open for one in whole), reverse=True)
        seen: list[str] = []
        cursor = None
        while True:
            found, cursor = ticket_lists.page(tx, Filter(), NOW, cursor=cursor, most=7)
            seen += [one.id for one in found]
            if len(seen) == 7:
                opened(tx, "lost_parcel", at=NOW - timedelta(days=1))
            if cursor is None:
                break
        assert seen == [one.id for one in whole]
        assert {one.customer_id for one in ticket_lists.page(tx, Filter(customer="C1"), NOW)[0]} == {"C1"}
        with pytest.raises(ticket_lists.WrongCursor):
            ticket_lists.page(tx, Filter(), NOW, cursor="nonsense")


def test_a_shop_sets_its_own_rules(shop: Database) -> None:
    mine = Rule("过敏", words=("过敏", "红疹"), group="金牌客服", level="senior", priority=0, minutes=30)
    with shop.transaction() as tx:
        kept = dispatch.set_rules(tx, [mine], "li", NOW, 0)
        ticket = tickets.open_ticket(tx, NewTicket("how_to", "用了起红疹怎么办"), NOW, ALWAYS)
        assert (ticket.group, ticket.priority, ticket.rule) == ("金牌客服", 0, "过敏")
        assert opened(tx, "return").group == ""
        assert dispatch.rules(tx) == (mine,)
        with pytest.raises(dispatch.desk_rules.Overtaken):
            dispatch.set_rules(tx, [], "wang", NOW, 0)
        assert dispatch.set_rules(tx, [], "wang", NOW, kept.version).version == 2


@pytest.mark.parametrize(
    "wrong",
    [
        Rule("", types=("return",)),
        Rule("a", types=("nothing",)),
        Rule("a", level="expert"),
        Rule("a", priority=4),
        Rule("a", minutes=0),
        Rule("a", words=(" ",)),
    ],
)
def test_rules_that_cannot_be_are_refused(shop: Database, wrong: Rule) -> None:
    with shop.transaction() as tx, pytest.raises(dispatch.WrongRules):
        dispatch.set_rules(tx, [wrong], "li", NOW, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        NewTicket("nothing", "x"),
        NewTicket("return", "  "),
        NewTicket("return", "x", priority=4),
        NewTicket("return", "x", level="expert"),
        NewTicket("return", "x", assignee="nobody"),
    ],
)
def test_tickets_that_cannot_be_are_refused(shop: Database, wrong: NewTicket) -> None:
    with shop.transaction() as tx, pytest.raises(WrongTicket):
        tickets.open_ticket(tx, wrong, NOW, ALWAYS)
