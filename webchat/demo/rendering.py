"""The demo shop's files speak of days relative to today; rendering writes them with the dates that today makes of them.

A token is `{T-3}` (the day three days before today), `{T+9}`, or one with a time: `{T-3 10:20}`, `{T-3 10:20:45}`.
They become `2026-11-21` and `2026-11-21 10:20:00`, without a zone: the shop's clock, Asia/Shanghai.
"""

import re
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Asia/Shanghai")
RENDERED = frozenset({".csv", ".jsonl", ".md"})
NEWS_UNTIL = time(9)
"""Nothing has happened in the files later than this on the day T-0: a shop opened after it tells of no future."""

# A brace before a letter is no JSON (that has a quotation mark there) and no prose of a shop: it was meant as a token.
_BRACED = re.compile(r"\{(?=[A-Za-z])[^{}\"\n]*\}?")
_TOKEN = re.compile(r"\{T([+-]\d{1,6})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?\}")


def shop_day(now: datetime) -> date:
    """The day to render for at this moment (with a zone): today, or before 9 o'clock in the shop's zone yesterday.

    With yesterday as today, what the files report of T-0 has happened already.
    """
    local = now.astimezone(SHOP_ZONE)
    return local.date() if local.time() >= NEWS_UNTIL else local.date() - timedelta(days=1)


def render(source: Path, target: Path, today: date) -> list[Path]:
    """Copy the files of `source` into `target`, tokens in CSV, JSON lines and Markdown replaced; the files written.

    Folders are kept, other files are copied as they are, and files that exist are replaced. Raises `ValueError` naming
    file and line for anything in braces that is no date; the file it stands in is then not written at all.
    """
    written = []
    for path in sorted(found for found in source.rglob("*") if found.is_file()):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        unfinished = copy.with_name(copy.name + ".part")
        try:
            if path.suffix in RENDERED:
                _render_file(path, unfinished, today)
            else:
                shutil.copyfile(path, unfinished)
            unfinished.replace(copy)
        finally:
            unfinished.unlink(missing_ok=True)
        written.append(copy)
    return written


def render_text(text: str, today: date) -> str:
    """The text with every token replaced. Raises `ValueError` naming the first that is no date."""
    return _BRACED.sub(lambda found: _said(found[0], today), text)


def _render_file(path: Path, copy: Path, today: date) -> None:
    # newline="" on both sides keeps the line ends and the line breaks inside CSV cells as they are
    with path.open(encoding="utf-8", newline="") as given, copy.open("w", encoding="utf-8", newline="") as out:
        for number, line in enumerate(given, start=1):
            try:
                out.write(render_text(line, today))
            except ValueError as error:
                raise ValueError(f"{path.name} 第 {number} 行：{error}") from error


def _said(token: str, today: date) -> str:
    found = _TOKEN.fullmatch(token)
    try:
        if found is None:
            raise ValueError
        day = today + timedelta(days=int(found[1]))
        if found[2] is None:
            return day.isoformat()
        return f"{day.isoformat()} {time(int(found[2]), int(found[3]), int(found[4] or 0)).isoformat()}"
    except (ValueError, OverflowError):
        raise ValueError(f"「{token}」不是日期，应当写成 {{T-3}} 或 {{T-3 10:20}}") from None
