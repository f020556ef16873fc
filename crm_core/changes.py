"""Rows laid over what the record knows, and only what differs written: said twice, nothing changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.database import Tx

Row = dict[str, Any]
Lay = Callable[[Mapping[str, Any], Mapping[str, Any]], Row]

ASKED_AT_ONCE = 500
"""Keys of one question: SQLite allows 32,766 bound values of a statement, and short statements are planned once."""


def over(known: Mapping[str, Any], said: Mapping[str, Any]) -> Row:
    """What is said wins, column by column; a JSON object is laid over key by key, and None in it takes a key away."""
    row = {**known, **said}
    for name, value in said.items():
        if isinstance(value, dict):
            merged = {**(known.get(name) or {}), **value}
            row[name] = {key: one for key, one in merged.items() if one is not None}
    return row


def filled(said: Mapping[str, Any]) -> Row:
    """Only what is known of a row: an empty cell takes nothing away."""
    return {name: value for name, value in said.items() if value is not None}


def put(
    tx: Tx,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    fresh: Mapping[str, Any],
    among: sa.ColumnElement[bool] | None = None,
    lay: Lay = over,
) -> list[bool]:
    """Lay rows over those of the table with the same primary key and write what differs; which of them changed it.

    `fresh` holds the values of a new row for columns that no row may name; columns named nowhere are empty. `among`
    is a condition that every known row of these keys meets, where that is cheaper than naming the keys. Of two rows
    with one key the later lies on top.
    """
    key = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns]
    known = {tuple(row[name] for name in key): row for row in _known(tx, table, key, rows, among)}
    changed, dirty = [], {}
    for said in rows:
        at = tuple(said[name] for name in key)
        before = known.get(at)
        # Laid over the empty row first: what a new row says goes through the same rule as a known one.
        after = lay(before if before is not None else {name: fresh.get(name) for name in names}, said)
        changed.append(before is None or after != before)
        if changed[-1]:
            known[at] = dirty[at] = after
    tx.upsert(table, list(dirty.values()))
    return changed


def _known(
    tx: Tx, table: sa.Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]], among: sa.ColumnElement[bool] | None
) -> Iterator[Row]:
    if among is not None:
        conditions = [among]
    else:
        keys = list(dict.fromkeys(tuple(row[name] for name in key) for row in rows))
        conditions = [
            _is_one_of([table.c[name] for name in key], keys[start : start + ASKED_AT_ONCE])
            for start in range(0, len(keys), ASKED_AT_ONCE)
        ]
    for condition in conditions:
        for row in tx.execute(sa.select(table).where(condition)):
            yield dict(row._mapping)


def _is_one_of(columns: Sequence[sa.Column[Any]], keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0].in_([one[0] for one in keys])
    return sa.tuple_(*columns).in_(keys)
