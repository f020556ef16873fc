"""A file brought in on the page: golden cases are asked of what it would make of the shelf before anything is kept."""

from collections.abc import Sequence
from pathlib import Path

from assistant import library
from assistant.imports import knowledge
from assistant.imports.kind import Passwords, Setting
from assistant.imports.report import Report
from assistant.knowledge import publishing
from assistant.knowledge.publishing import Decision, Refused
from assistant.parts import Assistant
from crm_core import audit
from crm_core.audit import Deed
from crm_core.knowledge import articles
from knowledge_base.articles import Article
from knowledge_base.ingestion.files import read_articles
from knowledge_base.ingestion.unusable import UnusableFile


class Unusable(ValueError):
    """Nothing of the file can be read; the message is a Chinese sentence."""


class _NotKept(Exception):
    """Ends a transaction of which nothing is to stay."""


def bring(a: Assistant, path: Path, decision: Decision, passwords: Passwords) -> Report:
    """Import a file as the command does. Raises Refused when golden cases fail, Unusable when it is none."""
    try:
        said = read_articles(path).articles
    except UnusableFile as error:
        raise Unusable(str(error)) from error
    checked = publishing.check_shelf(a, lambda _: _afterwards(a, said, decision.by))
    if checked.broken and not decision.overrule:
        raise Refused(checked)
    report = knowledge.import_knowledge(Setting(a.record, a.clock, passwords, by=decision.by), path, None)
    if checked.broken:
        deed = Deed(decision.by, "golden_overruled", path.name, reason=decision.reason)
        now = a.clock()
        a.record.write(lambda tx: audit.note(tx, deed, now)).result()
    return report


def _afterwards(a: Assistant, said: Sequence[Article], by: str) -> list[Article]:
    """What would be told to shoppers after the import: done and undone."""
    after: list[Article] = []
    by_file: dict[str, list[Article]] = {}
    for article in said:
        by_file.setdefault(article.source.file, []).append(article)
    try:
        with a.record.transaction() as tx:
            for file, rows in by_file.items():
                articles.replace_file(tx, file, knowledge.rows_of(rows), at=a.clock(), by=by)
            after = [library.article_of(one) for one in articles.all_articles(tx)]
            raise _NotKept
    except _NotKept:
        return after
