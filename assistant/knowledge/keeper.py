"""What looks after the knowledge while the house is open: gaps found, cuts drawn anew, edits tried. Never in a turn."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic

from assistant import library
from assistant.knowledge import budgets, loop
from assistant.knowledge.budgets import Labels
from assistant.knowledge.publishing import changed
from assistant.knowledge.unanswered import look_through
from assistant.parts import Assistant
from crm_core import revisions
from crm_core.knowledge import articles, golden
from crm_core.knowledge.versions import Content
from knowledge_base.search import KnowledgeBase

KEPT_TRIALS = 4
IDLE = timedelta(minutes=2)
"""A conversation under way is left alone: its questions may be answered yet."""
REST = 50
"""How many times as long as it worked the grouping rests."""


class Keeper:
    """Does each piece of this work when something has changed, and one at a time."""

    def __init__(self, a: Assistant):
        self._a = a
        self._working = threading.Lock()
        self._labels: tuple[tuple[int, int], Labels] | None = None
        self._grouped_at: int | None = None
        self._stale = False
        self._rests_until = 0.0
        self._drawn_at: tuple[int, int] | None = None
        self._trials: OrderedDict[str, KnowledgeBase] = OrderedDict()
        self._trying = threading.Lock()

    def tend(self) -> None:
        """Group the open questions and draw the cuts where what they rest on has changed; cheap when nothing has.

        Takes no more than a fiftieth of the time on average, however much is said.
        """
        with self._working:
            with self._a.record.reading() as tx:
                numbers = revisions.numbers(tx)
            now = numbers.get(articles.REVISION, 0)
            self._stale = look_through(self._a, IDLE) or self._stale or self._grouped_at != now
            if self._stale and monotonic() >= self._rests_until:
                started = monotonic()
                loop.regroup(self._a)
                self._rests_until = monotonic() + REST * (monotonic() - started)
                self._grouped_at, self._stale = now, False
            judged = (now, numbers.get(golden.REVISION, 0))
            if self._drawn_at != judged:
                budgets.redraw(self._a)
                self._drawn_at = judged

    def group(self) -> int:
        """Group the open questions now; how many groups stand."""
        with self._working:
            return loop.recompute(self._a)

    def labels(self) -> Labels:
        """Every judged query, asked of the knowledge as it is now."""
        with self._working:
            with self._a.record.reading() as tx:
                numbers = revisions.numbers(tx)
            judged = (numbers.get(articles.REVISION, 0), numbers.get(golden.REVISION, 0))
            if self._labels is None or self._labels[0] != judged:
                self._labels = (judged, budgets.labels_of(self._a))
            return self._labels[1]

    def trial(self, changes: Mapping[str, Content | None]) -> KnowledgeBase:
        """The shelf that these changes would make; the last few are kept, for whoever tries several questions."""
        with self._trying:
            with self._a.record.reading() as tx:
                revision = revisions.number(tx, articles.REVISION)
                key = repr((revision, sorted(changes.items(), key=lambda one: one[0])))
                known = self._trials.get(key)
                if known is not None:
                    self._trials.move_to_end(key)
                    return known
                shelved = [library.article_of(one) for one in articles.all_articles(tx)]
            shelf = self._a.shelf.beside(changed(shelved, changes))
            self._trials[key] = shelf
            if len(self._trials) > KEPT_TRIALS:
                self._trials.popitem(last=False)
            return shelf
