"""The ledger: a promise is there once, recalled in time, and comes out one way or the other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_core.database import Database, Tx
from crm_core.desk import promises
from crm_core.desk.promises import NewPromise, Promise

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
GIVEN = NewPromise(
    "明天给您回复", "reply", TOMORROW, "c1", made_by="ann", session="c1:1", customer="C1", seq=4, start=0
)


def noted(tx: Tx, promise: NewPromise = GIVEN, at: datetime = NOW, **more: object) -> Promise:
    found = promises.promise_of(tx, promises.note(tx, replace(promise, **more), at))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_read_twice_a_promise_is_there_once(database: Database) -> None:
    with database.transaction() as tx:
        assert noted(tx).id == noted(tx, at=NOW + timedelta(hours=1)).id
        assert noted(tx, start=20).id != noted(tx).id
        assert len(promises.listed(tx)) == 2


def test_who_said_it_keeps_it_and_what_the_bot_said_whoever_serves(database: Database) -> None:
    with database.transaction() as tx:
        assert noted(tx).owner == "ann"
        assert noted(tx, made_by="bot", seq=5).owner is None
        promises.hand_over(tx, "c1:1", "bob")
        assert {one.seq: one.owner for one in promises.listed(tx)} == {4: "ann", 5: "bob"}


def test_reminded_once_before_it_is_due_then_broken(database: Database) -> None:
    with database.transaction() as tx:
        noted(tx)
        short = noted(tx, seq=5, due_at=NOW + timedelta(minutes=20))
        assert promises.sweep(tx, NOW + timedelta(minutes=5)) == ([], 0)
        assert [one.id for one in promises.sweep(tx, NOW + timedelta(minutes=16))[0]] == [short.id]
        assert promises.sweep(tx, NOW + timedelta(minutes=17)) == ([], 0)
        assert promises.sweep(tx, NOW + timedelta(minutes=20)) == ([], 1)
        assert [one.seq for one in promises.sweep(tx, TOMORROW - timedelta(minutes=30))[0]] == [4]
        assert promises.sweep(tx, TOMORROW) == ([], 1)
        assert {one.state for one in promises.listed(tx)} == {"broken"}


def test_kept_in_time_is_kept_and_later_is_broken_and_settled(database: Database) -> None:
    with database.transaction() as tx:
        first, second = noted(tx), noted(tx, seq=5)
        assert promises.settle(tx, first.id, "kept", by="", at=TOMORROW, seq=9).state == "kept"
        late = promises.settle(tx, second.id, "kept", by="", at=TOMORROW + timedelta(seconds=1), seq=10)
        assert (late.state, late.settled_seq) == ("broken", 10)
        assert promises.listed(tx, states=("open", "broken"), unsettled=True) == []
        by_hand = promises.settle(tx, second.id, "kept", by="lea", at=TOMORROW + timedelta(hours=1), note="电话里说了")
        assert (by_hand.state, by_hand.note) == ("kept", "电话里说了")
        with pytest.raises(promises.NoSuchPromise):
            promises.settle(tx, "P0", "kept", by="lea", at=NOW)


def test_the_list_of_the_desk(database: Database) -> None:
    with database.transaction() as tx:
        noted(tx)
        noted(tx, seq=5, made_by="bob", due_at=NOW + timedelta(hours=1), customer="C2")
        noted(tx, seq=6, made_by="bot", due_at=NOW + timedelta(hours=2))
        assert [one.seq for one in promises.listed(tx, owner="ann", nobodys=True)] == [6, 4]
        assert [one.seq for one in promises.listed(tx, owner="ann")] == [4]
        assert [one.seq for one in promises.listed(tx, before=NOW + timedelta(hours=2))] == [5]
        assert [one.seq for one in promises.listed(tx, customer="C2")] == [5]
        first = promises.listed(tx, most=1)[0]
        assert [one.seq for one in promises.listed(tx, after=(first.due_at, first.id))] == [6, 4]


def test_rates_by_person_and_by_topic(database: Database) -> None:
    with database.transaction() as tx:
        for n in range(4):
            one = noted(tx, seq=n, due_at=NOW + timedelta(hours=n))
            if n != 3:
                promises.settle(tx, one.id, "kept" if n else "dropped", by="ann", at=NOW)
        noted(tx, seq=9, made_by="bot", topic="refund", due_at=NOW + timedelta(hours=1))
        promises.sweep(tx, NOW + timedelta(hours=4))
        by_person = {one.who: one for one in promises.kept_rates(tx, NOW, TOMORROW)}
        assert (by_person["ann"].kept, by_person["ann"].broken, by_person["ann"].rate) == (2, 1, 2 / 3)
        assert (by_person["bot"].broken, by_person["bot"].rate) == (1, 0)
        assert {one.who for one in promises.kept_rates(tx, NOW, TOMORROW, by="topic")} == {"reply", "refund"}
        assert promises.kept_rates(tx, TOMORROW, TOMORROW + timedelta(days=1)) == []
