"""`python -m tests.benchmarks [NAME…]`: run the benchmarks, the noise of the machine first."""

import importlib
import multiprocessing
import sys
import time
from pathlib import Path

NAMES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def spin(seconds: float = 1.0) -> int:
    """Rounds of an empty loop: how much this machine does while nothing of ours runs."""
    ends = time.perf_counter() + seconds
    rounds = 0
    while time.perf_counter() < ends:
        rounds += 1
    return rounds


def main() -> None:
    """Print the noise, then each benchmark asked for."""
    alone = spin()
    with multiprocessing.Pool(2) as pool:
        together = pool.map(spin, [1.0, 1.0])
    print(f"noise: a spin loop alone 1.00, two at once {together[0] / alone:.2f} and {together[1] / alone:.2f}\n")
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES:
            sys.exit(f"no benchmark {name}; there are: {', '.join(NAMES)}")
        importlib.import_module(f"tests.benchmarks.bench_{name}").main()
        print(flush=True)


if __name__ == "__main__":
    main()
