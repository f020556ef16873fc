"""What the record holds is what the reader knows of the shop."""

from assistant import library
from crm_core.commerce import products
from crm_core.database import Database
from nlp.reading.reading import Reader


def test_products_are_known_by_name_and_alias_and_their_brands_are_no_rivals(sqlite_database: Database) -> None:
    reader = Reader()
    assert [one.brand for one in reader.read("兰蔻和雅诗兰黛哪个好").competitors] == ["兰蔻", "雅诗兰黛"]
    row = {"sku": "LK-1", "name": "兰蔻 菁纯面霜", "brand": "兰蔻", "attributes": {"别名": "贵妇面霜；菁纯霜"}}
    with sqlite_database.transaction() as tx:
        products.describe(tx, [row])
    library.tell_reader(reader, sqlite_database)
    reading = reader.read("贵妇面霜还有吗，兰蔻和雅诗兰黛哪个好")
    assert [one.brand for one in reading.competitors] == ["雅诗兰黛"]
    assert [entity.value for entity in reading.entities if entity.kind == "product"] == ["LK-1"]
