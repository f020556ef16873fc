"""The shop's knowledge, searched: words and meaning fused, scope respected, and a verdict whether the best may speak.

`KnowledgeBase` holds one shelf at a time. `fill()` builds the next one beside it and swaps it in with one assignment,
so a search sees the old shelf or the new one and never a mixture.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from knowledge_base.articles import Article
from knowledge_base.evidence import Evidence, evidence_of
from knowledge_base.index import ExactIndex, VectorIndex
from knowledge_base.keywords import Asked
from knowledge_base.scope import closeness, holds
from knowledge_base.shelf import Plan, Shelf
from knowledge_base.synonyms import Synonyms
from knowledge_base.threshold import DEFAULT_CUT, POOLED, probability
from nlp.embedding.embedder import Embedder
from nlp.words import terms

MEANING = 0.7
"""Weight of the cosine with a question, the rest is the share of the query's words."""
MEANING_OF_TEXT = 0.3
"""The same for a passage or an answer: a vector of many sentences blurs, their words do not."""
MIDDLE = 0.5
"""Weight of an article's middle beside its best key (1)."""
COVERAGE = 0.4
"""Weight of the query's rare terms that stand anywhere in the article, beside its best key (1)."""
PREFERENCE = 0.04
"""What an article made for the product in focus gains over a general one, and one made for another loses."""
CURATED = 0.01
"""What an answer written for the question gains over a passage of a document: it wins ties."""

_COVERED = 40  # articles for which coverage is looked up: it moves none of the others to the top
_COMPARED = 5  # hits that the verdict looks at
_BY_WORDS = 100
_BY_MEANING = 60
_WIDTHS = (1, 8, 0)  # when scopes thin the candidates out: eight times as many, then every key (0)

Verdict = Literal["answer", "unsure"]
ANSWER: Verdict = "answer"
UNSURE: Verdict = "unsure"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer, and how well it fits between 0 and 1."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found, best first. The verdict "answer" means that the first hit may be quoted as it stands."""

    query: str
    verdict: Verdict
    hits: tuple[Hit, ...]
    took_ms: float
    confidence: float = 0.0
    """The probability that the first hit answers the query; the verdict compares it with the cut of its category."""

    def as_json(self) -> dict[str, Any]:
        """The object that `zhanggui search --json` prints."""
        return {
            "query": self.query,
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "took_ms": round(self.took_ms, 3),
            "hits": [
                {
                    "id": hit.article.id,
                    "kind": hit.article.kind,
                    "title": hit.article.title,
                    "text": hit.article.text,
                    "score": round(hit.score, 4),
                    "source": {
                        "file": hit.article.source.file,
                        "section": hit.article.source.section,
                        "page": hit.article.source.page,
                    },
                }
                for hit in self.hits
            ],
        }


@dataclass(frozen=True, slots=True)
class _Focus:
    """Under which rules and for whom a query is asked."""

    at: datetime
    sku: str | None
    platform: str | None
    tier: str | None


