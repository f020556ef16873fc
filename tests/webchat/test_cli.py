"""The commands as an operator types them: what they print, how they end."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_core import audit
from crm_core.audit import Deed
from tests.journeys.conftest import render
from webchat.cli import main
from webchat.settings import Settings
from webchat.wiring import open_record


def zhanggui(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webchat.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop made with the commands alone."""
    folder = tmp_path_factory.mktemp("cli")
    data = folder / "data"
    made = zhanggui("init", "--data", str(data))
    assert made.returncode == 0, made.stderr
    assert "admin" in made.stdout
    for kind, path in render(folder):
        done = zhanggui("import", kind, str(path), "--data", str(data))
        assert done.returncode == 0, done.stdout + done.stderr
    return data


def test_init_twice_keeps_the_shop_and_shows_no_second_password(shop: Path) -> None:
    again = zhanggui("init", "--data", str(shop))
    assert again.returncode == 0
    assert "密码" not in again.stdout


def test_a_second_import_of_the_same_file_changes_nothing(shop: Path) -> None:
    done = zhanggui("import", "orders", str(shop.parent / "orders.csv"), "--data", str(shop), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["taken"], report["unchanged"]) == (0, 5, 5)


def test_rejected_rows_are_named_and_end_with_three(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单号,顾客编号,商品编码,数量,下单时间\nX1,T001,TEA-01,1,2026-01-02\nX2,T001,TEA-01,很多,昨天\n", "utf-8"
    )
    done = zhanggui("import", "orders", str(path), "--data", str(shop))
    assert done.returncode == 3
    assert "第 3 行" in done.stdout
    assert (tmp_path / "orders.csv.rejected.csv").exists()
    assert "Traceback" not in done.stderr


def test_a_dry_run_writes_nothing(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_id\nNEW-1\n", "utf-8")
    for _ in range(2):
        done = zhanggui("import", "customers", str(path), "--data", str(shop), "--dry-run", "--json")
        report = json.loads(done.stdout)
        assert (report["taken"], report["unchanged"], report["dry_run"]) == (1, 0, True)


def test_doctor_names_the_first_note_of_who_looked_that_was_changed(tmp_path: Path) -> None:
    zhanggui("init", "--data", str(tmp_path))
    assert "0 条" in zhanggui("doctor", "--data", str(tmp_path)).stdout
    record = open_record(Settings(data=tmp_path))
    for n in range(3):
        deed = Deed("ann", "reveal", f"C{n}", "phone", "回电")
        record.write(lambda tx, deed=deed: audit.note(tx, deed, datetime.now(UTC))).result()
    assert "3 条，每一条都和写下时一样" in zhanggui("doctor", "--data", str(tmp_path)).stdout
    with record.transaction() as tx:
        tx.execute(audit.deeds.update().where(audit.deeds.c.seq == 2).values(who="bob"))
    record.close()
    done = zhanggui("doctor", "--data", str(tmp_path))
    assert "从第 2 条起被改动" in done.stdout
    assert done.returncode != 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00nonsense\x81\x8d", "不是,我们要的,列\n1,2,3\n".encode()])
def test_a_file_that_cannot_be_used_ends_with_two_and_one_sentence(shop: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    done = zhanggui("import", "orders", str(path), "--data", str(shop))
    assert done.returncode == 2
    assert "orders.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_and_an_unknown_kind_are_said(shop: Path) -> None:
    missing = zhanggui("import", "orders", "nowhere.csv", "--data", str(shop))
    assert missing.returncode == 2
    assert "nowhere.csv" in missing.stderr
    assert zhanggui("import", "nonsense", "x.csv", "--data", str(shop)).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "nonsense", "x.csv"], "kind 应为 products、relations"),
        (["import"], "缺少 kind"),
        (["serve", "--port", "eight"], "--port 应为整数"),
        (["serve", "--nonsense"], "没有 --nonsense 这个选项"),
        (["nonsense"], "没有 nonsense 这个命令"),
        (["search", "-k", "0", "包邮吗"], "-k 应不小于 1"),
    ],
)
def test_a_wrong_command_line_is_explained_in_the_operators_language(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["zhanggui", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_search_prints_one_object_a_line(shop: Path, tmp_path: Path) -> None:
    one = json.loads(zhanggui("search", "能开发票吗", "--json", "--data", str(shop)).stdout)
    assert one["verdict"] == "answer"
    assert "电子普通发票" in one["hits"][0]["text"]
    assert one["hits"][0]["source"]["file"] == "knowledge.csv"
    queries = tmp_path / "queries.txt"
    queries.write_text("包邮吗\n火星上有没有分店\n", "utf-8")
    lines = zhanggui("search", "--file", str(queries), "--json", "-k", "3", "--data", str(shop)).stdout.splitlines()
    verdicts = [json.loads(line)["verdict"] for line in lines]
    assert verdicts == ["answer", "unsure"]
    assert zhanggui("search", "--data", str(shop)).returncode == 2


def test_read_prints_what_it_sees_in_each_line() -> None:
    done = zhanggui("read", "--json", stdin="我要转人工\n订单20261122001234到哪了\n")
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["wants_human"] is True
    assert {"kind": "order_id", "span": [2, 16], "value": "20261122001234"} in second["entities"]


def test_read_knows_the_competitors_that_the_shop_lists_and_says_which_line_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "competitors.txt").write_text("溪谷小屋 xigu\n", "utf-8")
    done = zhanggui("read", "--json", stdin="和xigu比哪个好\n", ZHANGGUI_DATA=str(tmp_path))
    assert [one["brand"] for one in json.loads(done.stdout)["competitors"]] == ["溪谷小屋"]
    (tmp_path / "competitors.txt").write_text("溪谷小屋\n溪谷小屋\n", "utf-8")
    done = zhanggui("read", stdin="你好\n", ZHANGGUI_DATA=str(tmp_path))
    assert done.returncode == 2
    assert "competitors.txt 第 2 行的「溪谷小屋」在第 1 行已经有了" in done.stderr


def test_doctor_shows_every_setting_and_hides_the_secrets(shop: Path) -> None:
    done = zhanggui("doctor", "--data", str(shop), ZHANGGUI_WIDGET_KEY="a widget key nobody should see in a log")
    assert done.returncode == 0, done.stdout
    assert "ZHANGGUI_BURST_WAIT = 1.2" in done.stdout
    assert "[环境变量]" in done.stdout
    assert "nobody should see" not in done.stdout


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ZHANGGUI_DATABASE_URL": "postgresql+psycopg://postgres@127.0.0.1:1/none?connect_timeout=2"}, "数据库"),
        ({"ZHANGGUI_LIVE_URL": "redis://127.0.0.1:1/0"}, "门铃"),
        ({"ZHANGGUI_WIDGET_KEY": "a short key"}, "买家身份密钥"),
        ({"ZHANGGUI_EMBEDDER": "/no/such/model"}, "句向量"),
        ({"ZHANGGUI_EMOTION": "/no/such/model"}, "文本理解"),
    ],
)
def test_doctor_finds_what_does_not_answer(shop: Path, environment: dict[str, str], named: str) -> None:
    done = zhanggui("doctor", "--data", str(shop), **environment)
    assert done.returncode == 1
    assert any(line.startswith("✗") and named in line for line in done.stdout.splitlines())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["ZHANGGUI_BURST_WAIT", "ZHANGGUI_DATABASE_URL", "ZHANGGUI_LIVE_URL"])
