"""Files that are wrong in every way a file can be, and what is said about them."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import openpyxl
import pytest

from assistant.imports.report import Notices, exit_code
from assistant.imports.run import import_files
from crm_core.commerce import orders, products
from crm_core.conversations import timeline
from crm_core.conversations.events import ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.database import Database, Tx

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "sku,name,price\n"


def skus(record: Database) -> list[str]:
    with record.reading() as tx:
        return [one.sku for one in products.all_products(tx)]


def test_good_rows_are_taken_and_bad_ones_told_with_line_column_and_expectation(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,99\nB,,88\nC,茶壶,很贵\n")
    assert (report.rows, report.taken, report.rejected, report.exit_code) == (3, 1, 2, 3)
    assert [(one.line, one.reason) for one in report.first_rejects] == [
        (3, "「name」是空的，这一列每行都要填"),
        (4, "「price」是「很贵」，应为金额，例如 99.00"),
    ]
    assert skus(shop.record) == ["A"]


def test_everything_wrong_with_a_row_is_told_at_once(shop) -> None:
    report = shop.take("products", "sku,name,price,stock\nA,,x,y\n")
    assert report.first_rejects[0].reason.count("；") == 2


def test_rejected_rows_can_be_mended_and_imported_as_they_are(shop) -> None:
    report = shop.take("products", "商品编码,商品名称,价格,成分\nA,茶杯,99,=SUM(A1)\nB,茶壶,很贵,@cmd\nC,茶盘,+x,-5\n")
    assert report.rejected_file.name == "file.csv.rejected.csv"
    rejected = shop.rejected(report)
    assert list(csv.reader(io.StringIO(rejected))) == [
        ["line", "reason", "商品编码", "商品名称", "价格", "成分"],
        ["3", "「价格」是「很贵」，应为金额，例如 99.00", "B", "茶壶", "很贵", "'@cmd"],
        ["4", "「价格」是「+x」，应为金额，例如 99.00", "C", "茶盘", "'+x", "'-5"],
    ]
    mended = shop.take("products", rejected.replace("很贵", "199").replace("'+x", "30"), "mended.csv")
    assert (mended.taken, mended.rejected) == (2, 0)
    with shop.record.reading() as tx:
        assert products.product(tx, "B").attributes == {"成分": "@cmd"}
        assert products.product(tx, "C").attributes == {"成分": "-5"}


def test_long_numbers_and_leading_zeros_survive_mending_in_a_spreadsheet(shop) -> None:
    report = shop.take("orders", "order_id,customer_id,sku,ordered_at\n6917123456789012345,007,A,昨天\n")
    rejected = shop.rejected(report)
    assert "'6917123456789012345,'007,A,昨天" in rejected
    mended = shop.take("orders", rejected.replace("昨天", "2026-05-01"), "mended.csv")
    assert mended.taken == 1
    with shop.record.reading() as tx:
        assert orders.order_of(tx, "007", "6917123456789012345") is not None


def test_the_file_of_rejected_rows_goes_away_when_nothing_is_rejected_any_more(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,贵\n")
    assert report.rejected_file.exists()
    again = shop.take("products", HEADER + "A,茶杯,9\n")
    assert again.rejected_file is None
    assert not report.rejected_file.exists()


def test_somebody_elses_file_of_that_name_stays(shop) -> None:
    mine = shop.file("我的笔记\n", "file.csv.rejected.csv")
    shop.take("products", HEADER + "A,茶杯,9\n")
    assert mine.exists()


def test_rejected_rows_that_cannot_be_written_are_still_told(shop) -> None:
    (shop.folder / "file.csv.rejected.csv").mkdir()
    report = shop.take("products", HEADER + "A,茶杯,贵\n")
    assert report.rejected_file is None
    assert report.rejected == 1
    assert any("写不进" in notice for notice in report.notices)


def test_a_dry_run_checks_everything_and_writes_nothing(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,9\nB,茶壶,贵\n", dry_run=True)
    assert (report.taken, report.rejected, report.exit_code) == (1, 1, 3)
    assert skus(shop.record) == []
    assert [path.name for path in shop.folder.glob("file*")] == ["file.csv"]


def test_a_second_import_of_the_same_file_changes_nothing(shop) -> None:
    shop.take("products", HEADER + "A,茶杯,9\n")
    again = shop.take("products", HEADER + "A,茶杯,9\n")
    assert (again.taken, again.unchanged) == (1, 1)


def test_a_chunk_of_more_than_a_thousand_rows_is_taken_whole(shop) -> None:
    progress: list[tuple[int, int]] = []
    path = shop.file(HEADER + "".join(f"S{n},茶杯,{n}\n" for n in range(2500)))
    report = shop.take("products", path, progress=lambda _, done, total: progress.append((done, total)))
    assert report.taken == 2500
    assert len(skus(shop.record)) == 2500
    assert [done for done, _ in progress] == [1000, 2000, 2500]
    assert all(total >= 2500 for _, total in progress)


def test_messages_of_the_gateway_pass_between_the_chunks(shop) -> None:
    said: list[int] = []

    def message(tx: Tx) -> int:
        event = ShopperSpoke("在吗", f"m{len(said)}")
        return timeline.append(tx, Thread("live"), [(event, event.client_id)], at=NOW)[0].seq

    def between(*_: object) -> None:
        said.append(shop.record.write(message).result(timeout=5))

    shop.take("products", HEADER + "".join(f"S{n},茶杯,{n}\n" for n in range(2500)), progress=between)
    assert said == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "空的"),
        ("a.csv", b" \n\n", "空的"),
        (
            "a.csv",
            "名字,颜色\n茶杯,白\n".encode(),
            "缺少必需的列 sku（商品编码）、name（商品名称）；文件里的列是：名字、颜色",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("a.csv", b"%PDF-1.7 x", "PDF"),
        ("a.csv", b"sku,name\nA,\xff\xfe\xff\xff\n" * 3, "编码"),
        ("a.jsonl", b'[{"sku": "A"}]', "每行一个对象"),
        ("a.jsonl", b'{"foo": 1}\n', "缺少必需的列"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(shop, name: str, content: bytes, said: str) -> None:
    report = shop.take("products", content, name)
    assert report.exit_code == 2
    assert said in report.unusable
    assert "\n" not in report.unusable
    assert report.rejected_file is None


def test_a_folder_or_a_missing_file_is_no_sheet(shop) -> None:
    assert "文件" in shop.take("products", shop.folder).unusable
    assert shop.take("products", shop.folder / "nowhere.csv").unusable == "文件不存在"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_a_spreadsheet_writes_is_read(shop, encoding: str) -> None:
    report = shop.take("products", "商品编码,商品名称,肤质\nA,润绒口红,干皮\n".encode(encoding))
    assert (report.taken, report.unusable) == (1, None)
    with shop.record.reading() as tx:
        assert products.product(tx, "A").attributes == {"肤质": "干皮"}


def test_a_file_with_a_header_alone_is_taken_with_a_word(shop) -> None:
    report = shop.take("products", HEADER)
    assert (report.rows, report.exit_code) == (0, 0)
    assert report.notices == ("文件里只有表头，没有数据行",)


def test_blank_lines_and_a_line_of_sums_are_no_rows(shop) -> None:
    report = shop.take("products", "sku,name,价格,库存\n\nA,茶杯,99,5\n,,,\n合计,,99,5\n")
    assert (report.rows, report.taken, report.rejected) == (1, 1, 0)
    assert report.notices == ("第 5 行：合计行，不是数据，没有导入",)


def test_a_product_may_be_called_a_sum(shop) -> None:
    assert shop.take("products", HEADER + "合计,合计,9\n").taken in (0, 1)
    assert shop.take("products", HEADER + "T-1,总计时器 30分钟,9\n").taken == 1


def test_cells_beyond_the_header_are_refused_and_kept_as_they_were(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,1,299\nB,茶壶\nC,茶盘,,\n")
    assert (report.taken, report.rejected) == (2, 1)
    assert report.first_rejects[0].reason == "这一行有 4 格，表头只有 3 列"
    assert "A,茶杯,1,299" in shop.rejected(report)


def test_a_column_without_a_name_is_left_out(shop) -> None:
    report = shop.take("products", "sku,,name\nA,x,茶杯\n")
    assert report.taken == 1
    with shop.record.reading() as tx:
        assert products.product(tx, "A").attributes == {}


def test_of_two_columns_with_one_name_the_first_counts_and_the_other_is_kept(shop) -> None:
    report = shop.take("products", "sku,name,价格,价格\nA,茶杯,9,8\n")
    assert report.taken == 1
    with shop.record.reading() as tx:
        found = products.product(tx, "A")
    assert found.price == 900
    assert found.attributes == {"价格(2)": "8"}


def test_a_contract_name_wins_over_an_alias_and_an_empty_one_gives_way(shop) -> None:
    shop.take("products", "货号,sku,name\nX,A,茶杯\nY,,茶壶\n")
    with shop.record.reading() as tx:
        assert products.product(tx, "A").attributes == {"货号": "X"}
        assert products.product(tx, "Y").name == "茶壶"


@pytest.mark.parametrize("header", ["价格(元)", "价格（元）", " 价格 ", "售价：", "PRICE", "Price [RMB]", "*价格"])
def test_headers_are_known_by_name_however_they_are_dressed(shop, header: str) -> None:
    shop.take("products", f"SKU 编码,商品名称(必填),{header}\nA,茶杯,9.9\n")
    with shop.record.reading() as tx:
        assert products.product(tx, "A").price == 990


def test_the_report_shows_which_header_was_taken_for_which_column(shop) -> None:
    report = shop.take("products", "商品编码,商品名称,肤质\nA,茶杯,\n")
    assert report.columns == {"sku": "商品编码", "name": "商品名称"}


def test_a_workbook_is_read_like_a_sheet(shop) -> None:
    book = openpyxl.Workbook()
    book.active.append(["订单号", "顾客编号", "商品编码", "下单时间", "数量"])
    book.active.append(["6917123456789012345", "C1", "A", "2026-01-02 15:04", 2])
    book.active.append([6917123456789012345, "C1", "A", 46024.5, 1])
    path = shop.folder / "orders.xlsx"
    book.save(path)
    report = shop.take("orders", path)
    assert (report.taken, report.rejected) == (1, 1)
    assert "文本格式后重新导出" in report.first_rejects[0].reason


def test_lines_that_are_no_json_are_refused_with_their_text(shop) -> None:
    lines = '{"sku": "A", "name": "茶杯", "规格": {"高": 9}}\n{"sku": \n"x"\n{"name": "y"}\n'
    report = shop.take("products", lines, "a.jsonl")
    assert (report.rows, report.taken, report.rejected) == (4, 1, 3)
    assert report.first_rejects[-1].reason == "缺少「sku（商品编码）」"
    rejected = shop.rejected(report)
    assert '"{""sku"": "' in rejected
    with shop.record.reading() as tx:
        assert products.product(tx, "A").attributes == {"规格": "高：9"}
    assert shop.take("products", rejected, "mended.csv").rejected == 3


def test_several_files_are_each_reported_and_one_bad_file_stops_nobody(shop, tmp_path: Path) -> None:
    good, bad = shop.file(HEADER + "A,茶杯,9\n", "a.csv"), shop.file("x\n1\n", "b.csv")
    reports = import_files(shop.record, "products", [bad, good], now=lambda: None, passwords=None)
    assert [report.exit_code for report in reports] == [2, 0]
    assert exit_code(reports) == 2
    assert exit_code(reports[1:]) == 0


def test_a_platform_is_a_matter_of_orders_alone(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,9\n", platform="jd")
    assert "只用于订单" in report.unusable


def test_a_report_is_json(shop) -> None:
    report = shop.take("products", HEADER + "A,茶杯,贵\n")
    told = msgspec.json.decode(msgspec.json.encode(report.as_json()))
    assert told["rejected"] == 1
    assert told["rejects"][0]["line"] == 2


def test_a_million_equal_notices_take_the_room_of_one() -> None:
    notices = Notices()
    for line in range(1, 1001):
        notices.add("手机号是掩码", line)
    for n in range(60):
        notices.add(f"别的 {n}")
    told = notices.told()
    assert told[0] == "第 1、2、3、4、5 行等 1000 行：手机号是掩码"
    assert len(told) == 51
    assert told[-1] == "另有 11 条提示没有列出"
