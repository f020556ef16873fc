"""Which messages want an answer, and which replies are none: a greeting, 请稍等, or not having understood."""

from __future__ import annotations

import re
from typing import Final

from assistant.insights.utterances import Utterance, group_of

_QUESTION: Final = re.compile(
    r"[吗么嘛]|呢$|[?]|(?<!没)什么|怎么|怎样|咋|(?<!没)啥|多少|哪|几[天号点个件时]|谁|何时|为何|能不能|可不可以|有没有|是不是|是否|要不要|会不会|行不行|好不好"
    r"|对不对|可否|能否|多久|多长|多大|多重|支持不"
)
_TALK: Final = frozenset({"small_talk", "praise", "human"})
_NOTHING: Final = re.compile(
    r"(?:(?:目前|暂时|那|别的|其他|其它)?"
    r"(?:好|好的|好滴|没有|没|没了|没有了|没有的|木有了?|无|了|么了|是|是的|行|可以|嗯|对|哦|不用|不用了)+[呢吗么嘛啦哈啊]?)?"
)
_STATEMENTS: Final = frozenset(
    {
        "changed_mind",
        "confirm_address",
        "give_alipay",
        "give_invoice_details",
        "ordered_wrong",
        "paid_already",
        "ready_to_order",
        "received_goods",
        "recipient_needs_no_change",
        "return_ship_date",
        "return_shipped",
        "complain",
    }
)
"""Intents that tell something and want no answer by themselves."""
_SURE: Final = 0.6  # of an intent that makes a question of words that have no mark of one …
_LIKELY: Final = 0.4  # … and where the words are long enough for the reader to know what it speaks of: 快递三天没动了
_LONG: Final = 8
_PARTICLES: Final = r"(?:哦|呢|哈|啊|呀|哟|喔|的|了|吧|下|~)*"
_COURTESY: Final = re.compile(
    rf"(?:(?:亲爱的|亲亲|亲|您好|你好|hello|hi|哈喽|在的?|我在|嗯|欢迎光临.{{0,10}}|欢迎咨询.{{0,10}}|很高兴为您(?:服务|解答)"
    r"|客服.{1,6}(?:很高兴)?为您服务|请讲|请说|稍等|抱歉|不好意思|久等"
    r"|(?:请问)?(?:您)?还有(?:什么|没有)?(?:其他|其它|别的)?(?:问题)?(?:还)?(?:需要|可以|能)?(?:帮到您|帮您|帮助您|为您效劳)?(?:的)?(?:问题)?"
    r"|不客气|您?(?:太)?客气了?|应该的|不用谢|(?:非常)?感谢.{0,14}?(?:支持|光临|理解|惠顾|咨询|配合)|祝您.{0,12}?(?:愉快|开心|顺利)|再见|拜拜"
    r"|请?问?您?有?什么(?:问题)?(?:是)?(?:可以|能|需要)?我?(?:可以|能)?(?:为您|帮您|帮到您|帮助您|帮助|帮忙|帮到|帮|咨询)(?:到您)?(?:处理|解决|解答|效劳)?(?:或(?:者)?解决)?"
    r"|(?:还)?请?您?(?:耐心)?(?:稍等|稍候|等一?下|等待|别着急|不要着急|先别着急|别急|消消气|先别急)(?:一下|片刻)?"
    r"|(?:我|这边|小\w)?(?:马上|正在|这就|立即|先|来)?(?:帮您|为您|给您|帮你)?(?:看一?下|查一?下|查看|查询|核实|确认|转接|接入|处理)(?:一下)?(?:人工)?(?:客服|坐席)?中?"
    rf"|已?(?:为您|帮您)?(?:转接|接入)(?:到)?(?:人工)?(?:客服|坐席)?){_PARTICLES}(?:吗|么)?)+"
)
_NOT_UNDERSTOOD: Final = re.compile(
    r"(?:没有?|不太?|未能|无法|暂时没)(?:能)?(?:听懂|理解|明白|看懂|识别|搞懂|听明白)|换(?:个|一种)(?:说法|方式)|(?:没有|未)找到(?:相关|答案|合适)|暂时?(?:无法|不能|没法)(?:回答|解答)"
    r"|(?:这个|您的)问题(?:我|小\w)?(?:还)?(?:不会|不知道|答不上)|超出(?:了)?我的"
)
_NOISE: Final = re.compile(r"\[[^\]]{0,12}\]|[\W_]+")


def asks(said: Utterance) -> bool:
    """Does the shopper's message want an answer? Greetings, thanks and the wish for a person do not by themselves."""
    sure = _LIKELY if len(said.plain) >= _LONG else _SURE
    names = [intent.name for intent in said.reading.intents if intent.p >= sure] if said.reading is not None else []
    matters = [name for name in names if group_of(name) not in _TALK]
    if (names and not matters) or says_nothing(said):
        return False
    return any(name not in _STATEMENTS for name in matters) or is_worded_as_question(said)


def is_worded_as_question(said: Utterance) -> bool:
    """Has the message a mark of a question by its words, whatever the reader takes it for?"""
    return _QUESTION.search(said.folded) is not None


def says_nothing(said: Utterance) -> bool:
    """Is it no more than 好的, 没有了, a picture or a link?"""
    return _NOTHING.fullmatch(_NOISE.sub("", said.folded)) is not None


def answers(said: Utterance) -> bool:
    """Does a reply of the bot or an agent answer at all?"""
    if _NOT_UNDERSTOOD.search(said.folded) is not None:
        return False
    words = _NOISE.sub("", said.folded)
    return bool(words) and _COURTESY.fullmatch(words) is None
