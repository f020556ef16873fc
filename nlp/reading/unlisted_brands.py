"""Names that stand where a brand stands, though no list holds them: 和禾木森比哪个好, 叫卓维的牌子.

A comparison has places that only a rival fills. What fills one counts as a name if no dictionary word does; where the
words say outright that a brand is meant (这个牌子, 的平替), more is believed. Such names are proposals for the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlp.words import is_word, segment

_NAME = r"(?P<name>[a-z][a-z0-9&'.-]{1,14}|[\u4e00-\u9fff]{2,5}?)"
_START = r"(?:^|(?<=[,。!?;:\s]))"
_OURS = "(?:你家|你们|你的|你这|你比|咱家|咱们|这个|这款|这件|这双|贵店|[你您])"
_GOODS = "(?:(?:家的?|的)[^,。!?;\\s]{0,5}?)?"
_DIFFER = (
    "(?:比(?![较例])|相比|对比|哪个|哪款|哪家|谁|怎么选|选哪|差多少|差在哪"
    "|(?:有?什么|有啥|的)?(?:区别|差别|差异|不同|不一样))"
)
_BETTER = "(?:贵|便宜|好|强|差|香|软|厚|薄|大|小|轻|重|耐|舒|清|保|滋|低|高|快|慢|亮|甜|脆|显|透|暖|凉|稳)"

# Nothing is named before the name, or only ours: who sets two things side by side (加绒和厚绒有什么区别) means kinds.
_ASKING = "(?:请问|想问问?|我想问|想知道|我想知道|就想问|问下|问一下|那|亲|要是|如果)"
_ONE_SIDED = rf"{_START}(?:[^,。!?;\s]{{0,12}}?{_OURS}[^,。!?;\s]{{0,6}}?|{_ASKING}?)"

# The shopper compares, and the name is what with.
_IMPLIED: Final = tuple(
    map(
        re.compile,
        (
            rf"{_ONE_SIDED}(?:和|跟|与|同|对比|比起|相比){_NAME}{_GOODS}{_DIFFER}",
            rf"{_START}(?:感觉|觉得|发现|听说|看|看了|那个|人家)?{_NAME}{_GOODS}(?:和|跟|与|同|比){_OURS}",
            rf"(?<![对性好攀占])比{_NAME}(?:的|家的?)?(?:还|要|更)?{_BETTER}",
            rf"不如{_NAME}(?:的|家的?)?(?:{_BETTER}|$|[,。!?\s])",
            rf"(?:[用买穿吃喝试]过|用惯了?|一直[用买穿吃喝]){_NAME}(?:的|家的?)[^。!?]{{0,6}}?(?=.*(?:你家|你们|这个|这款))",
            rf"{_START}{_NAME}才(?:卖|要)?\d",
        ),
    )
)
# The words say that a brand is named.
_EXPLICIT: Final = tuple(
    map(
        re.compile,
        (
            rf"(?:{_START}(?:[和跟与同比有叫]|[用买穿吃喝试]过?)?|和|跟|与|同|比|有|叫|[用买穿吃喝试]过|[用买穿吃喝]){_NAME}(?:[这那]个)?(?:牌子|品牌|牌的|家?旗舰店)",
            rf"叫做?{_NAME}的?(?:牌子|品牌|那家店?|那个牌子)",
            rf"(?:{_START}(?:是|有没有|有|找|求|当)?|是|找|求|有|当){_NAME}的?平替",
        ),
    )
)
# What stands in such places and is no name: our goods and theirs, times, looks, sizes, kinds, people.
_NOT_A_NAME = re.compile(
    r"[这那你我他她它您咱哪谁啥某各每几多]|什么|怎么|其他|其它|别[的人家处]|隔壁|人家|上[次回个周]|之前|以前|以往|去年|昨|今天|今年|明天|现在"
    r"|平时|双1|双十|618|大促|活动|想象|预期|预想|图[片上]|实物|照片|页面|介绍|描述|宣传|专柜|实体|线[下上]|网上|网店|直播|超市|商场|市场|门店|药店"
    r"|同[款类学事行价品]|普通|升级|正常|一般|平常|[新老旧原大小男女单双薄厚长短高低]款|正[装品常]|小样|赠品|[颜红黄蓝绿黑白灰粉紫金银棕]色?的?$|[大小中加]号|码|型号|版本?$|系列"
    r"|原[装来价厂]|便宜|贵|朋友|老婆|老公|[爸妈]|孩子|宝宝|一[个样般]|两|三个|平台|快递|客服|价格|质量|国[产货外内]|进口|大牌|名牌|杂牌|知名|品牌|牌子"
    r"|^[的了是有没在也都就很太更最又再还不用买穿吃喝把被给对从到要想能会让请直加]|[了吗呢吧的得着过比和跟与同买用有都不对价型调垫下]$|官方|自己|以后|礼拜|拼团|单独|拒收|要不要|[系咩嘅]|[瓶罐盒袋件条双套支号层度级年月天个位种样块元卡]$"
    r"|^(?:app|wifi|usb|type-c|nfc|gps|led|pro|max|plus|mini|vip|svip|cpu|gpu|ssd|hdd|ml|kg|cm|mm|xl|xxl|xs|ok|vs|pk|tws|hifi|ips|oled|lcd|spf\d*|pa|nc"
    r"|id|ai|pc|qq|vx|ph|va|vc|ve|4k|5g|hdmi|pvc|abs|emo|diy|bug)$"
)


def unlisted_brands(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans in folded text that stand where a brand stands and may be called so."""
    for pattern in _EXPLICIT:
        for match in pattern.finditer(text):
            if not _NOT_A_NAME.search(match["name"]):
                yield match.span("name")
    for pattern in _IMPLIED:
        for match in pattern.finditer(text):
            if _may_be_a_name(match["name"]):
                yield match.span("name")


def _may_be_a_name(name: str) -> bool:
    """Tell whether a brand could be called so: no word of the dictionary, nor put together from longer words alone."""
    if _NOT_A_NAME.search(name) or is_word(name):
        return False
    return name[0].isascii() or any(len(word) == 1 or not is_word(word) for word in segment(name))
