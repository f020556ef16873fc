"""The demo shop's own files, taken whole and taken twice."""

from datetime import date

from webchat.demo.opening import IMPORTS, SHOP
from webchat.demo.rendering import render


def test_the_demo_shop_is_taken_whole_and_a_second_time_changes_nothing(shop) -> None:
    render(SHOP, shop.folder / "shop", date(2026, 5, 31))
    files = [(kind, shop.folder / "shop" / name) for kind, names in IMPORTS for name in names]
    for kind, path in files:
        report = shop.take(kind, path)
        assert (report.unusable, report.rejected, report.notices) == (None, 0, ()), path.name
        assert report.taken == report.rows > 0
        assert report.unchanged == 0
    for kind, path in files:
        again = shop.take(kind, path)
        assert again.unchanged == again.rows, path.name
