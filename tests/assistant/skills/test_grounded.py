"""Nothing is said without its ground: figures stand in a source, rules hold for the day they are asked about."""

import re
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.figures import figures
from assistant.library import fill_shelf
from crm_core.knowledge import articles
from tests.assistant.skills.conftest import PET_SHOP, PetShop

SUBJECTS = ("豆腐猫砂", "饮水机Pro", "胸背", "幼猫奶糕粮", "新猫套装", "狗粮", "猫砂盆", "")
FORMS = (
    "{0}的{1}是多少",
    "{0}{1}多少啊",
    "别糊弄我 {0}{1}说个数",
    "{0}有{1}吗",
    "{1}？{0}那款",
)
ASKED = (
    "含税价",
    "销量",
    "重量误差",
    "甲醛含量",
    "转速",
    "电池容量",
    "明年的价格",
    "进货价",
    "退货率",
    "保修年限",
    "承重",
    "好评数",
)
SAID = "".join(file.read_text(encoding="utf-8") for file in sorted(PET_SHOP.iterdir()))
# Dates as a shopper reads them: 2026-11-25 is told as 11月25日.
KNOWN = figures(SAID) | {str(number) for number in range(1, 32)} | {"24:00"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.sampled_from(SUBJECTS), asked=st.sampled_from(ASKED), form=st.sampled_from(FORMS))
def test_no_question_draws_a_figure_that_stands_nowhere(shop: PetShop, subject: str, asked: str, form: str) -> None:
    reply = shop.chat().ask(form.format(subject, asked))
    held = {whole.removesuffix(".00") for whole in KNOWN} | KNOWN
    assert {one.removesuffix(".00") for one in figures(reply.text)} <= held | figures("1.00")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip())))
def test_any_text_is_only_text(shop: PetShop, text: str) -> None:
    reply = shop.chat("P02").ask(text)
    assert reply.text
    assert not re.search(r"Traceback|sqlalchemy|PT1006|PT1001", reply.text)


def test_a_purchase_is_judged_by_the_rule_of_its_day(pet_shop_record) -> None:
    shop = PetShop(pet_shop_record)
    rule = {
        "kind": "article",
        "similar": ["收到多久能退"],
        "category": "售后",
        "skus": [],
        "platforms": [],
        "tiers": [],
    }
    rule |= {"file": "old.csv", "section": "", "page": None}
    rule["title"] = "收到商品后几天内可以无理由退货"
    changed = datetime(2026, 11, 15, tzinfo=UTC)
    old = {"id": "old", "position": 0, "text": "签收后30天内无理由退货。", "valid_from": None, "valid_to": changed}
    new = {"id": "new", "position": 1, "text": "签收后3天内无理由退货。", "valid_from": changed, "valid_to": None}
    rules = [rule | old, rule | new]
    with pet_shop_record.transaction() as tx:
        articles.replace_file(tx, "old.csv", rules, at=shop.now, by="import")
    fill_shelf(shop.a.shelf, pet_shop_record)
    try:
        # Ordered on 14 November, under the old rule; asked about on the 20th, under the new one.
        assert "30天" in shop.chat("P02").ask("猫砂盆能退吗").text
    finally:
        with pet_shop_record.transaction() as tx:
            articles.replace_file(tx, "old.csv", [], at=shop.now, by="import")
