"""The rows made again from the log: what proves that the log is the truth, and what repairs them if they are lost."""

import sqlalchemy as sa

from crm_core.conversations import projection, timeline
from crm_core.conversations.session import Session
from crm_core.conversations.tables import conversations
from crm_core.database import Statement, Tx
from crm_core.tables import metadata


def rebuild(tx: Tx) -> int:
    """Empty what is made from the log and make it again, in one transaction; how many entries were read."""
    for name in projection.PROJECTED:
        tx.execute(metadata.tables[name].delete())
    count = 0
    for conversation in list(tx.execute(sa.select(conversations.c.id).order_by(conversations.c.id)).scalars()):
        session: Session | None = None
        seq = 0
        while entries := timeline.since(tx, conversation, seq):
            for entry in entries:
                session = projection.apply(tx, session, entry)
            seq = entries[-1].seq
            count += len(entries)
    return count


def rows(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
    """Every projected row as it is stored, in order: two records are the same if these are."""
    return {name: tx.run(statement, {}) for name, statement in _AS_STORED.items()}


def _as_stored(name: str) -> Statement:
    """All of a table with no type of ours between, which might hide a difference."""
    table = metadata.tables[name]
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    order = ", ".join(column.name for column in table.primary_key.columns)
    return Statement(f"SELECT {columns} FROM {name} ORDER BY {order}")


_AS_STORED = {name: _as_stored(name) for name in projection.PROJECTED}
