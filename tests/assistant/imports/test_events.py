"""What people did in the shop."""

import json

import sqlalchemy as sa

from crm_core.customers.tables import events

VIEW = {
    "type": "track",
    "userId": "C1",
    "anonymousId": "a1",
    "event": "Product Viewed",
    "timestamp": "2026-05-01T10:00:00Z",
    "properties": {"sku": "A", "price": 99},
    "messageId": "m1",
    "sentAt": "2026-05-01T10:00:01Z",
    "integrations": {},
}


def lines(*said: dict) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said)


def test_an_event_is_kept_once_by_its_id_or_its_content(either_shop) -> None:
    nameless = {key: value for key, value in VIEW.items() if key != "messageId"}
    report = either_shop.take(
        "events", lines(VIEW, nameless, nameless, {**nameless, "event": "Product Added"}), "a.jsonl"
    )
    assert (report.taken, report.unchanged) == (4, 1)
    assert either_shop.take("events", lines(VIEW, nameless), "a.jsonl").unchanged == 2
    with either_shop.record.reading() as tx:
        rows = tx.execute(sa.select(events).order_by(events.c.id)).all()
    assert len(rows) == 3
    assert rows[0].properties == {"sku": "A", "price": 99}
    assert (rows[0].customer_id, rows[0].anonymous_id) == ("C1", "a1")


def test_identify_and_page_keep_their_traits_and_names(shop) -> None:
    said = lines(
        {"type": "identify", "userId": "C1", "traits": {"city": "杭州"}, "timestamp": "2026-05-01T10:00:00Z"},
        {"type": "page", "anonymousId": "a1", "name": "首页", "timestamp": "2026-05-01T10:00:00Z", "referrer": "搜索"},
    )
    assert shop.take("events", said, "a.jsonl").taken == 2
    with shop.record.reading() as tx:
        kept = {row.type: (row.event, row.properties) for row in tx.execute(sa.select(events))}
    assert kept == {"identify": (None, {"city": "杭州"}), "page": ("首页", {"referrer": "搜索"})}


def test_a_flat_sheet_of_events_is_understood(shop) -> None:
    shop.take("events", "type,userId,event,timestamp,sku\ntrack,C1,Product Viewed,2026-05-01 10:00,A\n")
    with shop.record.reading() as tx:
        (row,) = tx.execute(sa.select(events)).all()
    assert row.properties == {"sku": "A"}


def test_events_of_nobody_or_without_a_name_or_of_tomorrow_are_refused(shop) -> None:
    report = shop.take(
        "events",
        lines(
            {"type": "track", "event": "x", "timestamp": "2026-05-01"},
            {"type": "track", "userId": "C1", "timestamp": "2026-05-01"},
            {"type": "track", "userId": "C1", "event": "x", "timestamp": "2027-05-01"},
            {"type": "dance", "userId": "C1", "timestamp": "2026-05-01", "properties": 3},
        ),
        "a.jsonl",
    )
    assert [one.reason for one in report.first_rejects] == [
        "「userId」和「anonymousId」都是空的，应当至少有一个",
        "「event」是空的，track 事件应当有事件名，例如 Product Viewed",
        "「timestamp」在将来，应为已经发生的时间",
        "「type」是「dance」，应为track、identify、page 之一；「properties」是「3」，应为JSON 对象 {…}",
    ]
