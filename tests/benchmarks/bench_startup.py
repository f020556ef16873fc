"""From nothing to the ready line, and the memory it takes, beside an application that does nothing."""

import statistics
import tempfile
from pathlib import Path

from tests.benchmarks import shop
from tests.benchmarks.load import resident_mb
from tests.benchmarks.serving import serving

ROUNDS = 3


def main() -> None:
    """Print seconds to ready and resident memory, medians, at 10,000 knowledge rows and with an empty shop."""
    print("start-up (goal: ready in 3 s, under 250 MB)")
    for rows in (0, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            shop.build(data, rows)
            seconds, memory = [], []
            for _ in range(ROUNDS):
                with serving("webchat.cli", "serve", "--port", "0", "--data", str(data)) as served:
                    seconds.append(served.ready_seconds)
                    memory.append(resident_mb(served.pid))
        print(
            f"zhanggui, {rows:>6} rows: ready in {statistics.median(seconds):.2f} s, {statistics.median(memory):.0f} MB"
        )
    with serving("tests.benchmarks.bare_echo") as served:
        print(f"bare websockets echo : ready in {served.ready_seconds:.2f} s, {resident_mb(served.pid):.0f} MB")


if __name__ == "__main__":
    main()
