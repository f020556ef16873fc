"""What a shop sets about its own service, each a JSON document with a version; until then the shipped defaults hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.database import Tx
from crm_core.desk.work_tables import desk_rules


@dataclass(frozen=True)
class Document:
    """A document as kept; version 0 and no value before the shop's first word."""

    value: Any = None
    version: int = 0
    at: datetime | None = None
    by: str = ""


class Overtaken(Exception):
    """Somebody else changed the document meanwhile; `version` is where it stands."""

    def __init__(self, version: int):
        super().__init__(version)
        self.version = version


def document(tx: Tx, name: str) -> Document:
    """The document of this name."""
    row = tx.execute(sa.select(desk_rules).where(desk_rules.c.name == name)).one_or_none()
    return Document() if row is None else Document(row.value, row.version, row.at, row.by)


def replace(tx: Tx, name: str, value: Any, by: str, at: datetime, version: int) -> Document:
    """Put another document in the place of the one that `version` saw; raises Overtaken when it is no longer there."""
    if document(tx, name).version != version:
        raise Overtaken(document(tx, name).version)
    row = {"name": name, "value": value, "version": version + 1, "at": at, "by": by}
    if version == 0:
        tx.upsert(desk_rules, [row], keep=("value", "version", "at", "by"))
    else:
        tx.execute(desk_rules.update().where(desk_rules.c.name == name, desk_rules.c.version == version).values(**row))
    kept = document(tx, name)
    if (kept.version, kept.by) != (version + 1, by):
        raise Overtaken(kept.version)  # another process was faster
    return kept
