"""What the shop states about products that belong together, with the path to it, and nothing it does not state."""

import pytest

from tests.assistant.skills.conftest import PetShop


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("饮水机用哪款滤芯", ["涌泉饮水机滤芯", "¥39.00"]),
        ("饮水机有没有新款", ["涌泉宠物饮水机Pro", "更安静"]),
        ("豆腐砂和膨润土能混着用不", ["不能", "结团会散"]),
        ("新猫套装里有什么", ["奶糕", "豆腐猫砂", "两包", "猫砂盆"]),
        ("豆腐猫砂配什么盆", ["全封闭猫砂盆"]),
    ],
)
def test_a_stated_edge_answers(shop: PetShop, question: str, facts: list[str]) -> None:
    reply = shop.chat().ask(question)
    for fact in facts:
        assert fact in reply.text
    assert {source.kind for source in reply.sources} == {"product"}


def test_an_answer_through_a_set_shows_its_path(shop: PetShop) -> None:
    text = shop.chat().ask("新猫套装里的奶糕能和鸡肉味猫粮一起喂吗").text
    assert "新猫到家套装 里有 喵享幼猫奶糕粮" in text
    assert "按七天混着喂" in text


def test_what_no_edge_states_is_not_inferred(shop: PetShop) -> None:
    reply = shop.chat().ask("饮水机和猫砂盆能一起用吗")
    assert reply.decision == "unsure"
    assert "没有写明" in reply.text


def test_the_refill_of_what_was_bought_is_found_and_the_purchase_named(shop: PetShop) -> None:
    text = shop.chat("P01").ask("我家饮水机该换滤芯了").text
    assert "涌泉饮水机滤芯" in text
    assert "PT1001" in text
