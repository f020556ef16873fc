"""The facts that move a session from owner to owner, or keep it where it is; each is one transition and its proof."""

from datetime import datetime
from typing import ClassVar, Literal

from crm_core.conversations.facts import Fact, Sender, Timed
from crm_core.conversations.packet import Packet, Quoted

Level = Literal["normal", "senior", "vip"]


class SessionOpened(Timed, frozen=True):
    """A new episode of service began; `reopened_from` is the one that had ended shortly before."""

    outward: ClassVar[str] = "session.opened"

    channel: str
    reopened_from: str | None = None


class SessionClosed(Timed, frozen=True):
    """The episode ended; `by` is the supervisor who ended it."""

    outward: ClassVar[str] = "session.closed"

    reason: str
    by: str | None = None


class HandoffRequested(Fact, frozen=True):
    """A person was asked for, or the rules said one is needed; `evidence` are the words that fired the rule.

    It moves nothing by itself: what came of it stands right after it.
    """

    outward: ClassVar[str] = "session.handoff_requested"

    rule: str
    version: int
    evidence: str
    level: Level = "normal"
    quotes: tuple[Quoted, ...] = ()
    packet: Packet | None = None
    ticket: str | None = None  # the type of ticket that this calls for beside a person
    queue: str = ""  # the group that is to serve; "" is everyone


class Queued(Timed, frozen=True):
    """The session waits for a person; the bot is silent from here on."""

    outward: ClassVar[str] = "session.queued"

    queue: str = ""  # the group that is to serve; "" is everyone
    level: Level = "normal"
    priority: int = 0


class Offered(Timed, frozen=True):
    """The session was shown to one agent. `warm`: its owner keeps it until the other accepts."""

    outward: ClassVar[str] = "session.offered"

    agent: str
    expires_at: datetime
    warm: bool = False
    level: Level | None = None  # what a warm offer raises the session to


class OfferAccepted(Timed, frozen=True):
    """The agent took what was offered."""

    outward: ClassVar[str] = "session.accepted"

    agent: str
    name: str = ""  # as the shopper is told


class OfferLapsed(Timed, frozen=True):
    """The offer came to nothing: the session waits on in its old place. Whoever let it lapse is not asked again."""

    agent: str
    outcome: Literal["declined", "expired", "offline", "withdrawn"]


class TakenOver(Timed, frozen=True):
    """An agent claimed the session unasked."""

    outward: ClassVar[str] = "session.taken_over"

    agent: str
    over_capacity: bool = False
    name: str = ""


class Transferred(Timed, frozen=True):
    """The owner passed the session on, with a note for whoever comes next."""

    outward: ClassVar[str] = "session.transferred"

    by: str
    to: str  # a log-in or a group
    kind: Literal["agent", "group", "senior"]
    note: str
    queue: str = ""
    level: Level = "normal"
    priority: int = 0


class Requeued(Timed, frozen=True):
    """The owner is gone or silent: the session waits for somebody else."""

    outward: ClassVar[str] = "session.requeued"

    reason: Literal["unresponsive", "offline", "shift_end", "wrap_up"]
    priority: int = 0
    exclude: str | None = None


class Released(Timed, frozen=True):
    """The agent gave the session back to the bot, with a summary in place of what was said."""

    outward: ClassVar[str] = "session.released"

    by: str
    summary: str = ""


class ReturnedToBot(Timed, frozen=True):
    """The shopper waits no longer and talks to the bot."""

    outward: ClassVar[str] = "session.returned_to_bot"

    reason: Literal["cancelled", "asked_bot", "message_left", "queue_full"]


class Held(Timed, frozen=True):
    """The owner waits for somebody else's answer until a time; the session takes none of the owner's capacity."""

    outward: ClassVar[str] = "session.held"

    by: str
    until: datetime


class Resumed(Timed, frozen=True):
    """The owner goes on: the time has come, the shopper wrote, or the agent said so."""

    outward: ClassVar[str] = "session.resumed"

    reason: Literal["due", "shopper", "agent"]
    name: str = ""


class Resolved(Timed, frozen=True):
    """The owner says it is done; for the shopper the session is closed, the owner may still write its summary."""

    outward: ClassVar[str] = "session.resolved"

    by: str
    summary: str = ""
    category: str = ""
    solved: str | None = None


class MessageLeft(Timed, frozen=True):
    """Nobody can be reached: what the shopper wants is kept for whoever comes, and answered later."""

    outward: ClassVar[str] = "session.message_left"

    reason: Literal["closed", "nobody", "full", "waited"]
    opens_at: datetime | None = None


class WatcherJoined(Timed, frozen=True):
    """An agent reads along without owning the session."""

    agent: str


class WatcherLeft(Timed, frozen=True):
    """An agent reads along no more."""

    agent: str


class WentInactive(Timed, frozen=True):
    """The shopper has been silent for so long that the session weighs less on its owner."""


class TimerSet(Timed, frozen=True):
    """A timer fell due before its time had come, and was set again."""


class SupervisorPaged(Timed, frozen=True):
    """Something needs a supervisor: nobody senior is there, an agent is silent, a clock ran out."""

    outward: ClassVar[str] = "session.supervisor_paged"

    reason: str


class Noticed(Timed, frozen=True):
    """The shop's word to the shopper about the service itself: who joined, how long it takes, why it was passed on."""

    for_shopper: ClassVar[bool] = True

    text: str
    code: str
    choices: tuple[str, ...] = ()


class RatingInvited(Fact, frozen=True):
    """The shopper was asked to rate the session; once a session."""

    for_shopper: ClassVar[bool] = True
    outward: ClassVar[str] = "session.rating_invited"

    text: str
    who: Literal["bot", "agent"] = "agent"


class RatingWithdrawn(Fact, frozen=True):
    """The session went on after all: the invitation does not count."""


class MessageSuppressed(Fact, frozen=True):
    """A message that was not let through: its author did not own the session any more, or never did."""

    by: Sender
    text: str
    reason: Literal["stale_epoch", "not_owner", "bot_muted", "closed"]
    epoch: int
    agent: str | None = None


Movement = (
    SessionOpened
    | SessionClosed
    | HandoffRequested
    | Queued
    | Offered
    | OfferAccepted
    | OfferLapsed
    | TakenOver
    | Transferred
    | Requeued
    | Released
    | ReturnedToBot
    | Held
    | Resumed
    | Resolved
    | MessageLeft
    | WatcherJoined
    | WatcherLeft
    | WentInactive
    | TimerSet
    | SupervisorPaged
    | Noticed
    | RatingInvited
    | RatingWithdrawn
    | MessageSuppressed
)
