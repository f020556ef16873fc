"""What shoppers wait when 200 of them send 100 messages a second in all."""

import asyncio
import json
import random
import tempfile
import time
from pathlib import Path

from websockets.asyncio.client import connect

from tests.benchmarks import shop
from tests.benchmarks.bench_turns import gateway_addresses
from tests.benchmarks.load import Outcome, cpu_seconds
from tests.benchmarks.serving import serving

ROWS = 10_000
SHOPPERS = 200
RATE = 100.0  # messages a second in all
SECONDS = 10.0


async def paced(addresses: list[str], pid: int) -> Outcome:
    """Open loop: every shopper sends at its own times, whether or not the last was answered."""
    waits: list[float] = []
    rng = random.Random(3)
    period = len(addresses) / RATE

    async def shopper(address: str) -> None:
        async with connect(address, compression=None, subprotocols=["zhanggui.v1"]) as socket:
            await socket.send('{"t":"hello","since":0}')
            await asyncio.sleep(rng.random() * period)
            for n in range(int(SECONDS / period)):
                said = time.perf_counter()
                await socket.send(json.dumps({"t": "say", "id": str(n), "text": shop.question(rng)}))
                while '"from":"bot"' not in await socket.recv():
                    pass
                waits.append(time.perf_counter() - said)
                await asyncio.sleep(max(0.0, period - (time.perf_counter() - said)))

    before = cpu_seconds(pid)
    await asyncio.gather(*map(shopper, addresses))
    return Outcome(len(waits), SECONDS, waits, cpu_seconds(pid) - before)


def main() -> None:
    """Print the waits."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        shop.build(data, ROWS)
        with serving("webchat.cli", "serve", "--port", "0", "--data", str(data), ZHANGGUI_BURST_WAIT="0") as served:
            addresses = gateway_addresses(served.url, SHOPPERS)
            outcome = asyncio.run(paced(addresses, served.pid))
    print(f"{SHOPPERS} shoppers, {RATE:.0f} messages/s in all, {ROWS} knowledge rows (goal: p95 under 300 ms)")
    print(outcome.line("zhanggui"), f" p99 {outcome.wait_ms(99):.1f} ms")


if __name__ == "__main__":
    main()
