"""Commands that start something: demo, init, serve, worker, talk, doctor."""

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webchat.settings import Settings, WrongSetting, load_settings, unknown_settings

if TYPE_CHECKING:
    from webchat.server import ReadyServer

Data = Annotated[Path | None, typer.Option("--data", help="数据目录，默认 ./zhanggui-data 或 ZHANGGUI_DATA")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(demo)
    app.command()(init)
    app.command()(serve)
    app.command()(worker)
    app.command()(talk)
    app.command()(doctor)


def demo(
    port: Annotated[int, typer.Option(help="端口，0 = 任选")] = 8000,
    data: Data = None,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
) -> None:
    """打开演示店铺：第一次启动时建好商品、订单、顾客、知识和客服，然后开门迎客。"""
    from webchat.demo.opening import open_demo_shop, widget_key_of
    from webchat.server import server_for
    from webchat.wiring import open_record, wire

    settings = load_settings(data=data)
    if not settings.widget_key:
        settings = settings.model_copy(update={"widget_key": widget_key_of(settings)})
    _check_names()
    record = open_record(settings)
    logins = open_demo_shop(record, settings, typer.echo)
    record.close()
    server = server_for(wire(settings), host=host, port=port, demo=True)
    address = f"http://{host}:{port}"
    typer.echo(f"演示店铺 {address}/    整页聊天 {address}/chat")
    typer.echo(
        "演示顾客：在店铺页右上角选「以…登录」。客服账号：" + "，".join(f"{name} / {word}" for name, word in logins)
    )
    _run(server)


def init(data: Data = None) -> None:
    """建一个空店：数据库升到最新，管理员密码只显示一次。"""
    from pwdlib import PasswordHash

    from crm_core.desk import agents
    from webchat.wiring import open_record

    settings = load_settings(data=data)
    record = open_record(settings)
    with record.transaction() as tx:
        if "admin" in agents.logins(tx):
            typer.echo(f"{settings.data} 里已经有一个店了，没有改动任何东西。接下来：zhanggui import products 商品.csv")
            return
        password = secrets.token_urlsafe(12)
        agents.hire(tx, "admin", "管理员", "admin", PasswordHash.recommended().hash(password))
    record.close()
    typer.echo(f"已在 {settings.data} 建好空店。管理员 admin 的密码（只显示这一次）：{password}")
    typer.echo("接下来：zhanggui import products 商品.csv，然后 zhanggui serve")


def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口，0 = 任选")] = 8000,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="后台工作交给 zhanggui worker")] = False,
    data: Data = None,
) -> None:
    """开门迎客：聊天网关。"""
    from webchat.server import server_for
    from webchat.wiring import wire

    settings = load_settings(data=data)
    _check_names()
    gateway = wire(settings)
    if not gateway.assistant.shelf.size:
        typer.echo("知识库还是空的，机器人只会说不确定。先导入：zhanggui import knowledge 问答.csv", err=True)
    _run(server_for(gateway, host=host, port=port, worker=not no_worker))


def worker(data: Data = None) -> None:
    """只做后台工作：补答没来得及回答的消息。"""
    import asyncio

    from webchat import background
    from webchat.wiring import wire

    settings = load_settings(data=data)
    gateway = wire(settings)

    async def work() -> None:
        gateway.assistant.record.wake = asyncio.get_running_loop().call_soon_threadsafe
        typer.echo("worker ready")
        await asyncio.gather(*background.tasks(gateway, worker=True))

    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        gateway.assistant.record.wake = lambda settle: settle()
        gateway.assistant.record.close()


def talk(
    customer: Annotated[str | None, typer.Option(help="以哪位顾客登录，默认匿名")] = None,
    url: Annotated[str, typer.Option(help="网关地址")] = "http://127.0.0.1:8000",
    data: Data = None,
) -> None:
    """在终端里当一回买家，走真实的聊天连接。"""
    from webchat.talk import run

    run(url, customer, load_settings(data=data))


def doctor(data: Data = None) -> None:
    """检查每个设置：现在的值、从哪里来、它指向的东西能不能用。"""
    from webchat.doctor import report

    settings: Settings | None
    try:
        settings = load_settings(data=data)
    except WrongSetting as error:
        typer.echo(f"✗ {error}")
        raise typer.Exit(2) from None
    lines, healthy = report(settings, given={"data"} if data is not None else set())
    for line in lines:
        typer.echo(line)
    if not healthy:
        raise typer.Exit(1)


def _check_names() -> None:
    """A misspelt setting would silently not hold: better not to start."""
    wrong = [note for note in unknown_settings() if note.startswith("没有")]
    if wrong:
        raise WrongSetting("；".join(wrong))
    for note in unknown_settings():
        typer.echo(f"提示：{note}", err=True)


def _run(server: "ReadyServer") -> None:
    started = time.monotonic()
    try:
        server.run()
    except SystemExit:
        raise
    except KeyboardInterrupt:
        return
    if not server.started:
        typer.echo(
            f"没能启动（用了 {time.monotonic() - started:.1f} 秒）：端口可能被占用，换一个 --port 再试", err=True
        )
        raise typer.Exit(2)
