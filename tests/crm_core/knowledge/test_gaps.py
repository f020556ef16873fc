"""Open questions and their groups in the record, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_core.conversations import logs
from crm_core.conversations.events import AgentSpoke, ShopperSpoke
from crm_core.conversations.logs import Logged
from crm_core.database import Database
from crm_core.knowledge import gaps
from crm_core.knowledge.gaps import OpenQuestion
from crm_core.knowledge.versions import MovedOn

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def said(database: Database, *conversations: str) -> None:
    for name in conversations:
        with database.transaction() as tx:
            logs.keep(
                tx,
                [
                    Logged(name, None, NOW, ShopperSpoke(f"{name}能刻字吗", "1"), f"{name}1"),
                    Logged(name, None, NOW + timedelta(seconds=5), AgentSpoke("可以", "lea", "2"), f"{name}2"),
                ],
            )


def question(conversation: str, seq: int = 2, **more: object) -> OpenQuestion:
    return OpenQuestion(conversation, seq, 1, NOW, "unsure", 3, True, **more)


def row(name: str, **more: object) -> dict:
    figures = {"questions": 1, "sessions": 1, "would_answer": 1, "would_answer_unseen": 0}
    times = {"first_at": NOW, "last_at": NOW, "computed_at": NOW}
    return {"id": name, "title": name, "draft": {"text": "可以", "similar": [], "from": []}, **figures, **times, **more}


def kept(database: Database, *questions: OpenQuestion, looked: int = 3) -> None:
    with database.transaction() as tx:
        for one in questions:
            gaps.keep(tx, one.conversation, [one], start=1, looked=looked)


def grouped(database: Database, **members: list[tuple[str, int]]) -> None:
    with database.transaction() as tx:
        gaps.replace_all(tx, [row(name, questions=len(places)) for name, places in members.items()], members)


def states(database: Database) -> dict[str, tuple[str, int]]:
    with database.reading() as tx:
        return {one.id: (one.state, one.questions) for one in gaps.all_gaps(tx)}


def test_a_conversation_is_ahead_until_it_was_looked_through_and_again_when_it_goes_on(database: Database) -> None:
    said(database, "a", "b")

    def ahead(since: datetime = NOW + timedelta(days=1)) -> list[tuple[str, int, int]]:
        with database.reading() as tx:
            return [(one.conversation, one.start, one.last_seq) for one in gaps.ahead(tx, 10, since)]

    assert ahead() == [("a", 1, 3), ("b", 1, 3)]
    assert ahead(NOW) == []
    kept(database, question("a"))
    assert ahead() == [("b", 1, 3)]
    with database.transaction() as tx:
        logs.keep(tx, [Logged("a", None, NOW, ShopperSpoke("在吗", "9"), "a9")])
    assert ahead() == [("a", 1, 4), ("b", 1, 3)]


def test_questions_come_with_their_words_and_the_answer_a_person_gave(database: Database) -> None:
    said(database, "a")
    kept(database, question("a"))
    with database.reading() as tx:
        (one,) = gaps.all_questions(tx)
    assert (one.text, one.answer, one.answered_by, one.worked, one.gap) == ("a能刻字吗", "可以", "lea", True, None)


def test_keeping_the_same_again_makes_no_difference_and_loses_no_group(database: Database) -> None:
    said(database, "a")
    kept(database, question("a"))
    grouped(database, g=[("a", 2)])
    with database.transaction() as tx:
        assert gaps.keep(tx, "a", [question("a")], start=1, looked=3) is False
    with database.reading() as tx:
        assert [one.gap for one in gaps.all_questions(tx, "g")] == ["g"]
    with database.transaction() as tx:
        assert gaps.keep(tx, "a", [], start=1, looked=3) is True
    with database.reading() as tx:
        assert gaps.all_questions(tx) == []


def test_what_was_decided_stays_and_an_empty_open_group_goes(database: Database) -> None:
    said(database, "a", "b", "c")
    kept(database, question("a"), question("b"), question("c"))
    grouped(database, one=[("a", 2)], two=[("b", 2)], three=[("c", 2)])
    with database.transaction() as tx:
        gaps.decide(tx, "two", "ignored", seen=1, by="lea", reason="不卖")
    grouped(database, one=[("a", 2), ("b", 2)])
    assert states(database) == {"one": ("open", 2), "two": ("ignored", 1)}
    with database.reading() as tx:
        assert [one.conversation for one in gaps.all_questions(tx, "one")] == ["a", "b"]
        assert gaps.find(tx, "two").decided_for == "不卖"


def test_whoever_decides_on_what_has_changed_is_told(database: Database) -> None:
    said(database, "a")
    kept(database, question("a"))
    grouped(database, one=[("a", 2)])
    with database.transaction() as tx:
        gaps.decide(tx, "one", "drafted", seen=1, by="lea", reason="", article="art")
        assert [one.id for one in gaps.of_article(tx, "art")] == ["one"]
    with pytest.raises(MovedOn) as refused, database.transaction() as tx:
        gaps.decide(tx, "one", "ignored", seen=1, by="ada", reason="")
    assert refused.value.now == 2
    with database.transaction() as tx:
        gaps.decide(tx, "one", "open", seen=2, by="lea", reason="")
        assert gaps.find(tx, "one").article_id is None
