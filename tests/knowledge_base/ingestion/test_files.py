"""Files of every kind become articles that can be cited, and what is bad is refused with its reason."""

import random
import time
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfWriter

from knowledge_base.articles import Scope
from knowledge_base.ingestion import pdf_files
from knowledge_base.ingestion.files import read_articles
from knowledge_base.ingestion.unusable import UnusableFile
from knowledge_base.ingestion.validity import SHOP_ZONE


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def _reason(path: Path) -> str:
    with pytest.raises(UnusableFile) as caught:
        read_articles(path)
    return caught.value.reason


FAQ = (
    "问题(必填),标准回复,相似问1,相似问2,分类,sku,生效时间,失效时间,会员等级,平台\n"
    "多久发货,四十八小时内,几天发货；啥时候发,发货时间,物流,,,,,\n"
    "双十一有赠品吗,有小样,,,活动,A1;A2,2026-11-01,2026-11-11,金卡,淘宝\n"
    ",没有问题,,,,,,,,\n"
    "没有答案,,,,,,,,,\n"
    "多久发货,七天内,,,,,,,,\n"
    "多久发货,四十八小时内,多长时间发,,,,,,,\n"
    "日期错,答案,,,,,明天,,,\n"
    "反了,答案,,,,,2026-02-01,2026-01-01,,\n"
)


def test_a_sheet_under_the_names_a_shop_uses(tmp_path):
    found = read_articles(_write(tmp_path / "常见问题.csv", FAQ))
    first, second = found.articles
    assert (first.kind, first.title, first.text, first.category) == ("article", "多久发货", "四十八小时内", "物流")
    assert first.similar == ("几天发货", "啥时候发", "发货时间", "多长时间发")
    assert first.scope == Scope()
    assert first.source.file == "常见问题.csv"
    assert second.scope == Scope(
        datetime(2026, 11, 1, tzinfo=SHOP_ZONE),
        datetime(2026, 11, 12, tzinfo=SHOP_ZONE),
        ("A1", "A2"),
        ("taobao",),
        ("金卡",),
    )
    assert [refused.line for refused in found.refused] == [4, 5, 6, 8, 9]
    reasons = " ".join(refused.reason for refused in found.refused)
    assert all(word in reasons for word in ["问题是空的", "没有答案", "第 2 行", "生效时间「明天」", "晚于"])


def test_the_same_table_as_workbook_and_as_json_lines(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["question", "answer", "similar", "valid_to"])
    book.active.append(["多久发货", "四十八小时内", "几天发货|啥时候发", datetime(2026, 6, 30)])
    book.save(tmp_path / "a.xlsx")
    line = '{"question":"多久发货","answer":"四十八小时内","similar":["几天发货","啥时候发"],"valid_to":"2026-06-30"}'
    _write(tmp_path / "a.jsonl", line)
    (sheet,) = read_articles(tmp_path / "a.xlsx").articles
    (lines,) = read_articles(tmp_path / "a.jsonl").articles
    assert sheet.similar == lines.similar == ("几天发货", "啥时候发")
    assert sheet.scope == lines.scope == Scope(valid_to=datetime(2026, 7, 1, tzinfo=SHOP_ZONE))


def test_a_sheet_without_the_needed_columns_names_those_it_has(tmp_path):
    assert "文件里是：名称、价格" in _reason(_write(tmp_path / "a.csv", "名称,价格\n面霜,9\n"))


def test_a_row_put_in_front_changes_only_itself(tmp_path):
    lines = FAQ.splitlines(keepends=True)
    before = read_articles(_write(tmp_path / "a.csv", FAQ)).articles
    after = read_articles(_write(tmp_path / "a.csv", lines[0] + "新问题,新答案\n" + "".join(lines[1:]))).articles
    assert set(before) < set(after)
    changed = read_articles(_write(tmp_path / "a.csv", FAQ.replace("有小样", "有正装"))).articles
    assert [article.id for article in changed] == [article.id for article in before]


