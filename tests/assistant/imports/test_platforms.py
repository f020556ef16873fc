"""The order exports of four sales platforms, as far as their columns are known."""

import pytest

from assistant.imports.order_rows import shared_out
from crm_core.commerce import orders
from crm_core.commerce.orders import Order
from crm_core.customers import customers

TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,宝贝总数量,店铺名称,订单关闭原因,商家编码\n"
)
DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品金额,订单应付金额,运费,收件人,收件人手机号,详细地址,"
    "订单提交时间,支付完成时间,支付方式,发货时间,订单完成时间,订单状态,售后状态,取消原因,达人ID,达人昵称,快递信息\n"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,下单帐号,客户姓名,"
    "客户地址,联系电话,付款确认时间,货号,订单完成时间\n"
)
PDD = (
    "商品,订单号,订单状态,商品总价(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),商品数量(件),"
    "发货时间,确认收货时间,商品id,售后状态,快递单号,快递公司\n"
)


def found(shop) -> dict[str, Order]:
    """Every order by its number."""
    with shop.record.reading() as tx:
        return {order.number: order for who in customers.all_ids(tx) for order in orders.orders_of(tx, who)}


def test_taobao_orders_are_taken_under_the_buyers_nick(either_shop) -> None:
    either_shop.take("customers", "customer_id,taobao_nick\nC1,晚晚\n")
    rows = TAOBAO + (
        '="1234567890123456789",晚晚,wan@x.com,198,0,198,190.00,'
        '"买家已付款,等待卖家发货",请快,林晚,浙江省 杭州市 西湖区 某路,'
        "13800001234,2026-05-01 10:00:00,2026-05-01 10:01:00,润绒口红,1,,,2,某店,,LP-1\n"
        "1234567890123456790,晚晚,wan@x.com,20,0,20,0.00,交易关闭,,林晚,浙江省 杭州市 西湖区 某路,13800001234,"
        "2026-05-02 10:00:00,,卸妆油,1,No:SF123,顺丰速运,1,某店,买家退款,LP-2\n"
    )
    report = either_shop.take("orders", rows.encode("gb18030"))
    assert (report.platform, report.taken, report.rejected) == ("taobao", 2, 0)
    with either_shop.record.reading() as tx:
        first, second = sorted(orders.orders_of(tx, "C1"), key=lambda order: order.number)
    assert (first.number, first.platform, first.status) == ("1234567890123456789", "taobao", "paid")
    assert (first.paid_amount, first.receiver_city) == (19000, "杭州市")
    assert (first.lines[0].sku, first.lines[0].quantity, first.lines[0].title) == ("LP-1", 2, "润绒口红")
    assert (second.status, second.lines[0].tracking_no) == ("refunded", "SF123")
    again = either_shop.take("orders", rows.encode("gb18030"))
    assert again.unchanged == 2
    assert again.notices[0] == "含个人信息的列没有保存：买家支付宝账号、收货人姓名"


def test_several_goods_in_one_taobao_row_share_the_amount_and_never_sum_it(shop) -> None:
    rows = TAOBAO + (
        "1,林*,,,,100,100.01,交易成功,,,,,2026-05-01 10:00,2026-05-01 10:00,润绒口红，卸妆油，化妆棉,3,,,3,,,\n"
        "2,林*,,,,100,30.00,交易成功,,,,,2026-05-01 10:00,2026-05-01 10:00,口红，限定款，红盒,1,,,2,,,\n"
    )
    report = shop.take("orders", rows, platform="taobao")
    kept = found(shop)
    assert {line.title for line in kept["1"].lines} == {"润绒口红", "卸妆油", "化妆棉"}
    assert kept["1"].paid_amount == 10001
    assert [(line.title, line.quantity, line.paid_amount) for line in kept["2"].lines] == [
        ("口红，限定款，红盒", 2, 3000)
    ]
    assert all(line.sku.startswith("title:") for order in kept.values() for line in order.lines)
    assert report.notices[-2].endswith("这些订单各记一位匿名顾客")


def test_goods_known_by_their_title_get_the_sku_of_the_product_of_that_name(shop) -> None:
    shop.take("products", "sku,name\nLP-1,润绒口红\n")
    rows = TAOBAO + "1,林*,,,,9,9,交易成功,,,,,2026-05-01 10:00,,润绒口红,1,,,1,,,\n"
    shop.take("orders", rows)
    assert found(shop)["1"].lines[0].sku == "LP-1"
    assert shop.take("orders", rows).unchanged == 1


