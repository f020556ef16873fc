"""Coupons."""

from datetime import datetime

import sqlalchemy as sa

from assistant.imports.moments import SHANGHAI
from crm_core.commerce.tables import coupons

ROWS = (
    "券码,名称,规则,开始时间,结束时间,适用会员,可叠加,渠道\n"
    "VIP20,会员券,满199减20,2026-05-01,2026-06-18,金卡;黑金,否,小程序\n"
)


def test_a_coupon_holds_to_the_end_of_its_last_day(either_shop) -> None:
    either_shop.take("coupons", ROWS)
    assert either_shop.take("coupons", ROWS).unchanged == 1
    with either_shop.record.reading() as tx:
        (row,) = tx.execute(sa.select(coupons)).all()
    assert row.valid_to == datetime(2026, 6, 18, 23, 59, 59, 999000, tzinfo=SHANGHAI)
    assert (row.tiers, row.stackable, row.extra) == (["金卡", "黑金"], False, {"渠道": "小程序"})


def test_a_coupon_that_ends_before_it_begins_is_refused(shop) -> None:
    report = shop.take("coupons", "code,valid_from,valid_to\nA,2026-06-02,2026-06-01\nB,,\n")
    assert report.taken == 1
    assert report.first_rejects[0].reason == "「valid_to」早于「valid_from」，应当晚于它"


def test_an_emptied_cell_clears(shop) -> None:
    shop.take("coupons", ROWS)
    shop.take("coupons", "code,title,tiers\nVIP20,,\n")
    with shop.record.reading() as tx:
        (row,) = tx.execute(sa.select(coupons)).all()
    assert (row.title, row.tiers, row.rule) == (None, [], "满199减20")