class KnowledgeBase:
    """Articles that can be searched by many threads while they are replaced.

    `index` makes the vector index of each new shelf. With a `file` the shelf is kept there and the next start loads it
    instead of building it; it is rebuilt whenever the articles, the embedder or the segmenter are others. A `lexicon`
    is the shop's file of synonyms, read at every filling.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        index: Callable[[], VectorIndex] = ExactIndex,
        file: Path | None = None,
        lexicon: Path | None = None,
    ) -> None:
        self._embedder = embedder
        self._index = index
        self._file = file
        self._lexicon = lexicon
        self._cuts: Mapping[str, float] = {}
        self._filling = threading.Lock()
        self._shelf = Shelf.of(Plan.of(()), embedder, index())

    @property
    def size(self) -> int:
        """How many articles are on the shelf."""
        return len(self._shelf.articles)

    @property
    def articles(self) -> tuple[Article, ...]:
        """What is on the shelf, in its order."""
        return self._shelf.articles

    @property
    def embedder(self) -> Embedder:
        """What turns texts into this shelf's vectors."""
        return self._embedder

    def cut_of(self, category: str) -> float:
        """The confidence from which an article of this category may answer."""
        return self._cuts.get(category, self._cuts.get(POOLED, DEFAULT_CUT))

    def fill(self, articles: Iterable[Article]) -> None:
        """Make these the articles that are searched, all of them; the old ones answer until the new shelf stands.

        Raises `synonyms.UnusableSynonyms` when the lexicon cannot be used; the old shelf then stays.
        """
        with self._filling:
            plan = Plan.of(articles, Synonyms.read(self._lexicon) if self._lexicon else None)
            index = self._index()
            shelf = Shelf.kept(self._file, plan, self._embedder, index) if self._file else None
            if shelf is not None:
                self._shelf = shelf
                return
            self._shelf = shelf = Shelf.of(plan, self._embedder, self._index(), self._shelf)
            if self._file:
                with contextlib.suppress(OSError):  # a full disk costs the next start its time, and nobody an answer
                    shelf.keep(self._file, plan.fingerprint(self._embedder, index))

    def beside(self, articles: Iterable[Article]) -> KnowledgeBase:
        """Another knowledge base with these articles under the same rules and cuts, in memory alone.

        It takes over the vectors of texts that stand on this shelf, so trying an edit does not encode the shop again.
        """
        other = KnowledgeBase(self._embedder, lexicon=self._lexicon)
        other._cuts = self._cuts
        other._shelf = self._shelf
        other.fill(articles)
        return other

    def _look(self, shelf: Shelf, query: str, found: list[str], focus: _Focus, k: int) -> tuple[list[Hit], float, bool]:
        """The best hits of a query, how probably the first answers it, and whether some word stands nowhere."""
        asked = shelf.keywords.asked(found)
        vector = self._embedder.encode_queries([query])[0]
        hits, evidence = _ranked(query, shelf, asked, vector, focus, k)
        return hits, 0.0 if evidence is None else probability(evidence), asked.unknown_words > 0

    def _verdict(self, hits: Sequence[Hit], confidence: float) -> Verdict:
        if not hits or confidence < self.cut_of(hits[0].article.category):
            return UNSURE
        return ANSWER

    def use_cuts(self, cuts: Mapping[str, float]) -> None:
        """Answer from these confidences on, by the category of the first hit; "" is for all others.

        Cuts come from `threshold.calibrate`; without any, `threshold.DEFAULT_CUT` holds.
        """
        self._cuts = dict(cuts)

    def examine(
        self,
        query: str,
        *,
        at: datetime | None = None,
        sku: str | None = None,
        platform: str | None = None,
        tier: str | None = None,
    ) -> tuple[Article, Evidence] | None:
        """The first hit of a query with what speaks for it: what a verdict is fitted on. None when there is no hit."""
        shelf = self._shelf
        query = shelf.in_our_words(query)
        found = terms(query)
        if not found or not shelf.articles:
            return None
        asked = shelf.keywords.asked(found)
        focus = _Focus(at or datetime.now(UTC), sku, platform, tier)
        vector = self._embedder.encode_queries([query])[0]
        hits, evidence = _ranked(query, shelf, asked, vector, focus, _COMPARED)
        return None if evidence is None else (hits[0].article, evidence)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        at: datetime | None = None,
        sku: str | None = None,
        platform: str | None = None,
        tier: str | None = None,
    ) -> Found:
        """The `k` articles that fit a query best, of those that hold at `at` (now when None) for this shopper.

        `sku` is the product in focus, `platform` and `tier` are the shopper's; see `scope.holds` for what None means.
        """
        started = perf_counter()
        shelf = self._shelf
        focus = _Focus(at or datetime.now(UTC), sku, platform, tier)
        told = shelf.in_our_words(query)
        found = terms(told)
        if not found or not shelf.articles or k < 1:
            return Found(query, UNSURE, (), (perf_counter() - started) * 1000)
        hits, confidence, unknown = self._look(shelf, told, found, focus, max(k, _COMPARED))
        verdict = self._verdict(hits, confidence)
        if verdict == UNSURE and unknown:
            meant = shelf.speller.corrected(told)
            if meant is not None:
                meant = shelf.in_our_words(meant)
                others, better, _ = self._look(shelf, meant, terms(meant), focus, max(k, _COMPARED))
                if better > confidence:
                    hits, confidence, verdict = others, better, self._verdict(others, better)
        return Found(query, verdict, tuple(hits[:k]), (perf_counter() - started) * 1000, confidence)


