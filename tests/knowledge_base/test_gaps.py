"""Questions are grouped by what they ask, the same way every time."""

import random

from knowledge_base.articles import Article
from knowledge_base.gaps import ALIKE, alikeness, central, grouped, wordings
from nlp.embedding.embedder import HashEmbedder
from nlp.embedding.embedder_static import StaticEmbedder

RETURNS = ["怎么退货", "想退货怎么退", "请问怎么退货呀", "退货怎么操作"]
SIZES = ["穿多大码", "我穿多大码合适", "该穿多大码呢"]


def shown(texts, groups):
    return [sorted(texts[place] for place in group.members) for group in groups]


def test_questions_for_one_thing_are_one_group_and_the_order_they_come_in_does_not_matter() -> None:
    texts = [*RETURNS, *SIZES, "能开发票吗"]
    expected = [sorted(RETURNS), sorted(SIZES), ["能开发票吗"]]
    for seed in range(5):
        random.Random(seed).shuffle(texts)
        groups = grouped(texts, StaticEmbedder.shipped())
        assert shown(texts, groups) == expected
        assert all(group.centre in group.members for group in groups)
        assert grouped(texts, StaticEmbedder.shipped()) == groups


def test_the_same_words_again_weigh_more_and_make_no_second_group() -> None:
    texts = ["退货怎么操作", *["怎么退货"] * 5]
    (group,) = grouped(texts, StaticEmbedder.shipped(), 0.3)
    assert len(group.members) == 6
    assert texts[group.centre] == "怎么退货"


def test_a_chain_of_neighbours_does_not_tie_strangers_together() -> None:
    chain = ["甲乙丙丁", "丙丁戊己", "戊己庚辛", "庚辛壬癸", "壬癸子丑", "子丑寅卯"]
    groups = grouped(chain, HashEmbedder(), 0.3)
    assert not any({0, 5} <= set(group.members) for group in groups)


def test_nothing_and_one() -> None:
    assert grouped([], HashEmbedder()) == []
    assert [group.members for group in grouped(["在吗"], HashEmbedder())] == [(0,)]
    assert len(grouped(["！！！", "。。。"], HashEmbedder())) <= 2


def test_how_near_is_near_enough_is_learnt_from_the_shops_own_questions() -> None:
    shop = [
        Article(f"{topic}{side}", "article", f"{topic}{side}", "答", (f"问{topic}{side}", f"{topic}的{side}呢"))
        for topic in ("发票", "退货", "换货", "运费", "尺码", "赠品")
        for side in ("时间", "费用", "条件", "流程")
    ]
    learnt = alikeness(shop, HashEmbedder())
    texts = [question for one in shop for question in (one.title, *one.similar)]
    groups = grouped(texts, HashEmbedder(), learnt)
    alone = [group for group in groups if len({place // 3 for place in group.members}) == 1]
    assert sum(len(group.members) for group in alone) >= 0.8 * len(texts)
    assert any(len({place // 3 for place in group.members}) > 1 for group in grouped(texts, HashEmbedder(), 0.3))
    assert alikeness(shop[:2], HashEmbedder()) == ALIKE
    assert alikeness([], HashEmbedder()) == ALIKE


def test_wordings_are_few_and_differ() -> None:
    texts = [*RETURNS, *RETURNS, "我要退"]
    kept = wordings(texts, StaticEmbedder.shipped(), 3)
    assert len(set(kept)) == 3
    assert kept[0] == RETURNS[0]
    assert wordings(["a"], HashEmbedder(), 3) == ["a"]


def test_of_several_answers_the_one_they_agree_on_is_central() -> None:
    answers = ["七天内可以退", "签收七天内都可以退货", "七天可退", "今天天气不错"]
    assert central(answers, StaticEmbedder.shipped()) < 3
