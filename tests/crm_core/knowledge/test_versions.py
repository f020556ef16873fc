"""An article never loses what it said, whoever writes: files, people, or both in turn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_core import revisions
from crm_core.database import Database
from crm_core.knowledge import articles, listing, versions
from crm_core.knowledge.versions import Content, MovedOn

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROW = {
    "id": "a",
    "kind": "article",
    "title": "怎么退货",
    "text": "七天内可退",
    "similar": ["能退吗"],
    "category": "售后",
    "valid_from": None,
    "valid_to": NOW + timedelta(days=9),
    "skus": [],
    "platforms": [],
    "tiers": [],
    "file": "faq.csv",
    "section": "",
    "page": None,
    "position": 0,
}
OTHER = ROW | {"id": "b", "title": "运费", "text": "八元", "position": 1}


def take(database: Database, *rows: dict, day: int = 0) -> int:
    with database.transaction() as tx:
        return articles.replace_file(tx, "faq.csv", rows, at=NOW + timedelta(days=day), by="import")


def edited(database: Database, text: str, *, seen: int, publish: bool = True) -> None:
    """Somebody changes the answer on the page."""
    with database.transaction() as tx:
        before = versions.newest(tx, "a")
        content = replace(before.content, text=text)
        draft = versions.write(
            tx, "a", content, "draft", seen=seen, origin="page", at=NOW + timedelta(days=1), by="lea", reason="更清楚"
        )
        if publish:
            versions.decide(tx, draft, "published", at=NOW + timedelta(days=1), by="lea", reason="")
            articles.put_live(tx, draft)


def told(database: Database) -> dict[str, str]:
    with database.reading() as tx:
        return {one.id: one.text for one in articles.all_articles(tx)}


def past(database: Database, article: str = "a") -> list[tuple[int, str, str, str]]:
    with database.reading() as tx:
        return [(one.number, one.state, one.origin, one.content.text) for one in versions.history(tx, article)]


def test_an_import_makes_versions_of_what_changed_and_of_nothing_else(database: Database) -> None:
    assert take(database, ROW, OTHER) == 2
    assert take(database, ROW, OTHER) == 0
    assert take(database, ROW | {"text": "十五天内可退"}, OTHER, day=1) == 1
    assert past(database) == [(2, "published", "import", "十五天内可退"), (1, "published", "import", "七天内可退")]
    assert past(database, "b") == [(1, "published", "import", "八元")]
    with database.reading() as tx:
        first = versions.history(tx, "a")[-1]
    assert first.content == Content.of(ROW)
    assert (first.at, first.by, first.reason) == (NOW, "import", "faq.csv")


def test_another_place_in_the_file_is_no_version(database: Database) -> None:
    take(database, ROW, OTHER)
    assert take(database, OTHER | {"position": 0}, ROW | {"position": 1}) == 2
    assert [len(past(database, id_)) for id_ in "ab"] == [1, 1]


def test_what_was_edited_on_the_page_stays_until_the_file_has_news(database: Database) -> None:
    take(database, ROW, OTHER)
    edited(database, "签收七天内可退", seen=1)
    assert take(database, ROW, OTHER, day=2) == 0
    assert told(database)["a"] == "签收七天内可退"
    assert take(database, ROW | {"text": "十五天内可退"}, OTHER, day=3) == 1
    assert told(database)["a"] == "十五天内可退"
    assert [one[3] for one in past(database)] == ["十五天内可退", "签收七天内可退", "七天内可退"]


def test_a_row_taken_out_of_the_file_is_retired_and_can_come_back(database: Database) -> None:
    take(database, ROW, OTHER)
    assert take(database, OTHER, day=1) == 1
    assert told(database) == {"b": "八元"}
    assert past(database)[0][:2] == (2, "retired")
    assert take(database, ROW, OTHER, day=2) == 1
    assert told(database)["a"] == "七天内可退"


def test_what_was_retired_on_the_page_is_not_brought_back_by_the_same_file(database: Database) -> None:
    take(database, ROW, OTHER)
    with database.transaction() as tx:
        versions.write(tx, "a", Content.of(ROW), "retired", seen=1, origin="page", at=NOW, by="lea", reason="活动结束")
        articles.take_off(tx, "a")
    assert take(database, ROW, OTHER, day=1) == 0
    assert told(database) == {"b": "八元"}
    assert take(database, ROW | {"text": "十五天内可退"}, OTHER, day=2) == 1
    assert told(database)["a"] == "十五天内可退"


def test_a_draft_is_told_to_nobody_and_a_dropped_one_leaves_what_was(database: Database) -> None:
    take(database, ROW)
    edited(database, "不可退", seen=1, publish=False)
    assert told(database)["a"] == "七天内可退"
    with database.transaction() as tx:
        draft = versions.newest(tx, "a")
        versions.decide(tx, draft, "dropped", at=NOW, by="lea", reason="")
    with database.reading() as tx:
        assert versions.newest(tx, "a").number == 1
    edited(database, "不可退", seen=1)
    assert [one[:2] for one in past(database)] == [(3, "published"), (2, "dropped"), (1, "published")]


def test_whoever_has_not_seen_the_newest_version_writes_nothing(database: Database) -> None:
    take(database, ROW)
    edited(database, "甲", seen=1, publish=False)
    with pytest.raises(MovedOn) as refused:
        edited(database, "乙", seen=1, publish=False)
    assert refused.value.now == 2
    with database.reading() as tx:
        draft = versions.newest(tx, "a")
    edited(database, "丙", seen=2, publish=False)
    with pytest.raises(MovedOn), database.transaction() as tx:
        versions.decide(tx, draft, "published", at=NOW, by="lea", reason="")


def test_an_import_does_not_publish_an_open_draft_and_says_that_it_fell(database: Database) -> None:
    take(database, ROW)
    edited(database, "不可退", seen=1, publish=False)
    assert take(database, ROW) == 0
    with database.reading() as tx:
        assert versions.newest(tx, "a").state == "draft"
    take(database, ROW | {"text": "十五天内可退"}, day=1)
    assert [one[:2] for one in past(database)] == [(3, "published"), (2, "dropped"), (1, "published")]


def test_every_change_of_what_is_told_bumps_the_revision(database: Database) -> None:
    def revision() -> int:
        with database.reading() as tx:
            return revisions.number(tx, articles.REVISION)

    take(database, ROW)
    first = revision()
    edited(database, "不可退", seen=1, publish=False)
    assert revision() == first
    edited(database, "可退", seen=2)
    assert revision() == first + 1


def test_lists_page_through_everything_once_and_search_word_by_word(database: Database) -> None:
    rows = [ROW | {"id": f"r{nth:03}", "title": f"第{nth}问", "position": nth} for nth in range(23)]
    take(database, *rows)
    seen: list[str] = []
    cursor = None
    with database.reading() as tx:
        while True:
            page = listing.listed(tx, now=NOW, cursor=cursor, most=5)
            seen += [one.version.article_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert sorted(seen) == [row["id"] for row in rows]
        assert page.total == 23
        found = listing.listed(tx, now=NOW, q="第7问 能退吗")
        assert [one.version.content.title for one in found.items] == ["第7问"]
        assert listing.listed(tx, now=NOW, q="100%").items == []
        assert listing.listed(tx, now=NOW + timedelta(days=20), state="expired").total == 23
        assert listing.listed(tx, now=NOW, state="expired").total == 0
        with pytest.raises(listing.WrongCursor):
            listing.listed(tx, now=NOW, cursor="€")
