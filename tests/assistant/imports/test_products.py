"""Products: what a sheet adds, changes and clears."""

from crm_core import revisions
from crm_core.commerce import products
from crm_core.commerce.products import Product


def product(shop, sku: str) -> Product:
    with shop.record.reading() as tx:
        found = products.product(tx, sku)
    assert found is not None
    return found


def test_a_product_is_kept_with_its_attributes(either_shop) -> None:
    either_shop.take(
        "products",
        "商品编码,商品名称,分类,品牌,售价(元),库存,状态,描述,主图,链接,肤质,成分\n"
        "LP-1,润绒口红,美妆/口红,朱砂巷,¥99.00,238,在售,更润,/a.jpg,/p/1,干皮;混合皮,角鲨烷；蜂蜡\n",
    )
    assert product(either_shop, "LP-1") == Product(
        "LP-1",
        "润绒口红",
        "美妆/口红",
        "朱砂巷",
        9900,
        238,
        "on_sale",
        "更润",
        "/a.jpg",
        "/p/1",
        {"肤质": ["干皮", "混合皮"], "成分": ["角鲨烷", "蜂蜡"]},
    )


def test_a_column_that_is_there_and_empty_clears_and_one_that_is_not_there_does_not(shop) -> None:
    shop.take("products", "sku,name,price,stock,预计到货,产地\nA,茶杯,9,5,6月1日,景德镇\n")
    shop.take("products", "sku,name,stock,预计到货\nA,茶杯,,\n")
    found = product(shop, "A")
    assert (found.price, found.stock, found.attributes) == (900, None, {"产地": "景德镇"})


def test_a_changed_product_tells_the_gateways_and_an_unchanged_one_does_not(shop) -> None:
    shop.take("products", "sku,name\nA,茶杯\n")
    with shop.record.reading() as tx:
        before = revisions.number(tx, products.REVISION)
    shop.take("products", "sku,name\nA,茶杯\n")
    with shop.record.reading() as tx:
        assert revisions.number(tx, products.REVISION) == before
    shop.take("products", "sku,name\nA,茶碗\n")
    with shop.record.reading() as tx:
        assert revisions.number(tx, products.REVISION) == before + 1


def test_of_two_rows_with_one_sku_the_later_counts_and_it_is_said(shop) -> None:
    report = shop.take("products", "sku,name\nA,茶杯\nA,茶碗\n")
    assert product(shop, "A").name == "茶碗"
    assert report.notices == ("第 3 行：「sku」与前面的行重复，以后面的为准",)


def test_a_state_of_the_shops_own_stays_as_it_is(shop) -> None:
    shop.take("products", "sku,name,状态\nA,茶杯,季节限定\nB,茶壶,已下架\nC,茶盘,预售\n")
    assert [product(shop, sku).status for sku in "ABC"] == ["季节限定", "off_shelf", "presale"]


def test_json_lines_may_nest_their_attributes(shop) -> None:
    shop.take(
        "products",
        '{"sku": "A", "name": "茶杯", "price": 9.5, "attributes": {"颜色": ["白", "青"], "容量": 200}}\n',
        "a.jsonl",
    )
    found = product(shop, "A")
    assert found.price == 950
    assert found.attributes == {"颜色": ["白", "青"], "容量": "200"}


def test_an_attribute_that_is_none_is_an_answer(shop) -> None:
    shop.take("products", "sku,name,香精\nA,面霜,无\n")
    assert product(shop, "A").attributes == {"香精": "无"}
