"""The loop: open questions become groups, groups drafts, and each draft says how many past chats it would answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from assistant import library
from assistant.insights.records import shown
from assistant.knowledge import answers
from assistant.knowledge.publishing import PAGE, article_of
from assistant.knowledge.unanswered import look_through
from assistant.parts import Assistant
from crm_core.knowledge import articles, gaps, versions
from crm_core.knowledge.gaps import Gap, OpenQuestion
from crm_core.knowledge.versions import Content, MovedOn, Version
from knowledge_base import gaps as grouping
from knowledge_base.articles import Article
from knowledge_base.search import KnowledgeBase

MOST_WORDINGS = 8
MOST_SOURCES = 20
LONGEST_TITLE = 120
AGREE = 0.68
"""Nearness from which an answer of the knowledge says what a person said; one beside the question reaches 0.6."""
SURE = frozenset({"unsure", "rated_badly"})
"""Why a question lacks an answer beyond doubt. What was merely left to a person may be any remark until two ask it."""


@dataclass(frozen=True)
class Lack:
    """A group of open questions with the draft that would answer it."""

    id: str
    title: str
    members: tuple[OpenQuestion, ...]
    wordings: tuple[str, ...]
    answer: str
    answered: tuple[OpenQuestion, ...]

    @property
    def sessions(self) -> set[tuple[str, int]]:
        """The sessions in which it was asked."""
        return {(one.conversation, one.session_seq) for one in self.members}


def recompute(a: Assistant) -> int:
    """Look through what was said since the last time, and group anew; how many groups stand."""
    look_through(a)
    return regroup(a)


def regroup(a: Assistant) -> int:
    """Group the open questions anew; how many groups stand. Done twice, it changes nothing the second time.

    What was decided on a group stays.
    """
    with a.record.reading() as tx:
        questions = gaps.all_questions(tx)
        known = {gap.id: gap for gap in gaps.all_gaps(tx)}
        shelved = [library.article_of(one) for one in articles.all_articles(tx)]
        published = versions.decided_by_people(tx)
    now = a.clock()
    # a copy only where the shelf of this process is behind the record
    live = a.shelf if a.shelf.articles == tuple(shelved) else a.shelf.beside(shelved)
    still_open = [one for one in questions if not _settled(one, live, published, now)]
    lacks = lacks_of(still_open, known, live)
    counts = estimates(lacks, still_open, shelved, live, now)
    rows = [_row(lack, *counts[lack.id], now) for lack in lacks]
    members = {lack.id: [(one.conversation, one.seq) for one in lack.members] for lack in lacks}
    a.record.write(lambda tx: gaps.replace_all(tx, rows, members)).result()
    return len(lacks)


def _settled(one: OpenQuestion, live: KnowledgeBase, published: Mapping[str, datetime], now: datetime) -> bool:
    """Does the knowledge answer the question today?

    Where a person answered it in other words than the knowledge would, the knowledge was near the question and not its
    answer, unless somebody has published that answer since.
    """
    found = live.search(one.text, k=1, at=now)
    if found.verdict == "unsure":
        return False
    first = found.hits[0].article
    if not one.worked or (first.id in published and published[first.id] > one.at):
        return True
    theirs, ours = live.embedder.encode([one.answer, first.text])
    return float(theirs @ ours) >= AGREE


def lacks_of(questions: Sequence[OpenQuestion], known: dict[str, Gap], live: KnowledgeBase) -> list[Lack]:
    """The groups of open questions; one that was known before keeps its name, by the questions it shares with it."""
    alike = grouping.alikeness(live.articles, live.embedder)
    taken: set[str] = set()
    lacks = []
    for group in grouping.grouped([one.text for one in questions], live.embedder, alike):
        members = tuple(questions[place] for place in group.members)
        if not any(one.why in SURE for one in members) and len({one.conversation for one in members}) < 2:
            continue
        name = _name(members, known, taken)
        taken.add(name)
        title = shown(questions[group.centre].text, LONGEST_TITLE)
        worded = grouping.wordings(
            [title, *(shown(one.text, LONGEST_TITLE) for one in members)], live.embedder, MOST_WORDINGS
        )
        best = answers.best(members, live.embedder)
        answer, answered = best if best is not None else ("", [])
        lacks.append(Lack(name, title, members, tuple(worded), answer, tuple(answered)))
    return lacks


def estimates(
    lacks: Sequence[Lack],
    questions: Sequence[OpenQuestion],
    shelved: Sequence[Article],
    live: KnowledgeBase,
    now: datetime,
) -> dict[str, tuple[int, int]]:
    """Of each group: in how many past sessions its draft would have answered a question, and without these very words.

    Every open question is replayed on the shelf with all drafts on it. For the second figure it is replayed on a shelf
    whose drafts know only every other wording, the one that does not know this question's.
    """
    if not lacks:
        return {}
    drafts = [_draft(lack) for lack in lacks]
    whole = _replayed(questions, live.beside([*shelved, *drafts]), now, drafts)
    halves = []
    for half in (0, 1):
        known = [_half(draft, half) for draft in drafts]
        said = {draft.id: {draft.title, *draft.similar} for draft in known if draft is not None}
        shelf = live.beside([*shelved, *(draft for draft in known if draft is not None)])
        halves.append((shelf, said))
    unseen: dict[str, set[tuple[str, int]]] = {}
    for one in questions:
        text = shown(one.text, LONGEST_TITLE)
        for shelf, said in halves:
            first = _answered(one, shelf, now)
            if first in said and text not in said[first]:
                unseen.setdefault(first, set()).add((one.conversation, one.session_seq))
                break
    return {
        lack.id: (len(whole.get(_article_id(lack.id), ())), len(unseen.get(_article_id(lack.id), ()))) for lack in lacks
    }


def draft_of(a: Assistant, gap: Gap, *, by: str, seen: int | None = None) -> Version:
    """Make the draft of a group an article that can be edited and published. Raises MovedOn."""
    draft = gap.draft or {"text": "", "similar": []}
    content = Content(
        "article", gap.title, draft["text"], tuple(draft["similar"]), "", None, None, (), (), (), PAGE, "", None
    )
    now = a.clock()

    def work(tx: Any) -> Version:
        if gap.state not in ("open", "ignored"):
            raise MovedOn(gap.version)
        name = _article_id(gap.id)
        newest = versions.newest(tx, name)
        number = newest.number if newest else 0
        version = versions.write(
            tx, name, content, "draft", seen=number, origin="gap", at=now, by=by, reason=f"{gap.sessions} 段会话问过"
        )
        gaps.decide(tx, gap.id, "drafted", seen=gap.version if seen is None else seen, by=by, reason="", article=name)
        return version

    return a.record.write(work).result()


def _name(members: Iterable[OpenQuestion], known: dict[str, Gap], taken: set[str]) -> str:
    """The known group that most of these questions belonged to, unless its answer is published; else a new name."""
    members = list(members)
    for name, _ in sorted(Counter(one.gap for one in members if one.gap).items(), key=lambda one: (-one[1], one[0])):
        if name in known and name not in taken and known[name].state != "published":
            return name
    first = min(members, key=lambda one: (one.at, one.conversation, one.seq))
    name = blake2b(f"{first.conversation}\x1f{first.seq}".encode(), digest_size=8).hexdigest()
    while name in taken or (name in known and known[name].state == "published"):
        name = blake2b(name.encode(), digest_size=8).hexdigest()
    return name


def _article_id(gap: str) -> str:
    """The name of the article that a group's draft becomes."""
    return blake2b(f"gap\x1f{gap}".encode(), digest_size=8).hexdigest()


