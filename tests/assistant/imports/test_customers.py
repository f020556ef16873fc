"""Customers, and whom they turn out to be."""

from crm_core.commerce import orders
from crm_core.customers import customers
from crm_core.customers.customers import Customer


def test_a_customer_is_kept_and_known_by_phone_and_nick(either_shop) -> None:
    report = either_shop.take(
        "customers",
        "顾客编号,姓名,手机号,淘宝昵称,生日,性别,城市,会员等级,积分,注册时间,来源\n"
        'C1,林晚,138 0000 1234,晚晚,1990年5月17日,女,杭州,金卡,"2,600",2024-03-01,小程序\n',
    )
    assert report.taken == 1
    with either_shop.record.reading() as tx:
        found = customers.find(tx, "C1")
        assert isinstance(found, Customer)
        assert (found.birthday, found.gender, found.points, found.extra) == (
            "1990-05-17",
            "female",
            2600,
            {"来源": "小程序"},
        )
        assert customers.contact(tx, "C1") == ("林晚", "13800001234")
        assert customers.known_by(tx, "phone", ["13800001234"]) == {"13800001234": ["C1"]}
        assert customers.known_by(tx, "taobao_nick", ["晚晚"]) == {"晚晚": ["C1"]}


def test_the_same_customers_again_change_nothing(shop) -> None:
    rows = "customer_id,name,phone,points\nC1,林晚,13800001234,5\nC2,周明,,\n"
    shop.take("customers", rows)
    assert shop.take("customers", rows).unchanged == 2


def test_an_empty_cell_takes_nothing_away(shop) -> None:
    shop.take("customers", "customer_id,name,phone,city,points\nC1,林晚,13800001234,杭州,5\n")
    shop.take("customers", "customer_id,name,phone,city,points\nC1,,,,0\n")
    with shop.record.reading() as tx:
        assert customers.contact(tx, "C1") == ("林晚", "13800001234")
        found = customers.find(tx, "C1")
    assert (found.city, found.points) == ("杭州", 0)


def test_a_customer_with_a_new_phone_is_no_longer_known_by_the_old_one(shop) -> None:
    shop.take("customers", "customer_id,phone\nC1,13800001234\n")
    shop.take("customers", "customer_id,phone\nC1,13900001234\n")
    with shop.record.reading() as tx:
        assert customers.known_by(tx, "phone", ["13800001234", "13900001234"]) == {"13900001234": ["C1"]}


def test_two_customers_with_one_phone_are_told_and_never_merged(shop) -> None:
    report = shop.take("customers", "customer_id,phone\nC1,13800001234\nC2,13800001234\n")
    assert report.taken == 2
    assert report.notices == (
        "第 2 行：手机号与顾客 C2 相同，请核对是否同一个人",
        "第 3 行：手机号与顾客 C1 相同，请核对是否同一个人",
    )


def test_blanked_out_personal_data_is_left_out_and_does_not_overwrite(shop) -> None:
    shop.take("customers", "customer_id,name,phone\nC1,林晚,13800001234\n")
    report = shop.take("customers", "customer_id,name,phone\nC1,林**,138****1234\n")
    assert report.unchanged == 1
    assert len(report.notices) == 2
    with shop.record.reading() as tx:
        assert customers.contact(tx, "C1") == ("林晚", "13800001234")


def test_wrong_cells_are_refused_by_name(shop) -> None:
    report = shop.take(
        "customers",
        "customer_id,手机号,生日,性别,积分\nC1,123,,,\nC2,,13-40,,\nC3,,,中,\nC4,,,,许多\n,13800001234,,,\nguest:x,,,,\n",
    )
    assert report.taken == 0
    assert [one.reason.split("，")[0] for one in report.first_rejects] == [
        "「手机号」是「123」",
        "「生日」是「13-40」",
        "「性别」是「中」",
        "「积分」是「许多」",
        "「customer_id」是空的",
        "「customer_id」应为店铺自己的编号",
    ]


def test_a_buyer_known_by_phone_becomes_the_customer_the_list_names(either_shop) -> None:
    either_shop.take("orders", "订单号,手机号,sku,下单时间\nO1,13800001234,A,2026-05-01\n")
    with either_shop.record.reading() as tx:
        (guest,) = customers.known_by(tx, "phone", ["13800001234"])["13800001234"]
        assert len(orders.orders_of(tx, guest)) == 1
    either_shop.take("customers", "customer_id,phone\nC1,13800001234\n")
    with either_shop.record.reading() as tx:
        assert [one.number for one in orders.orders_of(tx, "C1")] == ["O1"]
        assert customers.all_ids(tx) == ["C1"]
        assert customers.known_by(tx, "phone", ["13800001234"]) == {"13800001234": ["C1"]}
    again = either_shop.take("orders", "订单号,手机号,sku,下单时间\nO1,13800001234,A,2026-05-01\n")
    assert again.unchanged == 1


def test_a_phone_that_two_rows_claim_makes_nobody_of_a_guest(shop) -> None:
    shop.take("orders", "订单号,手机号,sku,下单时间\nO1,13800001234,A,2026-05-01\n")
    shop.take("customers", "customer_id,phone\nC1,13800001234\nC2,13800001234\n")
    with shop.record.reading() as tx:
        assert orders.orders_of(tx, "C1") == orders.orders_of(tx, "C2") == []
