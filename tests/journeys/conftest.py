"""A small tea shop behind a real gateway, and shoppers who know only the contract."""

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import jwt
import pytest
from websockets.sync.client import ClientConnection, connect

from webchat.cli_data import import_kind
from webchat.server import ReadyServer, server_for
from webchat.settings import Settings
from webchat.wiring import open_record, wire

TEA_SHOP = Path(__file__).parent / "tea_shop"
WIDGET_KEY = "the tea shop's widget key, long enough for HS256"
KINDS = ("products", "customers", "orders", "logistics", "knowledge")
_TOKEN = re.compile(r"\{-(\d+) (\d\d:\d\d)\}")


def render(target: Path) -> list[tuple[str, Path]]:
    """The shop's files with its relative dates made real."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    files = []
    for kind in KINDS:
        (source,) = TEA_SHOP.glob(f"{kind}.*")
        text = _TOKEN.sub(lambda m: f"{today - timedelta(days=int(m[1]))} {m[2]}", source.read_text(encoding="utf-8"))
        path = target / source.name
        path.write_text(text, encoding="utf-8")
        files.append((kind, path))
    return files


class Shopper:
    """A client that knows only the contract."""

    def __init__(self, url: str, customer: str | None = None, *, token: str | None = None, since: int = 0):
        self.url = url
        if token is None:
            body: dict[str, str] = {}
            if customer is not None:
                claims = {"sub": customer, "exp": datetime.now(UTC) + timedelta(hours=1)}
                body["identity"] = jwt.encode(claims, WIDGET_KEY, "HS256")
            answer = httpx2.post(f"{url}/api/shopper/sessions", json=body)
            assert answer.status_code == 200, answer.text
            self.entrance = answer.json()
            token = self.entrance["token"]
        self.token = token
        self.since = since
        self.socket = self._open()

    def _open(self) -> ClientConnection:
        address = f"{self.url.replace('http', 'ws', 1)}/ws/shopper?token={self.token}"
        self._opened = connect(address, subprotocols=["zhanggui.v1"])
        socket = self._opened.__enter__()
        socket.send(json.dumps({"t": "hello", "since": self.since}))
        return socket

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame, ensure_ascii=False))

    def say(self, text: str, **more: Any) -> str:
        client_id = uuid.uuid4().hex
        self.send(t="say", id=client_id, text=text, **more)
        return client_id

    def until(self, wanted: Any, timeout: float = 10.0) -> dict[str, Any]:
        """The next frame that `wanted` accepts."""
        ends = time.monotonic() + timeout
        while True:
            frame = json.loads(self.socket.recv(timeout=max(0.01, ends - time.monotonic())))
            if frame["t"] == "entry":
                assert frame["seq"] > self.since, "shown twice or out of order"
                self.since = frame["seq"]
            if wanted(frame):
                return frame

    def ask(self, text: str, **more: Any) -> dict[str, Any]:
        """Say something and wait for the bot's answer to it."""
        client_id = self.say(text, **more)
        ack = self.until(lambda frame: frame["t"] == "ack" and frame["id"] == client_id)
        return self.until(lambda f: f["t"] == "entry" and f["from"] == "bot" and f["seq"] > ack["seq"])

    def close(self) -> None:
        self.socket.close()


class Shop:
    """A running gateway."""

    def __init__(self, data: Path, *, demo: bool = False, **settings: Any):
        self.settings = Settings(data=data, widget_key=WIDGET_KEY, burst_wait=0, **settings)
        self.gateway = wire(self.settings)
        self.server: ReadyServer = server_for(self.gateway, host="127.0.0.1", port=0, demo=demo)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def shopper(self, customer: str | None = None, **more: Any) -> Shopper:
        return Shopper(self.url, customer, **more)

    def close(self) -> None:
        self.server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="session")
def tea_shop_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tea shop imported."""
    data = tmp_path_factory.mktemp("tea-shop")
    record = open_record(Settings(data=data))
    for kind, path in render(data):
        (report,) = import_kind(record, kind, [path])
        assert report.rejected == 0, (kind, path)
    record.close()
    return data


@pytest.fixture(scope="session")
def tea_shop(tea_shop_data: Path) -> Iterator[Shop]:
    """The tea shop, open."""
    shop = Shop(tea_shop_data)
    yield shop
    shop.close()
