"""What is asked of a product is answered from its record, whatever it is called and whatever was said before."""

import pytest

from tests.assistant.skills.conftest import PetShop


@pytest.mark.parametrize(
    ("turns", "facts"),
    [
        (["三文鱼味的猫粮还有么"], ["缺货"]),
        (["喵享鸡肉粮多少钱"], ["¥129.00"]),
        (["三文鱼味的猫粮还有么", "那鸡肉的呢"], ["库存 40"]),
        (["鸡肉味猫粮多少钱", "蛋白多少"], ["36%"]),
        (["猫砂盆多大的"], ["52×41×38cm"]),
        (["猫砂盆多大的", "有粉色吗"], ["粉"]),
        (["猫砂盆多大的", "有绿色吗"], ["没有写「绿色」"]),
        (["豆腐猫砂能冲马桶吗"], ["可冲马桶"]),
        (["胸背M码有货吗"], ["缺货"]),
        (["猫6斤半 胸背穿几码"], ["防挣脱猫胸背 S"]),
        (["小型犬粮20斤的狗能吃吗"], ["10kg以下", "在这个范围里"]),
        (["饮水机功率多大", "pro呢"], ["4W"]),
        (["饮水机多少钱 另外满多少包邮"], ["¥159.00", "满88元"]),
    ],
)
def test_a_fact_is_told_from_the_record(shop: PetShop, turns: list[str], facts: list[str]) -> None:
    chat = shop.chat()
    for turn in turns:
        reply = chat.ask(turn)
    for fact in facts:
        assert fact in reply.text


@pytest.mark.parametrize(
    "question", ["猫砂盆的甲醛含量是多少", "豆腐猫砂的保温层多少克", "饮水机水泵是哪家厂代工的", "胸背的拉力是多少牛"]
)
def test_what_the_record_does_not_say_is_called_unknown(shop: PetShop, question: str) -> None:
    reply = shop.chat().ask(question)
    assert reply.decision == "unsure"
    assert not any(character.isdigit() for character in reply.text.replace("6L", ""))


def test_a_product_on_the_page_needs_no_name(shop: PetShop) -> None:
    assert "不锈钢" in shop.chat().ask("什么材质的", sku="FT02").text


def test_the_price_of_something_else_is_not_the_price_of_the_product(shop: PetShop) -> None:
    assert "¥159" not in shop.chat().ask("饮水机上门安装多少钱").text


def test_two_products_are_told_apart_by_their_own_facts(shop: PetShop) -> None:
    chat = shop.chat()
    reply = chat.ask("饮水机和饮水机Pro有什么区别")
    assert "升级款" in reply.text
    assert "¥159.00" in reply.text
    assert "¥229.00" in reply.text
    assert "¥70.00" in chat.ask("两个差多少钱").text


def test_another_shops_goods_are_not_judged(shop: PetShop) -> None:
    reply = shop.chat().ask("你们的鸡肉味猫粮和皇家比怎么样")
    assert "36%" in reply.text
    assert "别家的商品我没有依据" in reply.text
