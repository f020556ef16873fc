"""200,000 order rows by the import command: rows a second beside a loop that checks nothing, memory, and who waits."""

import csv
import multiprocessing
import random
import resource
import sqlite3
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.imports.run import import_files
from crm_core.conversations import timeline
from crm_core.conversations.events import ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.database import Database, Tx
from crm_core.migrate import to_head
from crm_core.privacy.fields import FieldKeys

ROWS = 200_000
FEW = 20_000
HEADERS = [
    *("订单号", "顾客编号", "商品编码", "数量", "实付金额", "状态", "下单时间", "付款时间", "发货时间", "签收时间"),
    *("快递公司", "快递单号", "收货城市", "买家备注"),
]
EVERY = 0.03
"""Seconds between two messages while the import runs."""


class NoPasswords:
    """Orders have none."""

    def hash(self, password: str) -> str:
        """Never asked for."""
        raise AssertionError(password)

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        """Never asked for."""
        raise AssertionError(password, hash)


def build(path: Path, rows: int) -> None:
    """An order sheet of so many rows: one to three items an order, 30,000 customers."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        done = order = 0
        while done < rows:
            order += 1
            at = datetime(2026, 1, 1) + timedelta(seconds=rng.randrange(86_400 * 200))
            steps = [at, at + timedelta(minutes=3), at + timedelta(hours=20), at + timedelta(days=3)]
            for _ in range(min(rng.choice((1, 1, 1, 2, 3)), rows - done)):
                done += 1
                amount = f"{rng.randrange(100, 99_999) / 100:.2f}"
                head = [
                    f"69{order:017d}",
                    f"C{order % 30_000:05d}",
                    f"SKU-{rng.randrange(2000):04d}",
                    1,
                    amount,
                    "已完成",
                ]
                writer.writerow([*head, *steps, "中通快递", f"ZT{order:012d}", "杭州市", "尽快发货"])


def imported(url: str, path: Path, answer: Connection) -> None:
    """Import the sheet in a process of its own; sends (seconds, peak resident MB)."""
    record = Database(url, FieldKeys("a secret of the benchmark"))
    before = time.perf_counter()
    (report,) = import_files(record, "orders", [path], now=lambda: datetime.now(UTC), passwords=NoPasswords())
    seconds = time.perf_counter() - before
    if report.taken != report.rows:
        raise SystemExit(f"not all rows were taken: {report}")
    record.close()
    answer.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def run_import(url: str, path: Path) -> tuple[float, float]:
    """(seconds, peak resident MB) of an import in a fresh process."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=imported, args=(url, path, there))
    process.start()
    told: tuple[float, float] = here.recv()
    process.join()
    return told


def unchecked(folder: Path, path: Path) -> float:
    """Seconds of the shortest loop there is: csv to SQLite, a thousand rows a commit, nothing read nor compared."""
    with sqlite3.connect(folder / "unchecked.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"CREATE TABLE rows ({', '.join(f'c{n}' for n in range(len(HEADERS)))}, UNIQUE (c0, c2))")
        before = time.perf_counter()
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            statement = f"INSERT OR REPLACE INTO rows VALUES ({', '.join('?' * len(HEADERS))})"
            while chunk := [row for row, _ in zip(reader, range(1000), strict=False)]:
                connection.executemany(statement, chunk)
                connection.commit()
        return time.perf_counter() - before


def waits(url: str, stop: threading.Event) -> list[float]:
    """Seconds that each message of a running gateway waited for its commit until `stop`."""
    record = Database(url, FieldKeys("a secret of the benchmark"))
    waited = []
    number = 0
    while not stop.is_set():
        number += 1
        said = ShopperSpoke("在吗", f"m{number}")

        def work(tx: Tx, said: ShopperSpoke = said) -> None:
            timeline.append(tx, Thread("live"), [(said, said.client_id)], at=datetime.now(UTC))

        before = time.perf_counter()
        record.write(work).result()
        waited.append(time.perf_counter() - before)
        time.sleep(EVERY)
    record.close()
    return waited


def main() -> None:
    """Print rows a second, memory at two sizes, and how long messages waited meanwhile."""
    print("imports (goal: 200,000 order rows in one command, flat memory, messages pass between)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = folder / "few.csv", folder / "many.csv"
        build(few, FEW)
        build(many, ROWS)
        floor = unchecked(folder, many)
        urls = [f"sqlite:///{folder / which}.db" for which in ("few", "many")]
        for url in urls:
            to_head(url)
        _, small = run_import(urls[0], few)
        stop = threading.Event()
        waited: list[float] = []
        listener = threading.Thread(target=lambda: waited.extend(waits(urls[1], stop)))
        listener.start()
        first, large = run_import(urls[1], many)
        stop.set()
        listener.join()
        again, _ = run_import(urls[1], many)
        size = many.stat().st_size / 1e6
    cuts = statistics.quantiles(waited, n=100)
    print(f"csv → SQLite, unchecked : {ROWS / floor:>8.0f} rows/s ({size:.0f} MB of csv)")
    print(
        f"zhanggui import orders  : {ROWS / first:>8.0f} rows/s, {first / floor:.1f} × the time of the unchecked loop"
    )
    print(f"the same file again     : {ROWS / again:>8.0f} rows/s")
    print(f"peak memory             : {small:.0f} MB at {FEW} rows, {large:.0f} MB at {ROWS} rows")
    half, most = (f"{cuts[at] * 1e3:.0f} ms" for at in (49, 94))
    print(f"a message meanwhile     : p50 {half}, p95 {most}, max {max(waited) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
