"""Articles, versions, golden cases and gaps as JSON."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from assistant.insights.records import shown
from assistant.knowledge.findings import Finding
from assistant.knowledge.golden import Outcome
from assistant.knowledge.publishing import Checked
from assistant.knowledge.writing import difference, fields_of
from crm_core.conversations.events import AgentSpoke, BotReplied, Entry, ShopperSpoke
from crm_core.knowledge.articles import StoredArticle
from crm_core.knowledge.cuts import StoredCut
from crm_core.knowledge.gaps import Gap, OpenQuestion
from crm_core.knowledge.golden import GoldenCase
from crm_core.knowledge.listing import Listed
from crm_core.knowledge.versions import Content, Version
from webchat.frames import iso

SAYS = (ShopperSpoke, BotReplied, AgentSpoke)


def article(version: Version, *, live: bool, zone: ZoneInfo) -> dict[str, Any]:
    """An article by its newest version; `draft` names the draft that can be published."""
    return {
        "id": version.article_id,
        "version": version.number,
        "state": version.state,
        "live": live,
        "draft": draft_id(version) if version.state == "draft" else None,
        **content(version.content, zone),
        **_made(version),
    }


def listed(one: Listed, zone: ZoneInfo) -> dict[str, Any]:
    """An article in a list."""
    return article(one.version, live=one.live, zone=zone)


def content(said: Content, zone: ZoneInfo) -> dict[str, Any]:
    """What a version says."""
    return {
        "kind": said.kind,
        **fields_of(said, zone),
        "source": {"file": said.file, "section": said.section, "page": said.page},
    }


def stored(row: StoredArticle, zone: ZoneInfo) -> dict[str, Any]:
    """What shoppers are told now."""
    return {"id": row.id, **content(Content.of(vars(row)), zone)}


def history(versions: Sequence[Version], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The versions of an article, the newest first, each with what it changed against the one before."""
    told = []
    for place, version in enumerate(versions):
        before = versions[place + 1].content if place + 1 < len(versions) else None
        changed = difference(before, version.content, zone) if before is not None else []
        told.append(
            {
                "number": version.number,
                "state": version.state,
                **content(version.content, zone),
                **_made(version),
                "changed": changed,
            }
        )
    return told


def draft_id(version: Version) -> str:
    """The name under which a draft is published."""
    return f"{version.article_id}-{version.number}"


def checked(result: Checked) -> dict[str, Any]:
    """What the golden cases say to a change."""
    return {
        "cases": len(result.outcomes),
        "failing": [outcome(one) for one in result.broken],
        "failing_before": [outcome(one) for one in result.outcomes if not one.kept and not one.broken],
    }


def outcome(one: Outcome) -> dict[str, Any]:
    """A golden case with what was answered before, and after."""
    return {
        "case": case(one.case),
        "kept": one.kept,
        "before": None if one.before is None else one.before.as_json(),
        "after": one.after.as_json(),
    }


def case(one: GoldenCase) -> dict[str, Any]:
    """A golden case."""
    return {**vars(one), "at": iso(one.at)}


def gap(one: Gap) -> dict[str, Any]:
    """A group of open questions."""
    moments = {name: iso(getattr(one, name)) for name in ("first_at", "last_at", "computed_at")}
    return {**vars(one), **moments}


def question(one: OpenQuestion, before: Sequence[Entry]) -> dict[str, Any]:
    """An open question with what was said right before it, and what a person said to it."""
    said = [
        (entry.event.sender, entry.event.text)
        for entry in before
        if isinstance(entry.event, SAYS) and entry.seq < one.seq
    ]
    return {
        "before": [{"from": sender, "text": shown(text, 120)} for sender, text in said],
        "session": f"{one.conversation}:{one.session_seq}",
        "conversation": one.conversation,
        "seq": one.seq,
        "at": iso(one.at),
        "why": one.why,
        "text": shown(one.text, 300),
        "answer": shown(one.answer, 600),
        "answered_by": one.answered_by,
        "worked": one.worked,
    }


def finding(one: Finding, zone: ZoneInfo) -> dict[str, Any]:
    """Something wrong in the knowledge."""
    return {
        "kind": one.kind,
        "reason": one.reason,
        "at": None if one.at is None else iso(one.at),
        "asked": [shown(text) for text in one.asked],
        "articles": [
            {
                "id": each.id,
                "question": each.title,
                "answer": each.text,
                "category": each.category,
                "file": each.source.file,
                "sku": list(each.scope.skus),
                "valid_from": each.scope.valid_from and iso(each.scope.valid_from.astimezone(zone)),
                "valid_to": each.scope.valid_to and iso(each.scope.valid_to.astimezone(zone)),
            }
            for each in one.articles
        ],
    }


def cut(one: StoredCut) -> dict[str, Any]:
    """A budget with the cut drawn for it."""
    return {
        **vars(one),
        "set_at": iso(one.set_at),
        "computed_at": None if one.computed_at is None else iso(one.computed_at),
        "proven": one.bound is not None and one.bound <= one.budget,
    }


def _made(version: Version) -> dict[str, Any]:
    return {
        "origin": version.origin,
        "at": iso(version.at),
        "by": version.by,
        "reason": version.reason,
        "decided_at": None if version.decided_at is None else iso(version.decided_at),
        "decided_by": version.decided_by,
        "decided_for": version.decided_for,
        "overruled": version.overruled,
    }
