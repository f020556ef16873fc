"""The ground every table stands on: one metadata, names for constraints, and three column types."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_millis(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC, the form in which every time is stored; a naive time is refused."""
    if moment.tzinfo is None:
        raise ValueError("a stored time needs a zone")
    # Whole numbers throughout: a float would now and then lose the last millisecond on the way back.
    return (moment - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """The stored number as a time in UTC."""
    return _EPOCH + timedelta(milliseconds=millis)


class Utc(TypeDecorator[datetime]):
    """A moment, stored as milliseconds: both databases order it alike and the driver converts nothing."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Store a time."""
        return None if value is None else to_millis(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read a time."""
        return None if value is None else from_millis(value)


class Json(TypeDecorator[Any]):
    """A value kept as JSON text: read by both drivers without help, legible in a dump."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Store a value."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read a value."""
        return None if value is None else json.loads(value)


# Money is counted in fen (1/100 yuan) as an integer: sums are exact on both databases.
Money = sa.BigInteger
