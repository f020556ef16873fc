"""Chat logs of other systems: each session becomes a conversation of the channel "import".

A line is known again by its content (time, speaker, words), so a log may be imported again when it has grown, and a
mended line finds its session. Lines of one session are put in the order of their times as far as they stand together.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from assistant.imports.chat_lines import ChatLines
from assistant.imports.columns import Draft
from assistant.imports.kind import Kind, Setting, Taken, Written
from crm_core.conversations import logs
from crm_core.conversations.logs import Logged
from crm_core.database import Tx
from knowledge_base.ingestion.sheets import Row

CLOSED_AT_ONCE = 500


class Chats(Kind):
    """Lines of conversations."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self._lines = ChatLines(setting.now, setting.notices)
        self.layout = self._lines.layout

    def open(self, path: Path) -> tuple[Sequence[str], Iterator[Row], int]:
        """The lines of the log, in either form."""
        opened = self._lines.open(path)
        self.layout = self._lines.layout
        if not self._lines.has_times:
            self.setting.notices.add("JDDC 格式里没有时间：以文件的修改时间为准，每句隔一秒")
        return opened

    def check(self, draft: Draft) -> list[Logged]:
        """What a line adds to its conversation."""
        return self._lines.facts(draft)

    def block(self, value: list[Logged]) -> Hashable:
        """Lines of one session belong together."""
        return value[0].conversation

    def write(self, tx: Tx, taken: Sequence[Taken]) -> Written:
        """Write a chunk, session by session in the order of its times."""
        ordered = sorted(range(len(taken)), key=lambda place: taken[place].value[0].at)
        lines = [(place, line) for place in ordered for line in taken[place].value]
        kept = logs.keep(tx, [line for _, line in lines])
        written = Written()
        changed: set[int] = set()
        for (place, line), is_new in zip(lines, kept.new, strict=True):
            if line.conversation in kept.foreign:
                written.refused[place] = f"会话 {line.conversation} 是网关自己的会话，应为别处的会话编号"
            elif is_new:
                changed.add(place)
        for before, after in pairwise(taken):
            if _runs_back(before.value[0], after.value[0]):
                self.setting.notices.add("同一会话的时间不是由早到晚，已按时间排好", after.line)
        written.changed = len(changed)
        return written

    def finish(self) -> None:
        """Close the sessions the log opened."""
        while True:
            with self.setting.record.transaction() as tx:
                if not logs.close_all(tx, CLOSED_AT_ONCE):
                    return


def _runs_back(before: Logged, after: Logged) -> bool:
    return before.conversation == after.conversation and after.at < before.at
