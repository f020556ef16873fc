"""How the demo shop opens: its files made current, then imported with the command a user would use."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from crm_core.customers import customers
from crm_core.database import Database
from webchat.cli_data import import_kind
from webchat.demo.rendering import render, shop_day
from webchat.kept_keys import kept_key
from webchat.settings import Settings

SHOP = Path(str(files("webchat"))) / "demo" / "shop"
# In this order: orders point to customers and products, parcels to orders.
IMPORTS = (
    ("products", ("products.csv",)),
    ("relations", ("relations.csv",)),
    ("customers", ("customers.csv",)),
    ("orders", ("orders.csv",)),
    ("logistics", ("logistics.jsonl",)),
    ("events", ("events.jsonl",)),
    ("coupons", ("coupons.csv",)),
    ("knowledge", ("knowledge.csv", "policies")),
    ("agents", ("agents.csv",)),
    ("replies", ("replies.csv",)),
    ("chats", ("chats.jsonl",)),
)
LOGINS = "demo-logins.txt"


def widget_key_of(settings: Settings) -> str:
    """The key the demo shop signs its customers in with, kept in the data folder."""
    return kept_key(settings.data / "widget.key")


def open_demo_shop(record: Database, settings: Settings, tell: Callable[[str], object]) -> list[tuple[str, str]]:
    """Create the shop at the first start; returns the agents' log-ins, (name, password) each.

    An opening that was interrupted goes on at the next start: imports change nothing that is there already.
    """
    logins = settings.data / LOGINS
    with record.reading() as tx:
        is_new = not customers.all_ids(tx)
    if is_new or not logins.exists():
        tell("第一次启动，正在布置演示店铺……")
        made = _import_all(record, settings)
        if made or not logins.exists():
            logins.touch(mode=0o600)
            logins.write_text("".join(f"{name}\t{password}\n" for name, password in made), encoding="utf-8")
    lines = logins.read_text(encoding="utf-8").splitlines()
    return [(name, password) for name, _, password in (line.partition("\t") for line in lines)]


def _import_all(record: Database, settings: Settings) -> list[tuple[str, str]]:
    current = settings.data / "demo-files"
    shutil.rmtree(current, ignore_errors=True)
    render(SHOP, current, shop_day(datetime.now(UTC)))
    made: list[tuple[str, str]] = []
    for kind, names in IMPORTS:
        for report in import_kind(record, kind, [current / name for name in names]):
            if report.unusable or report.rejected:
                raise RuntimeError(f"the demo shop's own {report.file.name} was not taken whole: {report}")
            made += report.made_passwords
    return made
