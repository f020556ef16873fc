"""Which products a message names."""

import pytest

from assistant.skills.naming import Names, measures
from knowledge_base.articles import Article, Scope, Source

CATALOGUE = {
    "T1": ("青川双人帐篷 墨绿", "帐篷"),
    "T2": ("青川双人帐篷 橘色", "帐篷"),
    "G1": ("青川双人帐篷地布", "帐篷配件"),
    "L1": ("萤石露营灯", "灯"),
    "LB": ("萤石露营灯替换电池", "灯配件"),
    "P6": ("安稳电压力锅6升", "锅"),
    "P4": ("安稳电压力锅4升", "锅"),
    "C1": ("扁气罐230克", "燃料"),
    "C2": ("长气罐250克", "燃料"),
    "W58": ("粉碗58mm双杯", "咖啡配件"),
}


@pytest.fixture(scope="module")
def names() -> Names:
    scope = Scope(None, None, (), (), ())
    return Names(
        Article(sku, "article", name, "", (), category, scope, Source("products"))
        for sku, (name, category) in CATALOGUE.items()
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("双人帐篷多重", [{"T1", "T2"}]),
        ("青川双人帐多重", [{"T1", "T2"}]),
        ("墨绿的双人帐篷还有吗", [{"T1"}]),
        ("帐篷配哪块地布", [{"T1", "T2"}, {"G1"}]),
        ("露营灯怎么充电", [{"L1"}]),
        ("露营灯的电池能单买吗", [{"LB"}]),
        ("6升压力锅多少钱", [{"P6"}]),
        ("压力锅要4L的", [{"P4"}]),
        ("要扁罐还是长罐", [{"C1"}, {"C2"}]),
        ("58的粉碗", [{"W58"}]),
        ("你们老板是谁", []),
        ("", []),
    ],
)
def test_a_message_names_products_by_what_people_call_them(names: Names, text: str, found: list[set[str]]) -> None:
    assert [set(mention.skus) for mention in names.found_in(text)] == found


def test_in_a_closed_set_the_last_character_of_a_name_is_enough(names: Names) -> None:
    (mention,) = names.found_in("我那灯不亮了", among=["L1", "P6"])
    assert mention.skus == ("L1",)
    assert names.found_in("我那灯不亮了") == []


@pytest.mark.parametrize(
    ("text", "same"), [("六升", "6L"), ("2段", "二段"), ("500毫升", "500ml"), ("38码", "38码"), ("1000W", "1000瓦")]
)
def test_a_measure_is_the_same_however_it_is_written(text: str, same: str) -> None:
    assert measures(text.lower()) == measures(same.lower()) != set()
