"""Edges of the product graph."""

from crm_core.commerce import relations
from crm_core.commerce.relations import Relation

PRODUCTS = "sku,name\nA,口红\nB,卸妆油\n"


def test_edges_are_kept_under_either_name(either_shop) -> None:
    either_shop.take("products", PRODUCTS)
    either_shop.take("relations", "主商品,关系,关联商品,备注\nA,搭配,B,先卸妆\n")
    again = either_shop.take("relations", "subject_sku,predicate,object_sku,note\nA,goes_with,B,先卸妆\n")
    assert again.unchanged == 1
    with either_shop.record.reading() as tx:
        assert relations.related(tx, "B") == [Relation("A", "goes_with", "B", "先卸妆")]


def test_an_edge_to_a_product_the_shop_does_not_have_is_refused(shop) -> None:
    shop.take("products", PRODUCTS)
    report = shop.take(
        "relations", "subject_sku,predicate,object_sku\nA,goes_with,X\nA,goes_with,A\nA,爱,B\nA,replaces,B\n"
    )
    assert report.taken == 1
    assert [one.reason for one in report.first_rejects] == [
        "商品表里没有 X，应为已导入的商品编码；请先导入商品",
        "「object_sku」应为另一件商品，这里与「subject_sku」相同",
        "「predicate」是「爱」，应为关系 goes_with（搭配）、not_with（不能同用）、replaces（替代）、"
        "bundle_of（套装包含）、refill_of（补充装）之一",
    ]
