"""The schema brought to the newest migration, from a checkout or an installed wheel alike."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", "crm_core:migrations")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


class CannotOpen(Exception):
    """The database is away, is none of ours, or its driver is not installed; the message is the driver's reason."""


def to_head(url: str) -> None:
    """Bring the database at `url` to the newest schema; nothing happens when it is there already.

    Raises CannotOpen.
    """
    try:
        command.upgrade(_config(url), "head")
    except sa.exc.DatabaseError as error:
        raise CannotOpen(str(error.orig).strip().splitlines()[0]) from error
    except ModuleNotFoundError as error:
        raise CannotOpen(f"缺少驱动 {error.name}，需要：pip install 'zhanggui[postgres]'") from error


def is_at_head(url: str) -> bool:
    """Has the database at `url` every migration this version knows?"""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current == ScriptDirectory.from_config(_config(url)).get_current_head()
