"""`zhanggui analyse` over real files."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from webchat.cli import app

TALK = [
    ("s1", "2026-05-01 01:05", "shopper", "有没有优惠"),
    ("s1", "2026-05-01 01:06", "bot", "满300减30"),
    ("s2", "2026-05-01 10:00", "shopper", "和兰蔻比哪个好"),
    ("s1", "2026-05-01 01:07", "shopper", "太贵了，能便宜点吗"),
    ("s2", "2026-05-01 10:01", "agent", "我们更清爽"),
    ("s2", "2026-05-01 10:02", "shopper", "我的手机13812345678，怎么还不发货！！！"),
]


def lines(rows: list[tuple[str, str, str, str]], **more: Any) -> str:
    made = ({"session_id": s, "at": at, "role": role, "text": text, **more} for s, at, role, text in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)


def analyse(path: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["analyse", str(path), "--out", str(path.parent / "out"), *more])


def rows(folder: Path) -> dict[str, Any]:
    written = (folder / "out" / "sessions.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["session_id"]: row for row in map(json.loads, written)}


def report(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_text(lines(TALK), encoding="utf-8")
    return path


def test_a_log_gives_sessions_a_report_and_a_page(log: Path) -> None:
    done = analyse(log)
    assert done.exit_code == 0, done.output
    assert "2 段会话、6 句" in done.output
    found = rows(log.parent)
    (tag,) = [tag for tag in found["s1"]["tags"] if tag["name"] == "price_sensitive"]
    assert (tag["evidence"], tag["rule"], tag["version"]) == ([1, 4], "price_repeated", 1)
    (tag,) = [tag for tag in found["s2"]["tags"] if tag["name"] == "competitor"]
    assert (tag["value"], tag["evidence"]) == ("兰蔻", [3])
    assert (found["s1"]["escalate"], found["s2"]["escalate"]) == ("none", "senior")
    assert found["s2"]["escalated_by"][0]["words"] == "！！！"
    assert found["s2"]["unanswered"][0]["evidence"] == [6]
    assert [point["line"] for point in found["s1"]["emotion"]] == [1, 4]
    assert found["s1"]["swing"] in ("up", "down", "none")
    figures = report(log.parent)
    assert (figures["sessions"], figures["messages"]) == (2, {"shopper": 4, "bot": 1, "agent": 1})
    share = figures["tags"]["price_sensitive"]
    assert (share["k"], share["n"], share["enough"]) == (1, 2, False)
    assert share["low"] < 0.5 < share["high"]
    assert {row["hour"]: row["k"] for row in figures["hours"] if row["k"]} == {1: 1, 10: 1}


def test_the_page_stands_alone_and_shows_no_phone_number(log: Path) -> None:
    analyse(log)
    page = (log.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "价格敏感" in page
    assert "兰蔻" in page
    assert "数据不足" in page
    for written in log.parent.joinpath("out").iterdir():
        assert "13812345678" not in written.read_text(encoding="utf-8")


def test_words_of_shoppers_are_text_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(lines([("<b>", "2026-05-01", "shopper", "<script>alert(1)</script>有货吗？")]), encoding="utf-8")
    assert analyse(path).exit_code == 0
    assert "<script" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_conversion_by_hour_where_the_log_tells_outcomes(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(lines(TALK[:1], converted=True) + lines(TALK[2:3], converted=False), encoding="utf-8")
    analyse(path)
    hours = {row["hour"]: row["converted"] for row in report(tmp_path)["hours"]}
    assert (hours[1]["k"], hours[1]["n"], hours[10]["k"], hours[10]["n"]) == (1, 1, 0, 1)
    assert "不能当成钟点的功劳" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_wrong_lines_are_put_aside_with_their_reasons(log: Path) -> None:
    log.write_text(
        log.read_text(encoding="utf-8") + "{坏\n" + lines([("s3", "早上", "shopper", "在吗")]), encoding="utf-8"
    )
    done = analyse(log)
    assert done.exit_code == 3
    assert "第 7 行：这一行不是完整的 JSON" in done.output
    assert "第 8 行：「at」是「早上」，应为时间" in done.output
    rejected = (log.parent / "out" / "chats.jsonl.rejected.csv").read_text(encoding="utf-8-sig")
    assert rejected.count("\n") == 3
    log.write_text(lines(TALK), encoding="utf-8")
    assert analyse(log).exit_code == 0
    assert not (log.parent / "out" / "chats.jsonl.rejected.csv").exists()


JDDC = (
    "aa\tU1\t0\t0\t0\tnan\t有没有优惠\n"
    "aa\tU1\t1\t0\t0\tnan\t满199减20\n"
    "aa\tU1\t0\t0\t0\tnan\t有没有优惠\n"
    "bb\tU2\t0\t0\t0\tnan\t在吗\n"
)


def test_the_jddc_format_packed_or_not_has_no_hours(tmp_path: Path) -> None:
    for name, content in (("log.tsv", JDDC.encode()), ("log.tsv.gz", gzip.compress(JDDC.encode()))):
        path = tmp_path / name
        path.write_bytes(content)
        done = analyse(path)
        assert done.exit_code == 0, done.output
        assert "没有时间" in done.output
        assert [tag["name"] for tag in rows(tmp_path)["aa"]["tags"]] == ["price_sensitive"]
        assert "from" not in rows(tmp_path)["aa"]
        assert report(tmp_path)["hours"] == []
        assert "看不出几点来问" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_own_brands_are_no_competitors(log: Path) -> None:
    analyse(log, "--own-brand", "兰蔻")
    assert report(log.parent)["competitors"] == []


def test_a_log_that_cannot_be_used_leaves_no_folder_behind(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(lines([("s", "早上", "shopper", "x")]), encoding="utf-8")
    assert analyse(path).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_everything_wrong_is_told_in_one_sentence_and_leaves_the_last_report(log: Path) -> None:
    analyse(log)
    before = {path.name: path.read_bytes() for path in (log.parent / "out").iterdir()}
    bad = log.parent / "bad.jsonl"
    cases = {
        "": "文件是空的",
        "[]": "JSON 数组",
        '{"a":1}\n': "缺少必需的列",
        lines([("s", "早上", "shopper", "x")]): "1 行里没有一行可用；第 1 行：「at」是「早上」",
    }
    for content, told in cases.items():
        bad.write_text(content, encoding="utf-8")
        done = analyse(bad)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
        assert told in done.output
    assert "文件不存在" in analyse(log.parent / "none.jsonl").output
    (log.parent / "half.tsv.gz").write_bytes(gzip.compress(JDDC.encode())[:-12])
    assert "压缩包已损坏" in analyse(log.parent / "half.tsv.gz").output
    assert {path.name: path.read_bytes() for path in (log.parent / "out").iterdir()} == before


def test_wrong_options_are_told_in_one_sentence(log: Path) -> None:
    done = analyse(log, "--engine", "spark")
    assert (done.exit_code, done.output) == (2, "✗ --engine 是 spark，应为 local\n")
    (log.parent / "file").write_text("x")
    done = CliRunner().invoke(app, ["analyse", str(log), "--out", str(log.parent / "file")])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    done = CliRunner().invoke(app, ["analyse", str(log), "--out", str(log.parent / "file" / "below")])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "换一个 --out 目录" in done.output
