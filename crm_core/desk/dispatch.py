"""To whom a ticket goes, how soon, and in which turn: the shop's rules, the first that fits decides."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from crm_core.database import Tx
from crm_core.desk import desk_rules
from crm_core.desk.desk_rules import Document

TYPES: Final = (
    "return",
    "exchange",
    "refund",
    "complaint",
    "lost_parcel",
    "logistics",
    "how_to",
    "price_enquiry",
    "churn_risk",
    "callback",
    "other",
)
LEVELS: Final = ("normal", "senior")
PRIORITIES: Final = range(4)
DOCUMENT: Final = "dispatch"
MOST_RULES: Final = 100
MOST_MINUTES: Final = 60 * 24 * 60

# By how much a ticket lets those of the highest priority go first. As its turn comes at a fixed moment, whatever is
# opened after that moment stands behind it: the lowest priority waits for newer ones four days at most.
_LETS_OTHERS_GO: Final = {0: timedelta(0), 1: timedelta(hours=24), 2: timedelta(hours=48), 3: timedelta(hours=96)}


@dataclass(frozen=True)
class Matter:
    """What is known of a ticket when it is placed; `amount` in fen."""

    type: str
    text: str = ""
    tier: str | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Rule:
    """Where tickets go that fit: every condition given must hold; `minutes` of open hours until they are due."""

    name: str
    types: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    amount_from: int | None = None
    group: str = ""
    level: str = "normal"
    priority: int = 2
    minutes: int = 1440

    def fits(self, matter: Matter) -> bool:
        """Does the rule speak of this matter?"""
        return (
            (not self.types or matter.type in self.types)
            and (not self.words or any(word in matter.text for word in self.words))
            and (not self.tiers or matter.tier in self.tiers)
            and (self.amount_from is None or (matter.amount is not None and matter.amount >= self.amount_from))
        )


SHIPPED: Final = (
    Rule("快递丢件插队", types=("lost_parcel",), group="售后组", priority=0, minutes=240),
    Rule("投诉给金牌客服", types=("complaint",), group="金牌客服", level="senior", priority=1, minutes=240),
    Rule("挽留给金牌客服", types=("churn_risk",), group="金牌客服", level="senior", priority=1, minutes=480),
    Rule(
        "大额退款给金牌客服",
        types=("refund",),
        amount_from=100_000,
        group="金牌客服",
        level="senior",
        priority=1,
        minutes=480,
    ),
    Rule("退货给仓库", types=("return", "exchange"), group="仓库组", priority=2, minutes=1440),
    Rule("退款给售后", types=("refund",), group="售后组", priority=1, minutes=720),
    Rule("物流给售后", types=("logistics",), group="售后组", priority=2, minutes=720),
    Rule("询价给售前", types=("price_enquiry",), group="售前组", priority=1, minutes=120),
    Rule("回访", types=("callback",), priority=1, minutes=480),
    Rule("使用方法按标准流程", types=("how_to",), group="售前组", priority=3, minutes=1440),
)
_ELSE: Final = Rule("其他", priority=3, minutes=1440)


class WrongRules(ValueError):
    """The rules cannot be used; the message says which and why."""


def dispatch(matter: Matter, rules: Sequence[Rule]) -> Rule:
    """The rule that places this matter: the first that fits, else the one for everything else."""
    return next((rule for rule in rules if rule.fits(matter)), _ELSE)


def turn_at(opened_at: datetime, priority: int) -> datetime:
    """The moment by which tickets are put in order: by priority, and the older the sooner, so that nobody starves."""
    return opened_at + _LETS_OTHERS_GO[priority]


def rules(tx: Tx) -> tuple[Rule, ...]:
    """The rules in force."""
    return rules_of(desk_rules.document(tx, DOCUMENT))


def rules_of(kept: Document) -> tuple[Rule, ...]:
    """The rules that a document holds; the shipped ones before the shop's first edit."""
    return SHIPPED if kept.value is None else tuple(_rule(row) for row in kept.value)


def set_rules(tx: Tx, wanted: Sequence[Rule], by: str, at: datetime, version: int) -> Document:
    """Put other rules in force. Raises WrongRules for what cannot be, Overtaken when others were set meanwhile."""
    check(wanted)
    return desk_rules.replace(tx, DOCUMENT, [as_json(rule) for rule in wanted], by, at, version)


def check(wanted: Sequence[Rule]) -> None:
    """Raise WrongRules where a rule can never do what it says."""
    if len(wanted) > MOST_RULES:
        raise WrongRules(f"分派规则最多 {MOST_RULES} 条")
    names = [rule.name for rule in wanted]
    for rule in wanted:
        unknown = [one for one in rule.types if one not in TYPES]
        wrong = (
            (not rule.name.strip(), "需要一个名称"),
            (names.count(rule.name) > 1, "的名称重复了"),
            (bool(unknown), f"的工单类型「{'、'.join(unknown)}」不存在"),
            (rule.level not in LEVELS, "的级别应为 normal 或 senior"),
            (rule.priority not in PRIORITIES, "的优先级应为 0 到 3"),
            (not 1 <= rule.minutes <= MOST_MINUTES, "的时限应为 1 分钟到 60 天"),
            (rule.amount_from is not None and rule.amount_from < 0, "的金额不能是负数"),
            (any(not word.strip() for word in rule.words), "的关键词不能为空"),
        )
        for is_wrong, why in wrong:
            if is_wrong:
                raise WrongRules(f"规则「{rule.name}」{why}")


def as_json(rule: Rule) -> dict[str, Any]:
    """The rule as kept and as shown."""
    return asdict(rule)


def _rule(row: Mapping[str, Any]) -> Rule:
    known = {field.name for field in fields(Rule)}
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name in known
    }
    return Rule(**said)
