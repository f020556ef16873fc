"""The parts of the README that the code itself says: `python -m tests.readme` writes them, a test compares them."""

import ast
import re
import sys
from pathlib import Path

import click
import typer

from webchat.cli import app
from webchat.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ROOMS = ("nlp", "knowledge_base", "crm_core", "assistant", "webchat")
WITHOUT_MODULES = {"static", "weights", "lexicons", "corpus", "shop", "versions", "__pycache__"}
DESCRIBED = {
    "nlp/weights": "the shipped weights and their model card",
    "nlp/lexicons": "word lists, reviewed like code",
    "nlp/training/corpus": "shop utterances written for this project",
    "webchat/static": "widget, shop page and vendored scripts, plain ES modules without a build step",
    "webchat/demo/shop": "the demo shop's files, in the import formats",
    "crm_core/migrations/versions": "one file a step",
}


def first_sentence(path: Path) -> str:
    """What the module says of itself in its first line."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0].strip() if doc else ""


def map_of_the_house() -> str:
    """Every room, folder and module with its own first sentence."""
    lines: list[str] = []
    for room in ROOMS:
        _walk(ROOT / room, 0, lines)
    return "```text\n" + "\n".join(lines) + "\n```"


def _walk(folder: Path, depth: int, lines: list[str]) -> None:
    name = folder.relative_to(ROOT).as_posix()
    init = folder / "__init__.py"
    said = DESCRIBED.get(name) or (first_sentence(init) if init.exists() else "")
    lines.append(f"{'  ' * depth}{folder.name + '/':<{36 - 2 * depth}}{said}".rstrip())
    if folder.name in WITHOUT_MODULES:
        return
    lines += [
        f"{'  ' * (depth + 1)}{path.name:<{34 - 2 * depth}}{first_sentence(path)}"
        for path in sorted(folder.glob("*.py"))
        if path.name != "__init__.py"
    ]
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name != "__pycache__" and any(path.iterdir()):
            _walk(path, depth + 1, lines)


def settings_table() -> str:
    """Every setting with its default and meaning."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "–"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def commands_table() -> str:
    """Every command with what it does."""
    rows = ["| command | does |", "|---|---|"]
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    for name, command in group.commands.items():  # type: ignore[union-attr]
        for full, one in _leaves(name, command):
            rows.append(f"| `zhanggui {full}` | {(one.help or '').splitlines()[0]} |")
    return "\n".join(rows)


def _leaves(name: str, command):  # type: ignore[no-untyped-def]
    if hasattr(command, "commands"):
        for child, one in command.commands.items():
            yield from _leaves(f"{name} {child}", one)
    else:
        yield name, command


PARTS = {"map": map_of_the_house, "settings": settings_table, "commands": commands_table}


def expected(text: str) -> str:
    """The README with every part as the code says it now."""
    for name, part in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert pattern.search(text), f"README.md has no part {name}"
        written = part()
        text = pattern.sub(lambda match, written=written: match[1] + written + "\n" + match[2], text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(expected(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write("README.md written\n")
