"""The demo shop's files agree with each other: what one names, another has, and nothing lies in the future."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from webchat.demo.rendering import NEWS_UNTIL, render

SHOP = Path(__file__).parents[2] / "webchat" / "demo" / "shop"
TODAY = date(2026, 3, 2)  # any day does; this one has a February behind it
LATEST = datetime.combine(TODAY, NEWS_UNTIL)
EARLIEST = datetime.combine(TODAY - timedelta(days=14 * 31), time())
ORDER_STATUSES = {"pending", "paid", "shipped", "delivered", "finished", "refunding", "refunded", "cancelled"}
STEPS = ("ordered_at", "paid_at", "shipped_at", "delivered_at")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("shop")
    render(SHOP, target, TODAY)
    return target


@pytest.fixture(scope="module")
def shop(folder: Path) -> dict[str, list[Row]]:
    """Every table of the shop as rendered, by the name of its file."""
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    for path in folder.glob("*.jsonl"):
        tables[path.stem] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tables


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def listed(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def policy(name: str) -> str:
    return (SHOP / "policies" / f"{name}.md").read_text(encoding="utf-8")


def by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[column]].append(row)
    return grouped


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("products", 60),
        ("relations", 60),
        ("customers", 30),
        ("orders", 90),
        ("logistics", 200),
        ("events", 150),
        ("coupons", 8),
        ("agents", 6),
        ("knowledge", 130),
        ("chats", 500),
    ],
)
def test_there_is_enough_of_everything(shop: dict[str, list[Row]], table: str, least: int) -> None:
    assert len(shop[table]) >= least


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("products", ("sku",)),
        ("products", ("name",)),
        ("relations", ("subject_sku", "predicate", "object_sku")),
        ("customers", ("customer_id",)),
        ("orders", ("order_id", "sku")),
        ("logistics", ("tracking_no", "at", "text")),
        ("coupons", ("code",)),
        ("agents", ("login",)),
        ("knowledge", ("question",)),
        ("chats", ("session_id", "at", "text")),
    ],
)
def test_no_row_comes_twice(shop: dict[str, list[Row]], table: str, columns: tuple[str, ...]) -> None:
    counted = Counter(tuple(row[column] for column in columns) for row in shop[table])
    assert [key for key, count in counted.items() if count > 1] == []


def test_no_row_has_more_or_fewer_cells_than_the_header(shop: dict[str, list[Row]]) -> None:
    for rows in shop.values():
        assert all(None not in row and None not in row.values() for row in rows)


class TestProducts:
    def test_each_has_a_price_a_stock_a_status_and_a_page(self, shop: dict[str, list[Row]]) -> None:
        for product in shop["products"]:
            assert float(product["price"]) > 0
            assert int(product["stock"]) >= 0
            assert product["status"] in {"on_sale", "off_shelf", "presale"}
            assert product["url"] == f"/#/p/{product['sku']}"
            assert len(product["description"]) > 20

    def test_the_four_departments_are_there_and_some_shelves_are_empty(self, shop: dict[str, list[Row]]) -> None:
        departments = {product["category"].split("/")[0] for product in shop["products"]}
        assert departments == {"美妆护肤", "母婴", "家居小电", "服饰"}
        assert sum(product["stock"] == "0" for product in shop["products"]) >= 5

    def test_whatever_is_sold_out_but_kept_says_when_it_comes_again(self, shop: dict[str, list[Row]]) -> None:
        for product in shop["products"]:
            if product["stock"] == "0" and product["status"] == "on_sale":
                assert date.fromisoformat(product["预计到货"]) > TODAY, product["sku"]

    def test_relations_join_two_products_and_say_why(self, shop: dict[str, list[Row]]) -> None:
        known = {product["sku"] for product in shop["products"]}
        kinds = {"goes_with", "not_with", "replaces", "bundle_of", "refill_of"}
        for edge in shop["relations"]:
            assert {edge["subject_sku"], edge["object_sku"]} <= known
            assert edge["subject_sku"] != edge["object_sku"]
            assert edge["note"]
        assert {edge["predicate"] for edge in shop["relations"]} == kinds

    def test_what_goes_together_is_not_forbidden_elsewhere(self, shop: dict[str, list[Row]]) -> None:
        pairs = by(shop["relations"], "predicate")
        good = {frozenset((edge["subject_sku"], edge["object_sku"])) for edge in pairs["goes_with"]}
        bad = {frozenset((edge["subject_sku"], edge["object_sku"])) for edge in pairs["not_with"]}
        assert not good & bad


class TestCustomers:
    def test_phones_are_unique_and_of_the_invented_range(self, shop: dict[str, list[Row]]) -> None:
        phones = [customer["phone"] for customer in shop["customers"] if customer["phone"]]
        assert len(set(phones)) == len(phones)
        assert all(re.fullmatch(r"1990000\d{4}", phone) for phone in phones)

    def test_one_device_is_shared_by_a_family_and_one_by_two_accounts_of_a_person(
        self, shop: dict[str, list[Row]]
    ) -> None:
        shared = [group for device, group in by(shop["customers"], "device_id").items() if device and len(group) > 1]
        assert sorted(sorted(customer["customer_id"] for customer in group) for group in shared) == [
            ["C027", "C028"],
            ["C029", "C030"],
        ]

    def test_the_level_is_what_twelve_months_of_payments_earn(self, shop: dict[str, list[Row]]) -> None:
        spent: Counter[str] = Counter()
        for line in shop["orders"]:
            paid = line["paid_at"] and line["status"] != "refunded"
            if paid and at(line["paid_at"]).date() >= TODAY - timedelta(days=365):
                spent[line["customer_id"]] += round(float(line["paid_amount"]) * 100)
        for customer in shop["customers"]:
            yuan = spent[customer["customer_id"]] / 100
            earned = "黑金" if yuan >= 6000 else "金卡" if yuan >= 2000 else "银卡" if yuan >= 300 else "普通"
            assert customer["member_level"] == earned, customer["customer_id"]

    def test_someone_has_a_birthday_within_days(self, shop: dict[str, list[Row]]) -> None:
        coming = {(TODAY + timedelta(days=days)).strftime("%m-%d") for days in range(8)}
        assert any(customer["birthday"][5:] in coming for customer in shop["customers"] if customer["birthday"])


class TestOrders:
    def test_customers_and_products_are_known(self, shop: dict[str, list[Row]]) -> None:
        assert {line["sku"] for line in shop["orders"]} <= {product["sku"] for product in shop["products"]}
        assert {line["customer_id"] for line in shop["orders"]} <= {row["customer_id"] for row in shop["customers"]}

    def test_an_order_is_one_customers_and_placed_at_one_time(self, shop: dict[str, list[Row]]) -> None:
        for lines in by(shop["orders"], "order_id").values():
            assert len({(line["customer_id"], line["ordered_at"], line["tracking_no"]) for line in lines}) == 1

    def test_nobody_orders_before_they_register(self, shop: dict[str, list[Row]]) -> None:
        registered = {customer["customer_id"]: at(customer["registered_at"]) for customer in shop["customers"]}
        for line in shop["orders"]:
            assert at(line["ordered_at"]) >= registered[line["customer_id"]], line["order_id"]

    def test_steps_follow_each_other_and_none_lies_ahead(self, shop: dict[str, list[Row]]) -> None:
        for line in shop["orders"]:
            steps = [at(line[step]) for step in STEPS if line[step]]
            assert steps == sorted(steps), line["order_id"]
            assert steps[0] >= EARLIEST
            assert steps[-1] < LATEST, line["order_id"]

    def test_the_status_is_what_the_steps_say(self, shop: dict[str, list[Row]]) -> None:
        done = {
            "pending": 1,
            "cancelled": 1,
            "paid": 2,
            "shipped": 3,
            "delivered": 4,
            "finished": 4,
        }
        for line in shop["orders"]:
            steps = sum(bool(line[step]) for step in STEPS)
            assert line["status"] in ORDER_STATUSES
            assert steps == done.get(line["status"], steps), line["order_id"]
            assert bool(line["tracking_no"]) == bool(line["carrier"]) == bool(line["shipped_at"])
            assert bool(line["paid_amount"]) == bool(line["paid_at"])
        assert {line["status"] for line in shop["orders"]} == ORDER_STATUSES

    def test_every_parcel_has_a_track_that_fits_its_order(self, shop: dict[str, list[Row]]) -> None:
        tracks = by(shop["logistics"], "tracking_no")
        parcels = {line["tracking_no"]: line for line in shop["orders"] if line["tracking_no"]}
        assert tracks.keys() == parcels.keys()
        for number, scans in tracks.items():
            line, times = parcels[number], [at(scan["at"]) for scan in scans]
            assert times == sorted(set(times))
            assert times[0] == at(line["shipped_at"])
            assert times[-1] < LATEST
            signed = scans[-1]["status"] == "已签收"
            assert signed == bool(line["delivered_at"]), number
            assert not signed or times[-1] == at(line["delivered_at"])

    def test_one_parcel_has_not_moved_for_six_days_and_one_is_out_for_delivery_today(
        self, shop: dict[str, list[Row]]
    ) -> None:
        last = [scans[-1] for scans in by(shop["logistics"], "tracking_no").values()]
        silent = [scan for scan in last if scan["status"] == "运输中" and LATEST - at(scan["at"]) >= timedelta(days=6)]
        out = [scan for scan in last if scan["status"] == "派送中" and at(scan["at"]).date() == TODAY]
        assert (len(silent), len(out)) == (1, 1)

    @pytest.mark.parametrize(
        ("customer", "statuses"),
        [("C007", {"shipped", "paid"}), ("C008", {"shipped"}), ("C009", {"refunding"}), ("C018", {"pending"})],
    )
    def test_the_cases_the_bot_must_handle_are_open(
        self, shop: dict[str, list[Row]], customer: str, statuses: set[str]
    ) -> None:
        own = {line["status"] for line in by(shop["orders"], "customer_id")[customer]}
        assert statuses <= own

    def test_milk_powder_is_bought_every_thirty_days_and_due(self, shop: dict[str, list[Row]]) -> None:
        days = sorted(
            at(line["ordered_at"]).date()
            for line in by(shop["orders"], "customer_id")["C012"]
            if line["sku"].startswith("MP-")
        )
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        assert len(gaps) >= 5
        assert all(28 <= gap <= 32 for gap in gaps)
        assert (TODAY - days[-1]).days == 29


class TestKnowledge:
    def test_every_way_to_ask_leads_to_one_answer(self, shop: dict[str, list[Row]]) -> None:
        asked = Counter(way for entry in shop["knowledge"] for way in (entry["question"], *listed(entry["similar"])))
        assert [way for way, count in asked.items() if count > 1] == []

    def test_there_are_three_to_six_other_ways_to_ask(self, shop: dict[str, list[Row]]) -> None:
        for entry in shop["knowledge"]:
            assert 3 <= len(listed(entry["similar"])) <= 6, entry["question"]
            assert entry["category"]
            assert len(entry["answer"]) >= 15, entry["question"]

    def test_products_named_are_sold(self, shop: dict[str, list[Row]]) -> None:
        known = {product["sku"] for product in shop["products"]}
        for entry in shop["knowledge"]:
            assert set(listed(entry["sku"])) <= known
            assert set(re.findall(r"\b[A-Z]{2}-\d{3}\b", entry["answer"])) <= known, entry["question"]

    def test_a_campaign_is_over_one_runs_and_levels_and_platforms_have_their_own_answers(
        self, shop: dict[str, list[Row]]
    ) -> None:
        now = LATEST + timedelta(hours=3)
        ended = [entry for entry in shop["knowledge"] if entry["valid_to"] and at(entry["valid_to"]) < now]
        running = [
            entry
            for entry in shop["knowledge"]
            if entry["valid_from"] and at(entry["valid_from"]) <= now <= at(entry["valid_to"])
        ]
        assert ended
        assert running
        levels = {customer["member_level"] for customer in shop["customers"]}
        tiers = {level for entry in shop["knowledge"] for level in listed(entry["tier"])}
        assert tiers
        assert tiers <= levels
        assert {entry["platform"] for entry in shop["knowledge"]} == {"", "taobao", "douyin"}

    @pytest.mark.parametrize(
        ("question", "document", "figures"),
        [
            ("付款后多久发货", "发货与物流说明", ("48 小时", "16:00", "72 小时")),
            ("超时没发货有赔偿吗", "发货与物流说明", ("5%", "5 元", "30 元")),
            ("满多少包邮", "发货与物流说明", ("满 59 元", "8 元")),
            ("可以发顺丰吗", "发货与物流说明", ("12 元", "5 元", "金卡和黑金")),
            ("新疆西藏发货吗，要加多少钱", "发货与物流说明", ("15 元", "299 元", "60 元", "5 公斤")),
            ("青海宁夏内蒙甘肃海南要加运费吗", "发货与物流说明", ("6 元", "299 元", "30 元")),
            ("物流好几天没更新怎么办", "发货与物流说明", ("48 小时", "24 小时", "5 天（120 小时）")),
            ("显示签收但我没收到", "发货与物流说明", ("24 小时", "72 小时")),
            ("没付款的订单会保留多久", "发货与物流说明", ("24 小时",)),
            ("冷冻辅食哪些地方能发", "发货与物流说明", ("15 元", "99 元", "上海", "广东")),
            ("可以拒收吗", "发货与物流说明", ("8 元",)),
            ("几天能到", "发货与物流说明", ("1 到 2 天", "2 到 3 天", "3 到 5 天", "5 到 8 天")),
            ("收到货几天内可以无理由退货", "退换货政策", ("签收次日零时起", "7 天", "24:00")),
            ("收到快递破损漏液怎么办", "退换货政策", ("48 小时", "24 小时", "100 元")),
            ("用了过敏可以退吗", "退换货政策", ("30 天", "二级及以上医院")),
            ("质量问题怎么退换", "退换货政策", ("15 天",)),
            ("运费险赔多少", "退换货政策", ("39 元", "72 小时", "8 元", "12 元", "18 元")),
            ("退款多久到账", "退换货政策", ("1 到 3 个工作日", "3 到 7 个工作日")),
            ("退货仓库收到了吗", "退换货政策", ("48 小时", "24 小时")),
            ("可以换货吗", "退换货政策", ("7 天", "48 小时")),
            ("降价了能退差价吗", "退换货政策", ("15 天", "30 天")),
            ("小家电保修多久", "退换货政策", ("1 年", "2 年")),
            ("小馄饨收到化冻了怎么办", "退换货政策", ("24 小时", "坏单包赔")),
        ],
    )
    def test_answers_and_policies_name_the_same_figures(
        self, shop: dict[str, list[Row]], question: str, document: str, figures: tuple[str, ...]
    ) -> None:
        [entry] = by(shop["knowledge"], "question")[question]
        for figure in figures:
            assert figure in entry["answer"], figure
            assert figure in policy(document), figure


class TestEventsCouponsAndAgents:
    def test_events_are_of_known_people_and_products_and_in_order(self, shop: dict[str, list[Row]]) -> None:
        people = {customer["customer_id"] for customer in shop["customers"]}
        known = {product["sku"] for product in shop["products"]}
        totals = {
            number: round(sum(float(line["paid_amount"] or 0) for line in lines), 2)
            for number, lines in by(shop["orders"], "order_id").items()
        }
        times = [at(event["timestamp"]) for event in shop["events"]]
        assert times == sorted(times)
        assert times[-1] < LATEST
        for event in shop["events"]:
            assert event["type"] in {"track", "page", "identify"}
            assert event.get("userId") in people or event["anonymousId"]
            told = event.get("properties", {})
            assert told.get("sku") is None or told["sku"] in known
            if event.get("event") == "Order Completed":
                assert told["total"] == totals[told["order_id"]]
        assert {"Product Viewed", "Product Added", "Products Searched", "Order Completed", "Competitor Viewed"} <= {
            event.get("event") for event in shop["events"]
        }

    def test_coupons_run_forwards_and_name_known_levels(self, shop: dict[str, list[Row]]) -> None:
        levels = {customer["member_level"] for customer in shop["customers"]}
        for coupon in shop["coupons"]:
            assert at(coupon["valid_from"]) < at(coupon["valid_to"])
            assert set(listed(coupon["tiers"])) <= levels

    def test_every_role_is_filled_and_no_password_is_told(self, shop: dict[str, list[Row]]) -> None:
        assert {agent["role"] for agent in shop["agents"]} == {"agent", "senior", "lead", "admin"}
        assert {"仓库组", "金牌客服"} <= {group for agent in shop["agents"] for group in listed(agent["groups"])}
        assert all("password" not in agent for agent in shop["agents"])


class TestChats:
    def test_a_week_of_sessions_each_running_forwards(self, shop: dict[str, list[Row]]) -> None:
        sessions = by(shop["chats"], "session_id")
        assert len(sessions) >= 60
        for number, lines in sessions.items():
            times = [at(line["at"]) for line in lines]
            assert times == sorted(set(times)), number
            assert TODAY - timedelta(days=7) <= times[0].date()
            assert times[-1] < LATEST
            assert lines[0]["role"] == "shopper"
            assert [line for line in lines if "converted" in line] == lines[-1:]

    def test_who_speaks_is_known(self, shop: dict[str, list[Row]]) -> None:
        logins = {agent["login"] for agent in shop["agents"]}
        people = {customer["customer_id"] for customer in shop["customers"]}
        for line in shop["chats"]:
            assert line["role"] in {"shopper", "bot", "agent"}
            assert line["role"] != "agent" or line["sender_id"] in logins
            assert line.get("customer_id", "C001") in people

    def test_orders_spoken_of_are_the_shoppers_own_and_older_than_the_words(self, shop: dict[str, list[Row]]) -> None:
        orders = by(shop["orders"], "order_id")
        for lines in by(shop["chats"], "session_id").values():
            told = "".join(line["text"] for line in lines)
            named = {line["order_id"] for line in lines if "order_id" in line} | set(re.findall(r"SG\d{8}", told))
            for number in named:
                assert orders[number][0]["customer_id"] == lines[0].get("customer_id"), number
                bought = lines[-1]["converted"]
                ordered = at(orders[number][0]["ordered_at"])
                assert (ordered > at(lines[0]["at"])) if bought else (ordered < at(lines[0]["at"])), number

    def test_the_night_buys_more_often_than_the_day(self, shop: dict[str, list[Row]]) -> None:
        sales: defaultdict[bool, list[bool]] = defaultdict(list)
        for lines in by(shop["chats"], "session_id").values():
            sales[at(lines[0]["at"]).hour < 3].append(lines[-1]["converted"])
        night, day = (sum(sales[key]) / len(sales[key]) for key in (True, False))
        assert len(sales[True]) >= 8
        assert night > day + 0.2


def test_nothing_looks_like_a_real_persons_data() -> None:
    """Phones only of the invented range, no ID card numbers, no e-mail addresses, no bank cards."""
    for path in (found for found in SHOP.rglob("*") if found.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"(?<!\d)1[3-9](?!90000\d{4})\d{9}(?!\d)", text), path.name
        assert not re.findall(r"(?<!\d)\d{17}[\dXx](?!\d)", text), path.name
        assert not re.findall(r"(?<!\d)6\d{15}(?!\d)", text), path.name
        assert not re.findall(r"[\w.]+@[\w.]+", text), path.name
