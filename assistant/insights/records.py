"""Sessions as the rows of `sessions.jsonl`: every tag with its evidence, long numbers masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from assistant.insights.escalating import PROPOSED, REASONS
from assistant.insights.feeling import trajectory
from assistant.insights.log import SessionLines
from assistant.insights.session import Summary
from assistant.insights.signals import TAGS, VALUES, Signal
from assistant.insights.utterances import Utterance

LONGEST_WORDS: Final = 80
_LONG_NUMBER: Final = re.compile(r"\d{7,}")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def record(session: SessionLines, said: Sequence[Utterance], summary: Summary) -> dict[str, Any]:
    """The row of one session; `session_id`, `tags`, `emotion`, `swing`, `escalate`, `intents`, `unanswered` first."""
    times = [one.at for one in said if one.at is not None]
    row: dict[str, Any] = {
        "session_id": session.session,
        "tags": [_tag(tag) for tag in summary.tags],
        "emotion": [
            {"line": at.line, "name": at.name, "polarity": at.polarity, "felt": at.felt, "level": at.level}
            for at in summary.curve
        ],
        "swing": summary.swing,
        "escalate": summary.escalate,
        "escalated_by": [_reason(signal) for signal in summary.escalations],
        "intents": [{"name": one.name, "label": one.label, "evidence": list(one.evidence)} for one in summary.intents],
        "unanswered": [{"text": shown(one.text), "evidence": [one.line]} for one in summary.unanswered],
        "lines": [min(one.line for one in said), max(one.line for one in said)],
        "messages": {role: sum(one.role == role for one in said) for role in ("shopper", "bot", "agent")},
    }
    if summary.curve:
        row["trajectory"] = trajectory(summary.curve)._asdict()
    if times:
        row |= {"from": times[0].isoformat(), "to": times[-1].isoformat()}
    if session.customer is not None:
        row["customer_id"] = session.customer
    if session.converted is not None:
        row["converted"] = session.converted
    if session.part > 1:
        row["part"] = session.part
    return row


def shown(text: str, longest: int = LONGEST_WORDS) -> str:
    """A shopper's words as files and pages show them: shortened, phone, order and card numbers and addresses masked."""
    plain = _LONG_NUMBER.sub(lambda number: f"{number[0][:3]}****{number[0][-2:]}", " ".join(text.split()))
    plain = _MAIL.sub("***@***", plain)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _tag(tag: Signal) -> Mapping[str, Any]:
    row: dict[str, Any] = {"name": tag.kind, "label": TAGS[tag.kind]}
    if tag.value:
        row |= {"value": tag.value, "value_label": VALUES.get(tag.value, tag.value)}
    return {
        **row,
        "evidence": list(tag.evidence),
        "words": shown(tag.words),
        "score": tag.score,
        "rule": tag.rule.name,
        "version": tag.rule.version,
    }


def _reason(signal: Signal) -> Mapping[str, Any]:
    name = signal.rule.name
    return {
        "rule": name,
        "version": signal.rule.version,
        "label": REASONS[name].label,
        "level": signal.value,
        "behaviour": "propose" if name in PROPOSED else "do",
        "evidence": list(signal.evidence),
        "words": shown(signal.words),
    }
