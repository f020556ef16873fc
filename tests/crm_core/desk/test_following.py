"""The log is read on once, whoever reads; conversations elsewhere are told once; words find their ticket."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_core.conversations import channels, timeline
from crm_core.conversations.events import BotReplied, ShopperSpoke
from crm_core.conversations.movements import SessionOpened
from crm_core.conversations.timeline import Thread
from crm_core.database import Database, Tx
from crm_core.desk import following, message_left, tickets
from crm_core.desk.hours import Hours
from crm_core.desk.tickets import NewTicket

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)


def talk(tx: Tx, conversation: str = "c1") -> None:
    said = [(SessionOpened("web"), None), (ShopperSpoke("在吗", "m1"), "m1"), (BotReplied("在的", 2, "social"), None)]
    timeline.append(tx, Thread(conversation), said, at=NOW)  # type: ignore[arg-type]


def test_of_two_who_read_the_same_one_writes_what_follows(database: Database) -> None:
    with database.transaction() as tx:
        talk(tx)
        (one,) = following.behind(tx, None)
        assert (one.read, one.last) == (0, 3)
        assert following.session_starts(tx, ["c1", "c2"]) == {"c1": [1], "c2": []}
        assert following.read_on(tx, "c1", 0, 3)
        assert not following.read_on(tx, "c1", 0, 3)
        assert following.behind(tx, None) == []
        timeline.append(tx, Thread("c1"), [(ShopperSpoke("还在吗", "m2"), "m2")], at=NOW)
        (one,) = following.behind(tx, NOW)
        assert following.read_on(tx, "c1", one.read, one.last)
        assert not following.read_on(tx, "c1", one.read, one.last)
        assert following.behind(tx, NOW + timedelta(seconds=1)) == []


def test_who_writes_elsewhere_is_told_from_where_they_were(database: Database) -> None:
    with database.transaction() as tx:
        name = channels.name_of(tx, "wecom", "wk1", "wm1")
        talk(tx, name)
        channels.heard(tx, "wecom", "wk1", "wm1", NOW)
        (one,) = channels.behind(tx, "wecom")
        assert (one.person, one.told_seq, one.told) == ("wm1", 0, 0)
        channels.told(tx, name, 3, more=1, by_bot=1)
        channels.told(tx, name, 2, more=1)
        assert channels.behind(tx, "wecom") == []
        channels.heard(tx, "wecom", "wk1", "wm1", NOW, again=True)
        timeline.append(tx, Thread(name), [(ShopperSpoke("还在吗", "m2"), "m2")], at=NOW)
        assert [(row.told, row.told_by_bot) for row in channels.behind(tx, "wecom")] == [(1, 1)]
        channels.heard(tx, "wecom", "wk1", "wm1", NOW)
        assert [(row.told_seq, row.told) for row in channels.behind(tx, "wecom")] == [(3, 0)]
        channels.pulled(tx, "wecom", "wk1", "7")
        assert (channels.cursor(tx, "wecom", "wk1"), channels.accounts(tx, "wecom")) == ("7", ["wk1"])


def test_words_find_the_ticket_of_their_session(database: Database) -> None:
    with database.transaction() as tx:
        wanted = NewTicket("callback", "留言：转人工", session="c1:1", details={"said": ["转人工"]}, key="left:c1:1")
        ticket = tickets.open_ticket(tx, wanted, NOW, Hours(ZoneInfo("Asia/Shanghai")))
        assert message_left.waiting(tx, ["c1:1", "c2:1"]) == {"c1:1"}
        message_left.add(tx, "c1:1", "打13800001234", "13800001234")
        message_left.add(tx, "c2:1", "别人的话", None)
        kept = tickets.ticket_of(tx, ticket.id)
        assert kept is not None
        assert kept.details == {"said": ["转人工", "打13800001234"]}
        assert tickets.phone_of(tx, ticket.id) == "13800001234"
