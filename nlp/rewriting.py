"""A message that leans on what was said before, made to stand alone: 那个有白色吗 becomes 卫衣有白色吗.

Three ways, the surest first. 红色的呢 and 那运费呢 name one thing and take the rest from the shopper's last question:
rules exchange or add it. What else leans (那个…, 它…, 保修多久) goes to the trained net (`nlp.restorer`). Without its
weights, the product that was spoken of takes the place of the pointing word or stands in front.
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

LONGEST: Final = 24  # folded characters; a longer message carries its own topic
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
    if not plain or len(plain) > LONGEST or not said:
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
    """Complete a message with the net, or, without its weights, with the last product that was named."""
    points = _POINTS.search(plain) is not None
    bare = not points and topic_in(plain) is None and _ASKS.search(plain) is not None
    net = _net()
    if net is not None:
        earlier, latest = ("", *said)[-2:]
        completed, needed = net.restore(
            fold(earlier).text.replace(" ", ""), fold(latest).text.replace(" ", ""), plain.replace(" ", "")
        )
        return completed if needed >= (SURE if points or bare else SURER) else None
    by_shopper, by_bot = said[-2::-2], said[-1::-2]
    topic = next((found for one in (*by_shopper, *by_bot) if (found := topic_in(fold(one).text)) is not None), None)
    if topic is None:
        return None
    if points:
        match = _POINTER.search(plain)
        return plain[: match.start()] + topic + plain[match.end() :] if match is not None else None
    return topic + plain if bare else None


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
