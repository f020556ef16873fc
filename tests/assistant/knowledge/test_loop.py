"""A gap many shoppers fell into is found among noise, with the answer that worked, and is gone once it is filled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.knowledge import loop, publishing, unanswered
from assistant.knowledge.keeper import Keeper
from assistant.knowledge.publishing import Decision
from crm_core.knowledge import gaps, versions

UNSURE = ("unsure", "这个问题我没有查到资料，可以回复「转人工」请同事看一下。")
PLANTED = [
    "电饭煲可以带去日本用吗",
    "你们这个电饭煲日本能不能用",
    "日本的电压能用你家电饭煲吗",
    "电饭煲在日本用得了吗",
    "我在日本，电饭煲能用不",
    "请问电饭煲拿到日本可以用吗",
    "电饭煲日本那边的电压行不行",
    "日本可以使用这款电饭煲吗",
    "想带个电饭煲去日本，能用吗亲",
    "这电饭煲日本能用么",
    "电饭煲寄到日本还能用吗",
    "人在日本 电饭煲可以用吗",
]
RIGHT = "电饭煲是 220V 的，日本 110V 用不了，需要另配变压器。"
OPENINGS = ["您好，", "亲，", "", "您好，我是小电组孙杰。"]
NOISE = [
    "猫砂会不会起灰", "裙子的腰围有没有弹性", "书包能装下A4纸吗", "牙刷头多久换一次", "帐篷防暴雨吗",
    "狗粮适合老年犬吗",
    "钢笔是什么笔尖", "自行车要自己组装吗", "床垫有没有异味", "相机支持无线传图吗", "鱼缸灯能定时吗", "球鞋偏码吗",
    "吉他送不送背带", "窗帘能遮光多少", "茶杯能进微波炉吗", "被芯里面是什么填充", "键盘是什么轴", "行李箱能上飞机吗",
    "地毯掉毛吗", "雨伞几根骨", "护膝分左右吗", "花盆底下有洞吗", "台历是哪一年的", "手套能触屏吗", "泳镜防雾吗",
    "滑板承重多少斤", "投影仪有没有杂音", "羽毛球拍是几U的", "枕头多高", "墨水会不会堵笔",
]  # fmt: skip


@pytest.fixture
def log(shop):
    """Twelve wordings of one question, a session each, thirty strangers between them, and a question that is known."""
    shop.knows(
        {"title": "多久发货", "text": "48 小时内发货", "similar": ["什么时候发货", "几天能发"], "category": "发货"},
        {"title": "怎么退货", "text": "七天内可退", "similar": ["能退吗", "想退货怎么办"], "category": "退换"},
    )
    for nth, question in enumerate(NOISE):
        shop.said([("shopper", question), UNSURE])
        if nth < len(PLANTED):
            opening = OPENINGS[nth % len(OPENINGS)]
            lines = [("shopper", PLANTED[nth]), UNSURE, ("shopper", "转人工"), ("agent", opening + RIGHT)]
            shop.said([*lines, ("shopper", "好的谢谢")], converted=nth % 3 == 0)
    shop.said([("shopper", "你们多久发货"), ("bot", "我查不到"), ("agent", "您好，48 小时内发货。")])
    return shop


def found(shop, state=None):
    with shop.a.record.reading() as tx:
        return gaps.all_gaps(tx, state)


def test_twelve_wordings_among_noise_are_one_gap_with_the_answer_that_worked(log) -> None:
    loop.recompute(log.a)
    first, *others = found(log)
    assert (first.questions, first.sessions) == (12, 12)
    assert first.draft["text"] == RIGHT
    assert first.title in PLANTED
    assert set(first.draft["similar"]) <= set(PLANTED)
    assert {one["by"] for one in first.draft["from"]} == {"huanglu"}
    assert max(one.questions for one in others) <= 2
    with log.a.record.reading() as tx:
        assert {one.text for one in gaps.all_questions(tx, first.id)} == set(PLANTED)


def test_the_estimate_is_what_replaying_the_past_gives(log) -> None:
    loop.recompute(log.a)
    first = found(log)[0]
    assert first.would_answer == 12
    assert 8 <= first.would_answer_unseen <= 12
    assert all(one.would_answer_unseen == 0 for one in found(log) if one.questions == 1)


def test_what_the_knowledge_answers_today_is_no_gap(log) -> None:
    loop.recompute(log.a)
    assert not any("发货" in one.title for one in found(log))


def test_an_answer_beside_the_question_does_not_close_it_until_somebody_publishes_one(shop) -> None:
    shop.knows({"title": "台灯伤眼吗", "text": "Ra95，色温四档可调", "similar": ["台灯频闪伤眼吗"]})
    shop.said([("shopper", "台灯频闪吗"), UNSURE, ("agent", "检测报告里写的是没有可视频闪"), ("shopper", "好")])
    assert shop.a.shelf.search("台灯频闪吗").verdict == "answer"
    loop.recompute(shop.a)
    (gap,) = found(shop, "open")
    draft = loop.draft_of(shop.a, gap, by="lea")
    content = replace(draft.content, text="没有，放心给孩子用。")
    edited = shop.a.record.write(
        lambda tx: versions.write(
            tx, draft.article_id, content, "draft", seen=1, origin="page", at=shop.now, by="lea", reason=""
        )
    ).result()
    publishing.publish(shop.a, edited, Decision("lea"))
    loop.recompute(shop.a)
    assert found(shop, "open") == []


def test_computing_again_changes_nothing_and_new_words_join_their_gap(log) -> None:
    loop.recompute(log.a)
    before = found(log)
    assert unanswered.look_through(log.a) is False
    loop.recompute(log.a)
    assert found(log) == before
    log.said([("shopper", "电饭煲在日本可以用吗"), UNSURE])
    loop.recompute(log.a)
    assert (found(log)[0].id, found(log)[0].questions) == (before[0].id, 13)


def test_the_keeper_groups_when_something_was_said_and_rests_otherwise(log) -> None:
    keeper = Keeper(log.a)
    keeper.tend()
    first = found(log)
    assert first[0].questions == 12
    log.now += timedelta(minutes=10)
    keeper.tend()
    assert found(log) == first  # nothing was said: not even the time of computing moved
    log.said([("shopper", "电饭煲在日本可以用吗"), UNSURE], days_ago=0)
    keeper.tend()
    assert found(log) == first  # a conversation under way is left alone
    log.now += timedelta(minutes=10)
    keeper._rests_until = 0.0
    keeper.tend()
    assert found(log)[0].questions == 13


def test_a_filled_gap_is_published_and_its_questions_are_open_no_longer(log) -> None:
    loop.recompute(log.a)
    gap = found(log)[0]
    draft = loop.draft_of(log.a, gap, by="lea")
    assert found(log)[0].state == "drafted"
    publishing.publish(log.a, draft, Decision("lea"))
    loop.recompute(log.a)
    (kept,) = found(log, "published")
    assert (kept.id, kept.article_id) == (gap.id, draft.article_id)
    assert not any(one.title in PLANTED for one in found(log, "open"))
    with log.a.record.reading() as tx:
        assert gaps.all_questions(tx, gap.id) == []


def test_an_ignored_gap_stays_ignored_when_it_is_asked_again(log) -> None:
    loop.recompute(log.a)
    gap = found(log)[0]
    log.a.record.write(
        lambda tx: gaps.decide(tx, gap.id, "ignored", seen=gap.version, by="lea", reason="不卖到日本")
    ).result()
    log.said([("shopper", "电饭煲在日本可以用吗"), UNSURE])
    loop.recompute(log.a)
    (ignored,) = found(log, "ignored")
    assert (ignored.questions, ignored.decided_for) == (13, "不卖到日本")
    assert not any(one.title in PLANTED for one in found(log, "open"))


def test_an_answer_about_one_buyers_own_matter_is_never_drafted(shop) -> None:
    for text in (
        "查到了，您那单缺货，今天 18 点前出库",
        "李女士您好，已经给您登记了",
        "您的订单 2026112312345678 走顺丰",
    ):
        shop.said([("shopper", "能不能改成到付"), UNSURE, ("agent", text)], converted=True)
    loop.recompute(shop.a)
    assert [one.draft["text"] for one in found(shop)] == [""]


def test_an_answer_that_was_asked_again_did_not_work(shop) -> None:
    shop.said([("shopper", "猫砂会不会起灰"), UNSURE, ("agent", "这款是豆腐砂呢"), ("shopper", "猫砂到底起不起灰")])
    shop.said([("shopper", "猫砂会起灰吗"), UNSURE, ("agent", "豆腐砂基本不起灰，倒的时候慢一点"), ("shopper", "好")])
    loop.recompute(shop.a)
    assert [one.draft["text"] for one in found(shop)] == ["豆腐砂基本不起灰，倒的时候慢一点"]


def test_what_the_buyers_own_record_answers_is_no_question_to_the_knowledge(shop) -> None:
    for _ in range(2):
        shop.said([("shopper", "我的快递到哪里了"), ("agent", "您好，包裹在嘉兴中转站")])
    loop.recompute(shop.a)
    assert found(shop) == []


def test_a_remark_left_to_a_person_is_no_gap_until_two_ask_it(shop) -> None:
    shop.said([("shopper", "泳镜防雾吗"), ("agent", "镀了防雾层的，别用手擦内侧")])
    loop.recompute(shop.a)
    assert found(shop) == []
    shop.said([("shopper", "泳镜会起雾吗"), ("agent", "镀了防雾层的，别用手擦内侧")])
    loop.recompute(shop.a)
    assert [one.sessions for one in found(shop)] == [2]
