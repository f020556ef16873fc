"""When people serve: the shop's daily hours, whether they are open, and when they open next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """Daily hours of the shop's own zone; hours that end before they begin reach past midnight. None = always open."""

    zone: ZoneInfo
    opens: time | None = None
    closes: time | None = None

    def is_open(self, now: datetime) -> bool:
        """Do people serve at this moment?"""
        if self.opens is None or self.closes is None or self.opens == self.closes:
            return True
        at = now.astimezone(self.zone).time().replace(tzinfo=None)
        if self.opens < self.closes:
            return self.opens <= at < self.closes
        return at >= self.opens or at < self.closes

    def opening_after(self, now: datetime) -> datetime | None:
        """The next moment at which people begin to serve; None where they always do."""
        if self.opens is None or self.closes is None or self.opens == self.closes:
            return None
        local = now.astimezone(self.zone)
        opening = datetime.combine(local.date(), self.opens, self.zone)
        if opening <= local:
            opening = datetime.combine(local.date() + timedelta(days=1), self.opens, self.zone)
        return opening


def hours_of(text: str, zone: ZoneInfo) -> Hours:
    """Hours written as 09:00-23:00; an empty text is around the clock, 24:00 is midnight."""
    if not text:
        return Hours(zone)
    opens, _, closes = text.partition("-")
    return Hours(zone, _time(opens), _time(closes))


def _time(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    return time(int(hour) % 24, int(minute or 0))
