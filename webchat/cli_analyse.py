"""`zhanggui analyse`: what a chat log shows, without a server."""

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.insights.analysis import Analysis, Progress

UNUSABLE = 2
ENGINES = ("local",)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(analyse)


def analyse(
    chats: Annotated[Path, typer.Argument(help="聊天记录：JSONL、CSV、XLSX 或 JDDC 的制表符格式，可用 gzip 压缩")],
    engine: Annotated[str, typer.Option(help="在哪里计算：local")] = "local",
    own: Annotated[list[str] | None, typer.Option("--own-brand", help="自己的品牌，不算竞品，可多次给出")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="结果写到哪个目录，默认 ./文件名-analysis")] = None,
) -> None:
    """挖一份聊天记录：每段会话的信号（sessions.jsonl）、全部数字（report.json）和一页报告（report.html）。"""
    from assistant.insights.analysis import analyse as analyse_log
    from knowledge_base.ingestion.unusable import UnusableFile
    from nlp.reading.reading import Reader
    from webchat.analysis_page import page

    if engine not in ENGINES:
        _refuse(f"--engine 是 {engine}，应为 {'、'.join(ENGINES)}")
    folder = out or Path(f"{chats.name.split('.')[0] or 'chats'}-analysis")
    if folder.exists() and not folder.is_dir():
        _refuse(f"--out {folder} 是一个文件，应为目录")
    try:
        with ExitStack() as stack:
            progress = _bar(chats.name, stack)
            done = analyse_log(
                chats, folder, Reader(own_brands=own or ()), page, now=lambda: datetime.now(UTC), progress=progress
            )
    except UnusableFile as error:
        _refuse(f"{chats}：{error.reason}")
    except OSError as error:
        _refuse(f"{error.filename or folder} 写不进去（{error.strerror}），请换一个 --out 目录")
    _tell(chats, done)
    if done.exit_code:
        raise typer.Exit(done.exit_code)


def _bar(name: str, stack: ExitStack) -> "Progress | None":
    """A progress bar where a person is watching."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task(name, total=None)

    def progress(lines: int, expected: int) -> None:
        bar.update(task, completed=lines, total=expected or None)

    return progress


def _tell(chats: Path, done: "Analysis") -> None:
    typer.echo(f"✓ {chats}：{done.sessions} 段会话、{done.messages} 句，报告在 {done.folder / 'report.html'}")
    if done.rejected:
        typer.echo(f"  {done.rejected} 行没有读进来，行和原因在 {done.rejected_file}")
    for reject in done.first_rejects:
        typer.echo(f"  第 {reject.line} 行：{reject.reason}")
    for notice in done.notices:
        typer.echo(f"  注意：{notice}")


def _refuse(sentence: str) -> None:
    typer.echo(f"✗ {sentence}", err=True)
    raise typer.Exit(UNUSABLE)
