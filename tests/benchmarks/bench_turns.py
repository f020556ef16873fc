"""Full turns: the gateway beside a naive one and beside a bare echo, durable rows on both sides that keep any."""

import asyncio
import random
import tempfile
from pathlib import Path

import httpx2

from tests.benchmarks import shop
from tests.benchmarks.load import Outcome, closed_loop
from tests.benchmarks.serving import serving

ROWS = 10_000
SHOPPERS = 50
SECONDS = 5.0
ROUNDS = 3


def gateway_addresses(url: str, count: int) -> list[str]:
    """Sockets of new anonymous shoppers."""
    tokens = [httpx2.post(f"{url}/api/shopper/sessions", json={}).json()["token"] for _ in range(count)]
    return [f"{url.replace('http', 'ws', 1)}/ws/shopper?token={token}" for token in tokens]


def main() -> None:
    """Print the three sides and their ratios, medians of alternating rounds."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        shop.build(data, ROWS)
        rng = random.Random(7)

        def ask() -> str:
            return shop.question(rng)

        outcomes: dict[str, list[Outcome]] = {"zhanggui": [], "naive gateway": [], "bare echo": []}
        for _ in range(ROUNDS):
            limits = {"ZHANGGUI_BURST_WAIT": "0", "ZHANGGUI_SAY_RATE": "100000", "ZHANGGUI_SAY_BURST": "100000"}
            with serving("webchat.cli", "serve", "--port", "0", "--data", str(data), **limits) as served:
                addresses = gateway_addresses(served.url, SHOPPERS)
                outcomes["zhanggui"].append(asyncio.run(closed_loop(addresses, served.pid, ask, seconds=SECONDS)))
            with serving("tests.benchmarks.naive_gateway", str(data)) as served:
                addresses = [f"{served.url.replace('http', 'ws', 1)}/ws/{n}" for n in range(SHOPPERS)]
                outcomes["naive gateway"].append(
                    asyncio.run(closed_loop(addresses, served.pid, ask, seconds=SECONDS, hello=False))
                )
            with serving("tests.benchmarks.bare_echo") as served:
                addresses = [served.url.replace("http", "ws", 1)] * SHOPPERS
                outcomes["bare echo"].append(
                    asyncio.run(closed_loop(addresses, served.pid, ask, seconds=SECONDS, hello=False))
                )
    middle = {name: sorted(runs, key=lambda run: run.cpu_ms)[len(runs) // 2] for name, runs in outcomes.items()}
    print(f"full turns, {ROWS} knowledge rows, {SHOPPERS} shoppers in a closed loop, server on one core")
    for name, outcome in middle.items():
        spread = [run.cpu_ms for run in outcomes[name]]
        print(outcome.line(name), f"  (CPU {min(spread):.3f}–{max(spread):.3f})")
    ours, naive, echo = middle.values()
    print(
        f"turns a second: {ours.rate / naive.rate:.1f} × the naive gateway, {ours.rate / echo.rate:.2f} × the bare echo"
    )
    print(f"CPU a turn: naive / ours {naive.cpu_ms / ours.cpu_ms:.1f} ×, ours / echo {ours.cpu_ms / echo.cpu_ms:.1f} ×")


if __name__ == "__main__":
    main()
