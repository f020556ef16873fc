"""`zhanggui doctor`: every setting with its value and source, and whether what it points to answers."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from crm_core import audit
from crm_core.database import Database
from crm_core.migrate import is_at_head
from crm_core.privacy.fields import FieldKeys
from webchat.settings import PREFIX, SECRET, Settings, unknown_settings

SHORT_KEY = 32  # bytes RFC 7518 asks of an HS256 key
LOW_DISK = 512 * 1024 * 1024


def report(settings: Settings, given: set[str]) -> tuple[list[str], bool]:
    """The lines to print, and whether everything that was asked answered. `given` came from the command line."""
    lines = [f"Python {sys.version.split()[0]}"]
    for name, field in Settings.model_fields.items():
        value = str(getattr(settings, name))
        shown = (
            (f"（{len(value)} 个字符）" if value else "（未设置）") if name in SECRET else (_masked(value) or "（空）")
        )
        lines.append(f"{PREFIX}{name.upper()} = {shown}  [{_origin(name, given)}] {field.description}")
    healthy = True
    for title, check in CHECKS:
        try:
            verdict, fine = check(settings)
        except Exception as error:
            verdict, fine = f"{type(error).__name__}: {error}", False
        healthy = healthy and fine
        lines.append(f"{'✓' if fine else '✗'} {title}：{verdict}")
    lines += [f"? {note}" for note in unknown_settings()]
    return lines, healthy


def _origin(name: str, given: set[str]) -> str:
    if name in given:
        return "命令行"
    if f"{PREFIX}{name.upper()}" in os.environ:
        return "环境变量"
    env = Path(".env")
    if env.exists() and f"{PREFIX}{name.upper()}" in env.read_text(encoding="utf-8"):
        return ".env"
    return "默认"


def _masked(value: str) -> str:
    """A URL without its password."""
    head, at, tail = value.rpartition("@")
    if not at or "://" not in head:
        return value
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.split(':')[0]}:***@{tail}"


def _data(settings: Settings) -> tuple[str, bool]:
    if not settings.data.exists():
        return f"{settings.data} 还不存在，先运行 zhanggui init 或 zhanggui demo", False
    free = shutil.disk_usage(settings.data).free
    writable = os.access(settings.data, os.W_OK)
    text = f"{settings.data}，剩余 {free // 1024 // 1024} MiB" + ("" if writable else "，不可写")
    return text, writable and free > LOW_DISK


def _is_made(settings: Settings) -> bool:
    file = settings.database.removeprefix("sqlite:///")
    return not settings.database.startswith("sqlite:///") or Path(file).exists()


def _database(settings: Settings) -> tuple[str, bool]:
    if not _is_made(settings):
        return "还没有建库，先运行 zhanggui init 或 zhanggui demo", False
    if not is_at_head(settings.database):
        return "能连上，但结构不是最新，运行 zhanggui init 升级", False
    record = Database(settings.database, FieldKeys("doctor only looks"))
    try:
        with record.reading():
            return "能连上，结构是最新", True
    finally:
        record.close()


def _audit(settings: Settings) -> tuple[str, bool]:
    if not _is_made(settings) or not is_at_head(settings.database):
        return "还没有", True
    record = Database(settings.database, FieldKeys("doctor only looks"))
    try:
        with record.reading() as tx:
            broken = audit.broken_at(tx)
            written = next((row.seq for row in audit.rows(tx, most=1)), 0)
    finally:
        record.close()
    if broken is not None:
        return f"从第 {broken} 条起被改动或删除过", False
    return f"{written} 条，每一条都和写下时一样", True


def _secret(settings: Settings) -> tuple[str, bool]:
    if settings.secret_key:
        return "来自设置", True
    if (settings.data / "secret.key").exists():
        return "来自数据目录的 secret.key，请单独备份：丢了它，加密的字段就打不开", True
    return "还没有，init、demo 或 serve 会生成", True


def _widget_key(settings: Settings) -> tuple[str, bool]:
    if not settings.widget_key:
        return "未设置，只接待匿名买家", True
    if len(settings.widget_key.encode()) < SHORT_KEY:
        return f"太短，建议至少 {SHORT_KEY} 个字符", False
    return "已设置", True


def _doorbell(settings: Settings) -> tuple[str, bool]:
    if settings.live_url.startswith("memory://"):
        return "单进程", True
    import redis

    client = redis.Redis.from_url(settings.live_url, socket_connect_timeout=2)
    try:
        client.ping()
    finally:
        client.close()
    return "Redis 有应答", True


def _embedder(settings: Settings) -> tuple[str, bool]:
    from webchat.wiring import choose_embedder

    embedder = choose_embedder(settings)
    return f"{embedder.fingerprint}，{embedder.dimension} 维", True


def _reader(settings: Settings) -> tuple[str, bool]:
    from webchat.wiring import COMPETITORS, choose_reader

    choose_reader(settings)
    listed = "，另有店铺的竞品名单" if (settings.data / COMPETITORS).exists() else ""
    return f"情绪用{'随附的模型' if settings.emotion == 'builtin' else settings.emotion}{listed}", True


def _vectors(settings: Settings) -> tuple[str, bool]:
    from webchat.wiring import choose_index

    choose_index(settings)
    return "进程内" if settings.vector_server is None else "pgvector 有应答", True


def _language_model(settings: Settings) -> tuple[str, bool]:
    from nlp.writing.writer_http import HttpWriter
    from webchat.wiring import choose_writer

    writer = choose_writer(settings)
    if not isinstance(writer, HttpWriter):
        return "未设置，由内置机器人回答", True
    models = writer.models()
    if settings.llm_model in models:
        return f"有应答，{settings.llm_model} 可用", True
    return f"有应答，但没有 {settings.llm_model}；有：{'、'.join(models[:5]) or '无'}", False


CHECKS: tuple[tuple[str, Callable[[Settings], tuple[str, bool]]], ...] = (
    ("数据目录", _data),
    ("数据库", _database),
    ("查看记录", _audit),
    ("主密钥", _secret),
    ("买家身份密钥", _widget_key),
    ("门铃", _doorbell),
    ("句向量", _embedder),
    ("文本理解", _reader),
    ("向量索引", _vectors),
    ("大模型", _language_model),
)
