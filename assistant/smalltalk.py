"""Messages that ask nothing: a greeting, thanks, a goodbye, laughter, a row of question marks."""

import re

from assistant import phrases
from nlp.reading.reading import Reading
from nlp.words import fold

REPLIES = {
    "greet": phrases.GREETING,
    "thank": phrases.THANKS,
    "goodbye": phrases.GOODBYE,
    "acknowledge": phrases.ACKNOWLEDGED,
    "ask_if_bot": phrases.IF_BOT,
    "praise": phrases.PRAISED,
}
# What is told and asks for nothing.
_TOLD = {"received_goods", "paid_already", "returning_buyer", "prefer_style", "return_shipped"}
_LAUGHTER = re.compile(r"[哈嘿呵嘻hw2360emo嗯哦噢喔啊呀哎诶额唉]|在[吗么不嘛]|有人[吗么嘛]")
_WHO = re.compile(r"你(?:叫|是)(?:什么|啥|谁)|你谁|怎么称呼")
_SHORT = 10  # characters of a message that asks only for the name
_ASKS = re.compile(r"[吗么呢?？]|怎么|什么|啥|哪|多少|几|能不能|有没有")
_BRACKETED = re.compile(r"\[[^\]]{1,6}\]")


def social_reply(reading: Reading) -> str | None:
    """The fixed reply when small talk is all the message holds."""
    plain = _BRACKETED.sub("", fold(reading.text).text)
    words = "".join(character for character in plain if character.isalnum())
    if not _LAUGHTER.sub("", words) and not (words.isascii() and words):
        return phrases.LISTENING if not words else _by_intents(reading) or phrases.LISTENING
    if _WHO.search(plain) and len(words) <= _SHORT:
        return phrases.IF_BOT
    return _named(reading)


def _needs(reading: Reading) -> bool:
    return any(
        intent.p >= 0.5 and intent.name not in REPLIES and intent.name not in _TOLD for intent in reading.intents
    )


def _named(reading: Reading) -> str | None:
    if (
        reading.emotion.name in ("delighted", "grateful", "satisfied")
        and not _ASKS.search(reading.text)
        and not _needs(reading)
    ):
        return phrases.PRAISED
    return _by_intents(reading)


def _by_intents(reading: Reading) -> str | None:
    names = [intent.name for intent in reading.intents if intent.p >= 0.5]
    if not names or not all(name in REPLIES for name in names):
        return None
    if names[0] == "praise" and _ASKS.search(reading.text):
        return None
    return REPLIES[names[0]]
