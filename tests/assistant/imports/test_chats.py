"""Chat logs of other systems."""

import json
from datetime import UTC, datetime
from typing import Any

from crm_core.conversations import timeline
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Entry,
    OutcomeNoted,
    SessionClosed,
    SessionOpened,
    ShopperSpoke,
)
from crm_core.conversations.timeline import Thread


def log(*said: tuple[str, str, str, str], **more: Any) -> str:
    rows = [{"session_id": s, "at": at, "role": role, "text": text, **more} for s, at, role, text in said]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def entries(shop, conversation: str) -> list[Entry]:
    with shop.record.reading() as tx:
        return timeline.since(tx, conversation, 0)


def words(shop, conversation: str) -> list[str]:
    return [entry.event.text for entry in entries(shop, conversation) if hasattr(entry.event, "text")]


TALK = log(
    ("s1", "2026-05-01 10:00", "shopper", "在吗"),
    ("s1", "2026-05-01 10:00:05", "bot", "在的"),
    ("s1", "2026-05-01 10:01", "agent", "请讲"),
    ("s2", "2026-05-01 11:00", "买家", "多少钱"),
)


def test_a_session_becomes_a_conversation_with_its_own_times(either_shop) -> None:
    report = either_shop.take("chats", TALK, "a.jsonl")
    assert (report.taken, report.unchanged) == (4, 0)
    events = [entry.event for entry in entries(either_shop, "s1")]
    assert [type(event) for event in events] == [SessionOpened, ShopperSpoke, BotReplied, AgentSpoke, SessionClosed]
    assert events[2].answers == 2
    assert [entry.seq for entry in entries(either_shop, "s1")] == [1, 2, 3, 4, 5]
    assert entries(either_shop, "s1")[1].at.isoformat() == "2026-05-01T02:00:00+00:00"
    assert entries(either_shop, "s1")[4].at == entries(either_shop, "s1")[3].at


def test_the_same_log_again_changes_nothing_and_a_longer_one_adds(shop) -> None:
    shop.take("chats", TALK, "a.jsonl")
    before = entries(shop, "s1")
    assert shop.take("chats", TALK, "b.jsonl").unchanged == 4
    assert entries(shop, "s1") == before
    longer = TALK + log(("s1", "2026-05-01 10:02", "shopper", "谢谢"))
    assert shop.take("chats", longer, "a.jsonl").unchanged == 4
    assert words(shop, "s1") == ["在吗", "在的", "请讲", "谢谢"]
    with shop.record.reading() as tx:
        assert timeline.open_session(tx, "s1") is None


def test_a_log_with_the_newest_line_first_is_put_in_order(shop) -> None:
    lines = TALK.splitlines(keepends=True)
    report = shop.take("chats", "".join(reversed(lines)), "a.jsonl")
    assert words(shop, "s1") == ["在吗", "在的", "请讲"]
    assert any("由早到晚" in notice for notice in report.notices)


def test_customer_order_and_outcome_are_kept_beside_the_words(shop) -> None:
    rows = log(
        ("s1", "2026-05-01 10:00", "shopper", "在吗"),
        ("s1", "2026-05-01 10:01", "agent", "在"),
        customer_id="C1",
        order_id="O1",
        converted="是",
        sender_id="w7",
    )
    shop.take("chats", rows, "a.jsonl")
    events = [entry.event for entry in entries(shop, "s1")]
    assert OutcomeNoted(True, "O1") in events
    assert sum(isinstance(event, OutcomeNoted) for event in events) == 1
    assert next(event for event in events if isinstance(event, ShopperSpoke)).order == "O1"
    assert next(event for event in events if isinstance(event, AgentSpoke)).agent == "w7"
    with shop.record.reading() as tx:
        assert timeline.head(tx, "s1").customer == "C1"


