"""What many sessions show together: counts with their number of cases and intervals, and sessions to look at.

Memory is bounded: everything is a counter over a list that is bounded itself, or one that stops taking new keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from assistant.insights.escalating import REASONS
from assistant.insights.feeling import trajectory
from assistant.insights.intervals import share
from assistant.insights.log import SessionLines
from assistant.insights.records import shown
from assistant.insights.session import COMPARED, Summary
from assistant.insights.signals import TAGS, VALUES
from assistant.insights.utterances import Utterance, group_of

ZONE: Final = ZoneInfo("Asia/Shanghai")
EXAMPLES: Final = 3
MOST_KEYS: Final = 20_000
MOST_ROWS: Final = 30
_TALK: Final = frozenset({"small_talk", "praise"})


class Tally:
    """A counter of sessions by key, with a few sessions to look at for each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[dict[str, Any]]] = {}

    def add(self, session: str, key: str, line: int, words: str) -> None:
        """Count a session for a key, shown by a line of it. New keys are no longer taken once there are too many."""
        if key not in self.counts and len(self.counts) >= MOST_KEYS:
            return
        self.counts[key] += 1
        kept = self.examples.setdefault(key, [])
        if len(kept) < EXAMPLES:
            kept.append({"session_id": session, "line": line, "text": shown(words)})

    def rows(self, of: int, labels: Mapping[str, str] | None = None, most: int = MOST_ROWS) -> list[dict[str, Any]]:
        """The keys by frequency, each with its share of `of` sessions."""
        ordered = sorted(self.counts.items(), key=lambda one: (-one[1], one[0]))[:most]
        return [
            {
                "name": key,
                "label": (labels or {}).get(key, key),
                **share(count, of)._asdict(),
                "examples": self.examples[key],
            }
            for key, count in ordered
        ]


