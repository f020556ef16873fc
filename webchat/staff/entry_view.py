"""An entry as people at work see it: everything that was said, and what happened around it as a line of Chinese."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from assistant import escalation
from assistant.escalation import BOT_FAILED, PRESSED, UNKNOWN, VIP
from crm_core.conversations import movements as m
from crm_core.conversations.events import (
    AgentSpoke,
    BotReplied,
    Entry,
    Event,
    OutcomeNoted,
    SatisfactionGiven,
    ShopperSpoke,
)
from webchat.frames import iso

CLOSED_BECAUSE = {
    "bot_confirmed": "买家说解决了",
    "bot_assumed": "机器人已回答，买家没有再说",
    "agent_resolved": "客服已解决",
    "shopper_left_bot": "买家离开",
    "abandoned_in_queue": "排队时买家离开",
    "shopper_timeout": "买家长时间没有回复",
    "message_left": "留言已处理",
    "merged": "合并到另一会话",
    "spam": "垃圾信息",
    "system": "系统关闭",
    "imported": "导入的会话",
}
RULES = {rule.name: rule.label for rule in (*escalation.RULES, PRESSED, UNKNOWN, BOT_FAILED, VIP)}
LAPSED = {"declined": "没有接", "expired": "没有及时接", "offline": "已离线", "withdrawn": "不用接了"}
PAGED = {
    "no_senior": "没有资深客服有空",
    "agent_silent": "客服长时间没有回复",
    "first_reply_missed": "首次回复超时",
    "next_reply_missed": "回复超时",
}
REQUEUED = {
    "unresponsive": "客服长时间没有回复",
    "offline": "客服离线",
    "shift_end": "客服下班",
    "wrap_up": "结单后买家又来",
}
TO_BOT = {
    "cancelled": "买家不等了",
    "asked_bot": "买家先问机器人",
    "message_left": "买家留言后又来",
    "queue_full": "排队已满",
}
LEFT = {"closed": "不在服务时间", "nobody": "没有客服在线", "full": "排队已满", "waited": "等了太久"}
SOLVED = {"yes": "已解决", "partly": "部分解决", "no": "没解决"}

Names = Mapping[str, str]


def shown(entry: Entry, prev: int, names: Names, zone: ZoneInfo) -> dict[str, Any] | None:
    """The entry as JSON; None for what only the machine cares about. `names` says what log-ins are called."""
    event = entry.event
    base = {"conversation": entry.conversation, "seq": entry.seq, "prev": prev, "at": iso(entry.at)}
    match event:
        case ShopperSpoke():
            about = {name: value for name in ("sku", "order") if (value := getattr(event, name)) is not None}
            said = _said("shopper", "text", event.text, id=event.client_id, **about)
        case BotReplied():
            kind = "choices" if event.choices else f"{event.cards[0].kind}_card" if event.cards else "text"
            said = _said("bot", kind, event.text, decision=event.decision)
            said |= {
                "sources": msgspec.to_builtins(event.sources),
                "cards": msgspec.to_builtins(event.cards),
                "choices": msgspec.to_builtins(event.choices),
            }
        case AgentSpoke():
            kind = f"{event.cards[0].kind}_card" if event.cards else "text"
            said = _said("agent", kind, event.text, agent=event.agent, name=names.get(event.agent) or event.name)
            said["cards"] = msgspec.to_builtins(event.cards)
            said |= {"id": event.client_id} if event.client_id else {}
            said |= {"barged": True} if event.barged else {}
        case m.Noticed():
            said = _said("system", "notice", event.text, code=event.code)
        case m.RatingInvited():
            said = _said("system", "csat", event.text)
        case _:
            text = happened(event, names, zone)
            if text is None:
                return None
            said = _said("system", "activity", text, event=type(event).__name__)
    return {**base, **said}


def _said(who: str, kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"from": who, "kind": kind, "text": text, "sources": [], "cards": [], "choices": [], **more}


def happened(event: Event, names: Names, zone: ZoneInfo) -> str | None:
    """What an event means to somebody who reads along; None where it means nothing to a person."""
    tell = TOLD.get(type(event))
    return None if tell is None else tell(event, lambda login: names.get(login, login), zone)


def _requested(event: m.HandoffRequested, _: "Name", __: ZoneInfo) -> str:
    reason = event.packet.reason if event.packet else RULES.get(event.rule, event.rule)
    quoted = f"（{event.evidence[:60]}）" if event.evidence else ""
    return f"需要人工：{reason}{quoted}"


def _queued(event: m.Queued, _: "Name", __: ZoneInfo) -> str:
    return f"进入排队{'，' + event.queue if event.queue else ''}{_level(event.level)}"


def _transferred(event: m.Transferred, name: "Name", _: ZoneInfo) -> str:
    to = {"agent": name(event.to), "group": event.to, "senior": "资深客服"}[event.kind]
    return f"{name(event.by)} 转给 {to}：{event.note}"


def _offered(event: m.Offered, name: "Name", _: ZoneInfo) -> str:
    return f"请 {name(event.agent)} 接手，原客服继续接待" if event.warm else f"分给 {name(event.agent)}，等待接入"


def _resolved(event: m.Resolved, name: "Name", _: ZoneInfo) -> str:
    parts = [event.category, SOLVED.get(event.solved or "", ""), event.summary]
    return f"{name(event.by)} 结束服务" + "".join(f" · {part}" for part in parts if part)


def _rated(event: SatisfactionGiven, _: "Name", __: ZoneInfo) -> str:
    parts = [SOLVED.get(event.solved or "", ""), f"{event.stars} 星" if event.stars else "", event.text]
    return "买家评价：" + " · ".join(part for part in parts if part)


def _suppressed(event: m.MessageSuppressed, name: "Name", _: ZoneInfo) -> str:
    return f"{name(event.agent) if event.agent else '机器人'} 的这句没有发给买家：{event.text}"


def _level(level: str) -> str:
    return {"senior": "，需要资深客服", "vip": "，贵宾"}.get(level, "")


def _until(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


Name = Callable[[str], str]

TOLD: dict[type, Callable[[Any, Name, ZoneInfo], str]] = {
    m.SessionOpened: lambda e, _, __: "会话再次打开" if e.reopened_from else "会话开始",
    m.SessionClosed: lambda e, _, __: f"会话结束：{CLOSED_BECAUSE.get(e.reason, e.reason)}",
    m.HandoffRequested: _requested,
    m.Queued: _queued,
    m.Offered: _offered,
    m.OfferAccepted: lambda e, name, _: f"{name(e.agent)} 接入",
    m.OfferLapsed: lambda e, name, _: f"{name(e.agent)} {LAPSED.get(e.outcome, e.outcome)}",
    m.TakenOver: lambda e, name, _: f"{name(e.agent)} 接管",
    m.Transferred: _transferred,
    m.Requeued: lambda e, _, __: f"重新排队：{REQUEUED.get(e.reason, e.reason)}",
    m.Released: lambda e, name, _: f"{name(e.by)} 交回机器人" + (f"：{e.summary}" if e.summary else ""),
    m.ReturnedToBot: lambda e, _, __: f"回到机器人：{TO_BOT.get(e.reason, e.reason)}",
    m.Held: lambda e, name, zone: f"{name(e.by)} 挂起，到 {_until(e.until, zone)}",
    m.Resumed: lambda _, __, ___: "继续接待",
    m.Resolved: _resolved,
    m.MessageLeft: lambda e, _, __: f"转为留言：{LEFT.get(e.reason, e.reason)}",
    m.SupervisorPaged: lambda e, _, __: f"呼叫主管：{PAGED.get(e.reason, e.reason)}",
    m.RatingWithdrawn: lambda _, __, ___: "评价邀请已撤回",
    m.MessageSuppressed: _suppressed,
    OutcomeNoted: lambda e, _, __: "已成交" if e.converted else "没有成交",
    SatisfactionGiven: _rated,
}
