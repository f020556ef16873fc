"""Which other brands a shopper names, and whether to compare: from the list that a shop edits, and from wording.

A listed name counts where the list says that it means the brand. A name that is not listed counts where a comparison
has the place of a brand and no dictionary word fills it: 「和禾木森比哪个好」. Such names are proposals for the list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from nlp.reading.lexicon import Hit, Rule, lines_of, longest, new_rule
from nlp.reading.taken import Taken
from nlp.reading.unlisted_brands import unlisted_brands
from nlp.words import Folded, fold

_ON_CUE: Final = 0.5  # weight of a name that counts only beside a comparison or a price
_CLEAR: Final = 0.7  # weight of a cue that shows that a name which may be a word is the brand
_FIRM: Final = 0.9  # weight of a cue that makes a comparison even where goods are said to go with a brand

# What is bought here already is no rival, unless the shopper compares: 我下单了一个小米电视.
_BOUGHT_HERE: Final = re.compile(
    r"(?:买|拍|下单|订购|收到|退|换|购买|有个|咨询|要)(?:了|的|过|到)?(?:一?[个台部件款箱盒罐包双套瓶])?(?:你们的?|这个|这款)?$"
)
# Goods made for a brand's goods: 苹果手机壳, 华为mate60的膜.
_FITTED: Final = re.compile(
    r"(?:手机|平板|电脑|手表|耳机|[a-z]{1,6}\d*|\d{1,3}|用?的|专用){0,4}"
    r"(?:壳|膜|套(?![餐装])|保护|支架|数据线|充电[线器头]|转接|表带|贴纸|收纳包)"
)
# The shopper's own device, or a brand that is asked for here: 苹果手机能用不, 波司登官方的么.
_ASKED_OF: Final = re.compile(
    r"(?:手机|平板|电脑|手表|耳机|相机|[a-z]{1,6}\d*|\d{1,3}|系统|用户|的){0,4}"
    r"(?:能|可以|可不可以|能不能|是否)?(?:不能)?"
    r"(?:用(?:不|吗|么|得)|能?连|接得|装得|放得|套得|充得|充电|兼容|适配|支持|通用|值几个钱|官方|正品|授权|是真的|是假的)"
)
_WITH_OWN: Final = re.compile(
    r"(?:支持|兼容|适配|适用|能连|可以连|能接|连接|连|搭配|配|匹配|给|装在|插在|用在)(?:我的?)?$"
)
_BOUGHT: Final = 16  # characters before a name in which it may be said to be bought; no wording is longer
_BESIDE: Final = re.compile(r"(?:和|跟|与|同|还是|或者?|、|vs|,|\s)?")


class Competitor(NamedTuple):
    """A brand that is named in the given text, and whether the shopper compares with it."""

    start: int
    end: int
    brand: str
    comparing: bool


@cache
def brands() -> Mapping[str, str]:
    """Return every listed spelling in folded form with the brand's name."""
    return {spelling: name for name, spellings, *_ in _listed() for spelling in spellings}


@cache
def _listed() -> tuple[tuple[str, tuple[str, ...], str, str], ...]:
    """Read the list: brand, spellings in folded form, when it is surely meant, when it is not."""
    rows = []
    for fields in lines_of("competitors"):
        name, _, aliases, sure, unless, *_ = [*fields, "", "", ""]
        brand = name.removeprefix("=")
        named = () if name.startswith("=") else (name,)
        spellings = tuple(fold(one).text for one in (*named, *filter(None, aliases.split("|"))))
        rows.append((brand, spellings, sure, unless))
    return tuple(rows)


def brand_rules(own: Collection[str] = (), more: Iterable[tuple[str, Sequence[str]]] = ()) -> list[tuple[str, Rule]]:
    """Return the list as (spelling, rule) pairs for the scan, without the shop's `own` brands.

    `more` adds the shop's rivals, each as its name and further spellings.
    """
    left_out = {fold(name).text for name in own}
    disowned = {name for name, spellings, *_ in _listed() if left_out.intersection(spellings)}
    rules: list[tuple[str, Rule]] = []
    for number, (name, spellings, sure, unless) in enumerate(_listed(), 1):
        if name in disowned or left_out.intersection(spellings):
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
    text = folded.text
    fits = any(cue.rule.kind == "fits" for cue in cues)
    hits = longest(named)
    found = []
    # The heaviest cues decide; only a name that holds one as its part (如家比…) has to look at the others.
    weighed = sorted((cue for cue in cues if cue.rule.kind == "cue"), key=lambda cue: -cue.rule.weight)
    for place, hit in enumerate(hits):
        clearest = next((cue.rule.weight for cue in weighed if not _covers(hit, cue)), 0.0)
        comparing = clearest >= _FIRM or ((clearest > 0 or on_price) and not fits)
        beside = _beside_a_brand(text, hits, place)
        if hit.rule.weight < 1 and clearest < _CLEAR and not on_price and not beside:
            comparing = False
        if not comparing and (
            (hit.rule.weight < 1 and not beside)
            or _BOUGHT_HERE.search(text, max(0, hit.start - _BOUGHT), hit.start)
            or _FITTED.match(text, hit.end)
            or _ASKED_OF.match(text, hit.end)
            or _WITH_OWN.search(text, max(0, hit.start - _BOUGHT), hit.start)
        ):
            continue
        found.append(Competitor(*folded.span(hit.start, hit.end), hit.rule.kind, comparing))
    if any(cue.rule.kind != "fits" for cue in cues):
        taken = Taken()
        for hit in hits:
            taken.take(hit.start, hit.end)
        for start, end in (
            *unlisted_brands(text),
            *((cue.start, cue.end) for cue in cues if cue.rule.kind == "generic"),
        ):
            if text[start:end] not in own and taken.take(start, end):
                found.append(Competitor(*folded.span(start, end), text[start:end], comparing=True))
    return tuple(sorted(found))


def _beside_a_brand(text: str, hits: Sequence[Hit], place: int) -> bool:
    """Tell whether a name that may be a word stands in a row with one that is surely a brand: 科沃斯和石头.

    The hits stand in the order of the text and never overlap, so that only the neighbours can be so near.
    """
    hit = hits[place]
    return any(
        other.rule.weight >= 1 and _BESIDE.fullmatch(text, min(hit.end, other.end), max(hit.start, other.start))
        for other in (*hits[max(0, place - 1) : place], *hits[place + 1 : place + 2])
    )


def _covers(hit: Hit, cue: Hit) -> bool:
    """Tell whether a cue is only a part of the name itself."""
    return hit.start <= cue.start and cue.end <= hit.end
