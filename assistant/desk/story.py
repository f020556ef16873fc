"""What one session of our own shows, read back from its entries: signals with the entries and words they rest on."""

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.insights.escalating import REASONS
from assistant.insights.session import Summary, sum_up
from assistant.insights.signals import TAGS, VALUES, Signal
from assistant.insights.utterances import Utterance, utterance_of
from crm_core.conversations.events import Entry
from nlp.reading.reading import Reader


def utterances(reader: Reader, entries: Iterable[Entry]) -> list[Utterance]:
    """What was said in these entries, read; evidence names their numbers."""
    said = (utterance_of(one.event, reader, seq=one.seq, line=one.seq, at=one.at) for one in entries)
    return [one for one in said if one is not None]


def story(reader: Reader, entries: Sequence[Entry]) -> dict[str, Any]:
    """Signals, mood, intents and what stayed unanswered, as JSON."""
    said = utterances(reader, entries)
    texts = {one.line: one.text for one in said}
    summary = sum_up(said)
    return {
        "signals": [_signal(one, texts) for one in (*summary.tags, *summary.escalations)],
        "emotion": mood(summary),
        "swing": summary.swing,
        "escalate": summary.escalate,
        "intents": [{"name": one.name, "label": one.label, "evidence": list(one.evidence)} for one in summary.intents],
        "unanswered": [{"seq": one.line, "text": one.text} for one in summary.unanswered],
    }


def mood(summary: Summary) -> list[dict[str, Any]]:
    """The shopper's feeling at each of their messages."""
    return [{"seq": at.line, "name": at.name, "polarity": at.polarity} for at in summary.curve]


def label(signal: Signal) -> str:
    """What a page calls a signal."""
    if signal.kind == "escalate":
        return REASONS[signal.rule.name].label
    value = VALUES.get(signal.value, signal.value)
    return TAGS[signal.kind] + (f"：{value}" if value else "")


def _signal(signal: Signal, texts: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": signal.kind,
        "value": signal.value,
        "label": label(signal),
        "rule": signal.rule.name,
        "version": signal.rule.version,
        "score": signal.score,
        "words": signal.words,
        "evidence": [_evidence(seq, signal.words, texts.get(seq, "")) for seq in signal.evidence],
    }


def _evidence(seq: int, words: str, text: str) -> dict[str, Any]:
    start = text.find(words) if words else -1
    return {"seq": seq, "text": text, "span": [start, start + len(words)] if start >= 0 else None}
