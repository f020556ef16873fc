"""Questions that nobody, or only a person, could answer; the groups they form; and what becomes of each group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from crm_core.conversations.events import AgentSpoke, ShopperSpoke, decode
from crm_core.conversations.tables import conversations, entries, sessions
from crm_core.database import Tx
from crm_core.knowledge.tables import gaps, looked_through, open_questions
from crm_core.knowledge.versions import MovedOn

State = Literal["open", "drafted", "published", "ignored"]
Why = Literal["unsure", "handed_over", "unanswered", "rated_badly"]
_AT_ONCE = 500


@dataclass(frozen=True)
class Ahead:
    """A conversation with entries that were not looked through; `start` is the first entry to read again."""

    conversation: str
    start: int
    last_seq: int
    last_at: datetime


@dataclass(frozen=True)
class OpenQuestion:
    """A question without an answer of the bot, and what a person said to it."""

    conversation: str
    seq: int
    session_seq: int
    at: datetime
    why: Why
    answer_seq: int | None
    worked: bool
    gap: str | None = None
    text: str = ""
    answer: str = ""
    answered_by: str = ""


@dataclass(frozen=True)
class Gap:
    """Questions for one thing that the knowledge lacks; `draft` is what a person said, with where."""

    id: str
    state: State
    title: str
    questions: int
    sessions: int
    would_answer: int
    would_answer_unseen: int
    draft: dict[str, Any] | None
    article_id: str | None
    first_at: datetime
    last_at: datetime
    computed_at: datetime
    decided_by: str | None
    decided_for: str | None
    version: int


def ahead(tx: Tx, most: int, quiet_since: datetime) -> list[Ahead]:
    """Conversations with something new in which nothing was said since a moment, `most` at a time."""
    seen = sa.func.coalesce(looked_through.c.seq, 0)
    query = (
        sa.select(conversations.c.id, conversations.c.last_seq, conversations.c.last_at, seen.label("seen"))
        .outerjoin(looked_through, looked_through.c.conversation_id == conversations.c.id)
        .where(conversations.c.last_seq > seen, conversations.c.last_at <= quiet_since)
        .order_by(conversations.c.id)
        .limit(most)
    )
    found = tx.execute(query).all()
    starts = _session_starts(tx, [row.id for row in found])
    return [
        Ahead(
            row.id,
            max((seq for seq in starts.get(row.id, ()) if seq <= row.seen), default=1),
            row.last_seq,
            row.last_at,
        )
        for row in found
    ]


def keep(tx: Tx, conversation: str, questions: Iterable[OpenQuestion], *, start: int, looked: int) -> bool:
    """Replace what is known of a conversation from entry `start` on; whether that made a difference.

    A question that stays keeps its group.
    """
    known = sa.and_(open_questions.c.conversation_id == conversation, open_questions.c.seq >= start)
    before = {row.seq: dict(row._mapping) for row in tx.execute(sa.select(open_questions).where(known))}
    rows = [
        {
            "conversation_id": conversation,
            "seq": one.seq,
            "session_seq": one.session_seq,
            "at": one.at,
            "why": one.why,
            "answer_seq": one.answer_seq,
            "worked": one.worked,
            "gap_id": before.get(one.seq, {}).get("gap_id"),
        }
        for one in questions
    ]
    tx.upsert(looked_through, [{"conversation_id": conversation, "seq": looked}])
    if {row["seq"]: row for row in rows} == before:
        return False
    tx.execute(open_questions.delete().where(known))
    if rows:
        tx.execute(open_questions.insert(), rows)
    return True


def all_questions(tx: Tx, gap: str | None = None) -> list[OpenQuestion]:
    """Every open question, or those of one group, with its words and the answer's, the earliest first."""
    said, answered = entries.alias("said"), entries.alias("answered")
    table = open_questions
    query = (
        sa.select(table, said.c.event.label("said_event"), answered.c.event.label("answer_event"))
        .join(said, sa.and_(said.c.conversation_id == table.c.conversation_id, said.c.seq == table.c.seq))
        .outerjoin(
            answered,
            sa.and_(answered.c.conversation_id == table.c.conversation_id, answered.c.seq == table.c.answer_seq),
        )
        .order_by(table.c.at, table.c.conversation_id, table.c.seq)
    )
    if gap is not None:
        query = query.where(table.c.gap_id == gap)
    found = []
    for row in tx.execute(query):
        said_event = decode(row.said_event)
        answer = decode(row.answer_event) if row.answer_event is not None else None
        if not isinstance(said_event, ShopperSpoke):
            continue
        found.append(
            OpenQuestion(
                row.conversation_id,
                row.seq,
                row.session_seq,
                row.at,
                row.why,
                row.answer_seq,
                row.worked,
                row.gap_id,
                said_event.text,
                answer.text if isinstance(answer, AgentSpoke) else "",
                answer.agent if isinstance(answer, AgentSpoke) else "",
            )
        )
    return found


