"""`zhanggui`: every command of the product. Messages say what happened, why, and which command comes next."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from webchat import cli_data, cli_serve
from webchat.settings import WrongSetting

app = typer.Typer(
    name="zhanggui",
    help="掌柜：网店的智能客服网关。先试试 zhanggui demo。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli_serve.add_to(app)
cli_data.add_to(app)

Data = Annotated[Path | None, typer.Option("--data", help="数据目录，默认 ./zhanggui-data 或 ZHANGGUI_DATA")]


def main() -> None:
    """Run the command line; a wrong setting ends it with one sentence."""
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding must not turn a message into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except WrongSetting as error:
        typer.echo(f"无法启动：{error}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
