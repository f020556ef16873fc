"""Ratings: one a session and side, the last word within a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crm_core.database import Database
from crm_core.desk import ratings
from crm_core.desk.ratings import Rating

NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
GIVEN = Rating("c1:1", "bot", "c1", "C1", None, "no", 2, "没解决", 4, NOW, NOW, 1)


def test_the_last_word_counts_for_a_day(database: Database) -> None:
    with database.transaction() as tx:
        assert ratings.rate(tx, GIVEN)
        better = replace(GIVEN, solved="yes", stars=5, text="", at=NOW + timedelta(hours=24))
        assert ratings.rate(tx, better)
        kept = ratings.rating_of(tx, "c1:1", "bot")
        assert kept is not None
        assert (kept.solved, kept.stars, kept.first_at, kept.times) == ("yes", 5, NOW, 2)
        assert not ratings.rate(tx, replace(GIVEN, at=NOW + timedelta(hours=25)))
        assert ratings.rating_of(tx, "c1:1", "bot") == kept


def test_bot_and_person_are_kept_apart(database: Database) -> None:
    with database.transaction() as tx:
        ratings.rate(tx, GIVEN)
        ratings.rate(tx, replace(GIVEN, side="agent", agent="ann", solved="yes", stars=5))
        ratings.rate(tx, replace(GIVEN, session_id="c2:1", side="agent", agent="ann", solved="partly", stars=4))
        assert {(one.side, one.stars) for one in ratings.of_session(tx, "c1:1")} == {("bot", 2), ("agent", 5)}
        (bot,) = ratings.scores(tx, NOW, NOW + timedelta(days=1), "bot")
        assert (bot.who, bot.rated, bot.stars, bot.unsolved) == ("bot", 1, 2.0, 1)
        (ann,) = ratings.scores(tx, NOW, NOW + timedelta(days=1), "agent")
        assert (ann.who, ann.rated, ann.stars, ann.solved, ann.partly) == ("ann", 2, 4.5, 1, 1)


def test_badly_rated_answers_of_the_bot(database: Database) -> None:
    with database.transaction() as tx:
        ratings.rate(tx, GIVEN)
        ratings.rate(tx, replace(GIVEN, session_id="c2:1", solved=None, stars=1))
        ratings.rate(tx, replace(GIVEN, session_id="c3:1", solved="yes", stars=3))
        ratings.rate(tx, replace(GIVEN, session_id="c4:1", side="agent", agent="ann"))
        ratings.rate(tx, replace(GIVEN, session_id="c5:1", at=NOW - timedelta(days=9)))
        assert [one.session_id for one in ratings.badly_rated(tx, NOW)] == ["c1:1", "c2:1"]


def test_pages(database: Database) -> None:
    with database.transaction() as tx:
        for n in range(5):
            ratings.rate(tx, replace(GIVEN, session_id=f"c{n}:1", at=NOW + timedelta(minutes=n // 2)))
        seen: list[str] = []
        before = None
        while found := ratings.listed(tx, before=before, most=2):
            seen += [one.session_id for one in found]
            before = (found[-1].at, found[-1].session_id, found[-1].side)
        assert seen == ["c4:1", "c2:1", "c3:1", "c0:1", "c1:1"]
