"""A message that leans on what was said before, made to stand alone: 那个有白色吗 becomes 卫衣有白色吗.

Three ways. 红色的呢 and 那运费呢 name one thing and take the rest from the shopper's last question: rules exchange or
add it. In talk of goods, the product that was spoken of takes the place of the pointing word (那个…, 它…) or stands in
front of what says too little (保修多久). Other talk goes to the trained net (`nlp.restorer`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nlp.reading.lexicon import lines_of
from nlp.reading.measures import COLOUR, QUANTITY, SIZE, size_of
from nlp.restorer import Restorer
from nlp.trained import SpoiltWeights
from nlp.words import fold, tagged

LONGEST: Final = 40  # folded characters; a longer message carries its own topic
SURE: Final = 0.5  # how likely the net must think that something is missing, where the words point back
SURER: Final = 0.8  # and where they do not

_MEASURE_WORDS = "个款件双支瓶条种台套盒只把本张副罐袋箱包"
_POINTER = re.compile(
    rf"(?:(?:上面|刚才|刚刚|前面|之前|你说的|你发的)?[这那][{_MEASURE_WORDS}]?(?:东西|商品|宝贝|产品|家伙)?|它(?!们))"
)
_POINTS = re.compile(rf"[这那][{_MEASURE_WORDS}]|它|^[那这](?![么样里边儿])|[他她]|刚才那|上面那")
_OPENING = re.compile(r"^(?:那么|那|然后|还有|如果是|要是|换成|换|改成)+(?![个款件双支种])")
_ASKING_BACK = re.compile(r"(?:的话)?(?:呢|咧|嘞|哩)$")
_ASKS = re.compile(
    r"[吗么嘛呢?]|[不没]$|多少|多久|多[大长重高宽厚]|几|怎么|怎样|咋|什么|啥|哪|能不能|可不可以|有没有|是不是|会不会|好不好"
)
# To the bot itself: chat, which is the net's.
_TO_YOU = re.compile("你|我")
# Talk of goods, where the product that was named is what is missing; other talk is the net's.
_SHOP_TALK = re.compile(
    r"包邮|发货|有货|现货|优惠|打折|多少钱|[售原]价|\d元|尺码|[sml]码|材质|保修|质保|快递|下单|拍下|订单|亲[,，]|库存|赠品"
    r"|发票|运费|退货|退换|换货|退款|起球|掉色|保质期|噪音|机洗|七天|登机|收费"
)
# What is said for itself, whatever went before.
_ALONE = re.compile(
    r"(?:好的?|好吧|好滴|嗯+|哦+|噢|行|可以|ok|谢谢.{0,4}|多谢|感谢|知道了|明白了?|收到|不用了?|没事了?|再见|拜拜|你好|您好|在吗|在么"
    r"|(?:转|找|接)?人工(?:客服|服务)?|客服|哈+|呵+|[\U0001f000-\U0001faff]+)+[啊呀呢吧啦哦亲]?"
)
_END = " ?!。,~…"
_TOPIC_TAGS: Final = frozenset(
    {"n", "nz", "nr", "nrt", "ns", "nt", "eng", "vn", "b", "nrfg", "x", "an", "j", "l", "i", "m"}
)
_HEAD_TAGS: Final = frozenset({"n", "nz", "nr", "nrt", "nt", "eng", "vn", "x", "l", "j"})
_STAGES = re.compile(r"[一二三四1-4]段")
_TIMES = re.compile(r"今天|明天|后天|昨天|今晚|明晚|周[一二三四五六日末]|下周|这周|早上|晚上|上午|下午")


def rewrite(text: str, said: Sequence[str]) -> str:
    """Return the message with its topic restored; itself where it needs none.

    `said` alternates shopper and bot, oldest first; its last two entries are looked at.
    """
    plain = fold(text).text.strip(_END)
    if not said or len(plain) > LONGEST or not any(character.isalnum() for character in plain):
        return text
    asked = [fold(one).text.strip(_END) for one in said[-2::-2]] or [fold(said[-1]).text.strip(_END)]
    completed = _exchanged(plain, asked[0])
    if completed is None:
        completed = _restored(plain, said)
    return text if completed is None or completed == plain else completed


def _exchanged(plain: str, asked: str) -> str | None:
    """Complete a message that names one thing and nothing else: a colour, a size, a day, a side of it, other goods."""
    if not _ASKING_BACK.search(plain) and not re.fullmatch(r".{1,6}的", plain):
        return None
    core = _ASKING_BACK.sub("", _OPENING.sub("", plain)).strip()
    if not core or _POINTER.fullmatch(core) or not asked:
        return None
    for pattern in (COLOUR, SIZE, QUANTITY, _STAGES, _TIMES, _people()):
        completed = _same_kind(core, asked, pattern)
        if completed is not None:
            return completed
    topic = topic_in(asked)
    if topic is None:
        return None
    if core.removesuffix("的") in _words("aspect") or any(core.endswith(word) for word in _words("aspect")):
        return f"{topic}的{core}呢"
    if core in _words("people"):
        return f"{topic}{core}能用吗"
    if COLOUR.match(core) or SIZE.fullmatch(core.removesuffix("的")):
        return asked.replace(topic, f"{core.removesuffix('的')}的{topic}" if len(core) > 1 else topic, 1)
    if topic_in(core) == core:
        return asked.replace(topic, core, 1)
    return None


def _same_kind(core: str, asked: str, pattern: re.Pattern[str]) -> str | None:
    """Put a colour, size, quantity or day in the place that one of its kind has in the last question."""
    bare = core.removesuffix("的")
    if not any(pattern.fullmatch(one) for one in {core, bare, f"{bare}码"} if one):
        return None
    for match in pattern.finditer(asked):
        if pattern is SIZE and size_of(match) is None:
            continue
        old, new = match[0], bare
        if old[-1] in "码号的" and not new.endswith(old[-1]):
            new += old[-1]
        return asked[: match.start()] + new + asked[match.end() :]
    return None


def _restored(plain: str, said: Sequence[str]) -> str | None:
    """Complete a message with the product it is about in talk of goods, else with the net."""
    points = _POINTS.search(plain) is not None
    bare = not points and topic_in(plain) is None and _ASKS.search(plain) is not None
    in_shop = _SHOP_TALK.search(" ".join((*said[-2:], plain))) is not None
    if in_shop or (bare and _follows(said)):
        return _with_topic(plain, said, points=points) if (points or bare) and _ASKS.search(plain) else None
    if _ALONE.fullmatch(plain):
        return None
    net = _net()
    if net is not None:
        earlier, latest = ("", *said)[-2:]
        completed, needed = net.restore(
            fold(earlier).text.replace(" ", ""), fold(latest).text.replace(" ", ""), plain.replace(" ", "")
        )
        return completed if needed >= (SURE if points or bare else SURER) else None
    return _with_topic(plain, said, points=points) if points or bare else None


def _follows(said: Sequence[str]) -> bool:
    """Tell whether the shopper's last words asked about a product, which the next question then goes on about."""
    asked = fold(said[-2] if len(said) > 1 else said[-1]).text
    return _ASKS.search(asked) is not None and topic_in(asked) is not None and not _TO_YOU.search(asked)


