"""A shopper in the terminal, over the real socket."""

import json
import sys
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from webchat.demo.opening import widget_key_of
from webchat.identity import Identity
from webchat.settings import Settings

WHO = {"bot": "智能客服", "agent": "客服", "system": "提示"}


def run(url: str, customer: str | None, settings: Settings) -> None:
    """Talk until end of input; every line typed is a message, every answer is printed with its sources."""
    body: dict[str, str] = {}
    if customer is not None:
        key = settings.widget_key or widget_key_of(settings)
        body["identity"] = Identity("", key).identify(customer, datetime.now(UTC))
    try:
        entrance = httpx2.post(f"{url}/api/shopper/sessions", json=body, timeout=10)
    except httpx2.HTTPError as error:
        raise SystemExit(f"连不上 {url}：{error}。先运行 zhanggui demo 或 zhanggui serve") from None
    if entrance.status_code != httpx2.codes.OK:
        raise SystemExit(f"进不了门：{entrance.json().get('detail', entrance.status_code)}")
    token = entrance.json()["token"]
    address = f"{url.replace('http', 'ws', 1)}/ws/shopper?token={token}"
    with connect(address, subprotocols=["zhanggui.v1"]) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"t": "hello", "since": 0}))
        reader = threading.Thread(target=_print_all, args=(socket,), daemon=True)
        reader.start()
        for line in sys.stdin:
            text = line.strip()
            if text:
                socket.send(json.dumps({"t": "say", "id": uuid.uuid4().hex, "text": text}, ensure_ascii=False))
        # Input from a file ends at once: wait for the last answers.
        reader.join(timeout=0 if sys.stdin.isatty() else 5)


def _print_all(socket: ClientConnection) -> None:
    try:
        for received in socket:
            frame: dict[str, Any] = json.loads(received)
            if frame["t"] == "entry":
                _print_entry(frame)
            elif frame["t"] == "error":
                print(f"[{frame['code']}] {frame['message']}", flush=True)  # noqa: T201
    except ConnectionClosed:
        print("[连接已断开]", flush=True)  # noqa: T201


def _print_entry(frame: dict[str, Any]) -> None:
    if frame["from"] == "shopper":
        print(f"我：{frame['text']}", flush=True)  # noqa: T201
        return
    lines = [f"{WHO.get(frame['from'], frame['from'])}：{frame['text']}"]
    lines += [f"    · {choice['text']}" for choice in frame.get("choices", ())]
    if frame.get("sources"):
        lines.append("    来源：" + "；".join(source["title"] or source["id"] for source in frame["sources"]))
    print("\n".join(lines), flush=True)  # noqa: T201
