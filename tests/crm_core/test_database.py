"""The writer: groups commit together, and one refusal fails alone."""

from concurrent.futures import wait
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crm_core.conversations import timeline
from crm_core.conversations.events import BotReplied, ShopperSpoke
from crm_core.conversations.timeline import AlreadySaid, ConversationMovedOn, Thread
from crm_core.database import Database, RecordUnavailable, Tx

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)


def say(conversation: str, client_id: str, text: str = "在吗"):
    def work(tx: Tx) -> list[int]:
        event = ShopperSpoke(text, client_id)
        return [entry.seq for entry in timeline.append(tx, Thread(conversation), [(event, client_id)], at=NOW)]

    return work


def test_two_thousand_callers_get_gapless_numbers_and_a_repeat_fails_alone(database: Database) -> None:
    futures = [database.write(say(f"c{n % 50}", f"m{n % 1700}"), f"c{n % 50}") for n in range(2000)]
    wait(futures)
    refused = [future.exception() for future in futures if future.exception()]
    assert {type(error) for error in refused} == {AlreadySaid}
    assert len(refused) == 300
    with database.reading() as tx:
        for n in range(50):
            numbers = [entry.seq for entry in timeline.since(tx, f"c{n}", 0)]
            assert numbers == list(range(1, 35))


def test_a_repeated_message_names_the_number_it_got_the_first_time(database: Database) -> None:
    assert database.write(say("c", "a")).result() == [1]
    assert database.write(say("c", "b")).result() == [2]
    with pytest.raises(AlreadySaid) as repeated:
        database.write(say("c", "a", "别的话")).result()
    assert repeated.value.seq == 1


def test_a_shopper_cannot_silence_the_bot_by_using_its_id(database: Database) -> None:
    database.write(say("c", "bot-1")).result()

    def reply(tx: Tx) -> int:
        return timeline.append(tx, Thread("c"), [(BotReplied("在的", 1, "social"), "bot-1")], at=NOW)[0].seq

    assert database.write(reply).result() == 2


def test_an_append_decided_on_an_old_state_is_refused(database: Database) -> None:
    database.write(say("c", "a")).result()

    def reply(tx: Tx) -> list[int]:
        event = BotReplied("在的", 1, "social")
        return [entry.seq for entry in timeline.append(tx, Thread("c"), [(event, "bot-1")], at=NOW, after=1)]

    database.write(say("c", "b")).result()
    with pytest.raises(ConversationMovedOn):
        database.write(reply).result()


def test_an_append_after_nothing_is_refused_once_something_was_said(database: Database) -> None:
    def open_with(client_id: str):
        def work(tx: Tx) -> int:
            return timeline.append(tx, Thread("c"), [(ShopperSpoke("在吗", client_id), client_id)], at=NOW, after=0)[
                0
            ].seq

        return work

    assert database.write(open_with("a")).result() == 1
    with pytest.raises(ConversationMovedOn):
        database.write(open_with("b")).result()
    with database.reading() as tx:
        assert timeline.head(tx, "c").seq == 1


def test_entries_come_back_as_they_were_said(database: Database) -> None:
    database.write(say("c", "a", "第一句「引号」\n换行 😀")).result()
    with database.reading() as tx:
        (entry,) = timeline.since(tx, "c", 0)
    assert entry.event == ShopperSpoke("第一句「引号」\n换行 😀", "a")
    assert entry.at == NOW


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        say("c", "a")(tx)
        _ = 1 / 0
    with database.reading() as tx:
        assert timeline.head(tx, "c") is None


def test_messages_pass_between_the_chunks_of_an_import(database: Database) -> None:
    for chunk in range(3):
        with database.transaction() as tx:
            say("import", f"m{chunk}")(tx)
        assert database.write(say("c", f"m{chunk}")).result() == [chunk + 1]


def test_nobody_is_told_that_rows_are_on_disk_when_the_disk_is_full(sqlite_database: Database) -> None:
    sqlite_database.write(say("c", "a")).result()

    def fill_the_disk(tx: Tx) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        say("c", "too much", "长" * 100_000)(tx)

    futures = [sqlite_database.write(say("c", "b")), sqlite_database.write(fill_the_disk)]
    wait(futures)
    with sqlite_database.reading() as tx:
        stored = [entry.seq for entry in timeline.since(tx, "c", 0)]
    assert stored == [1, 2] if futures[0].exception() is None else stored == [1]
    with pytest.raises((RecordUnavailable, sa.exc.OperationalError)):
        futures[1].result()
    with sqlite_database.transaction() as tx:
        tx.connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert sqlite_database.write(say("c", "c")).result() == [stored[-1] + 1]
