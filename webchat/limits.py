"""How much one visitor may send."""

from dataclasses import dataclass


@dataclass
class Bucket:
    """A token bucket: `rate` a second on average, `burst` at once. Times are seconds of a monotonic clock."""

    rate: float
    burst: int
    level: float = -1.0
    seen: float = 0.0

    def take(self, now: float) -> float:
        """Take one token: 0 when there was one, else the seconds until there will be."""
        if self.level < 0:
            self.level, self.seen = float(self.burst), now
        self.level = min(float(self.burst), self.level + (now - self.seen) * self.rate)
        self.seen = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate
