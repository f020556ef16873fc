"""One customer out of 200,000 with a million orders: everything the desk shows of them, in one read."""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from crm_core.database import Database
from crm_core.migrate import to_head
from crm_core.privacy.fields import FieldKeys
from crm_core.reports.one_customer import one_customer

CUSTOMERS = 200_000
ORDERS = 1_000_000
BEST = 500
"""Orders of the customer who has most: a few buy far more than the rest."""
LOOKS = 1_000
START = 1_767_225_600_000  # milliseconds
KEYS = FieldKeys("a secret of the benchmark")


def order_rows(rng: random.Random) -> Iterator[tuple[object, ...]]:
    """A row an order; the first customer has the most."""
    for n in range(1, ORDERS + 1):
        customer = 0 if n <= BEST else rng.randrange(CUSTOMERS)
        yield n, "taobao", f"69{n:012d}", f"C{customer:06d}", START + n * 10_000, "杭州市"


def line_rows(rng: random.Random) -> Iterator[tuple[object, ...]]:
    """One or two items an order."""
    for n in range(1, ORDERS + 1):
        for sku in rng.sample(range(2_000), rng.choice((1, 1, 1, 2))):
            at = START + n * 10_000
            yield n, f"SKU-{sku:04d}", 1, rng.randrange(100, 99_999), "finished", at, at, at, "中通", f"ZT{n}", "{}"


def fill(path: Path) -> None:
    """The shop, written past the importer: what is measured is the reading."""
    rng = random.Random(7)
    shop = sqlite3.connect(path)
    shop.executescript("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; PRAGMA cache_size=-200000; BEGIN")
    put = shop.executemany
    put(
        "INSERT INTO products (sku, name, price, attributes) VALUES (?, ?, 9900, '{}')",
        ((f"SKU-{n:04d}", f"商品{n}") for n in range(2_000)),
    )
    put(
        "INSERT INTO customers (id, name, phone, member_level, extra) VALUES (?, ?, ?, '金卡', '{}')",
        (
            (
                f"C{n:06d}",
                KEYS.seal("王小美", f"customers.name.C{n:06d}"),
                KEYS.seal(f"138{n:08d}", f"customers.phone.C{n:06d}"),
            )
            for n in range(CUSTOMERS)
        ),
    )
    put(
        "INSERT INTO orders (id, platform, order_id, customer_id, ordered_at, receiver_city) VALUES (?, ?, ?, ?, ?, ?)",
        order_rows(rng),
    )
    put(
        "INSERT INTO order_lines (order_row, sku, quantity, paid_amount, status, paid_at, shipped_at, delivered_at, "
        "carrier, tracking_no, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        line_rows(rng),
    )
    put(
        "INSERT INTO parcel_events (tracking_no, at, text, status) VALUES (?, ?, '快件已签收', 'delivered')",
        ((f"ZT{n}", START + n * 10_000) for n in range(1, ORDERS + 1)),
    )
    put(
        "INSERT INTO events (id, customer_id, type, event, at, properties) "
        "VALUES (?, ?, 'track', 'Product Viewed', ?, ?)",
        (
            (f"e{n}", f"C{rng.randrange(CUSTOMERS):06d}", START + n * 10_000, '{"sku":"SKU-0001"}')
            for n in range(ORDERS)
        ),
    )
    put(
        "INSERT INTO conversations (id, customer_id, channel, last_seq, last_at, log_epoch) "
        "VALUES (?, ?, 'web', 2, ?, '')",
        ((f"conv{n}", f"C{n:06d}", START) for n in range(CUSTOMERS)),
    )
    put(
        "INSERT INTO sessions (id, conversation_id, state, opened_at) VALUES (?, ?, 'closed', ?)",
        ((f"conv{n}:1", f"conv{n}", START) for n in range(CUSTOMERS)),
    )
    shop.commit()
    shop.close()


def look(record: Database, customer: str) -> float:
    """Milliseconds of one read."""
    before = time.perf_counter()
    with record.reading() as tx:
        found = one_customer(tx, customer)
    assert found is not None
    return (time.perf_counter() - before) * 1000


def main() -> None:
    """Fill the shop, then read customers at random, and the one with most orders."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zhanggui.db"
        url = f"sqlite:///{path}"
        to_head(url)
        before = time.perf_counter()
        fill(path)
        print(f"{CUSTOMERS:,} customers, {ORDERS:,} orders: filled in {time.perf_counter() - before:.0f} s")
        record = Database(url, KEYS)
        rng = random.Random(11)
        look(record, "C000001")
        took = sorted(look(record, f"C{rng.randrange(CUSTOMERS):06d}") for _ in range(LOOKS))
        most = statistics.median(look(record, "C000000") for _ in range(20))
        print(
            f"360 of one customer: p50 {statistics.median(took):.1f} ms, p99 {took[int(LOOKS * 0.99)]:.1f} ms; "
            f"of the one with {BEST} orders {most:.1f} ms"
        )
        record.close()


if __name__ == "__main__":
    main()
