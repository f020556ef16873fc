"""Hesitation, motive and danger in one message."""

import pytest

from assistant.insights.cues import cues_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("那我再看看吧", "hesitation:think"),
        ("我先加购物车", "hesitation:think"),
        ("我问问我老公", "hesitation:ask_others"),
        ("怕不适合我", "hesitation:fit"),
        ("有点担心掉色", "hesitation:quality"),
        ("怕过敏", "hesitation:safety"),
        ("怕是假货", "hesitation:authentic"),
        ("想送妈妈的", "motive:gift"),
        ("買來送給朋友，當禮物", "motive:gift"),
        ("买给孩子写作业用", "motive:family"),
        ("给爸妈穿的", "motive:family"),
        ("自己用的", "motive:self"),
        ("多囤点", "motive:stock_up"),
        ("天冷了想换床厚被子", "motive:season"),
        ("闺蜜推荐来的", "motive:recommended"),
        ("结婚用的", "motive:occasion"),
        ("旧的坏了想换一个", "motive:replace"),
    ],
)
def test_what_is_meant_is_found(text: str, kind: str) -> None:
    assert kind in [cue.kind for cue in cues_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "你再看看我的订单",
        "麻烦您再看一下物流",
        "送货上门吗",
        "快递员送人到付",
        "有礼物送吗",
        "优惠券用完了吗",
        "不用担心质量",
        "不知道申请售后按钮在哪里",
        "能自己用吗",
        "重复购买了",
        "加购物车失败",
    ],
)
def test_what_only_looks_alike_is_not(text: str) -> None:
    assert [cue for cue in cues_in(text) if cue.kind.startswith(("hesitation", "motive"))] == []


def test_words_are_those_of_the_given_text() -> None:
    (cue,) = [cue for cue in cues_in("亲　想送媽媽，ＯＫ？") if cue.kind == "motive:gift"]
    assert (cue.words, cue.start, cue.end) == ("送媽媽", 3, 6)
