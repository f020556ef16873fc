"""Lines of many sessions, gathered in bounded memory."""

from datetime import UTC, datetime, timedelta

from assistant.insights.log import OpenSessions, SessionLines
from crm_core.conversations.events import AgentSpoke, OutcomeNoted, ShopperSpoke
from crm_core.conversations.logs import Logged

START = datetime(2026, 5, 1, tzinfo=UTC)


def fact(session: str, text: str, second: int = 0, *, agent: bool = False, customer: str | None = None) -> Logged:
    event = AgentSpoke(text, "a") if agent else ShopperSpoke(text, "")
    return Logged(session, customer, START + timedelta(seconds=second), event, f"{session}{second}{text}")


def texts(session: SessionLines, reader, *, has_times: bool = True) -> list[str]:
    return [said.text for said in session.utterances(reader, has_times=has_times)]


def test_interleaved_sessions_come_out_whole_and_in_the_order_of_their_first_lines(reader) -> None:
    sessions = OpenSessions()
    closed = []
    for number, name in enumerate(["a", "b", "a", "c", "b"], 1):
        closed += sessions.add(number, [fact(name, f"{number}", number)])
    assert closed == []
    closed += sessions.close_all()
    assert [(one.session, texts(one, reader)) for one in closed] == [("a", ["1", "3"]), ("b", ["2", "5"]), ("c", ["4"])]


def test_lines_are_put_in_the_order_of_time_and_a_repeated_line_is_taken_once(reader) -> None:
    sessions = OpenSessions()
    for number, (text, second) in enumerate([("后", 9), ("先", 1), ("后", 9)], 1):
        assert list(sessions.add(number, [fact("a", text, second)])) == []
    (session,) = sessions.close_all()
    assert texts(session, reader) == ["先", "后"]
    assert [said.line for said in session.utterances(reader, has_times=True)] == [2, 1]
    assert texts(session, reader, has_times=False) == ["后", "先"]


def test_a_quiet_session_is_ended_and_comes_back_as_a_further_part() -> None:
    sessions = OpenSessions(away=3)
    closed = []
    for number, name in enumerate(["a", "b", "b", "b", "a"], 1):
        closed += sessions.add(number, [fact(name, f"{number}")])
    assert [(one.session, one.part) for one in closed] == [("a", 1)]
    assert sorted((one.session, one.part) for one in sessions.close_all()) == [("a", 2), ("b", 1)]
    assert sessions.in_parts == 1


def test_memory_is_bounded_by_the_lines_that_wait_and_by_the_longest_session() -> None:
    sessions = OpenSessions(most_waiting=4)
    closed = []
    for number in range(1, 11):
        closed += sessions.add(number, [fact(f"s{number}", "在吗")])
    assert len(closed) == 6
    longest = OpenSessions(longest=3)
    closed = [one for number in range(1, 8) for one in longest.add(number, [fact("a", f"{number}")])]
    assert [(one.part, len(one.lines)) for one in closed] == [(1, 3), (2, 3)]


def test_customer_and_outcome_are_those_of_any_line() -> None:
    sessions = OpenSessions()
    sessions_of = [
        [fact("a", "在吗")],
        [fact("a", "好", 1, customer="C1"), Logged("a", "C1", START, OutcomeNoted(True, "O1"), "x")],
        [fact("a", "谢谢", 2), Logged("a", None, START, OutcomeNoted(False), "y")],
    ]
    for number, facts in enumerate(sessions_of, 1):
        list(sessions.add(number, facts))
    (session,) = sessions.close_all()
    assert (session.customer, session.converted, len(session.lines)) == ("C1", True, 3)
