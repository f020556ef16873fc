"""Orders in the shop's own form."""

from datetime import datetime

import pytest

from assistant.imports.moments import SHANGHAI
from crm_core.commerce import orders
from crm_core.commerce.orders import Order
from crm_core.customers import customers

HEADER = (
    "order_id,customer_id,sku,quantity,paid_amount,status,ordered_at,"
    "paid_at,shipped_at,delivered_at,carrier,tracking_no\n"
)
FULL = "O1,C1,A,2,198.00,delivered,2026-05-01 10:00,2026-05-01 10:01,2026-05-02,2026-05-04,顺丰速运,SF1\n"


def of(shop, customer: str) -> list[Order]:
    with shop.record.reading() as tx:
        return orders.orders_of(tx, customer)


def test_an_order_is_kept_with_its_items(either_shop) -> None:
    either_shop.take("products", "sku,name,category\nA,茶杯,茶具\n")
    report = either_shop.take("orders", HEADER + FULL + "O1,C1,B,1,9,delivered,2026-05-01 10:00,,,,,\n")
    assert (report.taken, report.unchanged) == (2, 0)
    (order,) = of(either_shop, "C1")
    assert (order.number, order.platform, order.paid_amount) == ("O1", "", 20700)
    first, second = order.lines
    assert (first.title, first.category, first.quantity, first.tracking_no) == ("茶杯", "茶具", 2, "SF1")
    assert first.delivered_at == datetime(2026, 5, 4, tzinfo=SHANGHAI)
    assert (second.title, second.category) == ("B", None)
    assert report.notices == ("第 3 行：商品编码不在商品表里，按订单里的名称保存",)


def test_the_same_orders_again_change_nothing(either_shop) -> None:
    rows = HEADER + FULL + "O1,C1,B,1,9,paid,2026-05-01 10:00,,,,,\nO2,C1,A,1,9,paid,2026-05-01 10:00,,,,,\n"
    either_shop.take("orders", rows)
    assert either_shop.take("orders", rows).unchanged == 3


def test_an_empty_cell_takes_nothing_away_and_a_new_one_adds(shop) -> None:
    shop.take("orders", HEADER + "O1,C1,A,1,99,shipped,2026-05-01,2026-05-01,2026-05-02,,顺丰速运,SF1\n")
    report = shop.take("orders", HEADER + "O1,C1,A,,,已签收,2026-05-01,,,2026-05-04,,\n")
    assert report.unchanged == 0
    (line,) = of(shop, "C1")[0].lines
    assert (line.status, line.tracking_no, line.paid_amount) == ("delivered", "SF1", 9900)
    assert line.delivered_at is not None
    assert line.shipped_at is not None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("待发货", "paid"),
        ("等待买家付款", "pending"),
        ("买家已付款，等待卖家发货", "paid"),
        ("卖家已发货,等待买家确认", "shipped"),
        ("交易成功", "finished"),
        ("已发货，退款成功", "refunded"),
        ("退款中", "refunding"),
        ("Shipped", "shipped"),
        ("CANCELED", "cancelled"),
    ],
)
def test_statuses_come_in_the_words_of_people_and_platforms(shop, word: str, status: str) -> None:
    shop.take("orders", f'order_id,customer_id,sku,status,ordered_at\nO1,C1,A,"{word}",2026-05-01\n')
    assert of(shop, "C1")[0].status == status


def test_an_unknown_status_is_refused_with_those_there_are(shop) -> None:
    report = shop.take("orders", "order_id,customer_id,sku,订单状态,ordered_at\nO1,C1,A,飞走了,2026-05-01\n")
    assert report.first_rejects[0].reason.startswith(
        "「订单状态」是「飞走了」，应为订单状态 pending（待付款）、paid（待发货）"
    )


def test_a_status_nobody_tells_follows_from_the_times(shop) -> None:
    header = "order_id,customer_id,sku,ordered_at,paid_at,shipped_at,delivered_at\n"
    shop.take("orders", header + "O1,C1,A,2026-05-01,,,\n")
    assert of(shop, "C1")[0].status == "pending"
    shop.take("orders", header + "O1,C1,A,2026-05-01,2026-05-01,2026-05-02,\n")
    assert of(shop, "C1")[0].status == "shipped"


