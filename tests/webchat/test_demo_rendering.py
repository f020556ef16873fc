"""Rendering the demo shop's files for a day."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from webchat.demo.rendering import render, render_text, shop_day

TODAY = date(2026, 3, 2)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{T-0}", "2026-03-02"),
        ("{T-2 23:05}", "2026-02-28 23:05:00"),
        ("{T+30}", "2026-04-01"),
        ("{T+0 00:00:59}", "2026-03-02 00:00:59"),
        ('{"at": "{T-1 10:20}"}', '{"at": "2026-03-01 10:20:00"}'),
        ("从{T-3}到{T+3}，共{T-0 09:00}", "从2026-02-27到2026-03-05，共2026-03-02 09:00:00"),
        ("亲亲{笑脸} {} {1,2}", "亲亲{笑脸} {} {1,2}"),
    ],
)
def test_a_token_becomes_the_day_and_time_it_means(text: str, said: str) -> None:
    assert render_text(text, TODAY) == said


@pytest.mark.parametrize(
    "token", ["{T}", "{T3}", "{T-}", "{T-3 25:00}", "{T-3 9:00}", "{T-3", "{t-3}", "{Y-1}", "{T-999999}", "{today}"]
)
def test_what_is_no_date_is_refused_with_file_and_line(tmp_path: Path, token: str) -> None:
    write(tmp_path / "from", "orders.csv", f"order_id,ordered_at\n1,{{T-1}}\n2,{token}\n")
    with pytest.raises(ValueError, match=r"orders\.csv 第 3 行"):
        render(tmp_path / "from", tmp_path / "to", TODAY)
    assert not list((tmp_path / "to").iterdir())


def test_a_folder_is_copied_with_its_sub_folders_and_dates_set(tmp_path: Path) -> None:
    shop, data = tmp_path / "shop", tmp_path / "data"
    write(shop, "a.csv", "\ufeffid,at\r\n1,{T-1}\r\n")
    write(shop, "b.jsonl", '{"type": "track", "properties": {"sku": "A"}, "timestamp": "{T-1 08:00}"}\n')
    write(shop, "policies/退货.md", "# 退货\n\n自 {T-45} 起执行。\n")
    write(shop, "photo.bin", "{T-not-a-token}")
    written = render(shop, data, TODAY)
    assert written == [data / "a.csv", data / "b.jsonl", data / "photo.bin", data / "policies/退货.md"]
    assert (data / "a.csv").read_bytes().decode() == "\ufeffid,at\r\n1,2026-03-01\r\n"
    assert '"timestamp": "2026-03-01 08:00:00"' in (data / "b.jsonl").read_text(encoding="utf-8")
    assert "自 2026-01-16 起执行" in (data / "policies/退货.md").read_text(encoding="utf-8")
    assert (data / "photo.bin").read_text(encoding="utf-8") == "{T-not-a-token}"


def test_rendering_again_for_the_next_day_replaces_the_files(tmp_path: Path) -> None:
    write(tmp_path / "shop", "a.csv", "{T-1}")
    render(tmp_path / "shop", tmp_path / "data", TODAY)
    render(tmp_path / "shop", tmp_path / "data", date(2026, 3, 3))
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["a.csv"]
    assert (tmp_path / "data" / "a.csv").read_text(encoding="utf-8") == "2026-03-02"


def test_a_shop_opened_before_nine_takes_yesterday_for_its_today() -> None:
    assert shop_day(datetime(2026, 3, 2, 0, 59, tzinfo=UTC)) == date(2026, 3, 1)  # 08:59 in Shanghai
    assert shop_day(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert shop_day(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == date(2026, 3, 1)  # 01:30 of the 2nd
