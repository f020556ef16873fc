"""Every knob with a default that works; nothing else reads the environment."""

import difflib
import os
import re
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ZHANGGUI_"
SHORTEST_KEY = 8  # characters
SECRET = frozenset({"secret_key", "widget_key", "llm_api_key", "wecom_secret", "wecom_token", "wecom_aes_key"})
_HOURS = re.compile(r"^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$")


class WrongSetting(Exception):
    """A setting has a value nothing can be done with; the message names it and what was expected."""


class Settings(BaseSettings):
    """What an operator may change, each by an environment variable `ZHANGGUI_…` or a line in `.env`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(Path("zhanggui-data"), description="数据目录：SQLite 文件、索引、密钥")
    database_url: str = Field("", description="记录所在的数据库；空 = 数据目录里的 SQLite 文件")
    live_url: str = Field("memory://", description="进程之间的门铃：memory:// 或 redis://…")
    index_url: str = Field(
        "faiss://",
        description="向量索引：faiss://（进程内）或 pgvector://（与记录同在 PostgreSQL，各进程共用；也可写 pgvector://用户@主机/库）",
    )
    embedder: str = Field(
        "builtin",
        description="句向量：builtin，train embedding --out 写出的目录，或任意 sentence-transformers 名称或目录；"
        "名称前写 onnx: 用 ONNX 运行",
    )
    query_prompt: str = Field("", description="问句前加的提示语，代替句向量模型自带的；模型自带或不需要时留空")
    emotion: str = Field("builtin", description="情绪：builtin，或任意 transformers 文本分类模型的名称或目录")
    llm_base_url: str = Field(
        "", description="大模型服务（OpenAI 兼容），如 http://127.0.0.1:11434/v1；空 = 不用大模型"
    )
    llm_model: str = Field("", description="大模型的名称；用大模型时必填")
    llm_api_key: str = Field("", description="大模型服务的密钥；不需要时留空")
    llm_seconds: float = Field(6.0, gt=0, le=30, description="等大模型回答的最长秒数；超时由内置机器人回答")
    burst_wait: float = Field(1.2, ge=0, le=4, description="等买家把半句话说完的秒数；0 = 立即回答；完整的问题从不等待")
    secret_key: str = Field("", description="店铺主密钥（字段加密、签名）；空 = 数据目录里的 secret.key")
    widget_key: str = Field("", description="与店铺后端共享的密钥，用来验证买家身份令牌（HS256）；空 = 只接待匿名买家")
    allowed_origins: str = Field("", description="允许嵌入聊天窗的网页来源，逗号分隔，如 https://shop.example")
    open_hours: str = Field("", description="人工客服时间，如 09:00-23:00；空 = 全天")
    literal_marks: bool = Field(False, description="三个感叹号一律转资深客服，高兴时也转；默认高兴时不转")
    zone: str = Field("Asia/Shanghai", description="店铺所在时区")
    turn_threads: int = Field(2, ge=1, le=64, description="同时思考的回合数")
    say_rate: float = Field(5.0, gt=0, description="每个连接每秒可发的消息数")
    say_burst: int = Field(10, ge=1, description="每个连接可一口气发的消息数")
    wecom_corp_id: str = Field("", description="企业微信的企业 ID；填了就接入微信客服，下面四项也要填")
    wecom_secret: str = Field("", description="微信客服的 Secret")
    wecom_token: str = Field("", description="微信客服回调的 Token；回调地址是 https://网关/channels/wecom")
    wecom_aes_key: str = Field("", description="微信客服回调的 EncodingAESKey（43 个字符）")
    wecom_api: str = Field("https://qyapi.weixin.qq.com", description="企业微信接口的地址；经代理访问时改它")
    webhook_private: bool = Field(
        False, description="允许回调地址用 http 或指向内网、本机；只在店铺的系统与网关同在内网时打开"
    )
    webhook_patience: float = Field(
        24, ge=0, le=720, description="回调一直送不到时，过多少小时停用它；待送的消息留着，可重新启用"
    )
    sockets_per_shopper: int = Field(8, ge=1, description="同一会话可同时打开的连接数")
    most_turns: int = Field(1000, ge=1, description="排队等待回答的会话数上限，超过时请买家稍后再发")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("应以 sqlite:/// 或 postgresql+psycopg:// 开头")
        return value

    @field_validator("live_url")
    @classmethod
    def _live(cls, value: str) -> str:
        if not value.startswith(("memory://", "redis://", "rediss://")):
            raise ValueError("应为 memory:// 或 redis://主机:端口/库")
        return value

    @field_validator("index_url")
    @classmethod
    def _index(cls, value: str) -> str:
        if value != "faiss://" and not value.startswith("pgvector://"):
            raise ValueError("应为 faiss:// 或 pgvector://")
        return value

    @field_validator("llm_base_url")
    @classmethod
    def _llm(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^\s/]+", value):
            raise ValueError("应为 http(s)://主机:端口/v1")
        return value

    @field_validator("widget_key")
    @classmethod
    def _widget_key(cls, value: str) -> str:
        if value and len(value) < SHORTEST_KEY:
            raise ValueError(f"太短，至少 {SHORTEST_KEY} 个字符，建议 32 个以上")
        return value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("应为时区名称，如 Asia/Shanghai") from None
        return value

    @field_validator("open_hours")
    @classmethod
    def _open_hours(cls, value: str) -> str:
        match = _HOURS.match(value)
        try:
            if value:
                for end in match.groups() if match else ("",):
                    hour, minute = end.split(":")
                    time(0 if end == "24:00" else int(hour), int(minute))
        except ValueError:
            raise ValueError("应为 开始-结束，如 09:00-23:00") from None
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in filter(None, (part.strip() for part in value.split(","))):
            if not re.match(r"^https?://[^/\s]+$", origin):
                raise ValueError(f"「{origin}」应为 https://域名，不带路径")
        return value

    @property
    def origins(self) -> tuple[str, ...]:
        """The allowed origins, one by one."""
        return tuple(part.strip() for part in self.allowed_origins.split(",") if part.strip())

    @property
    def database(self) -> str:
        """Where the record lies."""
        return self.database_url or f"sqlite:///{(self.data / 'zhanggui.db').resolve()}"

    @property
    def vector_server(self) -> str | None:
        """The PostgreSQL that holds the vectors, as a libpq URL; None when they are held in process."""
        scheme, _, place = self.index_url.partition("://")
        if scheme != "pgvector":
            return None
        if place:
            return f"postgresql://{place}"
        if not self.database.startswith("postgresql+psycopg://"):
            raise WrongSetting(
                "设置 ZHANGGUI_INDEX_URL=pgvector:// 要求记录也在 PostgreSQL（ZHANGGUI_DATABASE_URL），"
                "或写明 pgvector://用户@主机/库"
            )
        return self.database.replace("postgresql+psycopg://", "postgresql://", 1)


def load_settings(**given: Any) -> Settings:
    """Settings from the command line, the environment and `.env`, in this order; raises WrongSetting."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        reason = first["msg"].removeprefix("Value error, ")
        shown = "" if field in SECRET else f"的值「{first['input']}」"
        raise WrongSetting(f"设置 {PREFIX}{field.upper()} {shown}不对：{reason}") from None


def unknown_settings() -> list[str]:
    """Environment names that look like ours and are not, each with the nearest one that is."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    notes = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known and not name.startswith("ZHANGGUI_TEST_"):
            near = difflib.get_close_matches(name, known, n=1)
            notes.append(f"没有 {name} 这个设置" + (f"，是不是 {near[0]}？" if near else ""))
    return notes