def test_a_wrong_setting_stops_the_start_with_its_name(shop: Path, name: str) -> None:
    done = zhanggui("serve", "--port", "0", "--data", str(shop), **{name: "nonsense"})
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_stops_the_start_in_one_sentence(shop: Path) -> None:
    url = "postgresql+psycopg://postgres@127.0.0.1:1/none?connect_timeout=2"
    done = zhanggui("serve", "--port", "0", "--data", str(shop), ZHANGGUI_DATABASE_URL=url)
    assert done.returncode == 2
    assert "ZHANGGUI_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [({"ZHANGGUI_BRUST_WAIT": "1"}, "ZHANGGUI_BURST_WAIT"), ({"ZHANGGUI_DATA": "/proc/nowhere"}, "ZHANGGUI_DATA")],
)
def test_a_misspelt_name_or_an_impossible_folder_stops_the_start(environment: dict[str, str], named: str) -> None:
    done = zhanggui("serve", "--port", "0", **environment)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_user_is_added_once_and_the_made_password_is_shown_once(shop: Path) -> None:
    added = zhanggui("user", "add", "xiaowang", "--role", "senior", "--data", str(shop))
    assert added.returncode == 0
    assert "密码" in added.stdout
    assert zhanggui("user", "add", "xiaowang", "--role", "agent", "--data", str(shop)).returncode == 2
    given = zhanggui(
        "user", "add", "xiaoli", "--role", "agent", "--password-stdin", "--data", str(shop), stdin="correct horse\n"
    )
    assert given.returncode == 0
    assert "密码" not in given.stdout


def test_talking_in_the_terminal_goes_over_the_real_socket(shop: Path) -> None:
    environment = {
        **os.environ,
        "ZHANGGUI_WIDGET_KEY": "the key of both sides, long enough",
        "ZHANGGUI_BURST_WAIT": "0",
    }
    command = [sys.executable, "-m", "webchat.cli", "serve", "--port", "0", "--data", str(shop)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().split()[1]
            done = zhanggui(
                "talk", "--url", url, "--customer", "T001", "--data", str(shop), stdin="可以开发票吗\n", **environment
            )
        finally:
            server.terminate()
    assert "我：可以开发票吗" in done.stdout
    assert "电子普通发票" in done.stdout
    assert "来源：" in done.stdout
