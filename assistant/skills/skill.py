"""What a skill is asked and what it returns."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from assistant.skills.naming import Mention, Names
from crm_core.commerce import orders
from crm_core.commerce.orders import Order
from crm_core.conversations.events import Card, Choice, Errand, Source
from crm_core.customers.customers import Customer
from crm_core.database import Tx
from knowledge_base.search import KnowledgeBase
from nlp.reading.reading import Reading
from nlp.words import fold

# Words that tie a question to one's own purchase, that go on with what was said, and that ask for a rule.
_OWN = re.compile(
    r"我的|我.{0,6}买的|我买|我那|我这|我上|我拍|我下的|我刚|俺|我?(?:要|想)(?:退|换)|这单|那单|这个?订单|那个?订单|上次|收到的"
    r"|我.{0,4}(?:包裹|快递|订单|退款)|我(?:有|是|现在|还有|一共|总共)?(?:多少|什么|啥|几)|买了的|我家"
)
_LEANS = re.compile(
    r"^(?:那|这|它|还能|还可以|能不能|可以|换成|换)|这个|这单|那个|那单|刚才|刚说|刚刚|[呢呐嘞咧]$|[两俩三]个|这[款种件]|那[款种件]"
)
_RULE = re.compile(
    r"怎么(?:退|换|算|办理|申请|收费|寄)|如何|流程|规则|政策|一般|通常|运费谁|谁出|谁承担|多少天|几天内|什么条件|什么情况"
)


@dataclass(frozen=True)
class Question:
    """A stand-alone question and everything it may be bound to. The customer comes from the sign-in, never from text.

    `text` stands alone, `said` is what was typed. `order` and `sku` are what the shopper named, tapped or has in focus;
    `named` says that the order was named in this very message, `picked` that the product was, `corrects` that the one
    in focus was the wrong one. `before` is the question that was answered last, `shown` the products of late answers.
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
    names: Names
    picked: bool = False
    before: str | None = None
    shown: tuple[str, ...] = ()
    kept: dict[str, list[Order]] = field(default_factory=dict, compare=False, repr=False)  # read once a question
    confirmed: bool = False  # the shopper said yes to what the skill proposed
    verified: str | None = (
        None  # whose order was shown to be the asker's, by its number and the phone it was placed with
    )

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

    @cached_property
    def plain(self) -> str:
        """What was typed, folded."""
        return fold(self.said).text

    @cached_property
    def mentions(self) -> list[Mention]:
        """The products that the message names."""
        return self.names.found_in(self.said)

    def own(self, tx: Tx) -> list[Order]:
        """The asker's own orders, newest first; none for who is not signed in."""
        if self.customer is None:
            return []
        if "orders" not in self.kept:
            self.kept["orders"] = orders.orders_of(tx, self.customer.id)
        return self.kept["orders"]

    def wants(self, *names: str, from_p: float = 0.5) -> bool:
        """Does the reader see one of these intents at least this surely?"""
        return any(intent.name in names and intent.p >= from_p for intent in self.reading.intents)


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
    follows the knowledge, and stands alone only where the knowledge is silent; a `last_resort` is said only then, and
    `unknown` says that the record was looked at and holds no answer. `errand` is done when the reply is kept.
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
    unknown: bool = False
    about: tuple[str, ...] = ()  # words of which the knowledge must hold one to answer in its place
    as_of: datetime | None = None  # the day whose rules hold for it
    asked: str | None = None  # what was answered, where the message itself says too little
    errand: Errand | None = None


Skill = Callable[[Tx, Question], Finding | None]
