"""How Alembic reaches the database; batch mode because SQLite cannot alter a table in place."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from crm_core.schema import metadata


def _plain(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as the types they are stored in: a migration must not change when our classes do."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_plain,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


url = context.config.get_main_option("sqlalchemy.url")
if url is None:
    raise SystemExit("sqlalchemy.url is not set")
engine = sa.create_engine(url)
with engine.connect() as connection:
    _run(connection)
    connection.commit()
engine.dispose()