def _with_topic(plain: str, said: Sequence[str], *, points: bool) -> str | None:
    """Put the product that was spoken of in the place of the pointing word, or in front."""
    by_shopper, by_bot = said[-2::-2], said[-1::-2]
    topic = next((found for one in (*by_shopper, *by_bot) if (found := topic_in(fold(one).text)) is not None), None)
    if topic is None:
        return None
    match = _POINTER.search(plain) if points else None
    return topic + plain if match is None else plain[: match.start()] + topic + plain[match.end() :]


def topic_in(plain: str) -> str | None:
    """Return the product that a folded text speaks of: its first run of nouns that is neither an aspect nor general."""
    run: list[tuple[str, str]] = []
    for word, tag in (*tagged(plain), ("", "")):
        if tag in _TOPIC_TAGS and word.isalnum():
            run.append((word, tag))
            continue
        topic = _topic_of(run)
        if topic is not None:
            return topic
        run = []
    return None


def _topic_of(run: list[tuple[str, str]]) -> str | None:
    """Return the product in a run of nouns, its aspects taken off."""
    while run and (run[-1][0] in _words("aspect") or run[-1][0] in _words("general") or run[-1][1] not in _HEAD_TAGS):
        run = run[:-1]
    while run and (run[0][0] in _words("general") or run[0][1] == "m"):
        run = run[1:]
    topic = "".join(word for word, _ in run)
    return topic if len(topic) > 1 and not COLOUR.fullmatch(topic) else None


@cache
def _words(kind: str) -> frozenset[str]:
    """Return the words of one kind of the list."""
    return frozenset(word for row in lines_of("leaning") if row[0] == kind for word in row[1].split("|"))


@cache
def _people() -> re.Pattern[str]:
    """Compile the words for those who may use something."""
    return re.compile("|".join(sorted(_words("people"), key=len, reverse=True)))


@cache
def _net() -> Restorer | None:
    """Return the shipped net, or nothing where its weights are missing."""
    try:
        return Restorer.shipped()
    except SpoiltWeights:
        return None
