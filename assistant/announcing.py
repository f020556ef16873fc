"""A word that a person is on the way is said only where one is: in the commit that queues the shopper.

Whatever else writes a reply (an article of the shop, a language model) may not say so; the sentence is left out.
"""

import re
from typing import Final

import msgspec

from assistant import phrases
from crm_core.conversations.events import BotReplied
from nlp.words import fold

_PERSON: Final = r"(?:人工|真人|客服|专员|专人|坐席|同事|售后人员|工作人员)"
_ANNOUNCES: Final = re.compile(
    rf"(?:已经?|正在|马上|立刻|立即|这就|现在就?|稍等|稍候|我来|我会|将)[^。!?;\n]{{0,8}}"
    rf"(?:转接|转到|转给|转至|转交|转人工|接入|接通|呼叫|安排)[^。!?;\n]{{0,6}}{_PERSON}"
    rf"|(?:帮|为|给)(?:您|你)(?:转接|转到|转给|转|接入|接通|呼叫)[^。!?;\n]{{0,4}}{_PERSON}(?:了|中|,|。|$)"
    rf"|{_PERSON}(?:马上|正在|已经?|这就|稍后就?)(?:来|到|接入|为您|联系您|联系你|回复您)"
)
# 回复「转人工」我就为您转接人工: what happens if the shopper says so is no announcement.
_CONDITION: Final = re.compile(r"如果|如需|若|需要的话|可以回复|回复[「“\"]?转人工|要不要|需要我|是否|吗\??$")
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?\n?")


def announces(sentence: str) -> bool:
    """Does a sentence say that a person is coming now?"""
    folded = fold(sentence).text
    return _ANNOUNCES.search(folded) is not None and _CONDITION.search(folded) is None


def honest(reply: BotReplied) -> BotReplied:
    """The reply without announcements of a person; if it said nothing else, that it is not known."""
    if "人" not in reply.text and "客服" not in reply.text and "专员" not in reply.text and "同事" not in reply.text:
        return reply
    sentences = _SENTENCE.findall(reply.text)
    kept = [sentence for sentence in sentences if not announces(sentence)]
    if len(kept) == len(sentences):
        return reply
    text = "".join(kept).strip()
    if text:
        return msgspec.structs.replace(reply, text=text)
    return msgspec.structs.replace(reply, text=phrases.UNSURE + phrases.PROPOSE_PERSON, decision="unsure", sources=())
