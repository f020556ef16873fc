"""The parts an assistant is made of, put together once by the wiring."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.dialogue import Dialogues
from assistant.escalation import Rule
from assistant.listening import Listening
from assistant.skills.naming import KeptNames
from assistant.timings import Timings
from crm_core.database import Database
from crm_core.desk.hours import Hours
from knowledge_base.search import KnowledgeBase
from nlp.reading.reading import Reader
from nlp.writing.writer import Writer


@dataclass(frozen=True)
class Assistant:
    """Everything a turn may use. `shelf` answers questions, `catalogue` finds products by what people call them."""

    record: Database
    shelf: KnowledgeBase
    catalogue: KnowledgeBase
    reader: Reader
    clock: Callable[[], datetime]
    zone: ZoneInfo
    rules: tuple[Rule, ...]
    writer: Writer | None = None  # a language model, when the shop has one
    dialogues: Dialogues = field(default_factory=Dialogues)
    names: KeptNames = field(default_factory=KeptNames)
    listening: Listening = field(default_factory=Listening)
    timings: Timings = field(default_factory=Timings)
    hours: Hours = field(default_factory=lambda: Hours(ZoneInfo("Asia/Shanghai")))
