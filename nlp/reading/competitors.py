"""Which other brands a shopper names, and whether to compare: from the list that a shop edits, and from wording.

A listed name counts where the list says that it means the brand. A name that is not listed counts where a comparison
has the place of a brand and no dictionary word fills it: 「和禾木森比哪个好」. Such names are proposals for the list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from nlp.reading.lexicon import Hit, Rule, lines_of, longest, new_rule
from nlp.words import Folded, fold, is_word, segment

_ON_CUE: Final = 0.5  # weight of a name that counts only beside a comparison or a price
_FIRM: Final = 0.9  # weight of a cue that makes a comparison even where goods are said to go with a brand

_JOINS = "(?:和|跟|与|同|比|不如|比起|相比|对比)"
_NAME = r"(?P<name>[a-z][a-z0-9&'-]{1,14}|[\u4e00-\u9fff]{2,6}?)"
_OURS = "(?:你家|你们家|你们|你的|咱家|咱们家|这个|这款|贵店)"
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_JOINS}{_NAME}(?:家|家的|的)?(?:比|相比|对比|哪个|哪款|谁|的?区别|有什么区别|有啥区别|有什么不同|差别|怎么选|选哪|选谁)",
        rf"(?:^|[,。!?;\s]|感觉|觉得){_NAME}(?:家的?|的)?(?:和|跟|与|同|比){_OURS}",
        rf"(?:和|跟|与|同|比|用过|买过|穿过|吃过|换掉|不如){_NAME}(?:这个|那个)?(?:牌子|品牌|牌的|旗舰店)",
        rf"{_NAME}的?平替",
        rf"为(?:什么|啥|何)比{_NAME}(?:的|家)?(?:还)?(?:贵|便宜|高|低)",
        rf"(?:^|[,。!?;\s]){_NAME}才(?:卖)?\d",
    )
)
# Words that stand where a brand may stand and are none: our goods, times, looks, sizes, kinds.
_NOT_A_NAME = re.compile(
    r"[这那你我他她它您咱哪谁啥某各每]|什么|其他|其它|别[的人家]|隔壁|人家|上[次回个]|之前|以前|去年|昨|今|明|现在|平时|双1|大促|活动|想象|图|实物|照片"
    r"|页面|介绍|描述|专柜|实体|线下|网上|直播|超市|商场|同[款类学事]|普通|升级|正常|一般|新款|老款|旧款|正装|小样|[颜红黄蓝绿黑白灰粉紫]色|[大小中]号|码|尺|款|型号|版|系列"
    r"|原[装来]|便宜|贵|朋友|老婆|老公|妈|爸|孩子|宝宝|同款|两|三个|一个|一[样般]|平台|快递|客服|价格|质量|男|女|店$|^[的了是有没在也都就]|[了吗呢吧的]$"
    r"|^(?:app|wifi|usb|type-c|nfc|gps|led|pro|max|plus|mini|vip|cpu|gpu|ssd|ml|kg|cm|xl|xxl|xs|ok|vs|pk|tws|hifi|ips|oled|lcd|spf|pa|nc|id)\b"
)


class Competitor(NamedTuple):
    """A brand that is named in the given text, and whether the shopper compares with it."""

    start: int
    end: int
    brand: str
    comparing: bool


@cache
def brands() -> Mapping[str, str]:
    """Return every listed spelling in folded form with the brand's name."""
    return {
        spelling: name
        for name, _, aliases, *_ in lines_of("competitors")
        for spelling in (fold(one).text for one in (name, *filter(None, aliases.split("|"))))
    }


def brand_rules(own: Collection[str] = (), more: Iterable[tuple[str, Sequence[str]]] = ()) -> list[tuple[str, Rule]]:
    """Return the list as (spelling, rule) pairs for the scan, without the shop's `own` brands.

    `more` adds the shop's rivals, each as its name and further spellings.
    """
    left_out = {fold(name).text for name in own}
    rules: list[tuple[str, Rule]] = []
    for number, fields in enumerate(lines_of("competitors"), 1):
        name, _, aliases, sure, unless, *_ = [*fields, "", ""]
        spellings = [fold(one).text for one in (name, *filter(None, aliases.split("|")))]
        if left_out.intersection(spellings):
            continue
        context = sure.removeprefix("cue").removeprefix("|")
        if sure.startswith("cue"):
            rules += [(one, new_rule("competitors", name, _ON_CUE, number, unless)) for one in spellings]
        if context:
            needs = "" if context == "yes" else context
            rules += [(one, new_rule("competitors", name, 1.0, number, unless, needs)) for one in spellings]
    for name, further in more:
        folded = [fold(one).text for one in (name, *further)]
        rules += [(one, new_rule("competitors", name, 1.0, 0)) for one in folded if one]
    return rules


def competitors_in(
    folded: Folded, named: Sequence[Hit], cues: Sequence[Hit], own: Collection[str] = (), on_price: bool = False
) -> tuple[Competitor, ...]:
    """Return the brands named, in the order of the text.

    `named` are hits of the brand list, `cues` of the list `comparing`; `on_price` says that the price elsewhere is
    compared, which is cue enough for a name that needs one. `own` holds folded names that are the shop's.
    """
    if not named and not cues:
        return ()
    found = []
    taken: list[tuple[int, int]] = []
    for hit in longest(named):
        firm = any(cue.rule.weight >= _FIRM for cue in cues if cue.rule.kind == "cue" and not _covers(hit, cue))
        weak = any(cue.rule.kind == "cue" for cue in cues if not _covers(hit, cue))
        fits = any(cue.rule.kind == "fits" for cue in cues)
        comparing = firm or (weak and not fits)
        if hit.rule.weight < 1 and not comparing and not (on_price and not fits):
            continue
        found.append(Competitor(*folded.span(hit.start, hit.end), hit.rule.kind, comparing))
        taken.append((hit.start, hit.end))
    if any(cue.rule.kind != "fits" for cue in cues):
        for start, end in _unlisted(folded.text, cues):
            if all(end <= first or last <= start for first, last in taken) and folded.text[start:end] not in own:
                found.append(Competitor(*folded.span(start, end), folded.text[start:end], comparing=True))
                taken.append((start, end))
    return tuple(sorted(found))


def _covers(hit: Hit, cue: Hit) -> bool:
    """Tell whether a cue is only a part of the name itself."""
    return hit.start <= cue.start and cue.end <= hit.end


def _unlisted(text: str, cues: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Yield the spans that stand where a brand stands: names nobody listed, and 「别的牌子」 without a name."""
    for pattern in _PLACES:
        for match in pattern.finditer(text):
            if _may_be_a_name(match["name"]):
                yield match.span("name")
    for cue in cues:
        if cue.rule.kind == "generic":
            yield cue.start, cue.end


def _may_be_a_name(name: str) -> bool:
    """Tell whether a brand could be called so: no word of the dictionary, nor made of such words alone."""
    if _NOT_A_NAME.search(name) or is_word(name):
        return False
    if name[0].isascii():
        return True
    return not all(is_word(word) for word in segment(name) if len(word) > 1) or all(
        len(word) == 1 for word in segment(name)
    )
