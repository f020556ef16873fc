"""The summary of a session, begun for the agent who ends it: what it was about, and whether anything stayed open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assistant.desk.packet import need_of
from assistant.desk.story import utterances
from assistant.insights.session import sum_up
from assistant.insights.utterances import group_of
from crm_core.conversations.events import Entry
from nlp.reading.reading import Reader

CATEGORIES: Final = {
    "presale": "售前咨询",
    "order": "订单",
    "promotion": "优惠活动",
    "logistics": "物流",
    "after_sales": "售后",
    "complaint": "投诉",
    "membership": "会员",
    "invoice": "发票",
    "other": "其他",
}
"""What a session can be about, by the groups of intents."""
CONTENT: Final = 0.2  # polarity of the last word from which nothing is taken to be wrong


@dataclass(frozen=True)
class Draft:
    """A summary for the agent to confirm or to change."""

    category: str
    note: str
    solved: Literal["yes"] | None


def draft(reader: Reader, entries: Sequence[Entry]) -> Draft:
    """What the words say: solved only where nothing waits for an answer and the shopper sounds content."""
    said = utterances(reader, entries)
    summary = sum_up(said)
    groups: dict[str, list[int]] = {}
    for intent in summary.intents:
        if (group := group_of(intent.name)) in CATEGORIES:
            groups.setdefault(group, []).extend(intent.evidence)
    # What was asked most; of as much, what was asked last.
    about = max(groups, key=lambda group: (len(groups[group]), max(groups[group])), default="other")
    content = bool(summary.curve) and summary.curve[-1].polarity >= CONTENT
    solved: Literal["yes"] | None = "yes" if content and not summary.unanswered else None
    return Draft(CATEGORIES[about], need_of(said), solved)
