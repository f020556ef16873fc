"""What a session shows: a signal names its rule and version, its evidence, and the words that fired it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

MOST_EVIDENCE: Final = 100
"""Lines kept as evidence of one signal; a session that gives more of the same has been understood long before."""

TAGS: Final = {
    "price_sensitive": "价格敏感",
    "competitor": "提到竞品",
    "wants_human": "要求人工",
    "loop": "反复问同一件事",
    "hesitation": "下单前犹豫",
    "motive": "购买动机",
    "recovered": "情绪被安抚",
    "suppressed_positive": "感叹号但心情好",
}
"""The kinds of signal that become tags of a session, and how pages call them."""

VALUES: Final = {
    "high": "高",
    "mid": "中",
    "low": "低",
    "price": "嫌贵",
    "think": "再想想",
    "give_up": "打消念头",
    "ask_others": "要问别人",
    "fit": "怕不合适",
    "quality": "担心质量",
    "authentic": "担心真假",
    "safety": "担心安全、过敏",
    "effect": "担心没效果",
    "service": "担心售后、物流",
    "wait": "等活动降价",
    "gift": "送人",
    "family": "给家人用",
    "self": "自用",
    "stock_up": "囤货、补货",
    "season": "换季",
    "recommended": "别人推荐、看到种草",
    "occasion": "结婚、出行等场合",
    "repurchase": "回购",
    "replace": "旧的坏了",
}
"""How pages call the values of hesitation, motive and price sensitivity."""


class Rule(NamedTuple):
    """A rule and its version; a version rises with every change of what the rule fires on."""

    name: str
    version: int = 1


@dataclass(frozen=True)
class Signal:
    """One observation: what kind, which value of it, by which rule, from which lines and words, how strong (0 to 1)."""

    kind: str
    value: str
    rule: Rule
    evidence: tuple[int, ...]
    words: str
    score: float = 1.0


def merged(signals: tuple[Signal, ...], new: Iterable[Signal]) -> tuple[Signal, ...]:
    """Add signals; one of the same kind, value and rule lends its evidence to the first and keeps the higher score."""
    kept = list(signals)
    for signal in new:
        for place, known in enumerate(kept):
            if (known.kind, known.value, known.rule) == (signal.kind, signal.value, signal.rule):
                evidence = tuple(dict.fromkeys((*known.evidence, *signal.evidence)))[:MOST_EVIDENCE]
                kept[place] = replace(known, evidence=evidence, score=max(known.score, signal.score))
                break
        else:
            kept.append(signal)
    return tuple(kept)
