"""Commands that carry data in and out: import, read, search, train, user."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from assistant.imports.report import Report, exit_code
from crm_core.database import Database
from webchat.settings import load_settings
from webchat.typed_lines import LONGEST_LINE, UnusableLines, lines_of

if TYPE_CHECKING:
    from nlp.reading.reading import Reading

Data = Annotated[Path | None, typer.Option("--data", help="数据目录，默认 ./zhanggui-data 或 ZHANGGUI_DATA")]
Json = Annotated[bool, typer.Option("--json", help="给程序读的输出")]
UNUSABLE = 2


class Kind(StrEnum):
    """What a file holds."""

    products = "products"
    relations = "relations"
    customers = "customers"
    orders = "orders"
    logistics = "logistics"
    events = "events"
    knowledge = "knowledge"
    chats = "chats"
    agents = "agents"
    coupons = "coupons"


class Platform(StrEnum):
    """A sales platform whose export a file is."""

    taobao = "taobao"
    douyin = "douyin"
    jd = "jd"
    pdd = "pdd"


class Part(StrEnum):
    """A part of the shipped weights."""

    embedding = "embedding"
    emotion = "emotion"
    intents = "intents"
    rewriting = "rewriting"
    tones = "tones"


class Role(StrEnum):
    """What somebody at work may do."""

    agent = "agent"
    senior = "senior"
    lead = "lead"
    admin = "admin"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("import")(import_)
    app.command()(read)
    app.command()(search)
    app.command()(train)
    user = typer.Typer(help="客服和管理员的账号。", no_args_is_help=True)
    user.callback()(lambda: None)
    user.command("add")(user_add)
    app.add_typer(user, name="user")


def import_kind(
    record: Database, kind: str, paths: Sequence[Path], *, platform: str | None = None, dry_run: bool = False
) -> list[Report]:
    """Import files with a progress bar where a person is watching."""
    from pwdlib import PasswordHash

    from assistant.imports.run import import_files

    work = partial(
        import_files,
        record,
        kind,
        paths,
        now=lambda: datetime.now(UTC),
        passwords=PasswordHash.recommended(),
        platform=platform,
        dry_run=dry_run,
    )
    if not sys.stderr.isatty():
        return work()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[Path, int] = {}

        def progress(path: Path, done: int, total: int) -> None:
            if path not in tasks:
                tasks[path] = int(bar.add_task(path.name, total=total or None))
            bar.update(tasks[path], completed=done, total=total or None)  # type: ignore[arg-type]

        return work(progress=progress)


def import_(
    kind: Annotated[Kind, typer.Argument(help="文件里是什么")],
    files: Annotated[list[Path], typer.Argument(help="CSV、XLSX、JSONL；knowledge 还可以是 Markdown、DOCX、PDF、HTML")],
    platform: Annotated[Platform | None, typer.Option(help="订单文件来自哪个平台")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，什么都不写")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """导入文件。同一个文件再导一次不会重复；没有导入的行写进 文件名.rejected.csv，改好可以直接再导。"""
    from webchat.wiring import open_record

    record = open_record(load_settings(data=data))
    try:
        reports = import_kind(record, kind, files, platform=platform, dry_run=dry_run)
    finally:
        record.close()
    for report in reports:
        if as_json:
            typer.echo(msgspec.json.encode(report.as_json()).decode())
        else:
            _tell(report)
    code = exit_code(reports)
    if code:
        raise typer.Exit(code)


def _tell(report: Report) -> None:
    if report.unusable is not None:
        typer.echo(f"✗ {report.file}：{report.unusable}", err=True)
        return
    verb = "可以导入" if report.dry_run else "已导入"
    typer.echo(
        f"✓ {report.file}：{verb} {report.taken} 行（{report.unchanged} 行没有变化），未导入 {report.rejected} 行"
    )
    for reject in report.first_rejects:
        typer.echo(f"  第 {reject.line} 行：{reject.reason}")
    if report.rejected_file is not None:
        typer.echo(f"  未导入的行和原因在 {report.rejected_file}")
    for notice in report.notices:
        typer.echo(f"  注意：{notice}")
    for login, password in report.made_passwords:
        typer.echo(f"  {login} 的密码（只显示这一次）：{password}")


def read(
    file: Annotated[Path | None, typer.Argument(help="每行一条消息的文本，默认标准输入")] = None,
    as_json: Json = False,
) -> None:
    """每行文本读出什么：意图、情绪、急不急、价格信号、竞品、提到的订单和尺码等、要不要人工。"""
    from webchat.wiring import choose_reader

    lines = _lines(file)
    reader = choose_reader(load_settings())
    for number, line in enumerate(lines, 1):
        reading = replace(reader.read(line[:LONGEST_LINE]), text=line)
        if len(line) > LONGEST_LINE:
            typer.echo(f"第 {number} 行有 {len(line)} 个字，只读了前 {LONGEST_LINE} 个", err=True)
        if as_json:
            typer.echo(msgspec.json.encode(reading.as_json()).decode())
        else:
            typer.echo(f"{line}\n  {_told(reading)}")


def _told(reading: "Reading") -> str:
    """A reading in one line for a person."""
    feeling = reading.emotion
    parts = [
        ("意图", "、".join(f"{intent.label} {intent.p:.2f}" for intent in reading.intents)),
        ("情绪", f"{feeling.name} {feeling.polarity:+.2f}"),
        ("紧急", reading.urgency),
        ("价格", "、".join(f"{cue.text} {cue.kind}" for cue in reading.price_cues)),
        ("竞品", "、".join(f"{one.brand}{' 比较' if one.comparing else ''}" for one in reading.competitors)),
        ("提到", "、".join(f"{entity.kind} {entity.value}" for entity in reading.entities)),
        ("要人工", "是" if reading.wants_human else "否"),
    ]
    return "；".join(f"{name} {said or '—'}" for name, said in parts)


def search(
    query: Annotated[list[str] | None, typer.Argument(help="问题")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="每行一个问题的文件")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="最多几条")] = 10,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """在知识库里找答案：每条的分数，以及有没有把握回答。"""
    from assistant.library import fill_shelf
    from webchat.wiring import open_record, put_together

    if not query and file is None:
        typer.echo("请给出问题，或用 --file 给出一个每行一个问题的文件", err=True)
        raise typer.Exit(UNUSABLE)
    settings = load_settings(data=data)
    record = open_record(settings)
    assistant = put_together(settings, record)
    fill_shelf(assistant.shelf, record)
    for line in _lines(file) if file is not None else [" ".join(query or ())]:
        found = assistant.shelf.search(line, k=k, at=assistant.clock())
        if as_json:
            typer.echo(msgspec.json.encode(found.as_json()).decode())
            continue
        verdict = "可以回答" if found.verdict == "answer" else "没有把握"
        typer.echo(f"{line} → {verdict}（{found.took_ms:.1f} 毫秒）")
        for hit in found.hits:
            typer.echo(f"  {hit.score:.2f} {hit.article.title}：{hit.article.text[:60]}")
    record.close()


def train(
    part: Annotated[Part, typer.Argument(help="训练哪一部分")],
    data: Annotated[Path, typer.Option("--data", help="公开数据所在的目录")],
    without: Annotated[list[str] | None, typer.Option("--without", help="不用哪个来源，可多次给出")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪里，默认覆盖随附的权重")] = None,
) -> None:
    """重新训练随附的权重（需要 models 附加包）。"""
    from nlp import training
    from nlp.training.corpora import UnusableData

    if not data.is_dir():
        typer.echo(f"没有 {data} 这个目录：--data 应指向公开数据所在的目录", err=True)
        raise typer.Exit(UNUSABLE)
    try:
        typer.echo(training.train(part.value, data, without or (), out))
    except ModuleNotFoundError as error:
        typer.echo(f"训练需要 models 附加包（缺 {error.name}）：pip install 'zhanggui[models]'", err=True)
        raise typer.Exit(UNUSABLE) from None
    except (ValueError, UnusableData) as error:
        typer.echo(f"没有训练：{error}", err=True)
        raise typer.Exit(UNUSABLE) from None


def user_add(
    login: Annotated[str, typer.Argument(help="登录名")],
    role: Annotated[Role, typer.Option(help="角色")],
    name: Annotated[str | None, typer.Option(help="显示的名字，默认同登录名")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码")] = False,
    data: Data = None,
) -> None:
    """加一个客服或管理员；不给密码就生成一个，只显示一次。"""
    import secrets

    from pwdlib import PasswordHash

    from crm_core.desk import agents
    from webchat.wiring import open_record

    made = None if password_stdin else secrets.token_urlsafe(12)
    password = made or sys.stdin.readline().rstrip("\n")
    if not password:
        typer.echo("密码是空的：用 --password-stdin 时请从标准输入给出密码", err=True)
        raise typer.Exit(UNUSABLE)
    record = open_record(load_settings(data=data))
    try:
        with record.transaction() as tx:
            if login in agents.logins(tx):
                typer.echo(f"已经有 {login} 这个账号，没有改动", err=True)
                raise typer.Exit(UNUSABLE)
            agents.hire(tx, login, name or login, role.value, PasswordHash.recommended().hash(password))
    finally:
        record.close()
    typer.echo(f"已添加 {login}（{role.value}）" + (f"，密码（只显示这一次）：{made}" if made else ""))


def _lines(file: Path | None) -> list[str]:
    try:
        lines = lines_of(file)
    except UnusableLines as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    if not lines:
        typer.echo(f"{file or '标准输入'} 是空的，没有可读的", err=True)
    return lines
