"""`python -m tests.properties [plays] [first seed]`: as many random plays as wished, 100,000 by default."""

import sys
import tempfile
import time
from pathlib import Path

from crm_core.migrate import to_head
from crm_core.privacy.fields import FieldKeys
from tests.properties.desk_play import Play
from tests.properties.played import PlayedDatabase

STEPS = 30


def main() -> None:
    """Play, and print what was seen."""
    plays = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        url = f"sqlite:///{folder}/play.db"
        to_head(url)
        play = Play(PlayedDatabase(url, FieldKeys("a secret of the plays, long enough")))
        started = time.monotonic()
        for seed in range(first, first + plays):
            play.run(seed, STEPS)
            if seed % 5_000 == 4_999:
                print(f"{seed + 1 - first} plays in {time.monotonic() - started:.0f} s", flush=True)
        for name, count in sorted(play.counts.items()):
            print(f"{count:>10} {name}")
        print("broken: 0")
        play.record.close()


if __name__ == "__main__":
    main()
