"""What an agent's page sends over the desk's socket: each frame checked, and wrong ones named."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from webchat.frames import LONGEST_ID, LONGEST_TEXT, Refused

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Id = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]


class Command(msgspec.Struct, tag_field="t", kw_only=True):
    """A frame of an agent; `ref` comes back with the answer. Keys we do not know are ignored."""

    ref: Annotated[str, Meta(max_length=LONGEST_ID)] | None = None


class OfSession(Command, kw_only=True):
    """A frame about one session."""

    session: Name


class Hello(Command, tag="hello"):
    """Nothing to say yet."""


class Status(Command, tag="status"):
    """How far the agent may be given work."""

    status: Literal["online", "busy", "away", "offline"]


class Accept(OfSession, tag="accept"):
    """What was offered is taken."""


class Decline(OfSession, tag="decline"):
    """What was offered is not taken."""


class Takeover(OfSession, tag="takeover"):
    """The session is claimed; with `force` a supervisor takes it from another agent."""

    force: bool = False


class Say(OfSession, tag="say"):
    """A word to the shopper; with `barge` a supervisor says it into somebody else's session."""

    id: Id
    text: str
    order: Name | None = None
    sku: Name | None = None
    barge: bool = False


class Note(OfSession, tag="note", kw_only=True):
    """A word among agents; without an id it is kept as often as it is sent."""

    id: Id | None = None
    text: str
    mentions: Annotated[list[Name], Meta(max_length=20)] = []


class Whisper(OfSession, tag="whisper", kw_only=True):
    """A supervisor's word to the owner."""

    id: Id | None = None
    text: str


class To(msgspec.Struct):
    """Where a session goes: one of the three."""

    agent: Name | None = None
    group: Name | None = None
    senior: bool = False


class Transfer(OfSession, tag="transfer"):
    """The session is passed on, with a note."""

    to: To | Literal["senior"]
    note: Text = ""

    @property
    def target(self) -> To:
        """Whom or what it goes to."""
        return self.to if isinstance(self.to, To) else To(senior=True)


class Release(OfSession, tag="release"):
    """The bot goes on."""

    summary: Text = ""


class Hold(OfSession, tag="hold"):
    """The owner waits for somebody else's answer."""

    until: datetime


class Unhold(OfSession, tag="unhold"):
    """The owner goes on."""


class Summed(msgspec.Struct):
    """What a session was about."""

    category: Annotated[str, Meta(max_length=100)] = ""
    note: Text = ""


class Resolve(OfSession, tag="resolve"):
    """It is done."""

    summary: Summed | Text | None = None
    solved: Literal["yes", "partly", "no"] | bool | None = None

    @property
    def outcome(self) -> Literal["yes", "partly", "no"] | None:
        """Whether it is solved, in the shopper's own words for it."""
        if isinstance(self.solved, bool):
            return "yes" if self.solved else "no"
        return self.solved


class Close(OfSession, tag="close"):
    """The owner has written up, or a supervisor ends the session."""

    reason: Literal["agent_resolved", "spam", "system", "merged"] = "agent_resolved"


class Open(OfSession, tag="open"):
    """Its entries are wanted, from `since` on or from its beginning, and what follows."""

    since: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class Listen(OfSession, tag="listen"):
    """A supervisor opens it without being seen."""

    since: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class Leave(OfSession, tag="leave"):
    """It is looked at no more."""


class Older(OfSession, tag="older"):
    """What stands before."""

    before: Annotated[int, Meta(ge=1, le=2**53)]


class Typing(OfSession, tag="typing"):
    """The agent is typing."""


class Read(OfSession, tag="read"):
    """Everything up to `seq` has been seen."""

    seq: Annotated[int, Meta(ge=0, le=2**53)]


class Suggest(OfSession, tag="suggest"):
    """Drafts are wanted again."""


class Suggested(OfSession, tag="suggested"):
    """What became of a draft."""

    suggestion: str
    outcome: Literal["accepted", "edited", "ignored"]
    text: Text | None = None


class Summary(OfSession, tag="summary"):
    """A summary to begin with is wanted."""


class Ping(Command, tag="ping"):
    """Are you there?"""


AnyCommand = (
    Hello
    | Status
    | Accept
    | Decline
    | Takeover
    | Say
    | Note
    | Whisper
    | Transfer
    | Release
    | Hold
    | Unhold
    | Resolve
    | Close
    | Open
    | Listen
    | Leave
    | Older
    | Typing
    | Read
    | Suggest
    | Suggested
    | Summary
    | Ping
)
_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)


class _Head(msgspec.Struct):
    t: str = ""
    id: str | None = None
    ref: str | None = None
    session: str | None = None


def read_command(text: str | bytes) -> AnyCommand:
    """The frame in `text`; raises Refused with a sentence saying what is wrong with it."""
    try:
        command = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "应为一个 JSON 对象"
        raise Refused("bad_frame", f"看不懂这一帧：{reason}") from None
    match command:
        case Say() | Note() | Whisper():
            _check_text(command)
        case Transfer(target=to) if sum((bool(to.agent), bool(to.group), to.senior)) != 1:
            raise Refused("bad_frame", "transfer 的 to 应为 agent、group、senior 之一")
        case _:
            pass
    if any(unstorable(value) for value in _texts(command)):
        raise Refused("bad_frame", "消息里有无法保存的字符", getattr(command, "id", None))
    return command


def head_of(text: str | bytes) -> dict[str, str]:
    """What an answer to a wrong frame can name: its kind, id, session and ref, as far as they can be told."""
    try:
        found = msgspec.json.decode(text, type=_Head)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    named = {"re": found.t, "id": found.id, "ref": found.ref, "session": found.session}
    return {name: value[:200] for name, value in named.items() if value}


def unstorable(value: str) -> bool:
    """Does the text hold what PostgreSQL stores not?"""
    return "\0" in value or any("\ud800" <= character <= "\udfff" for character in value)


def _check_text(command: Say | Note | Whisper) -> None:
    if not (command.id or "").isprintable():
        raise Refused("bad_frame", f"id 应为 1 到 {LONGEST_ID} 个可见字符")
    if len(command.text) > LONGEST_TEXT:
        raise Refused("too_long", f"一条消息最多 {LONGEST_TEXT} 字，这条有 {len(command.text)} 字", command.id)
    if not command.text.strip():
        raise Refused("bad_frame", "text 不能为空", command.id)


def _texts(command: AnyCommand) -> list[str]:
    found = []
    for name in command.__struct_fields__:
        value = getattr(command, name)
        found += [value] if isinstance(value, str) else []
    match command:
        case Note():
            found += command.mentions
        case Transfer():
            found += filter(None, (command.target.agent, command.target.group))
        case Resolve(summary=Summed() as summed):
            found += [summed.category, summed.note]
        case _:
            pass
    return found
