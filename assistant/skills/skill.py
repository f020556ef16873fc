"""What a skill is asked and what it returns."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crm_core.conversations.events import Card, Choice, Source
from crm_core.customers.customers import Customer
from crm_core.database import Tx
from knowledge_base.search import KnowledgeBase
from nlp.reading.reading import Reading

# Words that tie a question to one's own purchase, that go on with what was said, and that ask for a rule.
_OWN = re.compile(
    r"我的|我.{0,6}买的|我买|我那|我这|我上|我拍|我下的|我刚|俺|我?(?:要|想)(?:退|换)|这单|那单|这个?订单|那个?订单|上次|收到的|我.{0,4}(?:包裹|快递|订单|退款)"
)
_LEANS = re.compile(r"^(?:那|这|它|还能|还可以|能不能|可以)|这个|这单|那个|那单|刚才|[呢呐]$")
_RULE = re.compile(
    r"怎么(?:退|换|算|办理|申请|收费|寄)|如何|流程|规则|政策|一般|通常|运费谁|谁出|谁承担|多少天|几天内|什么条件|什么情况"
)


@dataclass(frozen=True)
class Question:
    """A stand-alone question and everything it may be bound to. The customer comes from the sign-in, never from text.

    `text` stands alone, `said` is what was typed. `order` and `sku` are what the shopper named, tapped or has in focus;
    `named` says that the order was named in this very message, `corrects` that the one in focus was the wrong one.
    """

    text: str
    said: str
    reading: Reading
    customer: Customer | None
    order: str | None
    sku: str | None
    named: bool
    corrects: bool
    now: datetime
    zone: ZoneInfo
    catalogue: KnowledgeBase
    shelf: KnowledgeBase

    @property
    def personal(self) -> bool:
        """Does the wording point at the asker's own purchase rather than at the shop's rule?"""
        return self.named or self.corrects or bool(_OWN.search(self.said))

    @property
    def leans(self) -> bool:
        """Does it go on with what was just talked about?"""
        return bool(_LEANS.search(self.said))

    @property
    def how_to(self) -> bool:
        """Does it ask how a thing is done or what the rule is?"""
        return bool(_RULE.search(self.said))


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer, what it rests on, and the record's own words its figures come from."""

    text: str
    sources: tuple[Source, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a skill found. With `ask` it is a question back, and `choices` are its answers.

    `general` asks for the shop's rule to stand beside the asker's own record; `aside` makes the finding a remark that
    follows the knowledge, and stands alone only where the knowledge is silent; a `last_resort` is said only then.
    """

    sentences: tuple[Sentence, ...] = ()
    ask: str | None = None
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    focus_order: str | None = None
    focus_sku: str | None = None
    general: bool = False
    aside: bool = False
    last_resort: bool = False


Skill = Callable[[Tx, Question], Finding | None]