def test_douyin_cells_lose_their_tabs_and_ciphertext_names_nobody(shop) -> None:
    rows = (
        DOUYIN + "\t6917123456789012345,\t6917123456789012345,\t润绒口红,01,1,\t3501,\tLP-1,99.00,89.00,0.00,"
        "##kL2mN8pQ==,$$abcdEFGH1234$$,##zzzzYYYY99,"
        "2026-05-01 10:00:00,2026-05-01 10:00:30,微信,2026-05-02 09:00:00,2026-05-10 09:00:00,"
        "已完成,-,,,,中通快递-ZT12345678901\n"
    )
    report = shop.take("orders", b"\xef\xbb\xbf" + rows.encode())
    assert (report.platform, report.taken) == ("douyin", 1)
    order = found(shop)["6917123456789012345"]
    (line,) = order.lines
    assert (order.status, order.paid_amount, line.sku) == ("finished", 8900, "LP-1")
    assert (line.carrier, line.tracking_no) == ("中通快递", "ZT12345678901")
    assert line.delivered_at is None
    with shop.record.reading() as tx:
        assert customers.all_ids(tx) == ["guest:order:douyin:6917123456789012345"]
        dump = str(tx.connection.exec_driver_sql("SELECT * FROM order_lines").all())
    assert "kL2mN8pQ" not in dump
    assert "zzzzYYYY" not in dump


def test_a_douyin_row_of_several_sub_orders_becomes_several_items(shop) -> None:
    rows = (
        DOUYIN + "69,69-1;69-2,口红;卸妆油,01;大,1;2,11;12,LP-1;LP-2,99;20,139,0,"
        ",13800001234,,2026-05-01 10:00,,,,,已发货,退款成功,,,,\n"
    )
    shop.take("orders", rows)
    order = found(shop)["69"]
    assert [(line.sku, line.title, line.quantity) for line in order.lines] == [
        ("LP-1", "口红", 1),
        ("LP-2", "卸妆油", 2),
    ]
    assert order.paid_amount == 13900
    assert order.status == "refunded"
    with shop.record.reading() as tx:
        assert list(customers.known_by(tx, "phone", ["13800001234"])) == ["13800001234"]


def test_a_total_that_every_douyin_row_repeats_is_counted_once_and_amounts_of_their_own_are_not(shop) -> None:
    row = "{order},{order}-{n},口红{n},,1,,S{n},{goods},{paid},{freight},,,,2026-05-01 10:00,,,,,已发货,-,,,,\n"
    total = [row.format(order="T", n=n, goods=goods, paid=115, freight=0) for n, goods in ((1, 99), (2, 20))]
    own = [row.format(order="U", n=n, goods=10, paid=15, freight=5) for n in (1, 2)]
    shop.take("orders", DOUYIN + "".join(total + own))
    kept = found(shop)
    assert kept["T"].paid_amount == 11500
    assert [line.paid_amount for line in kept["T"].lines] == [9567, 1933]
    assert kept["U"].paid_amount == 3000


def test_one_amount_in_every_row_is_a_total_unless_the_goods_cost_as_much(shop) -> None:
    header = "订单编号,买家会员名,订单创建时间,宝贝标题,购买数量,商品价格,买家实际支付金额\n"
    row = "{0},晚晚,2026-05-01,口红{1},1,{2},{3}\n"
    rows = [row.format("T", n, 60, 110) for n in (1, 2)]
    rows += [row.format("U", n, 60, 55) for n in (1, 2)]
    rows += [row.format("V", n, "", 55) for n in (1, 2)]
    shop.take("orders", header + "".join(rows), platform="taobao")
    assert {number: order.paid_amount for number, order in found(shop).items()} == {"T": 11000, "U": 11000, "V": 5500}


def test_a_jd_order_of_several_rows_has_its_total_once(shop) -> None:
    row = (
        "88,{id},{name},{n},在线支付,2026-05-01 10:00:00,{price},300.00,280.00,0,280.00,等待确认收货,wan_jd,"
        "林晚,北京海淀区某路,138****1234,2026-05-01 10:01:00,{sku},\n"
    )
    rows = (
        JD
        + row.format(id=1, name="台灯", n=1, price="100.00", sku="T1")
        + row.format(id=2, name="灯泡", n=2, price="100.00", sku="")
    )
    report = shop.take("orders", rows)
    assert (report.platform, report.taken) == ("jd", 2)
    order = found(shop)["88"]
    assert order.paid_amount == 28000
    assert {line.sku: line.paid_amount for line in order.lines} == {"T1": 9333, "2": 18667}
    assert (order.status, order.receiver_city) == ("shipped", "北京市")
    assert shop.take("orders", rows).unchanged == 2
    with shop.record.reading() as tx:
        assert list(customers.known_by(tx, "jd_account", ["wan_jd"])) == ["wan_jd"]