def test_a_conversation_of_our_own_takes_no_line_of_a_log(shop) -> None:
    with shop.record.transaction() as tx:
        timeline.append(tx, Thread("s1"), [(ShopperSpoke("真的", "x"), "x")], at=datetime(2026, 5, 1, tzinfo=UTC))
    report = shop.take("chats", TALK, "a.jsonl")
    assert (report.taken, report.rejected) == (1, 3)
    assert report.first_rejects[0].reason == "会话 s1 是网关自己的会话，应为别处的会话编号"
    assert words(shop, "s1") == ["真的"]


def test_wrong_lines_are_refused(shop) -> None:
    report = shop.take(
        "chats",
        log(
            ("s1", "2026-05-01", "狗", "汪"),
            ("s1", "2026-05-01", "agent", ""),
            ("s1", "早上", "agent", "x"),
            ("s1", "2027-05-01", "agent", "x"),
        ),
        "a.jsonl",
    )
    assert [one.reason for one in report.first_rejects] == [
        "「role」是「狗」，应为shopper（买家）、agent（客服）、bot（机器人）之一",
        "「text」是空的，这一列每行都要填",
        "「at」是「早上」，应为时间，例如 2026-01-02 15:04",
        "「at」在将来，应为已经说过的时间",
    ]


def test_columns_a_log_has_no_place_for_are_named(shop) -> None:
    report = shop.take("chats", "会话ID,时间,角色,内容,浏览器\ns1,2026-05-01,买家,在吗,Edge\n")
    assert report.notices == ("没有用到的列：浏览器",)


JDDC = (
    'aa11\tUSERID_1\t0\t0\t0\tnan\t你好，我的 "订单" 到哪了\n'
    "aa11\tUSERID_1\t1\t0\t0\tnan\t好的\n"
    "aa11\tUSERID_1\t0\t0\t1\t100345\t好的\n"
    "aa11\tUSERID_1\t1\t0\t0\tnan\t好的 \n"
    "bb22\tUSERID_2\t0\t0\t0\tnan\t在吗\n"
)


def test_the_tab_format_of_jddc_is_recognised(shop) -> None:
    report = shop.take("chats", JDDC, "chat.txt")
    assert (report.taken, report.unchanged, report.unusable) == (5, 0, None)
    assert words(shop, "aa11") == ['你好，我的 "订单" 到哪了', "好的", "好的", "好的"]
    assert [entry.event.sender for entry in entries(shop, "aa11")][1:5] == [
        "shopper",
        "agent",
        "shopper",
        "agent",
    ]
    assert next(e.event for e in entries(shop, "aa11") if e.seq == 4).sku == "100345"
    times = [entry.at for entry in entries(shop, "aa11")]
    assert times == sorted(times)
    assert report.notices == ("JDDC 格式里没有时间：以文件的修改时间为准，每句隔一秒",)
    assert shop.take("chats", shop.folder / "chat.txt").unchanged == 5


def test_six_columns_and_gb18030_are_jddc_as_well(shop) -> None:
    report = shop.take("chats", "s\tu\t0\t0\t0\t退货运费谁出\ns\tu\t1\t0\t0\n".encode("gb18030"), "chat.tsv")
    assert (report.taken, report.rejected) == (1, 1)
    assert report.first_rejects[0].reason == "这一行有 5 格，JDDC 格式应当有 6 或 7 格，以制表符分开"
    assert words(shop, "s") == ["退货运费谁出"]


def test_a_log_of_several_chunks_keeps_its_sessions_whole(shop) -> None:
    said = [(f"s{n // 7}", f"2026-05-01 10:{n % 60:02d}:{n % 7:02d}", "shopper", f"第{n}句") for n in range(2400)]
    report = shop.take("chats", log(*said), "a.jsonl")
    assert report.taken == 2400
    with shop.record.reading() as tx:
        opened = tx.connection.exec_driver_sql("SELECT count(*) FROM sessions WHERE state = 'closed'").scalar_one()
    assert opened == len({session for session, *_ in said})