MARKDOWN = """---
valid_to: 2026-12-31
category: 售后
---
# 退换货政策
本政策适用于**全部**商品，见[详情](https://example.com/x)。
## 运费
- 质量问题：店铺承担
- 其他：买家承担

| 地区 | 运费 |
|---|---|
| 江浙沪 | 6 元 |
| 新疆 | 20 元 |

## 常见问题
| 问题 | 答案 |
|---|---|
| 拆封能退吗 | 不影响二次销售可以 |
"""


def test_markdown_keeps_headings_tables_and_front_matter(tmp_path):
    found = read_articles(_write(tmp_path / "政策.md", MARKDOWN))
    intro, freight, faq = found.articles
    assert (intro.kind, intro.title) == ("passage", "退换货政策")
    assert intro.text == "本政策适用于全部商品，见详情。"
    assert freight.title == freight.source.section == "退换货政策 › 运费"
    assert freight.text.splitlines() == [
        "- 质量问题：店铺承担",
        "- 其他：买家承担",
        "地区：江浙沪；运费：6 元",
        "地区：新疆；运费：20 元",
    ]
    assert (faq.kind, faq.title, faq.text) == ("article", "拆封能退吗", "不影响二次销售可以")
    assert {article.category for article in found.articles} == {"售后"}
    assert {article.scope.valid_to for article in found.articles} == {datetime(2027, 1, 1, tzinfo=SHOP_ZONE)}


def test_a_wrong_date_in_front_matter_refuses_the_file(tmp_path):
    assert "valid_to「年底」" in _reason(_write(tmp_path / "a.md", "---\nvalid_to: 年底\n---\n正文"))


def _word(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("售后手册", 0)
    document.add_heading("发票", 1)
    document.add_paragraph("签收后三十天内可以申请。")
    document.add_paragraph("企业需提供税号", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["类型", "时限", "电子", "当天"], strict=True):
        cell.text = text
    document.save(str(path))
    return path


def test_word_keeps_headings_and_tables(tmp_path):
    (passage,) = read_articles(_word(tmp_path / "手册.docx")).articles
    assert passage.title == "售后手册 › 发票"
    assert passage.text.splitlines()[0] == "签收后三十天内可以申请。"
    assert passage.text.splitlines()[-1] == "类型：电子；时限：当天"


PAGE = """<html><head><title>帮助中心</title><script>var a='脚本'</script></head><body>
<header>旗舰店横幅</header><nav><a>首页</a></nav><main><h1>配送说明</h1><p>满 99 元<b>包邮</b>。<br>次日达。</p>
<div style="display:none">看不见</div><ul><li>江浙沪一天</li></ul>
<table><tr><th>地区</th><th>时效</th></tr><tr><td>西藏</td><td>七天</td></tr></table></main><footer>备案号</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_gives_its_main_text_only(tmp_path, encoding):
    (tmp_path / "a.html").write_bytes(PAGE.encode(encoding))
    (passage,) = read_articles(tmp_path / "a.html").articles
    assert passage.title == "配送说明"
    assert passage.text.splitlines() == ["满 99 元包邮。", "次日达。", "- 江浙沪一天", "地区：西藏；时效：七天"]


def test_a_page_nested_without_end_and_one_full_of_entities(tmp_path):
    started = time.perf_counter()
    deep = _write(tmp_path / "deep.html", "<html><body><p>开头</p>" + "<div>" * 200_000 + "深处")
    assert [article.text for article in read_articles(deep).articles][:1] == ["开头"]
    entity = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>正文&x;</p></body></html>'
    (passage,) = read_articles(_write(tmp_path / "entity.html", entity)).articles
    assert Path("/etc/hostname").read_text().strip() not in passage.text
    assert time.perf_counter() - started < 3


def _pdf(path: Path, pages: list[list[str]]) -> Path:
    """A PDF of ASCII lines, one content stream a page, written by hand."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(body)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    path.write_bytes(body)
    return path


def test_a_pdf_is_cited_by_page_and_its_empty_pages_are_told(tmp_path):
    path = _pdf(tmp_path / "manual.pdf", [["1. Returns policy", "Within 7 days."], [], ["Freight is 6 yuan."]])
    found = read_articles(path)
    assert [(one.source.page, one.title, one.text) for one in found.articles] == [
        (1, "1. Returns policy", "Within 7 days."),
        (3, "1. Returns policy", "Freight is 6 yuan."),
    ]
    assert [refused.place for refused in found.refused] == ["manual.pdf 第 2 页"]


def test_a_pdf_of_ten_thousand_pages_and_one_under_a_password(tmp_path):
    writer = PdfWriter()
    for _ in range(10_000):
        writer.add_blank_page(9, 9)
    writer.write(tmp_path / "long.pdf")
    started = time.perf_counter()
    assert "10000 页" in _reason(tmp_path / "long.pdf")
    assert time.perf_counter() - started < 15
    locked = PdfWriter()
    locked.add_blank_page(9, 9)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    assert "密码" in _reason(tmp_path / "locked.pdf")


def test_a_pdf_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf_files, "MOST_SECONDS", 0.01)
    assert "没有读完" in _reason(_pdf(tmp_path / "a.pdf", [["x"]]))


