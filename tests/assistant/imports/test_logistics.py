"""What carriers report."""

from crm_core.commerce import logistics, orders


def test_scans_are_kept_newest_first_and_change_no_order(either_shop) -> None:
    either_shop.take(
        "orders", "order_id,customer_id,sku,status,ordered_at,tracking_no\nO1,C1,A,已发货,2026-05-01,SF1\n"
    )
    lines = (
        '{"tracking_no": "SF1", "at": "2026-05-02 10:00", "status": "已揽收", "text": "已揽件"}\n'
        '{"tracking_no": "SF1", "at": "2026-05-03T02:00:00Z", "status": "已签收", "网点": "西湖"}\n'
    )
    report = either_shop.take("logistics", lines, "a.jsonl")
    assert (report.taken, report.notices) == (2, ())
    assert either_shop.take("logistics", lines, "a.jsonl").unchanged == 2
    with either_shop.record.reading() as tx:
        assert [(scan.status, scan.text) for scan in logistics.track(tx, "SF1")] == [
            ("已签收", ""),
            ("已揽收", "已揽件"),
        ]
        assert orders.orders_of(tx, "C1")[0].status == "shipped"


def test_scans_come_as_a_sheet_too(shop) -> None:
    report = shop.take(
        "logistics", "快递单号,时间,物流状态,轨迹\nSF1,2026/5/2 10:00,,到达杭州\nSF1,,,x\nSF2,2026/5/2,,\n"
    )
    assert report.taken == 1
    assert [one.reason for one in report.first_rejects] == [
        "「时间」是空的，这一列每行都要填",
        "「status」和「text」都是空的，应当至少有一个",
    ]
    assert report.notices == ("第 2 行：快递单号不在任何订单上（轨迹已保存，导入订单后就能查到）",)