def test_a_status_never_moves_back_and_that_is_said(shop) -> None:
    shop.take("orders", HEADER + FULL)
    report = shop.take("orders", HEADER + FULL.replace("delivered,", "已发货,"))
    assert of(shop, "C1")[0].status == "delivered"
    assert report.notices[-1] == "第 2 行：状态「shipped」比已保存的「delivered」旧，保留「delivered」"


def test_a_refund_follows_a_delivery_and_may_be_withdrawn(shop) -> None:
    shop.take("orders", HEADER + FULL)
    shop.take("orders", HEADER + FULL.replace("delivered,", "退款中,"))
    assert of(shop, "C1")[0].status == "refunding"
    shop.take("orders", HEADER + FULL.replace("delivered,", "交易成功,"))
    assert of(shop, "C1")[0].status == "finished"
    shop.take("orders", HEADER + FULL.replace("delivered,", "已退款,"))
    shop.take("orders", HEADER + FULL)
    assert of(shop, "C1")[0].status == "refunded"


def test_a_delivery_before_the_dispatch_is_refused_and_hours_are_forgiven(shop) -> None:
    report = shop.take(
        "orders",
        HEADER
        + "O1,C1,A,1,9,已签收,2026-05-01,,2026-05-03,2026-05-02,,\n"
        + "O2,C1,A,1,9,已发货,2026-05-01 15:00,2026-05-01,2026-05-01,,,\n"
        + "O3,C1,A,1,9,已发货,2027-05-01,,,,,\n",
    )
    assert report.taken == 1
    assert [one.reason for one in report.first_rejects] == [
        "「delivered_at」2026-05-02 00:00 早于「shipped_at」2026-05-03 00:00，应当晚于它",
        "「ordered_at」是 2027-05-01 00:00，应为已经过去的时间",
    ]


def test_a_status_that_its_times_contradict_is_noted(shop) -> None:
    report = shop.take("orders", HEADER + FULL.replace("delivered,", "待发货,"))
    assert "第 2 行：状态是「paid」，但「shipped_at」已有时间，按状态保存" in report.notices


def test_one_sku_twice_in_an_order_is_two_items_and_an_equal_line_is_one(shop) -> None:
    rows = (
        HEADER
        + "O1,C1,A,1,99,paid,2026-05-01,,,,,\nO1,C1,A,1,0,paid,2026-05-01,,,,,\nO1,C1,A,1,99,paid,2026-05-01,,,,,\n"
    )
    report = shop.take("orders", rows)
    assert report.taken == 3
    assert [line.paid_amount for line in of(shop, "C1")[0].lines] == [9900, 0]
    assert "第 4 行：与同一订单前面的行完全相同，只算一次" in report.notices
    assert shop.take("orders", rows).unchanged == 3


def test_an_order_that_comes_up_again_later_is_told_anew(shop) -> None:
    shop.take(
        "orders",
        HEADER
        + "O1,C1,A,1,99,paid,2026-05-01,,,,,\nO2,C1,A,1,9,paid,2026-05-01,,,,,\n"
        + "O1,C1,A,1,99,shipped,2026-05-01,,2026-05-02,,,SF1\n",
    )
    first = next(order for order in of(shop, "C1") if order.number == "O1")
    assert [(line.status, line.tracking_no) for line in first.lines] == [("shipped", "SF1")]


def test_an_order_of_many_items_is_never_cut_by_a_chunk(shop) -> None:
    one = "".join(f"S{n},C1,A,1,9,paid,2026-05-01,,,,,\n" for n in range(999))
    many = "".join(f"BIG,C1,A,1,{n},paid,2026-05-01,,,,,\n" for n in range(1, 41))
    report = shop.take("orders", HEADER + one + many)
    assert report.taken == 1039
    with shop.record.reading() as tx:
        big = orders.order_of(tx, "C1", "BIG")
    assert len(big.lines) == 40
    assert big.paid_amount == sum(range(1, 41)) * 100


