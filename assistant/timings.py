"""Every time and limit of the service in one place: a shop changes them here and nowhere else."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from crm_core.conversations.facts import Timer
from crm_core.conversations.session import Session

WEIGHTS: Final[dict[tuple[str, str | None], float]] = {
    ("active", "active"): 1.0,
    ("active", None): 1.0,
    ("active", "inactive"): 0.3,
    ("offered", None): 1.0,
    ("on_hold", None): 0.0,
    ("wrap_up", None): 0.5,
}
"""What a session weighs on its agent, by its state and whether its shopper is still there."""


@dataclass(frozen=True)
class Timings:
    """How long each thing may take; the defaults are those of the trade."""

    bot_close: timedelta = timedelta(minutes=30)  # silence that ends an episode with the bot
    offer: timedelta = timedelta(seconds=20)
    queue_notice: timedelta = timedelta(seconds=30)
    queue_max: timedelta = timedelta(seconds=180)
    abandon: timedelta = timedelta(seconds=60)  # nobody at the other end
    widen: timedelta = timedelta(seconds=30)  # after which a senior's session may go to anybody
    first_reply: timedelta = timedelta(seconds=60)
    next_reply: timedelta = timedelta(seconds=180)
    agent_silent: timedelta = timedelta(seconds=300)
    grace: timedelta = timedelta(seconds=60)  # a desk that is not heard of
    inactive: timedelta = timedelta(minutes=10)
    idle_warn: timedelta = timedelta(minutes=8)
    idle_close: timedelta = timedelta(minutes=10)
    wrap_up: timedelta = timedelta(seconds=60)
    reopen: timedelta = timedelta(hours=48)
    left: timedelta = timedelta(hours=48)  # a message that was left and that nobody took up
    longest_hold: timedelta = timedelta(days=7)
    sweep: timedelta = timedelta(seconds=5)

    queue_cap: int = 50
    agent_cap: int = 5  # chats at once, unless the agent's own number says otherwise
    agent_cap_in_queue: int | None = None
    missed_before_away: int = 2  # offers let lapse in a row

    base: dict[str, float] = field(default_factory=lambda: {"normal": 0.0, "vip": 20.0, "senior": 30.0})
    per_priority: float = 10.0
    aging: float = 5.0  # points a minute: nobody starves
    on_call: tuple[str, ...] = ("值班", "on_call")  # skills of those who also serve outside the hours
    vip_tiers: tuple[str, ...] = (
        "金卡",
        "白金",
        "白金卡",
        "钻石",
        "钻石卡",
        "黑金",
        "至尊",
        "VIP",
        "SVIP",
        "PLUS",
        "gold",
    )

    def with_bot(self, at: datetime) -> tuple[Timer, ...]:
        """What falls due while the bot serves."""
        return (Timer("bot_idle", at + self.bot_close),)

    def waiting(self, at: datetime, queued_at: datetime) -> tuple[Timer, ...]:
        """What falls due while a shopper waits, who began to at `queued_at`."""
        longest = queued_at + self.queue_max
        while longest <= at:
            longest += self.queue_max
        notice = queued_at + self.queue_notice
        return (Timer("queue_max", longest), *((Timer("queue_notice", notice),) if notice > at else ()))

    def offered(self, at: datetime) -> tuple[Timer, ...]:
        """What falls due while an offer is open."""
        return (Timer("offer", at + self.offer),)

    def served(self, at: datetime, session: Session | None = None) -> tuple[Timer, ...]:
        """What falls due once an agent owns the session and the shopper waits for a word."""
        reply = Timer("first_reply", at + self.first_reply)
        if session is not None and session.first_human_at is not None:
            reply = Timer("next_reply", at + self.next_reply)
        return (Timer("agent_silent", at + self.agent_silent), reply)

    def agent_spoke(self, at: datetime) -> tuple[Timer, ...]:
        """The agent's clocks stop, the shopper's begin."""
        return (
            Timer("agent_silent"),
            Timer("first_reply"),
            Timer("next_reply"),
            Timer("idle_warn", at + self.idle_warn),
            Timer("idle_close", at + self.idle_close),
            Timer("inactive", at + self.inactive),
        )

    def shopper_spoke(self, at: datetime) -> tuple[Timer, ...]:
        """The shopper's clocks stop, the agent's begin."""
        return (
            Timer("idle_warn"),
            Timer("idle_close"),
            Timer("inactive"),
            Timer("agent_silent", at + self.agent_silent),
            Timer("next_reply", at + self.next_reply),
        )
