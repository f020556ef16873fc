"""What requests about tickets may say, and how what is refused is said back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from crm_core.desk.approvals import NotApproved
from crm_core.desk.desk_rules import Overtaken as RulesOvertaken
from crm_core.desk.dispatch import WrongRules
from crm_core.desk.ticket_changes import NoSuchTicket, NotAMove, Overtaken
from crm_core.desk.tickets import LONGEST_SUMMARY, WrongTicket
from webchat.problems import Problem

KIND = {
    "return": "退货",
    "exchange": "换货",
    "refund": "退款",
    "complaint": "投诉",
    "lost_parcel": "快递丢件",
    "logistics": "物流问题",
    "how_to": "使用方法",
    "price_enquiry": "询价",
    "churn_risk": "挽留",
    "callback": "回访",
    "other": "其他",
}
STATE = {
    "new": "新建",
    "assigned": "已分派",
    "working": "处理中",
    "waiting": "等待中",
    "resolved": "已解决",
    "closed": "已关闭",
}
NOT_THERE = Problem(404, "not_found", "没有这张工单")
_ID = Field(default=None, max_length=200)


class Asked(BaseModel):
    """A new ticket; where it goes and when it is due is decided by the shop's rules unless it is said."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(max_length=40)
    summary: str = Field(default="", max_length=LONGEST_SUMMARY)
    session: str | None = _ID
    customer: str | None = _ID
    order: str | None = _ID
    sku: str | None = _ID
    phone: str | None = Field(default=None, max_length=40)
    priority: int | None = None
    group: str | None = Field(default=None, max_length=100)
    level: str | None = None
    assignee: str | None = _ID
    due_at: datetime | None = None
    amount: Decimal | None = Field(default=None, ge=0, max_digits=9, decimal_places=2)
    details: dict[str, Any] = Field(default_factory=dict, max_length=50)
    key: str | None = _ID
    state: Literal["new"] | None = None


class Changed(BaseModel):
    """What is to be different about a ticket; `version` is the one that was seen, `note` goes into the history."""

    model_config = ConfigDict(extra="forbid")

    state: str | None = None
    type: str | None = None
    priority: int | None = None
    group: str | None = Field(default=None, max_length=100)
    level: str | None = None
    assignee: str | None = _ID
    summary: str | None = Field(default=None, min_length=1, max_length=LONGEST_SUMMARY)
    order: str | None = _ID
    due_at: datetime | None = None
    version: int | None = None
    note: str = Field(default="", max_length=2_000)

    def wanted(self, zone: ZoneInfo) -> dict[str, Any]:
        """The fields that were named; null takes group, assignee and order away, and is no value of the others."""
        given = self.model_dump(include=self.model_fields_set - {"version", "note"})
        wanted = {name: one for name, one in given.items() if one is not None or name in ("group", "assignee", "order")}
        if isinstance(wanted.get("due_at"), datetime):
            wanted["due_at"] = zoned(wanted["due_at"], zone)
        return wanted


class Proposed(BaseModel):
    """An amount of money to give back, in yuan."""

    amount: Decimal = Field(gt=0, max_digits=9, decimal_places=2)
    note: str = Field(default="", max_length=500)


class Decided(BaseModel):
    """A yes or no to what was proposed."""

    approve: bool
    note: str = Field(default="", max_length=500)


class Reason(BaseModel):
    """Why somebody needs to see something."""

    reason: str = Field(min_length=2, max_length=200)

    @field_validator("reason")
    @classmethod
    def _said(cls, value: str) -> str:
        if len(value.strip()) < 2:
            raise ValueError("请写明原因")
        return value.strip()


def zoned(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time as it was meant: without a zone it is the shop's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@contextmanager
def told() -> Iterator[None]:
    """Say back what the record refuses, each with its code."""
    try:
        yield
    except NoSuchTicket:
        raise NOT_THERE from None
    except NotAMove as refused:
        possible = "、".join(STATE[state] for state in refused.possible) or "没有"
        move = f"工单{STATE[refused.state]}，不能改为{STATE.get(refused.wanted, refused.wanted)}"
        raise Problem(409, "not_possible", f"{move}；可以改为：{possible}") from None
    except Overtaken as overtaken:
        detail = f"别人刚改过这张工单，现在是第 {overtaken.ticket.version} 版，请看过再改"
        raise Problem(409, "conflict", detail) from None
    except RulesOvertaken as overtaken:
        raise Problem(409, "conflict", f"别人刚改过，现在是第 {overtaken.version} 版，请看过再改") from None
    except (WrongTicket, WrongRules) as wrong:
        raise Problem(422, "invalid_request", str(wrong)) from None
    except NotApproved as refused:
        status = 422 if refused.code == "wrong_amount" else 403 if refused.code == "role_too_low" else 409
        raise Problem(status, refused.code, str(refused)) from None