def test_rows_of_one_order_cannot_belong_to_two_customers(shop) -> None:
    report = shop.take("orders", HEADER + FULL + "O1,C2,B,1,9,paid,2026-05-01,,,,,\n")
    assert report.taken == 1
    assert report.first_rejects[0].reason == "订单 O1 前面的行是另一位顾客，应为同一位"


def test_an_order_by_phone_finds_its_customer(either_shop) -> None:
    either_shop.take("customers", "customer_id,phone\nC1,13800001234\n")
    report = either_shop.take("orders", "订单编号,手机号,货号,下单时间\nO1,+86 138-0000-1234,A,2026-05-01\n")
    assert report.taken == 1
    assert [one.number for one in of(either_shop, "C1")] == ["O1"]


def test_an_order_by_a_phone_of_two_customers_is_refused(shop) -> None:
    shop.take("customers", "customer_id,phone\nC1,13800001234\nC2,13800001234\n")
    report = shop.take("orders", "订单编号,手机号,货号,下单时间\nO1,13800001234,A,2026-05-01\n")
    assert report.first_rejects[0].reason == "这个手机号属于多位顾客（C1、C2），应当用 customer_id 指明是哪一位"


def test_an_order_of_nobody_is_refused(shop) -> None:
    header = "order_id,customer_id,phone,sku,ordered_at\n"
    report = shop.take("orders", header + "O1,,,A,2026-05-01\nO2,,138****1234,A,2026-05-01\n")
    assert [one.reason for one in report.first_rejects] == [
        "「customer_id」和「phone」都是空的，应当至少有一个",
        "「phone」是「138****1234」，应为完整的手机号，或用 customer_id 指明顾客",
    ]
    lacking = shop.take("orders", "order_id,sku,ordered_at\nO1,A,2026-05-01\n")
    assert lacking.unusable.startswith("缺少必需的列 customer_id（顾客编号） 或 phone（手机号）")


def test_a_customer_nobody_listed_gets_a_record(shop) -> None:
    shop.take("orders", HEADER + FULL)
    with shop.record.reading() as tx:
        assert customers.find(tx, "C1") is not None


def test_personal_columns_are_not_kept_and_the_city_of_an_address_is(shop) -> None:
    report = shop.take(
        "orders",
        "订单号,顾客编号,sku,下单时间,收货人,收货地址,备注\n"
        "O1,C1,A,2026-05-01,林晚,浙江省杭州市西湖区某路 1 号,尽快\n"
        "O2,C1,A,2026-05-01,林晚,上海 上海市 浦东新区 某路,\n",
    )
    assert {order.number: order.receiver_city for order in of(shop, "C1")} == {"O1": "杭州市", "O2": "上海市"}
    assert report.notices[0] == "含个人信息的列没有保存：收货人"
    with shop.record.reading() as tx:
        dump = "".join(map(str, tx.connection.exec_driver_sql("SELECT * FROM order_lines").all()))
    assert "尽快" in dump
    assert "林晚" not in dump
    assert "西湖区" not in dump


def test_a_platform_named_later_is_learnt_and_not_doubled(shop) -> None:
    header = "order_id,customer_id,sku,ordered_at,平台\n"
    shop.take("orders", header + "O1,C1,A,2026-05-01,\n")
    shop.take("orders", header + "O1,C1,A,2026-05-01,天猫\n")
    shop.take("orders", header + "O1,C1,A,2026-05-01,\n")
    assert [(order.number, order.platform) for order in of(shop, "C1")] == [("O1", "taobao")]


def test_an_order_that_changes_hands_is_noted(shop) -> None:
    shop.take("orders", HEADER + FULL)
    report = shop.take("orders", HEADER + FULL.replace("C1", "C2"))
    assert "第 2 行：订单原来记在另一位顾客名下，现在改为这一位" in report.notices
    assert of(shop, "C1") == []
    assert len(of(shop, "C2")) == 1
