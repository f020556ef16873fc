"""The report of `zhanggui analyse` as one page: Chinese, self-contained, without a script, to be read and printed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any

Figures = Mapping[str, Any]

FEELINGS = {
    "angry": "生气",
    "anxious": "着急",
    "disappointed": "失望",
    "sad": "难过",
    "neutral": "平静",
    "satisfied": "满意",
    "grateful": "感谢",
    "delighted": "高兴",
}
MOODS = {"negative": "不好", "neutral": "平静", "positive": "好"}
LEVELS = {"senior": "资深客服", "normal": "客服"}
SHOWN_AT_ONCE = 12
WORTH_TELLING = 3


def page(figures: Figures) -> str:
    """The page of a report, from the figures of `report.json`."""
    parts: list[tuple[str, str, Callable[[Figures], str]]] = [
        ("first", "先看这几件", _first),
        ("asked", "顾客问什么", _asked),
        ("price", "价格敏感", _price),
        ("rivals", "竞品", _rivals),
        ("why", "犹豫点和购买动机", _why),
        ("mood", "情绪和波动", _mood),
        ("people", "该转人工的", _people),
        ("open", "没有得到回答的", _open),
        ("hours", "几点来问", _hours),
        ("method", "这些数怎么来的", _method),
    ]
    sections = "\n".join(
        f'<section id="{name}"><h2>{title}</h2>{content(figures)}</section>' for name, title, content in parts
    )
    shell = resources.files("webchat").joinpath("static", "analysis", "report.html").read_text(encoding="utf-8")
    return Template(shell).substitute(
        file=escape(figures["log"]["file"]),
        about=_about(figures),
        nav="".join(f'<a href="#{name}">{title}</a>' for name, title, _ in parts),
        cards=_cards(figures),
        sections=sections,
    )


def _about(figures: Figures) -> str:
    said = figures["messages"]
    told = [f"{escape(figures['log']['file'])}：{figures['sessions']} 段会话"]
    told.append(f"{said['shopper']} 句顾客、{said['agent']} 句客服、{said['bot']} 句机器人")
    if figures["from"]:
        told.append(f"{figures['from'][:10]} 到 {figures['to'][:10]}")
    if figures["log"]["rejected"]:
        told.append(f"另有 {figures['log']['rejected']} 行没有读进来")
    return "，".join(told)


def _cards(figures: Figures) -> str:
    levels, swings = figures["escalations"]["levels"], figures["emotion"]["swings"]
    cards = [
        ("price", "价格敏感", _tag(figures, "price_sensitive")),
        ("rivals", "提到竞品", _tag(figures, "competitor")),
        ("mood", "情绪变差", swings["down"]),
        ("people", "该给资深客服", levels["senior"]),
        ("people", "该转人工", levels["normal"]),
        ("open", "有问题没回答", figures["unanswered"]["sessions"]),
    ]
    return "".join(
        f'<div class="card"><a href="#{name}">{title}<b>{_percent(share["share"])}</b>'
        f"<small>{share['k']} 段，{_interval(share)}</small></a></div>"
        for name, title, share in cards
    )


def _first(figures: Figures) -> str:
    """The largest of what can be acted on, as sentences that say no more than the figures."""
    told = []
    open_about = [row for row in figures["unanswered"]["about"][:3] if row["k"] >= WORTH_TELLING]
    if open_about:
        names = "、".join(f"{_label(row)}（{row['k']} 段）" for row in open_about)
        told.append(f"没有得到回答最多的是：{names}。先补这几条知识。")
    told += [
        f"最常见的转人工原因是「{_label(row)}」，{row['k']} 段会话。"
        for row in _worth_telling(figures["escalations"]["rules"])
    ]
    told += [
        f"下单前最多的犹豫是「{_label(row)}」，{row['k']} 段会话。" for row in _worth_telling(figures["hesitations"])
    ]
    told += [
        f"提到最多的竞品是 {_label(row)}，{row['k']} 段，其中 {row['comparing']} 段在比较。"
        for row in _worth_telling(figures["competitors"])
    ]
    if not told:
        return "<p>这份记录里没有特别突出的事。</p>"
    return "<ul>" + "".join(f"<li>{one}</li>" for one in told) + "</ul>"


def _worth_telling(rows: Sequence[Figures]) -> Sequence[Figures]:
    """The first row, if it stands for more than chance."""
    return [row for row in rows[:1] if row["k"] >= WORTH_TELLING]


def _asked(figures: Figures) -> str:
    return "<p class='soft'>一段会话里问过就算一段，一段可以问几件事。</p>" + _table("问什么", figures["intents"])


def _price(figures: Figures) -> str:
    told = _sentence("反复问优惠、砍价或嫌贵的会话", _tag(figures, "price_sensitive"))
    return f"{told}<p class='soft'>只问一次不算，优惠券用不了也不算。</p>" + _table("程度", figures["price"])


def _rivals(figures: Figures) -> str:
    comparing = ("其中在比较", lambda row: str(row["comparing"]))
    return _sentence("提到别家品牌的会话", _tag(figures, "competitor")) + _table(
        "品牌", figures["competitors"], comparing
    )


def _why(figures: Figures) -> str:
    return (
        f"<h3>犹豫点</h3>{_table('犹豫什么', figures['hesitations'])}"
        f"<h3>购买动机</h3>{_table('为什么买', figures['motives'])}"
    )


def _mood(figures: Figures) -> str:
    emotion = figures["emotion"]
    total = sum(emotion["messages"].values()) or 1
    feelings = "".join(
        f"<tr><td>{FEELINGS.get(name, escape(name))}</td><td class='share'>{_percent(count / total)}"
        f"{_bar(count / total)}</td><td class='n'>{count}</td></tr>"
        for name, count in emotion["messages"].items()
    )
    moved = emotion["transitions"]
    rows = "".join(
        f"<tr><th>开始{start}</th>"
        + "".join(f"<td class='n'>{moved.get(f'{began}→{ended}', 0)}</td>" for ended in MOODS)
        + "</tr>"
        for began, start in MOODS.items()
    )
    ends = "".join(f"<th class='n'>结束{name}</th>" for name in MOODS.values())
    return (
        _sentence("结束时明显变差的会话", emotion["swings"]["down"])
        + _sentence("结束时明显变好的会话", emotion["swings"]["up"])
        + _sentence("心情不好、答复后好转的会话", emotion["recovered"], "心情不好的")
        + _examples("变差的例子", emotion["examples"].get("down", ()))
        + "<div class='pair'><div><h3>每句话的心情</h3>"
        f"<table><tr><th>心情</th><th>占顾客的话</th><th class='n'>句</th></tr>{feelings}</table></div>"
        f"<div><h3>从开始到结束（段）</h3><table><tr><th></th>{ends}</tr>{rows}</table></div></div>"
    )


def _people(figures: Figures) -> str:
    escalations = figures["escalations"]
    level = ("该给", lambda row: LEVELS[row["level"]])
    return (
        _sentence("按规则该给资深客服的会话", escalations["levels"]["senior"])
        + _sentence("按规则该转人工的其他会话", escalations["levels"]["normal"])
        + _table("原因", escalations["rules"], level)
    )


def _open(figures: Figures) -> str:
    unanswered = figures["unanswered"]
    questions = "".join(
        f"<li>{_label(row)} <small>{row['k']} 段，{_where(row['examples'][0])}</small></li>"
        for row in unanswered["questions"]
    )
    listed = f"<details><summary>没有得到回答的原话</summary><ul>{questions}</ul></details>" if questions else ""
    return (
        _sentence("有问题到最后没人回答的会话", unanswered["sessions"])
        + "<p class='soft'>「请稍等」和「没有理解您的问题」不算回答。</p>"
        + _table("关于什么", unanswered["about"])
        + listed
    )


def _hours(figures: Figures) -> str:
    hours = figures["hours"]
    if not hours:
        return "<p>这份记录没有时间，看不出几点来问。</p>"
    most = max(row["k"] for row in hours) or 1
    bars = "".join(
        f'<div style="height:{max(2, round(100 * row["k"] / most))}%" title="{row["hour"]} 点 {row["k"]} 段"></div>'
        for row in hours
    )
    axis = "".join(f"<span>{row['hour']}</span>" for row in hours)
    told = (
        "<p class='soft'>按会话第一句的钟点（北京时间）。</p>"
        f"<div class='hours'>{bars}</div><div class='axis'>{axis}</div>"
    )
    outcomes = [row for row in hours if row["converted"] is not None and row["converted"]["n"]]
    if not outcomes:
        return told
    rows = "".join(
        f"<tr><td>{row['hour']} 点</td><td class='share'>{_percent(row['converted']['share'])}"
        f"{_bar(row['converted']['share'])}</td><td class='n'>{_interval(row['converted'])}</td>"
        f"<td class='n'>{row['converted']['k']} / {row['converted']['n']}</td></tr>"
        for row in outcomes
    )
    return (
        told + "<h3>成交</h3><p class='soft'>只是同时发生：谁当班、卖什么都会影响，不能当成钟点的功劳。</p>"
        "<div class='wide'><table><tr><th>钟点</th><th>成交率</th>"
        "<th class='n'>95% 区间</th><th class='n'>成交 / 会话</th></tr>"
        f"{rows}</table></div>"
    )


def _method(figures: Figures) -> str:
    notices = "".join(f"<li>{escape(one)}</li>" for one in figures["notices"])
    return (
        "<ul><li>每个比例旁边是 95% 的区间（Wilson 法）：换一批同样多的会话，比例多半落在这里面。"
        "少于 30 段的写明「数据不足」，先不要照它做决定。</li>"
        "<li>每段会话的信号、证据行号和规则版本在 sessions.jsonl，全部数字在 report.json。</li>"
        "<li>该转人工的，是按规则看这段会话该不该转，不是当时转没转。</li>"
        f"{notices}</ul>"
    )


def _table(head: str, rows: Sequence[Figures], more: tuple[str, Callable[[Figures], str]] | None = None) -> str:
    """The rows by share, with interval and an example; those beyond the first dozen folded away."""
    if not rows:
        return "<p class='soft'>没有。</p>"
    extra = f"<th class='n'>{more[0]}</th>" if more else ""
    top = f"<tr><th>{head}</th><th>占会话</th><th class='n'>95% 区间</th><th class='n'>段</th>{extra}<th>例子</th></tr>"
    most = max(row["share"] for row in rows) or 1
    lines = [
        f"<tr><td>{_label(row)}</td><td class='share'>{_percent(row['share'])}{_bar(row['share'] / most)}</td>"
        f"<td class='n'>{_interval(row)}</td><td class='n'>{row['k']}</td>"
        + (f"<td class='n'>{escape(more[1](row))}</td>" if more else "")
        + f"<td>{_quote(row['examples'][0])}</td></tr>"
        for row in rows
    ]
    shown = f"<div class='wide'><table>{top}{''.join(lines[:SHOWN_AT_ONCE])}</table></div>"
    rest = lines[SHOWN_AT_ONCE:]
    if not rest:
        return shown
    folded = f"<div class='wide'><table>{top}{''.join(rest)}</table></div>"
    return f"{shown}<details><summary>其余 {len(rest)} 项</summary>{folded}</details>"


def _examples(title: str, examples: Iterable[Figures]) -> str:
    quotes = "".join(f"<li>{_quote(one)}</li>" for one in examples)
    return f"<p>{title}：</p><ul>{quotes}</ul>" if quotes else ""


def _sentence(what: str, share: Figures, among: str = "") -> str:
    return (
        f"<p>{what}：<b>{_percent(share['share'])}</b> "
        f"<small>{among}{share['n']} 段里 {share['k']} 段，{_interval(share)}</small></p>"
    )


def _quote(example: Figures) -> str:
    return f"<q>{escape(example['text'])}</q> <small>{_where(example)}</small>"


def _label(row: Figures) -> str:
    """What a row is called: 买家咨询… is said of shoppers anyway."""
    return escape(row["label"].removeprefix("买家"))


def _where(example: Figures) -> str:
    return f'<span title="会话 {escape(example["session_id"])}">第 {example["line"]} 行</span>'


def _tag(figures: Figures, name: str) -> Figures:
    """The share of a tag, also where no session carries it."""
    none = {
        "k": 0,
        "n": figures["sessions"],
        "share": 0.0,
        "low": 0.0,
        "high": 0.0,
        "enough": figures["sessions"] >= 30,
    }
    tag: Figures = figures["tags"].get(name, none)
    return tag


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _interval(share: Figures) -> str:
    told = f"{100 * share['low']:.1f}–{100 * share['high']:.1f}%"
    return told if share["enough"] else f"{told} <span class='few'>数据不足</span>"


def _bar(share: float) -> str:
    return f'<div class="bar" style="width:{max(1, round(100 * share))}%"></div>'
