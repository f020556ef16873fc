"""A server of a benchmark: started on a core of its own, stopped when done."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SERVER_CORE = 0
CLIENT_CORES = {1}


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    pid: int
    ready_seconds: float


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Served]:
    """Run `python -m …` pinned to one core and wait for its ready line; this process keeps to the others."""
    cores = os.sched_getaffinity(0)
    pinned = len(cores) > 1
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, {SERVER_CORE})) if pinned else None,
    )
    if pinned:
        os.sched_setaffinity(0, CLIENT_CORES & cores or cores)
    try:
        for line in process.stdout:  # type: ignore[union-attr]
            if line.startswith("ready "):
                yield Served(line.split()[1], process.pid, time.perf_counter() - started)
                break
        else:
            raise RuntimeError(f"{arguments} did not start")
    finally:
        process.kill()
        process.wait()
        os.sched_setaffinity(0, cores)
