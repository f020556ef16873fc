"""Shoppers in a closed loop, and what serving them costs the other process."""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from websockets.asyncio.client import connect


@dataclass(frozen=True)
class Outcome:
    """What a run of `seconds` showed: turns, seconds a shopper waited for each, CPU seconds of the server."""

    turns: int
    seconds: float
    waits: list[float]
    cpu: float

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds of the server per turn."""
        return 1000 * self.cpu / max(1, self.turns)

    def wait_ms(self, share: int) -> float:
        """The percentile of the waits in milliseconds."""
        return 1000 * statistics.quantiles(self.waits, n=100)[share - 1]

    def line(self, name: str) -> str:
        """One row of a table."""
        return (
            f"{name:<34} {self.rate:8.0f} turns/s   CPU {self.cpu_ms:7.3f} ms/turn   "
            f"p50 {self.wait_ms(50):7.1f} ms  p95 {self.wait_ms(95):7.1f} ms"
        )


def cpu_seconds(pid: int) -> float:
    """CPU seconds a process and its children have used so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for one in _tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _tree(int(child)))]


async def closed_loop(
    addresses: list[str], pid: int, ask: Callable[[], str], *, seconds: float, warm_up: float = 1.0, hello: bool = True
) -> Outcome:
    """Each shopper says the next thing as soon as the last is answered."""
    waits: list[float] = []
    started = asyncio.get_running_loop().time() + warm_up
    ends = started + seconds

    async def shopper(address: str) -> None:
        async with connect(address, compression=None, subprotocols=["zhanggui.v1"] if hello else None) as socket:
            if hello:
                await socket.send('{"t":"hello","since":0}')
            n = 0
            while (said := time.perf_counter()) and asyncio.get_running_loop().time() < ends:
                n += 1
                await socket.send(json.dumps({"t": "say", "id": str(n), "text": ask()}))
                while True:
                    frame = await socket.recv()
                    if '"from":"bot"' in frame:
                        break
                    if '"t":"error"' in frame:
                        raise RuntimeError(frame)
                if asyncio.get_running_loop().time() >= started:
                    waits.append(time.perf_counter() - said)

    async def measure() -> float:
        await asyncio.sleep(warm_up)
        before = cpu_seconds(pid)
        await asyncio.sleep(seconds - 0.1)
        return (cpu_seconds(pid) - before) * seconds / (seconds - 0.1)

    cpu, *_ = await asyncio.gather(measure(), *(shopper(address) for address in addresses))
    return Outcome(len(waits), seconds, waits, cpu)