class Overview:
    """Takes sessions one by one and gives the figures of the report."""

    def __init__(self) -> None:
        self.sessions = 0
        self.messages: Counter[str] = Counter()
        self._tags, self._swings = Tally(), Tally()
        self._intents, self._rules, self._levels = Tally(), Tally(), Counter[str]()
        self._values: dict[str, Tally] = defaultdict(Tally)
        self._comparing: Counter[str] = Counter()
        self._feelings: Counter[str] = Counter()
        self._transitions: Counter[str] = Counter()
        self._bad = self._mended = 0
        self._unanswered, self._unanswered_about = Tally(), Tally()
        self._labels: dict[str, str] = {}
        self._hours: Counter[int] = Counter()
        self._known_outcome: Counter[int] = Counter()
        self._converted: Counter[int] = Counter()
        self._first: datetime | None = None
        self._last: datetime | None = None

    def add(self, session: SessionLines, said: Sequence[Utterance], summary: Summary) -> None:
        """Count one session."""
        self.sessions += 1
        self.messages.update(one.role for one in said)
        texts = {one.line: one.text for one in said if one.role == "shopper"}
        self._add_tags(session.session, summary, texts)
        self._add_questions(session.session, summary, texts)
        self._add_feelings(session.session, summary, texts)
        self._levels[summary.escalate] += 1
        for reason in summary.escalations:
            line = reason.evidence[0]
            self._rules.add(session.session, reason.rule.name, line, texts.get(line, reason.words))
        self._add_times(session, [one.at for one in said if one.at is not None])

    def figures(self) -> dict[str, Any]:
        """Everything counted, ready for `report.json`."""
        n = self.sessions
        return {
            "sessions": n,
            "messages": {role: self.messages[role] for role in ("shopper", "bot", "agent")},
            "from": None if self._first is None else self._first.isoformat(),
            "to": None if self._last is None else self._last.isoformat(),
            "tags": {row["name"]: row for row in self._tags.rows(n, TAGS)},
            "intents": self._intents.rows(n, self._labels),
            "price": self._values["price_sensitive"].rows(n, VALUES),
            "competitors": [
                {**row, "comparing": self._comparing[row["name"]]} for row in self._values["competitor"].rows(n)
            ],
            "hesitations": self._values["hesitation"].rows(n, VALUES),
            "motives": self._values["motive"].rows(n, VALUES),
            "emotion": {
                "messages": dict(self._feelings.most_common()),
                "swings": {name: share(self._swings.counts[name], n)._asdict() for name in ("up", "down")},
                "examples": self._swings.examples,
                "transitions": dict(self._transitions.most_common()),
                "recovered": share(self._mended, self._bad)._asdict(),
            },
            "escalations": {
                "levels": {level: share(self._levels[level], n)._asdict() for level in ("senior", "normal")},
                "rules": [
                    {**row, "level": REASONS[row["name"]].level}
                    for row in self._rules.rows(n, {name: reason.label for name, reason in REASONS.items()})
                ],
            },
            "unanswered": {
                "sessions": share(self._tags.counts["unanswered"], n)._asdict(),
                "about": self._unanswered_about.rows(n, self._labels),
                "questions": self._unanswered.rows(n),
            },
            "hours": self._hour_rows(),
        }

    def _add_tags(self, session: str, summary: Summary, texts: Mapping[int, str]) -> None:
        for kind in dict.fromkeys(tag.kind for tag in summary.tags):
            first = next(tag for tag in summary.tags if tag.kind == kind)
            self._tags.add(session, kind, first.evidence[0], first.words)
        self._comparing.update({tag.value for tag in summary.tags if tag.rule == COMPARED})
        for kind, value in dict.fromkeys((tag.kind, tag.value) for tag in summary.tags if tag.value):
            first = next(tag for tag in summary.tags if (tag.kind, tag.value) == (kind, value))
            self._values[kind].add(session, value, first.evidence[0], texts.get(first.evidence[0], first.words))

    def _add_questions(self, session: str, summary: Summary, texts: Mapping[int, str]) -> None:
        about: dict[int, list[str]] = defaultdict(list)
        for asked in summary.intents:
            self._labels[asked.name] = asked.label
            for line in asked.evidence:
                about[line].append(asked.name)
            if group_of(asked.name) not in _TALK:
                self._intents.add(session, asked.name, asked.evidence[0], texts.get(asked.evidence[0], ""))
        if not summary.unanswered:
            return
        first = summary.unanswered[0]
        self._tags.add(session, "unanswered", first.line, first.text)
        for question in {shown(one.text): one for one in summary.unanswered}.values():
            self._unanswered.add(session, shown(question.text), question.line, question.text)
        for name in {name for one in summary.unanswered for name in about[one.line]}:
            self._unanswered_about.add(session, name, first.line, first.text)

    def _add_feelings(self, session: str, summary: Summary, texts: Mapping[int, str]) -> None:
        self._feelings.update(point.name for point in summary.curve)
        if not summary.curve:
            return
        moved = trajectory(summary.curve)
        self._transitions[moved.transition] += 1
        if moved.trough <= -0.2:
            self._bad += 1
            self._mended += summary.has("recovered")
        if summary.swing != "none":
            low = min(summary.curve, key=lambda point: point.level)
            self._swings.add(session, summary.swing, low.line, texts.get(low.line, ""))

    def _add_times(self, session: SessionLines, times: Sequence[datetime]) -> None:
        if not times:
            return
        self._first = min(filter(None, (self._first, times[0])))
        self._last = max(filter(None, (self._last, times[-1])))
        hour = times[0].astimezone(ZONE).hour
        self._hours[hour] += 1
        if session.converted is not None:
            self._known_outcome[hour] += 1
            self._converted[hour] += session.converted

    def _hour_rows(self) -> list[dict[str, Any]]:
        if not self._hours:
            return []
        told = sum(self._known_outcome.values()) > 0
        return [
            {
                "hour": hour,
                **share(self._hours[hour], self.sessions)._asdict(),
                "converted": share(self._converted[hour], self._known_outcome[hour])._asdict() if told else None,
            }
            for hour in range(24)
        ]
