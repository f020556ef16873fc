"""Random plays of shoppers, the bot, agents, timers, the router and crashes over one record, and what must always hold.

Each party decides on what it sees and commits later, between the commits of the others: that is where seams would be.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from assistant import turns
from assistant.desk import desk, offering, presences, timers
from assistant.dialogue import Dialogues
from assistant.escalation import RULES
from assistant.listening import Listening
from assistant.parts import Assistant
from crm_core.conversations import timeline
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke
from crm_core.conversations.movements import (
    MessageLeft,
    OfferAccepted,
    Offered,
    Queued,
    Released,
    Requeued,
    Resolved,
    ReturnedToBot,
    SessionClosed,
    SessionOpened,
    TakenOver,
    Transferred,
)
from crm_core.conversations.rebuild import rebuild, rows
from crm_core.conversations.session import NotPossible
from crm_core.conversations.timeline import ConversationMovedOn, Thread
from crm_core.database import Statement, Tx
from crm_core.desk import agents as staff
from crm_core.desk.hours import Hours
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder_static import StaticEmbedder
from nlp.reading.reading import Reader, Reading
from tests.properties.played import PlayedDatabase

TEXTS = (
    "发什么快递",
    "我的货怎么还没到",
    "转人工",
    "你们太过分了！！！",
    "我要投诉到12315",
    "好的",
    "取消排队",
    "留言",
    "谢谢",
)
AGENTS = (("xiaolin", "agent", 2), ("xiaochen", "agent", 1), ("zishen", "senior", 2), ("zhuguan", "lead", 2))
GROUPS = ("售前", "售后")
CONVERSATIONS = ("play-a", "play-b", "play-c")
BEGINS = datetime(2026, 3, 2, 10, tzinfo=UTC)
REFUSALS = (NotPossible, desk.NotAllowed, desk.UnknownSession, ConversationMovedOn)
WEIGHT = {"offered": 1.0, "active": 1.0, "wrap_up": 0.5, "on_hold": 0.0}


class Broken(AssertionError):
    """Something that must always hold did not."""


class QuickReader:
    """The real reader; the few texts of a play are read once."""

    def __init__(self) -> None:
        self._reader = Reader()
        self.read: Callable[..., Reading] = lru_cache(maxsize=512)(self._read)

    def _read(self, text: str, _at: object = None) -> Reading:
        return self._reader.read(text)


@dataclass
class Play:
    """One assistant over a played record; `counts` is what was seen over all plays."""

    record: PlayedDatabase
    assistant: Assistant = field(init=False)
    now: datetime = field(default=BEGINS)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        embedder = StaticEmbedder.shipped()
        zone = ZoneInfo("Asia/Shanghai")
        reader: Any = QuickReader()
        self.assistant = Assistant(
            record=self.record,
            shelf=KnowledgeBase(embedder),
            catalogue=KnowledgeBase(embedder),
            reader=reader,
            clock=lambda: self.now,
            zone=zone,
            rules=RULES,
            hours=Hours(zone),
        )
        with self.record.transaction() as tx:
            for login, role, cap in AGENTS:
                staff.hire(tx, login, login, role, "x")
                groups = [GROUPS[len(login) % 2]] if role == "agent" else list(GROUPS)
                staff.engage(tx, [{"login": login, "max_chats": cap, "groups": groups}])

    def run(self, seed: int, steps: int) -> None:
        """One play from an empty record: random steps, each commit checked, the end replayed."""
        one = _OnePlay(self, random.Random(seed), seed)
        for _ in range(steps):
            one.step()
        one.settle_all()
        one.check_replay()
        if seed % 10 == 0:
            one.check_that_all_ends()
        self.counts["plays"] += 1


class _OnePlay:
    def __init__(self, play: Play, chance: random.Random, seed: int):
        self.play, self.chance, self.seed = play, chance, seed
        self.a, self.record = play.assistant, play.record
        self.record.pending.clear()
        self.routed: set[Future[Any]] = set()  # futures that the router asked for
        self.messages = 0
        self._forget()
        with self.record.transaction() as tx:
            for statement in CLEARING:
                tx.run(statement, {})
        play.now = BEGINS
        for login, _, _ in AGENTS:
            if chance.random() < 0.85:
                presences.set_status(self.a, login, chance.choice(("online", "online", "online", "busy", "away")))
        self.settle_all()

    def step(self) -> None:
        act = self.chance.choices(ACTS, WEIGHTS_OF_ACTS)[0]
        self.play.counts[act.__name__] += 1
        act(self)

    # What the parties do ------------------------------------------------------------------------------------------

    def shopper_says(self) -> None:
        self.messages += 1
        spoken = ShopperSpoke(self.chance.choice(TEXTS), f"m{self.chance.randrange(self.messages + 1)}")
        turns.hear(self.a, self._thread(), spoken)

    def shopper_presses(self) -> None:
        act = self.chance.choice((turns.request_person, turns.cancel_wait))
        act(self.a, self._thread())

    def bot_thinks(self) -> None:
        turns.take_turn(self.a, self._thread())

    def agent_acts(self) -> None:
        session = self._session()
        if session is None:
            return
        a, login = self.a, self.chance.choice(AGENTS)[0]
        number = self.chance.randrange(1_000)
        acts: tuple[Callable[[], Future[Any]], ...] = (
            lambda: desk.accept(a, login, session),
            lambda: desk.accept(a, login, session),
            lambda: desk.accept(a, login, session),
            lambda: desk.decline(a, login, session),
            lambda: desk.take_over(a, login, session),
            lambda: desk.take_over(a, login, session),
            lambda: desk.say(a, login, session, f"a{number}", "您好"),
            lambda: desk.say(a, login, session, f"a{number}", "您好"),
            lambda: desk.say(a, login, session, f"a{number}", "我来说一句", barge=True),
            lambda: desk.say(a, login, session, f"a{number}", "旧的", epoch=self.chance.randrange(6)),
            lambda: desk.transfer(a, login, session, to=self.chance.choice(AGENTS)[0], kind="agent", note="请接"),
            lambda: desk.transfer(a, login, session, to=self.chance.choice(GROUPS), kind="group", note="请接"),
            lambda: desk.transfer(a, login, session, to="", kind="senior", note="请接"),
            lambda: desk.release(a, login, session, "已处理"),
            lambda: desk.hold(a, login, session, self.play.now + timedelta(minutes=self.chance.randrange(1, 90))),
            lambda: desk.resume(a, login, session),
            lambda: desk.resolve(a, login, session, summary="好了", category="其他"),
            lambda: desk.close(a, login, session, self.chance.choice(("spam", "agent_resolved", "system"))),
            lambda: self.chance.choice((desk.watch, desk.unwatch))(a, login, session),
            lambda: desk.note(a, login, session, f"n{number}", "备注"),
        )
        self.chance.choice(acts)()

    def agent_comes_or_goes(self) -> None:
        login = self.chance.choice(AGENTS)[0]
        status = self.chance.choice(("online", "online", "online", "busy", "away", "offline"))
        future = presences.set_status(self.a, login, status)

        def left(done: "Future[list[str]]") -> None:
            for session in done.result() if done.exception() is None else ():
                presences.abandoned(self.a, login, session, shift_end=True)

        future.add_done_callback(left)

    def desks_beat(self) -> None:
        there = [login for login, _, _ in AGENTS if self.chance.random() < 0.8]
        presences.beat(self.a, there)

    def time_passes(self) -> None:
        seconds = self.chance.choice((0.2, 2, 15, 25, 40, 90, 200, 400, 700, 2_000))
        if self.chance.random() < 0.02:
            seconds = 50 * 3600
        self.play.now += timedelta(seconds=seconds)

    def timers_fire(self) -> None:
        for due in timers.due(self.a):
            timers.fire(self.a, due)

    def router_looks(self) -> None:
        for pick in offering.picks(self.a):
            self.routed.add(offering.offer(self.a, pick))

    def absences_are_noticed(self) -> None:
        future = presences.lost(self.a)

        def left(done: "Future[list[tuple[str, str]]]") -> None:
            for session, login in done.result() if done.exception() is None else ():
                presences.abandoned(self.a, login, session)

        future.add_done_callback(left)
        for conversation in offering.forsaken(self.a, ()):
            timers.abandon(self.a, conversation)

    def somebody_commits(self) -> None:
        if self.record.pending:
            self._commit(self.chance.randrange(len(self.record.pending)))

    def a_commit_crashes(self) -> None:
        if self.record.pending:
            self.record.crash(self.chance.randrange(len(self.record.pending)))

    def a_worker_dies(self) -> None:
        self.record.pending.clear()
        self._forget()

    # What must hold -----------------------------------------------------------------------------------------------

    def settle_all(self) -> None:
        """Commit what still waits, in any order."""
        while self.record.pending:
            self._commit(self.chance.randrange(len(self.record.pending)))

    def check_replay(self) -> None:
        """The rows made again from the log are the rows, byte for byte."""
        with self.record.reading() as tx:
            before = rows(tx)
        with self.record.transaction() as tx:
            rebuild(tx)
            after = rows(tx)
        for name, kept in before.items():
            if kept != after[name]:
                pairs = [(x, y) for x, y in zip(kept, after[name], strict=False) if x != y]
                self._broken(f"{name} differs from its log: {pairs[:1]} {len(kept)} {len(after[name])}")
        self.play.counts["replayed rows"] += sum(map(len, before.values()))

    def check_that_all_ends(self) -> None:
        """If everybody walks away, every session comes to an end by its timers alone."""
        for _ in range(400):
            with self.record.reading() as tx:
                left = tx.execute(sa.text("SELECT count(*) FROM sessions WHERE state <> 'closed'")).scalar_one()
                due = tx.execute(sa.text("SELECT min(due_at) FROM timers")).scalar()
            if not left:
                return
            if due is not None:
                self.play.now = max(self.play.now, datetime.fromtimestamp(due / 1000 + 0.01, UTC))
            self.timers_fire()
            self.absences_are_noticed()
            self.settle_all()
            self.router_looks()
            self.settle_all()
        self._broken("a session never ends")

    def _commit(self, place: int) -> None:
        routed = self.record.pending[place][1] in self.routed
        future = self.record.commit(place)
        error = future.exception()
        if error is not None:
            if not isinstance(error, REFUSALS):
                raise error
            self.play.counts[f"refused: {type(error).__name__}"] += 1
            return
        self.play.counts["commits"] += 1
        with self.record.reading() as tx:
            if routed:
                self._check_capacity(tx, future.result())
            self._check_rows(tx)
            self._check_log(tx, _entries_of(future.result()))

    def _check_capacity(self, tx: Tx, entries: list[Entry]) -> None:
        for entry in entries:
            if isinstance(entry.event, Offered):
                login = entry.event.agent
                cap = next(most for name, _, most in AGENTS if name == login)
                load = 0.0
                for row in tx.execute(sa.text("SELECT * FROM sessions WHERE state <> 'closed'")).mappings():
                    weight = (
                        0.3
                        if row["state"] == "active" and row["activity"] == "inactive"
                        else WEIGHT.get(row["state"], 0)
                    )
                    owner = row["last_agent"] if row["state"] == "wrap_up" else row["assignee"]
                    load += weight if owner == login else 0
                    load += 1.0 if row["offered_to"] == login else 0
                if load > cap:
                    self._broken(f"the router gave {login} {load} of {cap}")
                self.play.counts["router offers"] += 1

    def _check_rows(self, tx: Tx) -> None:
        for values in tx.run(ALL_AT_ONCE, {}):
            row = dict(zip(STANDING, values, strict=True))
            state = row["state"]
            closed = state == "closed"
            if row["open_segments"] != (0 if closed else 1):
                self._broken(f"{row['open_segments']} owners of a session that is {state}")
            if not closed and not row["timers"]:
                self._broken(f"a session that is {state} and in which nothing will fall due")
            if closed and row["timers"]:
                self._broken("a closed session with timers")
            if (row["assignee"] is not None) != (state in ("active", "on_hold")):
                self._broken(f"{state} and owned by {row['assignee']}")
            if row["open_offers"] != (1 if row["offered_to"] is not None else 0):
                self._broken(f"{row['open_offers']} offers of a session that is {state}")
            if state == "queued" and row["queued_at"] is None:
                self._broken("waits since never")

    def _check_log(self, tx: Tx, entries: list[Entry]) -> None:
        """A second, simpler reading of who owns what: it trusts the order of the log and nothing else."""
        for conversation in {entry.conversation for entry in entries}:
            owner = "nobody"
            seq = 0
            for entry in timeline.since(tx, conversation, 0, 10_000):
                if entry.seq != seq + 1:
                    self._broken("a gap in the log")
                seq = entry.seq
                event = entry.event
                match event:
                    case SessionOpened() | Released() | ReturnedToBot():
                        owner = "bot"
                    case Queued() | Requeued() | Transferred():
                        owner = "queue"
                    case OfferAccepted(agent=agent) | TakenOver(agent=agent):
                        owner = agent
                    case MessageLeft() | Resolved() | SessionClosed():
                        owner = "nobody" if not isinstance(event, Resolved) else f"wrapping:{owner}"
                    case BotReplied() if owner != "bot":
                        self._broken(f"the bot spoke in a session of {owner}")
                    case AgentSpoke() if owner != event.agent and not event.barged:
                        self._broken(f"{event.agent} spoke in a session of {owner}")
                    case _ if type(event).__name__ == "Resumed" and owner.startswith("wrapping:"):
                        owner = owner.removeprefix("wrapping:")
                    case _:
                        pass

    def _broken(self, what: str) -> None:
        raise Broken(f"seed {self.seed}: {what}")

    def _forget(self) -> None:
        self.a = self.play.assistant = _fresh(self.play.assistant)

    def _thread(self) -> Thread:
        return Thread(self.chance.choice(CONVERSATIONS))

    def _session(self) -> str | None:
        with self.record.reading() as tx:
            known = list(tx.execute(sa.text("SELECT id FROM sessions ORDER BY opened_at DESC, id LIMIT 5")).scalars())
        return self.chance.choice(known) if known else None


def _fresh(a: Assistant) -> Assistant:
    """The same assistant in a new process: nothing is remembered."""
    from dataclasses import replace

    return replace(a, dialogues=Dialogues(), listening=Listening())


def _entries_of(value: object) -> list[Entry]:
    found = value.entries if isinstance(value, turns.Heard) else value
    return [one for one in found if isinstance(one, Entry)] if isinstance(found, list | tuple) else []


CLEARED = (
    "notes",
    "suggestions",
    "timers",
    "handoffs",
    "offers",
    "segments",
    "suppressed_messages",
    "sessions",
    "entries",
    "conversations",
    "jobs",
    "outbox",
    "presence",
    "shoppers_here",
)

CLEARING = [Statement(f"DELETE FROM {name}") for name in CLEARED]
STANDING = ("state", "assignee", "offered_to", "queued_at", "open_segments", "timers", "open_offers")
ALL_AT_ONCE = Statement(
    "SELECT s.state, s.assignee, s.offered_to, s.queued_at, "
    "(SELECT count(*) FROM segments g WHERE g.session_id = s.id AND g.to_at IS NULL) AS open_segments, "
    "(SELECT count(*) FROM timers t WHERE t.session_id = s.id) AS timers, "
    "(SELECT count(*) FROM offers o WHERE o.session_id = s.id AND o.ended_at IS NULL) AS open_offers "
    "FROM sessions s"
)

WEIGHED: dict[Callable[[_OnePlay], None], int] = {
    _OnePlay.shopper_says: 14,
    _OnePlay.shopper_presses: 4,
    _OnePlay.bot_thinks: 10,
    _OnePlay.agent_acts: 26,
    _OnePlay.agent_comes_or_goes: 3,
    _OnePlay.desks_beat: 5,
    _OnePlay.time_passes: 8,
    _OnePlay.timers_fire: 5,
    _OnePlay.router_looks: 8,
    _OnePlay.absences_are_noticed: 2,
    _OnePlay.somebody_commits: 60,
    _OnePlay.a_commit_crashes: 2,
    _OnePlay.a_worker_dies: 1,
}
ACTS, WEIGHTS_OF_ACTS = list(WEIGHED), list(WEIGHED.values())