def _draft(lack: Lack) -> Article:
    similar = tuple(one for one in lack.wordings if one != lack.title)
    content = Content(
        "article", lack.title, lack.answer or lack.title, similar, "", None, None, (), (), (), PAGE, "", None
    )
    return article_of(_article_id(lack.id), content)


def _half(draft: Article, half: int) -> Article | None:
    wordings = [draft.title, *draft.similar][half::2]
    return replace(draft, title=wordings[0], similar=tuple(wordings[1:])) if wordings else None


def _replayed(
    questions: Sequence[OpenQuestion], shelf: KnowledgeBase, now: datetime, drafts: Sequence[Article]
) -> dict[str, set[tuple[str, int]]]:
    names = {draft.id for draft in drafts}
    found: dict[str, set[tuple[str, int]]] = {}
    for one in questions:
        first = _answered(one, shelf, now)
        if first in names:
            found.setdefault(first, set()).add((one.conversation, one.session_seq))
    return found


def _answered(one: OpenQuestion, shelf: KnowledgeBase, now: datetime) -> str:
    """The article that would answer a question; empty when none is sure to."""
    found = shelf.search(one.text, k=1, at=now)
    return found.hits[0].article.id if found.verdict == "answer" else ""


def _row(lack: Lack, would_answer: int, unseen: int, now: datetime) -> dict[str, Any]:
    moments = [one.at for one in lack.members]
    draft = {
        "text": lack.answer,
        "similar": [one for one in lack.wordings if one != lack.title],
        "from": [
            {"conversation": one.conversation, "seq": one.answer_seq, "by": one.answered_by}
            for one in lack.answered[:MOST_SOURCES]
        ],
    }
    return {
        "id": lack.id,
        "title": lack.title,
        "questions": len(lack.members),
        "sessions": len(lack.sessions),
        "would_answer": would_answer,
        "would_answer_unseen": unseen,
        "draft": draft,
        "first_at": min(moments),
        "last_at": max(moments),
        "computed_at": now,
    }
