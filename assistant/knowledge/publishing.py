"""Publishing: golden cases are asked of the shelf a change would make, and only then is it made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant import library
from assistant.knowledge import golden
from assistant.knowledge.golden import Outcome
from assistant.parts import Assistant
from crm_core import audit, revisions
from crm_core.audit import Deed
from crm_core.database import Tx
from crm_core.knowledge import articles, gaps, versions
from crm_core.knowledge import golden as cases
from crm_core.knowledge.articles import StoredArticle
from crm_core.knowledge.versions import Content, MovedOn, Version
from knowledge_base.articles import Article

PAGE = "知识后台"
"""The file that articles written on the page are said to stand in."""
_TRIES = 3


@dataclass(frozen=True)
class Checked:
    """What the golden cases say to a change, asked at a revision of the knowledge."""

    revision: int
    outcomes: tuple[Outcome, ...]

    @property
    def broken(self) -> tuple[Outcome, ...]:
        """The cases the change would break."""
        return tuple(one for one in self.outcomes if one.broken)


class Refused(Exception):
    """Golden cases would no longer hold."""

    def __init__(self, checked: Checked):
        super().__init__(len(checked.broken))
        self.checked = checked


class Unfinished(ValueError):
    """The draft says nothing yet; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Decision:
    """Who decides, why, and whether failing golden cases are overruled."""

    by: str
    reason: str = ""
    overrule: bool = False


def check(a: Assistant, changes: Mapping[str, Content | None]) -> Checked:
    """Ask the golden cases of the shelf that these changes would make; None takes an article away."""
    return check_shelf(a, lambda shelved: changed(shelved, changes))


def check_shelf(a: Assistant, make: Callable[[Sequence[Article]], Sequence[Article]]) -> Checked:
    """Ask the golden cases of the shelf that `make` makes of the articles as they are."""
    with a.record.reading() as tx:
        revision = revisions.number(tx, articles.REVISION)
        stored = list(articles.all_articles(tx))
        asked = cases.all_cases(tx)
    if not asked:
        return Checked(revision, ())
    now = a.clock()
    shelved = [library.article_of(one) for one in stored]
    after = golden.run(a.shelf.beside(make(shelved)), asked, now)
    fails = [one.case for one in after if not one.kept]
    if fails:
        # The shelf of this process may be a moment behind the record: what held before is asked of the record.
        live = a.shelf.beside(shelved)
        before = {case.id: golden.ask(live, case, now) for case in fails}
        after = [Outcome(one.case, before.get(one.case.id), one.after) for one in after]
    return Checked(revision, tuple(after))


def changed(shelved: Sequence[Article], changes: Mapping[str, Content | None]) -> list[Article]:
    """The articles with the changes made."""
    kept = [one for one in shelved if one.id not in changes]
    return kept + [article_of(id_, content) for id_, content in changes.items() if content is not None]


def article_of(article_id: str, content: Content) -> Article:
    """A version as the value that is searched."""
    return library.article_of(StoredArticle(id=article_id, position=0, **content.row()))


def publish(a: Assistant, draft: Version, decision: Decision) -> Checked:
    """Make a draft what shoppers are told.

    Raises Refused, Unfinished when it has no answer, MovedOn when it is no longer the open draft.
    """
    if not draft.content.text.strip():
        raise Unfinished(f"「{draft.content.title[:30]}」还没有写答案")

    def work(tx: Tx, overruled: Any, now: datetime) -> None:
        versions.decide(tx, draft, "published", at=now, by=decision.by, reason=decision.reason, overruled=overruled)
        articles.put_live(tx, draft)
        for gap in gaps.of_article(tx, draft.article_id):
            if gap.state == "drafted":
                gaps.decide(tx, gap.id, "published", seen=None, by=decision.by, reason="", article=draft.article_id)

    return _decided(a, {draft.article_id: draft.content}, decision, draft.article_id, work)


def retire(a: Assistant, version: Version, decision: Decision) -> Checked:
    """Tell shoppers an article no longer. Raises Refused or MovedOn."""

    def work(tx: Tx, overruled: Any, now: datetime) -> None:
        live = articles.live(tx, [version.article_id]).get(version.article_id)
        if live is None:
            raise MovedOn(version.number)
        versions.write(
            tx,
            version.article_id,
            Content.of(live.__dict__),
            "retired",
            seen=version.number,
            origin="page",
            at=now,
            by=decision.by,
            reason=decision.reason,
            overruled=overruled,
        )
        articles.take_off(tx, version.article_id)

    return _decided(a, {version.article_id: None}, decision, version.article_id, work)


def _decided(a: Assistant, changes: Mapping[str, Content | None], decision: Decision, about: str, work: Any) -> Checked:
    """Check, and do the work if nothing was published meanwhile; else check again."""
    for _ in range(_TRIES):
        checked = check(a, changes)
        if checked.broken and not decision.overrule:
            raise Refused(checked)
        overruled = [_kept(one) for one in checked.broken] or None
        now = a.clock()

        def both(tx: Tx, checked: Checked = checked, overruled: Any = overruled, now: datetime = now) -> bool:
            if revisions.number(tx, articles.REVISION) != checked.revision:
                return False
            work(tx, overruled, now)
            if overruled:
                audit.note(tx, Deed(decision.by, "golden_overruled", about, reason=decision.reason), now)
            return True

        if a.record.write(both).result():
            return checked
    raise MovedOn(0)


def _kept(outcome: Outcome) -> dict[str, str]:
    """An overruled case as the version remembers it."""
    first = outcome.after.hits[0].article.id if outcome.after.hits else ""
    return {"case": outcome.case.id, "question": outcome.case.question, "said": outcome.after.verdict, "first": first}
