"""Which other brands a shopper names, and whether to compare."""

import pytest

from nlp.reading.reading import Reader
from nlp.reading.unlisted_brands import unlisted_brands

READER = Reader()


def named(text: str, reader: Reader = READER) -> list[tuple[str, str, bool]]:
    """Return words, brand and whether it is compared with, for each competitor of a text."""
    return [(text[one.start : one.end], one.brand, one.comparing) for one in reader.read(text).competitors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("和兰蔻比哪个好用", [("兰蔻", "兰蔻", True)]),
        ("蘭蔻跟你家哪個好", [("蘭蔻", "兰蔻", True)]),
        ("小棕瓶用完了，你家精华能赶上不", [("小棕瓶", "雅诗兰黛", True)]),
        ("是神仙水的平替吗", [("神仙水", "SK-II", True)]),
        ("ｓｋ２和这个哪个好", [("ｓｋ２", "SK-II", True)]),
        ("不如花西子显白", [("花西子", "花西子", True)]),
        ("飞鹤和爱他美怎么选", [("飞鹤", "飞鹤", True), ("爱他美", "爱他美", True)]),
        ("能装贝亲的奶嘴吗", [("贝亲", "贝亲", False)]),
        ("用惯了耐克", [("耐克", "耐克", False)]),
        ("苹果的和你家这个音质差多少", [("苹果", "苹果", True)]),
        ("科沃斯和石头你们卖哪个", [("科沃斯", "科沃斯", True), ("石头", "石头", True)]),
        ("拼多多上同款才29", [("拼多多", "拼多多", True)]),
    ],
)
def test_a_listed_rival_is_found_by_any_of_its_names(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "有苹果手机壳吗", "苹果甜不甜", "小米粥罐头有吗", "小米多少钱一斤", "水星是什么意思", "好奇问一下什么材质",
        "美的不行 太喜欢了", "统一发货吗", "发京东快递还是顺丰", "淘宝订单号怎么查", "三星期能到吗", "骆驼绒的有吗",
        "北面的窗户用的窗帘", "石头纹的还有吗", "我是在抖音看到你们的", "这个渴望多久能到", "老板在吗",
    ],
)  # fmt: skip
def test_an_everyday_word_is_no_rival(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("和禾木森比哪个好", "禾木森"),
        ("跟那个叫卓维的牌子比呢", "卓维"),
        ("LePure的平替？", "lepure"),
        ("比安缇娜贵二十", "安缇娜"),
        ("雪茗轩的茶比你香", "雪茗轩"),
        ("跟铭康家的护腰比哪个撑得住", "铭康"),
    ],
)
def test_a_rival_that_no_list_holds_is_found_by_its_place(text: str, name: str) -> None:
    assert [(brand, comparing) for _, brand, comparing in named(text)] == [(name, True)]


@pytest.mark.parametrize(
    "text",
    [
        "和白色那款比哪个显瘦", "比想象中好看", "比上次买的薄", "跟图片比颜色浅不少", "跟我身高170比合适吗",
        "比熊能吃吗", "加绒和普通的有什么区别", "原卡和副卡有什么区别", "和隔壁店的比哪个质量好", "单买和套装差多少",
    ],
)  # fmt: skip
def test_what_else_stands_in_a_comparison_is_no_name(text: str) -> None:
    assert list(unlisted_brands(text)) == []


def test_the_shops_own_brand_is_no_rival() -> None:
    reader = Reader(own_brands=["兰蔻"])
    assert named("兰蔻和雅诗兰黛哪个好", reader) == [("雅诗兰黛", "雅诗兰黛", True)]


def test_a_rival_that_the_shop_adds_is_found_by_its_spellings() -> None:
    reader = Reader(rivals=[("溪谷小屋", ["xigu", "西谷小屋"])])
    assert named("西谷小屋的比你家便宜", reader) == [("西谷小屋", "溪谷小屋", True)]


@pytest.mark.parametrize("text", ["苹果手机能用不", "ipad装得下吗", "支持苹果手机吗", "波司登官方的么"])
def test_what_the_goods_should_go_with_or_be_is_no_rival(text: str) -> None:
    assert READER.read(text).competitors == ()
