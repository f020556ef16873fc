"""Sizes, colours, quantities and the shopper's own height and weight, as patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nlp.named_days import number_of

_COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十百半]{1,3})"
_MEASURES = (
    "件(?!套)|双|盒|瓶|袋|箱|包(?!邮|裹|装|退|赔)|支|条|套(?!装)|台|只|罐|份|桶|提|顶|副|组|对|听|枚|张|本|把|片|颗"
    "|个(?!月|小时|半小时|工作|星期|礼拜|人|多(?!少)|字|钟|问题|地方|号|快递|客服|说法|单|电话)"
)
_SHADE = (
    "浅|深|暗|亮|淡|雾|墨|藏|酒|枣|玫|豆沙|奶|奶茶|米|湖|天|宝|雾霾|克莱因|薄荷|军|橄榄|燕麦|焦糖|香槟|玫瑰|星空"
    "|午夜|曜石|远峰|太空|蜜桃|樱花|烟"
)
_HUE = "红|橙|黄|绿|青|蓝|紫|黑|白|灰|粉|棕|咖啡|咖|米|杏|卡其|驼|金|银|裸|香芋|肉"
_NAMED_HUE = "奶茶|豆沙|焦糖|香槟|薄荷|橄榄|燕麦|蜜桃|樱花|大地|烂番茄|车厘子|枫叶|雾霾|奶油"
_BARE_HUE = "红|黄|绿|蓝|紫|黑|白|灰|粉|棕|米白|藏青|卡其|杏"  # 红的, but not 金的: that is what it is made of

COLOUR: Final = re.compile(
    rf"(?P<full>(?:{_SHADE})?(?:{_HUE})|{_NAMED_HUE})色(?![差号情素彩])"
    rf"|(?<![脸皮发泛通口眼屁股血明表告坦空苍漂煞红白黑])(?P<bare>{_BARE_HUE})(?:款|的(?![很好是不]))"
    rf"|(?P<shaded>(?:{_SHADE})(?:红|绿|蓝|紫|白|灰|粉|棕|黑|黄))(?![酒枣糖豆菜茶酸])"
)
QUANTITY: Final = re.compile(rf"(?<![\d.第一二三四五六七八九十百])(?P<count>{_COUNT})\s?(?P<measure>{_MEASURES})")
HEIGHT: Final = re.compile(
    r"(?<!\d)(?:净?身高)?\s?(?P<cm>(?:1[3-9]|20)\d)\s?(?:cm|厘米|公分)(?!\d)|身高\s?(?P<said>(?:1[3-9]|20)\d)(?!\d)"
    r"|(?<![\d.])(?P<first>1[4-9]\d)(?=[ /,]{1,2}\d{2,3}(?:\.\d)?\s?(?:斤|kg|公斤))"
    r"|一米(?P<words>[四五六七八九][零一二三四五六七八九]?)(?!床|宽|长|高|布|被)"
)
WEIGHT: Final = re.compile(
    r"体重\s?(?P<said>\d{2,3}(?:\.\d)?)\s?(?P<said_unit>斤|kg|公斤|千克)?"
    r"|(?<![\d.*x×])(?P<number>\d{2,3}(?:\.\d)?)\s?(?P<unit>斤|kg|公斤)(?![装大的]|以[内上下])"
)
SIZE: Final = re.compile(
    r"(?<![a-z0-9])(?P<letters>[2-7]x[ls]|x{1,4}[ls]|xxs|[sml])(?![a-z0-9&'])[号码]?"
    r"|(?P<word>[加特]?[大中小均]码)|(?<![\d.])(?P<number>[2-5]\d(?:\.5)?)(?:码|号(?![楼线店链]))"
    r"|(?<!\d)(?P<tag>(?:1[4-9]\d|2[0-2]\d)/\d{2,3}[a-z]?)(?![\d/]|斤|kg)|(?<![\d.a-z])(?P<cup>[67890]\d[a-g])(?![a-z\d])"
    r"|(?<![a-z])(?P<foot>(?:eu|us|uk)\s?\d{1,2}(?:\.5)?)"
    r"|(?<![\d.])(?P<area>\d{1,3}(?:\.\d{1,2})?\s?[*x×]\s?\d{1,3}(?:\.\d{1,2})?)(?:\s?(?:cm|m|米|厘米))?(?!\d)"
    r"|(?<![\d.])(?P<bed>\d(?:\.\d{1,2})?米)(?=床|的床|宽|长|款|高)|(?<!\d)(?P<inches>\d{2,3}寸)"
)
# A single letter is a size only where one is spoken of.
_BEFORE_LETTER = re.compile(r"(?:[穿选拿要买换码拍是的和、或到成发订为/号大小有]|[sml]、|^)\s?$")
_AFTER_LETTER = re.compile(r"[号码/、]|还是|[的和吗可会能行够偏太有没呢吧换]|合适|$|[,。!?\s]")


def size_of(match: re.Match[str]) -> str | None:
    """Return the size without 码 or 号; nothing for a letter that stands alone and means something else."""
    letters = match["letters"]
    if letters is None:
        return next(group for group in match.groups() if group is not None).upper()
    whole = match[0]
    if len(whole) == 1 and not (
        _BEFORE_LETTER.search(match.string, 0, match.start()) and _AFTER_LETTER.match(match.string, match.end())
    ):
        return None
    return letters.upper()


def colour_of(match: re.Match[str]) -> str:
    """Return the colour's name with 色: 红的 is 红色."""
    return f"{match['full'] or match['bare'] or match['shaded']}色"


def quantity_of(match: re.Match[str]) -> str:
    """Return number and measure: 两件 is 2件."""
    return f"{number_of(match['count']):g}{match['measure']}"


def height_of(match: re.Match[str]) -> str:
    """Return centimetres: 一米六五 is 165."""
    words = match["words"]
    if words is None:
        return match["cm"] or match["said"] or match["first"]
    return str(100 + int(number_of(words[0])) * 10 + (int(number_of(words[1])) if words[1:] else 0))


def weight_of(match: re.Match[str]) -> str:
    """Return kilograms; a number without a unit is jin from 75 on, as people say it."""
    value = float(match["said"] or match["number"])
    unit = match["said_unit"] or match["unit"]
    in_jin = unit == "斤" if unit else value >= 75
    return f"{value / 2 if in_jin else value:g}"


MEASURES: Final[tuple[tuple[str, re.Pattern[str], re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]] = (
    ("height", re.compile(r"\d{3}|一米"), HEIGHT, height_of),
    ("weight", re.compile(r"\d\d"), WEIGHT, weight_of),
    ("size", re.compile(r"[码寸sml]|\d\d|\d\.?\d?米"), SIZE, size_of),
    ("colour", re.compile(r"[色款红绿蓝紫白灰粉棕黑黄]"), COLOUR, colour_of),
    ("quantity", re.compile(r"[\d一二两三四五六七八九十百半]"), QUANTITY, quantity_of),
)
"""(kind, what a text must hold to be worth a look, pattern, value) in the order in which they are tried."""