def _ranked(
    query: str, shelf: Shelf, asked: Asked, vector: NDArray[np.float32], focus: _Focus, k: int
) -> tuple[list[Hit], Evidence | None]:
    """The `k` best articles that hold, and what speaks for the first; looks wider when scopes thin them out."""
    for width in _WIDTHS:
        keys = _candidates(shelf, asked, vector, k, width)
        scored = _scored(shelf, asked, vector, keys)
        best = _admitted(shelf, scored, focus, k)
        if len(best) >= k or len(keys) == len(shelf.weights):
            break
    hits = [Hit(shelf.articles[scored.articles[place]], min(1.0, max(0.0, score))) for place, score in best]
    if not hits:
        return [], None
    first = best[0][0]
    article = int(scored.articles[first])
    return hits, evidence_of(
        query,
        shelf,
        asked,
        article=article,
        key=int(scored.keys[first]),
        found=_covered(shelf, asked, scored.articles[first : first + 1])[0],
        scores=[score for _, score in best],
        cosine=float(scored.cosines[first]),
        focus=closeness(shelf.articles[article].scope, sku=focus.sku, platform=focus.platform),
        middle=float(scored.middles[first]),
    )


def _candidates(shelf: Shelf, asked: Asked, vector: NDArray[np.float32], k: int, width: int) -> NDArray[np.int64]:
    """The keys worth scoring exactly: those sharing rare words and those nearest in meaning; all of them at width 0.

    An article of which only the middle is near is represented by its first key.
    """
    count = len(shelf.weights)
    by_words, by_meaning = width * max(_BY_WORDS, k), width * max(_BY_MEANING, k)
    if not width or by_meaning >= count:
        return np.arange(count, dtype=np.int64)
    near = shelf.index.nearest(vector, by_meaning)
    far = near >= count
    if far.any():
        near[far] = shelf.firsts[shelf.owners[near[far]]]
    return np.union1d(shelf.keywords.candidates(asked, by_words), near)


@dataclass(frozen=True, slots=True)
class _Scored:
    """Articles that came into question, best first, each with its score, its best key and what that key gave."""

    articles: NDArray[np.int32]
    scores: NDArray[np.float32]
    keys: NDArray[np.int64]
    cosines: NDArray[np.float32]
    middles: NDArray[np.float32]


def _covered(shelf: Shelf, asked: Asked, articles: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which known terms of the query stand anywhere in each article."""
    firsts = shelf.firsts[articles]
    return shelf.keywords.covered(asked, firsts, firsts + shelf.counts[articles])


def _scored(shelf: Shelf, asked: Asked, vector: NDArray[np.float32], keys: NDArray[np.int64]) -> _Scored:
    """Score keys exactly and articles by their best key and their middle."""
    shares = shelf.keywords.scores(asked, keys)
    cosines = np.maximum(shelf.index.cosines(vector, keys), 0)
    meaning = np.where(shelf.questions[keys], np.float32(MEANING), np.float32(MEANING_OF_TEXT))
    scores = (meaning * cosines + (1 - meaning) * shares) * shelf.weights[keys]
    falling = np.argsort(-scores, kind="stable")
    articles, first = np.unique(shelf.owners[keys[falling]], return_index=True)
    best = falling[first]
    middles = np.maximum(shelf.index.cosines(vector, shelf.middles[articles]), 0)
    # a passage has no questions: its own score stands in
    totals = scores[best] + MIDDLE * np.where(shelf.questions[shelf.firsts[articles]], middles, scores[best])
    order = np.argsort(-totals, kind="stable")
    totals, best, articles, middles = totals[order], best[order], articles[order], middles[order]
    mass = asked.unknown + float(asked.rarities.sum())
    totals[:_COVERED] += COVERAGE / mass * (_covered(shelf, asked, articles[:_COVERED]) @ asked.rarities)
    order = np.argsort(-totals, kind="stable")
    finals: NDArray[np.float32] = (totals[order] / (1 + MIDDLE + COVERAGE)).astype(np.float32)
    best = best[order]
    return _Scored(articles[order], finals, keys[best], cosines[best], middles[order])


def _admitted(shelf: Shelf, scored: _Scored, focus: _Focus, k: int) -> list[tuple[int, float]]:
    """(place among the scored, score) of the `k` best articles that hold, best first.

    A preference can lift an article past others, so the search goes on until no later one can come among the `k`.
    """
    best: list[tuple[int, float]] = []
    floor = -1.0
    for place, (number, score) in enumerate(zip(scored.articles.tolist(), scored.scores.tolist(), strict=True)):
        if len(best) >= k and score + PREFERENCE + CURATED < floor:
            break
        article = shelf.articles[number]
        if not holds(article.scope, at=focus.at, sku=focus.sku, platform=focus.platform, tier=focus.tier):
            continue
        score += PREFERENCE * closeness(article.scope, sku=focus.sku, platform=focus.platform)
        score += CURATED * (article.kind == "article")
        best.append((place, score))
        if len(best) == k:
            floor = min(one[1] for one in best)
    best.sort(key=lambda one: -one[1])
    return best[:k]