def test_what_jds_balance_paid_is_paid_too(shop) -> None:
    shop.take("orders", JD + "88,1,台灯,1,在线支付,2026-05-01,100,100,100,60,40,完成,w,,,,,T1,2026-05-03\n")
    order = found(shop)["88"]
    assert order.paid_amount == 10000
    assert order.lines[0].delivered_at is not None


def test_a_pdd_order_gets_its_day_from_its_number(shop) -> None:
    rows = PDD + (
        "润绒口红,260501-123456789012345,已发货，待收货,99,5,4,90.00,94,1,2026-05-02 09:00:00,"
        ",55501,无售后或售后取消,YT1234567890,圆通速递\n"
        "卸妆油,260502-123456789012345,待发货,20,0,0,20,20,2,,,55502,,,\n"
        "化妆棉,1,待发货,20,0,0,20,20,2,,,55503,,,\n"
    )
    report = shop.take("orders", rows)
    assert (report.platform, report.taken, report.rejected) == ("pdd", 2, 1)
    assert report.first_rejects[0].reason.startswith("没有下单时间")
    kept = found(shop)
    first = kept["260501-123456789012345"]
    assert first.ordered_at.isoformat() == "2026-04-30T16:00:00+00:00"
    assert (first.status, first.paid_amount, first.lines[0].sku) == ("shipped", 9000, "55501")
    assert kept["260502-123456789012345"].lines[0].quantity == 2


@pytest.mark.parametrize("platform", ["taobao", "douyin", "jd", "pdd"])
def test_a_file_that_is_no_export_of_the_platform_names_what_it_lacks(shop, platform: str) -> None:
    report = shop.take("orders", "编号,谁\n1,x\n", platform=platform)
    assert report.exit_code == 2
    assert report.unusable.startswith("不像")
    assert "订单" in report.unusable
    assert report.unusable.endswith("文件里的列是：编号、谁")


def test_headers_are_found_by_name_in_any_order_and_unknown_ones_are_kept(shop) -> None:
    shop.take(
        "orders", "新列,宝贝标题,订单创建时间,买家会员名,订单编号,买家实际支付金额\n新,口红,2026-05-01,晚晚,1,9\n"
    )
    assert found(shop)["1"].paid_amount == 900
    with shop.record.reading() as tx:
        extra = tx.connection.exec_driver_sql("SELECT extra FROM order_lines").scalar_one()
    assert extra == '{"新列":"新"}'


def test_a_shops_own_sheet_is_not_taken_for_a_platforms(shop) -> None:
    report = shop.take("orders", "订单编号,顾客编号,商品编码,下单时间,宝贝标题\n1,C1,A,2026-05-01,口红\n")
    assert (report.platform, report.taken) == (None, 1)


def test_an_order_number_a_spreadsheet_rounded_is_refused(shop) -> None:
    report = shop.take("orders", TAOBAO + "1.23457E+18,晚晚,,,,9,9,交易成功,,,,,2026-05-01,,口红,1,,,1,,,\n")
    assert "文本格式后重新导出" in report.first_rejects[0].reason


def test_wrong_numbers_in_joined_cells_are_refused_by_name(shop) -> None:
    report = shop.take(
        "orders",
        DOUYIN + "69,1;2,a;b,,1;x,,A;B,,,,,,,2026-05-01,,,,,已发货,,,,,\n70,1,,,,,,,,,,,,2026-05-01,,,,,已发货,,,,,\n",
    )
    assert [one.reason for one in report.first_rejects] == [
        "「商品数量」是「1;x」，应为不小于 1 的整数",
        "「商家编码」和「选购商品」都是空的，应当至少有一个",
    ]


def test_an_amount_is_shared_out_to_the_last_fen() -> None:
    assert shared_out(10001, [0, 0, 0]) == [3334, 3334, 3333]
    assert shared_out(100, [1, 2]) == [33, 67]
    assert shared_out(0, [5]) == [0]
    assert sum(shared_out(9999, [7, 11, 13, 17])) == 9999
