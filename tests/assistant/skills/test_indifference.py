"""Price, coupon and stock are the same for everybody of a member level, whatever the shop thinks of a customer."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import skills
from crm_core.customers.tables import customers
from tests.assistant.skills.conftest import PetShop

TAGS = ("price_sensitive", "competitor", "angry", "vip", "churn_risk", "high_value", "loop", "wants_human")
QUOTES = ("鸡肉味猫粮多少钱", "三文鱼味的猫粮还有货吗", "有什么券可以用", "能便宜点吗", "饮水机和饮水机Pro差多少钱")
MOODS = ("太贵了吧！！！", "别家才卖89", "我再考虑考虑", "你们服务真好", "烦死了", "我是老顾客了")
DECIDES = ("coupons.py", "products.py", "comparing.py", "protection.py", "rivals.py", "recommending.py")


def quoted(shop: PetShop, customer: str, question: str, mood: str | None = None) -> tuple:
    chat = shop.chat(customer)
    if mood is not None:
        chat.ask(mood)
    reply = chat.ask(question)
    return reply.text, [(card.sku, card.price) for card in reply.cards]


@pytest.fixture(scope="module")
def plain(shop: PetShop) -> dict[str, tuple]:
    return {question: quoted(shop, "P02", question) for question in QUOTES}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tags=st.sets(st.sampled_from(TAGS)), question=st.sampled_from(QUOTES))
def test_a_quote_is_the_same_with_every_tag_on_and_off(
    shop: PetShop, plain: dict[str, tuple], tags: set[str], question: str
) -> None:
    def tagged(extra: dict) -> None:
        with shop.a.record.transaction() as tx:
            tx.execute(sa.update(customers).where(customers.c.id == "P02").values(extra=extra))

    tagged({"tags": sorted(tags), **dict.fromkeys(tags, 1.0)})
    try:
        assert quoted(shop, "P02", question) == plain[question]
    finally:
        tagged({})


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("question", QUOTES[:3])
def test_a_quote_is_the_same_whatever_mood_came_before_it(
    shop: PetShop, plain: dict[str, tuple], mood: str, question: str
) -> None:
    text, cards = quoted(shop, "P02", question, mood)
    assert cards == plain[question][1]
    assert set(plain[question][0].splitlines()) <= set(text.splitlines())


@pytest.mark.parametrize("file", DECIDES)
def test_what_decides_on_prices_cannot_see_what_is_thought_of_a_customer(file: str) -> None:
    tree = ast.parse((Path(skills.__file__).parent / file).read_text(encoding="utf-8"))
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not read & {"emotion", "urgency", "extra", "tags", "signals", "segments", "tier"}
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(module.startswith(("assistant.insights", "crm_core.tags")) for module in imported)