def test_plain_text_follows_its_numbered_headings(tmp_path):
    text = "一、发货\n付款后四十八小时\n内发出。\n二、退货\n（一）时限\n七天。\n2.5 倍赔付\n"
    found = read_articles(_write(tmp_path / "说明.txt", text))
    assert [(one.title, one.text) for one in found.articles] == [
        ("一、发货", "付款后四十八小时内发出。"),
        ("二、退货 › （一）时限", "七天。\n2.5 倍赔付"),
    ]


def test_a_folder_is_read_in_order_and_bad_files_are_refusals(tmp_path):
    folder = tmp_path / "知识"
    (folder / "售后").mkdir(parents=True)
    _write(folder / "faq.csv", "问题,答案\n甲,乙\n")
    _write(folder / "售后" / "退货.md", "# 退货\n七天。")
    _write(folder / ".hidden.md", "# 不读")
    _write(folder / "空.csv", "")
    _write(folder / "图.png", "x")
    found = read_articles(folder)
    assert [article.source.file for article in found.articles] == ["faq.csv", "售后/退货.md"]
    assert [refused.place for refused in found.refused] == ["图.png", "空.csv"]


def test_nothing_to_read(tmp_path):
    assert _reason(tmp_path / "没有") == "文件不存在"
    (tmp_path / "空").mkdir()
    assert _reason(tmp_path / "空") == "文件夹里没有文件"
    assert "能读的有" in _reason(_write(tmp_path / "a.exe", "x"))


def test_word_files_with_macros_bombs_and_entities_are_refused(tmp_path):
    with zipfile.ZipFile(_word(tmp_path / "good.docx")) as archive:
        good = {name: archive.read(name) for name in archive.namelist()}

    def forged(name: str, **parts: bytes) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in {**good, **{key.replace("__", "/"): value for key, value in parts.items()}}.items():
                archive.writestr(part, content)
        return tmp_path / name

    body = "word__document.xml"
    assert "宏" in _reason(forged("a.docx", **{"word__vbaProject.bin": b"x"}))
    assert "太大" in _reason(forged("b.docx", **{body: random.Random(1).randbytes(33 * 1024 * 1024)}))
    assert "压缩比" in _reason(forged("c.docx", **{body: b" " * 30_000_000}))
    assert "外部实体" in _reason(forged("d.docx", **{body: b'<!DOCTYPE x [<!ENTITY y "z">]><x/>'}))
    assert "损坏" in _reason(forged("e.docx", **{body: b"<w:document"}))


def test_damaged_documents_give_articles_or_a_reason(tmp_path):
    dice = random.Random(11)
    word = _word(tmp_path / "a.docx").read_bytes()
    samples = {".docx": word, ".md": MARKDOWN.encode(), ".html": PAGE.encode(), ".csv": FAQ.encode()}
    for turn in range(160):
        suffix = list(samples)[turn % 4]
        content = bytearray(samples[suffix])
        for _ in range(dice.randint(1, 20)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path = tmp_path / f"any{suffix}"
        path.write_bytes(content)
        try:
            found = read_articles(path)
        except UnusableFile:
            continue
        assert all(article.id and article.text for article in found.articles)