def all_gaps(tx: Tx, state: str | None = None) -> list[Gap]:
    """Every group, those of most sessions first."""
    query = sa.select(gaps).order_by(gaps.c.sessions.desc(), gaps.c.questions.desc(), gaps.c.id)
    if state is not None:
        query = query.where(gaps.c.state == state)
    return [Gap(**row._mapping) for row in tx.execute(query)]


def find(tx: Tx, gap_id: str) -> Gap | None:
    """A group, or None."""
    row = tx.execute(sa.select(gaps).where(gaps.c.id == gap_id)).one_or_none()
    return None if row is None else Gap(**row._mapping)


def replace_all(
    tx: Tx,
    rows: Sequence[Mapping[str, Any]],
    members: Mapping[str, Sequence[tuple[str, int]]],
) -> None:
    """Make these the groups of the open questions; what was decided on a group stays with it.

    A group without questions goes when nothing was decided on it; a question in no group is one the knowledge answers.
    """
    known = {row.id: row.state for row in tx.execute(sa.select(gaps.c.id, gaps.c.state))}
    tx.execute(open_questions.update().values(gap_id=None))
    fresh = [{**row, "state": "open", "version": 1} for row in rows if row["id"] not in known]
    if fresh:
        tx.execute(gaps.insert(), fresh)
    for row in rows:
        if row["id"] in known:
            tx.execute(
                gaps.update().where(gaps.c.id == row["id"]).values(**{k: v for k, v in row.items() if k != "id"})
            )
    empty = [id_ for id_, state in known.items() if state == "open" and id_ not in members]
    for start in range(0, len(empty), _AT_ONCE):
        tx.execute(gaps.delete().where(gaps.c.id.in_(empty[start : start + _AT_ONCE])))
    placed = [
        {"_conversation": conversation, "_seq": seq, "_gap": gap}
        for gap, places in members.items()
        for conversation, seq in places
    ]
    if placed:
        tx.execute(
            open_questions.update()
            .where(
                open_questions.c.conversation_id == sa.bindparam("_conversation"),
                open_questions.c.seq == sa.bindparam("_seq"),
            )
            .values(gap_id=sa.bindparam("_gap")),
            placed,
        )


def decide(
    tx: Tx,
    gap_id: str,
    state: State,
    *,
    seen: int | None,
    by: str,
    reason: str,
    article: str | None = None,
) -> None:
    """Say what becomes of a group. Raises MovedOn when it was changed since `seen` (None asks for no such check)."""
    where = gaps.c.id == gap_id
    if seen is not None:
        where = sa.and_(where, gaps.c.version == seen)
    values: dict[str, Any] = {"state": state, "decided_by": by, "decided_for": reason, "version": gaps.c.version + 1}
    if article is not None or state == "open":
        values["article_id"] = article
    if not tx.execute(gaps.update().where(where).values(**values)).rowcount:
        gap = find(tx, gap_id)
        raise MovedOn(gap.version if gap else 0)


def of_article(tx: Tx, article_id: str) -> list[Gap]:
    """The groups for which this article was drafted."""
    return [Gap(**row._mapping) for row in tx.execute(sa.select(gaps).where(gaps.c.article_id == article_id))]


def _session_starts(tx: Tx, ids: Sequence[str]) -> dict[str, list[int]]:
    starts: dict[str, list[int]] = {}
    query = sa.select(sessions.c.id, sessions.c.conversation_id).where(sessions.c.conversation_id.in_(ids))
    for row in tx.execute(query):
        starts.setdefault(row.conversation_id, []).append(int(row.id.rpartition(":")[2]))
    return starts
