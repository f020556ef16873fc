"""A budget of wrong answers becomes a cut that keeps to it, says what it rests on, and holds in the next search."""

from pathlib import Path

import pytest

from assistant import library
from assistant.imports.knowledge import rows_of
from assistant.knowledge import budgets
from assistant.knowledge.budgets import Label, Labels
from assistant.knowledge.keeper import Keeper
from crm_core.knowledge import articles as stored_articles
from crm_core.knowledge import cuts, golden
from crm_core.knowledge.golden import GoldenCase
from knowledge_base.ingestion.files import read_articles
from knowledge_base.threshold import Judged
from tests.assistant.knowledge.conftest import NOW

DEMO = Path(__file__).parents[3] / "webchat/demo/shop/knowledge.csv"
TOPICS = ["发票", "退货", "换货", "运费", "赠品", "尺码", "优惠券", "物流", "保质期", "会员", "地址", "安装"]
SIDES = ["时间", "费用", "条件", "流程"]


@pytest.fixture
def full(shop):
    """Few topics, many sides: near neighbours everywhere."""
    shop.knows(
        *(
            {
                "title": f"{topic}的{side}怎么办",
                "text": f"{topic}{side}的答案",
                "similar": [f"{topic}的{side}", f"我问{topic}的{side}", f"{side}，{topic}的", f"{topic}{side}呢"],
                "category": topic,
            }
            for topic in TOPICS
            for side in SIDES
        )
    )
    return shop


@pytest.fixture
def demo(shop):
    """The demo shop's questions, as somebody wrote them."""
    articles = read_articles(DEMO).articles
    with shop.a.record.transaction() as tx:
        stored_articles.replace_file(tx, "knowledge.csv", rows_of(articles), at=NOW, by="import")
    library.fill_shelf(shop.a.shelf, shop.a.record)
    return shop


def allow(shop, category: str, budget: float, seen: int = 0) -> None:
    shop.a.record.write(lambda tx: cuts.set_budget(tx, category, budget, seen=seen, at=NOW, by="lea")).result()


def stored(shop):
    with shop.a.record.reading() as tx:
        return {one.category: one for one in cuts.all_cuts(tx)}


def test_nothing_is_drawn_while_no_budget_is_set(full) -> None:
    assert budgets.redraw(full.a) is None
    assert stored(full) == {}


def test_a_proven_cut_keeps_its_bound_within_the_budget_and_names_its_labels(demo) -> None:
    allow(demo, "", 0.2)
    budgets.redraw(demo.a)
    cut = stored(demo)[""]
    assert cut.cut is not None
    assert cut.wrong / cut.answered <= cut.bound <= 0.2
    assert set(cut.labels) == {"rehearsal"}
    assert cut.computed_at == NOW


def test_a_category_with_few_labels_borrows_those_of_the_shop_and_says_so(demo) -> None:
    allow(demo, "发票", 0.1)
    budgets.redraw(demo.a)
    assert stored(demo)["发票"].borrowed
    assert stored(demo)["发票"].bound <= 0.1


def test_what_too_few_labels_cannot_prove_is_told_as_unproven(shop) -> None:
    shop.knows({"title": "多久发货", "text": "48 小时", "similar": ["什么时候发货", "几天能发"], "category": "发货"})
    allow(shop, "发货", 0.02)
    budgets.redraw(shop.a)
    cut = stored(shop)["发货"]
    assert cut.cut is None or cut.bound > 0.02


def test_a_category_that_errs_is_not_covered_by_the_good_record_of_the_others() -> None:
    good = [Label(Judged(0.5 + nth / 1000, True, "物流"), "rehearsal") for nth in range(400)]
    bad = [Label(Judged(0.6 + nth / 100, nth % 2 == 0, "退换"), "golden") for nth in range(30)]
    labels = Labels(0, (*good, *bad))
    assert labels.draw("物流", 0.05).proven
    drawn = labels.draw("退换", 0.05)
    assert drawn is None or not (drawn.proven or drawn.borrowed)
    assert labels.draw("赠品", 0.1).borrowed


def test_real_labels_stand_alone_once_they_are_enough(full) -> None:
    def add(tx) -> None:
        for nth, (topic, side) in enumerate((topic, side) for topic in TOPICS for side in SIDES):
            for form in ("{}的{}怎么办", "{}的{}"):
                asked = {"question": form.format(topic, side), "expects": "text", "text": f"{topic}{side}的答案"}
                nobody = {"article_id": None, "category": "", "sku": None, "platform": None, "tier": None, "note": ""}
                case = GoldenCase(id=f"{nth}{form}", **asked, **nobody, version=1, at=NOW, by="lea")
                golden.add(tx, case)

    full.a.record.write(add).result()
    allow(full, "", 0.08)
    budgets.redraw(full.a)
    assert stored(full)[""].labels == {"golden": 96}


def test_a_stricter_budget_never_buys_more_answers(demo) -> None:
    labels = budgets.labels_of(demo.a)
    rates = [one["answer_rate"] for one in budgets.offers(labels, "") if one["proven"]]
    assert rates == sorted(rates)
    assert rates


def test_the_cut_is_drawn_anew_when_the_knowledge_changes_and_only_then(full) -> None:
    keeper = Keeper(full.a)
    allow(full, "", 0.2)
    keeper.tend()
    first = stored(full)[""]
    full.now = NOW.replace(hour=13)
    keeper.tend()
    assert stored(full)[""] == first
    full.knows({"title": "开门时间", "text": "九点"}, file="more.csv")
    keeper.tend()
    assert stored(full)[""].computed_at == full.now


def test_a_cut_in_force_silences_what_lies_below_it(full) -> None:
    question = "发票的时间"
    assert full.a.shelf.search(question).verdict == "answer"
    full.a.shelf.use_cuts({"": 1.1})
    assert full.a.shelf.search(question).verdict == "unsure"
