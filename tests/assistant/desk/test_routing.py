"""Whom to offer what: values in, picks out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.desk.routing import candidates, in_order, plan, position, score
from assistant.timings import Timings
from crm_core.desk.queues import Server, Waiting

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TIMINGS = Timings()


def waits(name: str, seconds: float = 0, **more: object) -> Waiting:
    values = {"queue": "", "level": "normal", "priority": 0, **more}
    return Waiting(name, f"c-{name}", "web", queued_at=NOW - timedelta(seconds=seconds), **values)  # type: ignore[arg-type]


def serves(login: str, **more: object) -> Server:
    values = {"role": "agent", "groups": (), "skills": (), "state": "online", "cap": 2, **more}
    return Server(login, login, **values)  # type: ignore[arg-type]


def offered(picks: list) -> dict[str, str]:  # type: ignore[type-arg]
    return {pick.waiting.session: pick.server.login for pick in picks}


def test_only_who_is_online_of_the_group_and_has_room_is_asked() -> None:
    servers = [
        serves("away", state="away"),
        serves("other", groups=("售前",)),
        serves("full", groups=("售后",), load=1.3),
        serves("free", groups=("售后",), load=1.0),
    ]
    free, _ = candidates(waits("a", queue="售后"), servers, NOW, TIMINGS)
    assert [server.login for server in free] == ["free"]


def test_the_agent_who_served_last_comes_first_but_never_past_the_cap() -> None:
    one = waits("a", sticky="old")
    assert offered(plan([one], [serves("old", load=1.0), serves("new")], NOW, TIMINGS)) == {"a": "old"}
    assert offered(plan([one], [serves("old", load=2.0), serves("new")], NOW, TIMINGS)) == {"a": "new"}


def test_among_equals_whoever_had_nothing_for_longest_is_asked() -> None:
    servers = [
        serves("just", assigned_at=NOW - timedelta(seconds=5)),
        serves("long", assigned_at=NOW - timedelta(seconds=50)),
    ]
    assert offered(plan([waits("a")], servers, NOW, TIMINGS)) == {"a": "long"}


def test_a_seniors_session_waits_for_a_senior_and_then_goes_to_anybody() -> None:
    servers = [serves("junior")]
    assert plan([waits("a", 29, level="senior")], servers, NOW, TIMINGS) == []
    (pick,) = plan([waits("a", 30, level="senior")], servers, NOW, TIMINGS)
    assert pick.widened
    (pick,) = plan([waits("a", 60, level="senior")], [*servers, serves("zi", role="senior")], NOW, TIMINGS)
    assert (pick.server.login, pick.widened) == ("zi", False)


def test_who_let_it_lie_is_asked_again_only_when_nobody_else_is_there() -> None:
    one = waits("a", excluded=("tired",))
    assert offered(plan([one], [serves("tired"), serves("fresh", load=1.0)], NOW, TIMINGS)) == {"a": "fresh"}
    assert offered(plan([one], [serves("tired")], NOW, TIMINGS)) == {"a": "tired"}


def test_outside_the_hours_only_who_is_on_call_is_asked() -> None:
    servers = [serves("day"), serves("night", skills=("值班",))]
    assert offered(plan([waits("a")], servers, NOW, TIMINGS, is_open=False)) == {"a": "night"}


def test_urgent_matters_go_first_and_nobody_starves() -> None:
    urgent, patient = waits("urgent", 0, level="senior", priority=2), waits("patient", 0)
    assert [one.session for one in in_order([patient, urgent], NOW, TIMINGS)] == ["urgent", "patient"]
    later = NOW + timedelta(minutes=11)
    fresh = Waiting("new", "c", "web", "", "senior", 2, later)
    assert score(patient, later, TIMINGS) > score(fresh, later, TIMINGS)


def test_the_place_counts_those_who_wait_for_the_same_people() -> None:
    waiting = [waits("a", 50, queue="售前"), waits("b", 40, queue="售后"), waits("c", 30, queue="售后"), waits("d", 20)]
    assert position(waiting, "c", NOW, TIMINGS) == 2
    assert position(waiting, "d", NOW, TIMINGS) == 4
    assert position(waiting, "nobody", NOW, TIMINGS) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from(["normal", "vip", "senior"]), st.integers(0, 3)), max_size=12
    ),
    st.lists(
        st.tuples(st.floats(0, 3), st.integers(1, 4), st.sampled_from(["agent", "senior"])), min_size=1, max_size=4
    ),
)
def test_no_plan_fills_anybody_past_the_cap_or_offers_twice(
    queue: list[tuple[int, str, int]], staff: list[tuple[float, int, str]]
) -> None:
    waiting = [waits(str(n), s, level=level, priority=p) for n, (s, level, p) in enumerate(queue)]
    servers = [serves(f"s{n}", load=load, cap=cap, role=role) for n, (load, cap, role) in enumerate(staff)]
    picks = plan(waiting, servers, NOW, TIMINGS)
    assert len({pick.waiting.session for pick in picks}) == len(picks)
    for server in servers:
        given_now = sum(pick.server.login == server.login for pick in picks)
        assert not given_now or server.load + given_now <= (server.cap or 5) + 1e-6
