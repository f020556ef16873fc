"""A shop says who competes with it."""

from pathlib import Path

import pytest

from nlp.reading.reading import Reader
from nlp.reading.rivals import Rivals, UnusableRivals, read_rivals, rivals_of


def test_names_and_their_spellings_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "competitors.txt"
    path.write_text(
        "\ufeff# 我们的对手\n溪谷小屋 xigu 西谷小屋\n\nUnder Armour = UA；安德玛  # 运动\n- 苹果\n", "utf-8"
    )
    assert read_rivals(path) == Rivals(
        (("溪谷小屋", ("xigu", "西谷小屋")), ("Under Armour", ("UA", "安德玛"))), ("苹果",)
    )


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_rivals(tmp_path / "competitors.txt") == Rivals()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["溪谷小屋", "", "西谷 溪谷小屋"], "第 3 行的「溪谷小屋」在第 1 行已经有了"),
        (["好"], "第 1 行的「好」应为 2 到 30 个字"),
        (["名" * 31], "第 1 行的「名名名名名名名名名名」应为 2 到 30 个字"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(lines: list[str], said: str) -> None:
    with pytest.raises(UnusableRivals, match=said):
        rivals_of(lines)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "competitors.txt"
    path.write_bytes("溪谷小屋".encode("gb18030"))
    with pytest.raises(UnusableRivals, match="UTF-8"):
        read_rivals(path)


def test_what_the_file_says_is_what_the_reader_finds() -> None:
    rivals = rivals_of(["溪谷小屋 xigu", "- 优衣库"])
    reader = Reader(own_brands=rivals.no_rivals, rivals=rivals.brands)
    assert [one.brand for one in reader.read("和xigu比哪个好").competitors] == ["溪谷小屋"]
    assert reader.read("和优衣库比哪个好").competitors == ()
    assert [one.brand for one in Reader().read("和优衣库比哪个好").competitors] == ["优衣库"]


def test_a_shop_that_takes_up_a_brand_no_longer_competes_with_it() -> None:
    reader = Reader()
    assert [one.brand for one in reader.read("兰蔻和雅诗兰黛哪个好").competitors] == ["兰蔻", "雅诗兰黛"]
    reader.get_to_know([("LK-1", "兰蔻 小黑瓶精华")], ["兰蔻"])
    reading = reader.read("兰蔻小黑瓶精华和雅诗兰黛哪个好")
    assert [one.brand for one in reading.competitors] == ["雅诗兰黛"]
    assert [entity.value for entity in reading.entities if entity.kind == "product"] == ["LK-1"]
    reader.get_to_know([], [])
    assert [one.brand for one in reader.read("兰蔻和雅诗兰黛哪个好").competitors] == ["兰蔻", "雅诗兰黛"]
