"""What is told to other systems: everybody who asked, once; again after a failure, and no longer where none answers."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crm_core.database import Database, Tx
from crm_core.jobs import deliveries, outbox, webhooks
from crm_core.jobs.deliveries import Delivery, Outcome
from crm_core.jobs.webhooks import NoSuchWebhook, Webhook
from crm_core.tables import to_millis

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def listening(tx: Tx, *events: str) -> Webhook:
    return webhooks.register(tx, "https://shop.example/hook", events, "", "ada", NOW)[0]


def happened(tx: Tx, kind: str = "ticket.created", seq: int = 0, at: datetime = NOW) -> None:
    outbox.append(tx, kind, "c1", "c1:1", seq, to_millis(at), json.dumps({"id": "T1"}))


def test_each_who_asked_gets_each_event_once(database: Database) -> None:
    with database.transaction() as tx:
        every, some, other = listening(tx, "*"), listening(tx, "ticket.*"), listening(tx, "session.closed")
        happened(tx)
        happened(tx, "session.closed", 7)
        assert deliveries.spread(tx, NOW) == 2
        assert deliveries.spread(tx, NOW) == 0
        sent = {one.id: [d.kind for d in deliveries.sent(tx, one.id)] for one in (every, some, other)}
        assert sorted(sent[every.id]) == ["session.closed", "ticket.created"]
        assert (sent[some.id], sent[other.id]) == (["ticket.created"], ["session.closed"])
        (one,) = deliveries.sent(tx, other.id)
        assert json.loads(one.body) == {
            "type": "session.closed",
            "timestamp": "2026-05-04T02:00:00.000Z",
            "data": {"conversation": "c1", "session": "c1:1", "seq": 7, "id": "T1"},
        }


def test_who_came_later_is_not_told_of_what_was_before(database: Database) -> None:
    with database.transaction() as tx:
        happened(tx, at=NOW - timedelta(seconds=1))
        one = listening(tx, "*")
        assert deliveries.spread(tx, NOW) == 1
        assert deliveries.sent(tx, one.id) == []


def test_the_secret_is_sealed_and_opens_again(database: Database) -> None:
    with database.transaction() as tx:
        one, secret = webhooks.register(tx, "https://shop.example", ["*"], "", "ada", NOW)
        assert secret.startswith("whsec_")
        assert webhooks.secret_of(tx, one.id) == secret
        assert secret not in repr(tx.execute(webhooks.webhooks.select()).all())


def test_what_fails_is_tried_less_and_less_often_and_then_given_up(database: Database) -> None:
    with database.transaction() as tx:
        one = listening(tx, "*")
        happened(tx)
        deliveries.spread(tx, NOW)
        at, tries = NOW, []
        while claimed := deliveries.claim(tx, at):
            tries.append(at)
            deliveries.settle(tx, Outcome(claimed[0], 500), at, patience=30 * DAY)
            (kept,) = deliveries.sent(tx, one.id)
            at = kept.due_at
            if kept.state == "failed":
                break
        assert len(tries) == 1 + len(deliveries.RETRIES)
        waits = [later - earlier for earlier, later in pairwise(tries)]
        assert waits == sorted(waits)
        assert kept.error == "HTTP 500"


def test_claimed_work_comes_back_when_its_taker_dies(database: Database) -> None:
    with database.transaction() as tx:
        one = listening(tx, "*")
        happened(tx)
        deliveries.spread(tx, NOW)
        assert len(deliveries.claim(tx, NOW)) == 1
        assert deliveries.claim(tx, NOW + timedelta(seconds=299)) == []
        assert deliveries.claim(tx, NOW + timedelta(seconds=300), busy=[one.id]) == []
        assert len(deliveries.claim(tx, NOW + timedelta(seconds=300))) == 1


def failing(tx: Tx, count: int, status: int = 500, every: timedelta = timedelta(hours=4)) -> Webhook:
    one = listening(tx, "*")
    for n in range(count):
        happened(tx, seq=n, at=NOW + n * every)
        deliveries.spread(tx, NOW + n * every)
        delivery: Delivery = deliveries.claim(tx, NOW + n * every)[0]
        deliveries.settle(tx, Outcome(delivery, status), NOW + n * every, patience=DAY)
    return webhooks.webhook_of(tx, one.id)


def test_who_fails_for_a_day_is_switched_off_and_says_why(database: Database) -> None:
    with database.transaction() as tx:
        assert failing(tx, 6).disabled_at is None
        webhooks.remove(tx, webhooks.all_webhooks(tx)[0].id)
        off = failing(tx, 8)
        assert off.disabled_for == "连续 8 次没有送达，最近一次：HTTP 500"
        assert deliveries.claim(tx, NOW + 3 * DAY) == []
        assert webhooks.enable(tx, off.id).disabled_at is None
        assert len(deliveries.claim(tx, NOW + 3 * DAY)) == 8


def test_an_address_that_is_gone_is_switched_off_at_once(database: Database) -> None:
    with database.transaction() as tx:
        assert failing(tx, 1, status=410).disabled_at == NOW


def test_one_success_forgives(database: Database) -> None:
    with database.transaction() as tx:
        failing(tx, 3)
        happened(tx, seq=99)
        deliveries.spread(tx, NOW)
        fresh = next(one for one in deliveries.claim(tx, NOW) if one.attempts == 0)
        deliveries.settle(tx, Outcome(fresh, 204), NOW, patience=DAY)
        (one,) = webhooks.all_webhooks(tx)
        assert (one.failures, one.failing_since, one.last_status) == (0, None, 204)


def test_sent_again_on_demand(database: Database) -> None:
    with database.transaction() as tx:
        one = listening(tx, "*")
        for n in range(3):
            happened(tx, seq=n, at=NOW + timedelta(minutes=n))
        deliveries.spread(tx, NOW)
        for delivery in deliveries.claim(tx, NOW):
            deliveries.settle(tx, Outcome(delivery, 200), NOW, patience=DAY)
        assert deliveries.claim(tx, NOW + DAY) == []
        newest = deliveries.sent(tx, one.id)[0]
        assert deliveries.replay(tx, one.id, NOW, message=newest.message) == 1
        assert [again.message for again in deliveries.claim(tx, NOW)] == [newest.message]
        assert deliveries.replay(tx, one.id, NOW, since=NOW + timedelta(minutes=1)) == 2


def test_forgotten_after_a_week_but_never_while_it_waits(database: Database) -> None:
    with database.transaction() as tx:
        one = listening(tx, "*")
        happened(tx)
        happened(tx, seq=1)
        deliveries.spread(tx, NOW)
        deliveries.settle(tx, Outcome(deliveries.claim(tx, NOW)[0], 200), NOW, patience=DAY)
        assert deliveries.forget(tx, NOW + 6 * DAY) == 0
        assert deliveries.forget(tx, NOW + 8 * DAY) == 1
        assert [kept.state for kept in deliveries.sent(tx, one.id)] == ["waiting"]
        webhooks.remove(tx, one.id)
        with pytest.raises(NoSuchWebhook):
            webhooks.remove(tx, one.id)
