"""Knowledge: questions and answers, and documents, each file standing for what it says now."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.imports.kind import Setting
from assistant.imports.report import RejectedRows, Report
from crm_core.commerce import products
from crm_core.database import Tx
from crm_core.knowledge import articles
from knowledge_base.articles import Article
from knowledge_base.ingestion import sheets
from knowledge_base.ingestion.files import read_articles
from knowledge_base.ingestion.outlines import Ingested
from knowledge_base.ingestion.sheets import Row

KIND = "knowledge"
_SHEETS = {".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson"}


def import_knowledge(setting: Setting, path: Path, progress: Callable[[Path, int, int], None] | None) -> Report:
    """Import a file, or all files of a folder: what a file no longer says is taken away, other files stay.

    A file of which nothing could be read takes nothing away. Raises `UnusableFile` when nothing of `path` is of use.
    """
    ingested = read_articles(path)
    count = len(ingested.articles) + len(ingested.refused)
    if not ingested.articles and not ingested.refused:
        setting.notices.add("文件里没有问答，也没有文字")
    by_file: dict[str, list[Article]] = {}
    for article in ingested.articles:
        by_file.setdefault(article.source.file, []).append(article)
    changed = 0
    for file, said in by_file.items():
        if setting.dry_run:
            with setting.record.reading() as tx:
                _note_unknown(tx, setting, file, said)
            continue
        with setting.record.transaction() as tx:
            changed += articles.replace_file(tx, file, rows_of(said), at=setting.now(), by=setting.by)
            _note_unknown(tx, setting, file, said)
    if progress is not None:
        progress(path, count, count)
    rejected = _rejected(path, ingested, write=not setting.dry_run)
    try:
        rejected_file = rejected.finish()
    except OSError as error:
        rejected_file = None
        setting.notices.add(f"没有导入的部分写不进 {path.name}.rejected.csv（{error.strerror}），原因只列在这里")
    finally:
        rejected.close()
    taken = len(ingested.articles)
    return Report(
        path,
        KIND,
        count,
        taken,
        max(0, taken - changed),
        rejected.count,
        rejected_file,
        tuple(rejected.first),
        setting.notices.told(),
        dry_run=setting.dry_run,
    )


def rows_of(said: Sequence[Article]) -> list[dict[str, Any]]:
    """The articles of one file as rows of the record, in their order."""
    return [_row(article, nth) for nth, article in enumerate(said)]


def _row(article: Article, position: int) -> dict[str, Any]:
    scope = article.scope
    return {
        "id": article.id,
        "kind": article.kind,
        "title": article.title,
        "text": article.text,
        "similar": list(article.similar),
        "category": article.category,
        "valid_from": scope.valid_from,
        "valid_to": scope.valid_to,
        "skus": list(scope.skus),
        "platforms": list(scope.platforms),
        "tiers": list(scope.tiers),
        "file": article.source.file,
        "section": article.source.section,
        "page": article.source.page,
        "position": position,
    }


def _note_unknown(tx: Tx, setting: Setting, file: str, said: Sequence[Article]) -> None:
    """An answer bound to a product the shop does not have is never found; that is worth saying."""
    named = sorted({sku for article in said for sku in article.scope.skus})
    unknown = [sku for sku in named if sku not in products.known_skus(tx, named)] if named else []
    if unknown:
        setting.notices.add(f"{file} 里的商品编码不在商品表里：{'、'.join(unknown[:10])}")


def _rejected(path: Path, ingested: Ingested, *, write: bool) -> RejectedRows:
    """The refused rows with what stood in them, or the refused parts of documents with their place."""
    if path.is_file() and path.suffix.lower() in _SHEETS:
        rejected = RejectedRows(path, sheets.headers(path), write=write)
        reasons = {one.line: one.reason for one in ingested.refused}
        for row in _rows_at(path, reasons):
            rejected.add(row, reasons[row.line])
        return rejected
    rejected = RejectedRows(path, ("place",), write=write)
    for one in ingested.refused:
        rejected.add(Row(one.line, {"place": one.place}), one.reason)
    return rejected


def _rows_at(path: Path, lines: dict[int, str]) -> list[Row]:
    return [row for row in sheets.rows(path) if row.line in lines] if lines else []
