"""`zhanggui`: every command of the product. Messages say what happened, why, and which command comes next."""

import re
import sys

import typer

from webchat import cli_analyse, cli_data, cli_serve
from webchat.settings import WrongSetting

app = typer.Typer(
    name="zhanggui",
    help="掌柜：网店的智能客服网关。先试试 zhanggui demo。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_QUOTED = re.compile(r"'([^']+)'")
_EXPECTED = (
    (re.compile(r"No such command '([^']*)'"), "没有 {0} 这个命令"),
    (re.compile(r"valid integer"), "应为整数"),
    (re.compile(r"valid number"), "应为数字"),
    (re.compile(r"greater than or equal to (\S+)"), "应不小于 {0}"),
    (re.compile(r"less than or equal to (\S+)"), "应不大于 {0}"),
    (re.compile(r"unexpected extra argument"), "参数太多"),
    (re.compile(r"requires an argument"), "后面要有值"),
)

cli_serve.add_to(app)
cli_data.add_to(app)
cli_analyse.add_to(app)

UNUSABLE = 2


def main() -> None:
    """Run the command line; whatever is wrong with it ends it with one sentence."""
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding must not turn a message into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = typer.main.get_command(app).main(prog_name="zhanggui", standalone_mode=False)
    except WrongSetting as error:
        typer.echo(f"无法启动：{error}", err=True)
        code = UNUSABLE
    except typer.exceptions.TyperException as error:
        typer.echo(f"命令用法不对：{in_chinese(error)}。用法见 {_help_of(error)}", err=True)
        code = UNUSABLE
    except (typer.Abort, KeyboardInterrupt):
        code = 130  # as a shell reports Ctrl+C
    raise SystemExit(code)


def in_chinese(error: Exception) -> str:
    """What is wrong with a command line, in the operator's language."""
    parameter = getattr(error, "param", None)
    name = parameter.opts[0] if parameter is not None else ""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    choices = _QUOTED.findall(said.partition("is not one of")[2])
    if type(error).__name__ == "MissingParameter":
        return f"缺少 {name}"
    if type(error).__name__ == "NoSuchOption":
        return f"没有 {getattr(error, 'option_name', '')} 这个选项"
    if choices:
        return f"{name} 应为 {'、'.join(choices)} 之一"
    for pattern, expected in _EXPECTED:
        match = pattern.search(said)
        if match:
            return f"{name} {expected.format(*match.groups())}".strip()
    return said.rstrip(".")


def _help_of(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context is not None else 'zhanggui'} --help"


if __name__ == "__main__":
    main()
