"""A gateway on a string: it speaks the shopper's contract, and fails on command where the real one cannot be made to.

It runs in its own thread. Everything is told to it from the test's thread; conversations live in memory.
"""

import asyncio
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(str(files("webchat"))) / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; report-uri /csp-report"
)
Frame = dict[str, Any]


def product(sku: str, name: str, category: str, price: str, stock: int, description: str, **rest: Any) -> Frame:
    """One product as `GET /demo/products` lists it."""
    brand = name.split(" ")[0]
    return {
        "sku": sku,
        "name": name,
        "category": category,
        "brand": brand,
        "price": price,
        "stock": stock,
        "status": rest.pop("status", "on_sale"),
        "attributes": rest.pop("attributes", {}),
        "description": description,
        "goes_with": rest.pop("goes_with", []),
    }


PRODUCTS = [
    product(
        "LP-201",
        "朱砂巷 润绒口红 #01 豆沙巷",
        "美妆护肤/口红",
        "¥99.00",
        238,
        "加入角鲨烷和牛油果脂，柔雾妆效，成膜后不紧绷。低饱和豆沙粉，素颜也能涂。",
        attributes={"色号": "01 豆沙巷", "质地": "柔雾", "成分": ["角鲨烷", "牛油果脂", "维生素E"], "净含量": "3.4g"},
        goes_with=["EY-101", "BL-101"],
    ),
    product("LP-202", "朱砂巷 润绒口红 #02 枫露红", "美妆护肤/口红", "¥99.00", 156, "偏棕枫叶红，和暖棕眼妆是一套。"),
    product("LP-203", "朱砂巷 润绒口红 #03 熟柿", "美妆护肤/口红", "¥99.00", 0, "橘调熟柿色，目前断货补产中。"),
    product("EY-101", "朱砂巷 四色眼影盘 暖棕", "美妆护肤/眼影", "¥129.00", 64, "四个哑光与缎光色，日常通勤。"),
    product("BL-101", "朱砂巷 柔光腮红 藕粉", "美妆护肤/腮红", "¥79.00", 9, "薄涂像自己透出来的气色。"),
    product("SE-301", "檐雨 5%烟酰胺亮肤精华", "美妆护肤/精华", "¥129.00", 133, "提亮去黄，早晚可用。"),
    product("MP-103", "牧星 幼儿配方奶粉 3段 800g", "母婴/奶粉", "¥288.00", 320, "12 到 36 个月。"),
    product("FB-103", "团团芽 宽口玻璃奶瓶 160ml", "母婴/喂养", "¥69.00", 43, "高硼硅玻璃，不残味、好清洗。"),
    product("DL-102", "灶小满 折叠充电小台灯", "家居小电/照明", "¥89.00", 133, "低档续航约 10 小时。"),
    product("HM-101", "灶小满 上加水加湿器 4L", "家居小电/环境电器", "¥199.00", 83, "睡眠档约 32 分贝。"),
]
CUSTOMERS = [
    {"id": "C1001", "name": "林晓", "level": "金卡", "orders": 5},
    {"id": "C1002", "name": "周航", "level": "银卡", "orders": 2},
]


@dataclass
class Talk:
    """One conversation: its log and who listens."""

    name: str
    entries: list[Frame] = field(default_factory=list)
    sockets: set[WebSocket] = field(default_factory=set)
    holder: Frame = field(default_factory=lambda: {"t": "state", "holder": "bot"})


class ScriptedGateway:
    """Serves the static pages and the shopper's socket; the fields below are its script."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """Forget every conversation and every instruction."""
        self.talks: dict[str, Talk] = {}
        self.frames: list[Frame] = []  # every frame received
        self.session_requests: list[Frame] = []
        self.reports: list[str] = []  # of the content security policy
        self.welcome: Frame = {}  # added to each welcome
        self.hold_acks = False  # what is said waits, unstored and unacknowledged, until `release`
        self.lose_acks = 0  # so many messages are stored, then the socket is cut before the ack
        self.refuse_says: list[Frame] = []  # the next messages get these errors instead
        self.close_next: list[int] = []  # the next sockets are closed with these codes instead of welcomed
        self.sessions_answer: list[int] = []  # the next session requests get these statuses
        self.answer: Callable[[str], Frame | None] = lambda _: None  # what the bot says to a text
        self.mute_pings = False
        self._held: list[tuple[Talk, WebSocket, Frame]] = []
        self._numbers = itertools.count(1)

    # From the test's thread.

    @property
    def talk(self) -> Talk:
        """The only conversation there is, or the last one begun."""
        return list(self.talks.values())[-1]

    @property
    def said(self) -> list[str]:
        """The ids of every `say` received, repeats included."""
        return [frame["id"] for frame in self.frames if frame["t"] == "say"]

    def received(self, kind: str) -> list[Frame]:
        """The frames of one kind received so far."""
        return [frame for frame in self.frames if frame["t"] == kind]

    def wait_for(self, true: Callable[[], object], seconds: float = 5) -> None:
        """Wait until something is true of the gateway."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"did not happen within {seconds} s; frames: {self.frames}"
            time.sleep(0.02)

    def entry(self, from_: str, text: str = "", kind: str = "text", **rest: Any) -> int:
        """Append an entry to the conversation and show it to everyone in it; returns its number."""
        return int(self._do(self._append(self.talk, {"from": from_, "kind": kind, "text": text, **rest}))["seq"])

    def tell(self, frame: Frame) -> None:
        """Send a frame as it is to everyone in the conversation; a state is remembered for who comes later."""
        if frame["t"] == "state":
            self.talk.holder = frame
        self._do(self._tell(self.talk, frame))

    def release(self) -> None:
        """Store and acknowledge what was held."""
        held, self._held, self.hold_acks = self._held, [], False
        for talk, peer, frame in held:
            self._do(self._take(talk, peer, frame))

    def cut(self, code: int = 1011) -> None:
        """Close every socket of the conversation."""
        for peer in list(self.talk.sockets):
            self._do(peer.close(code))

    def _do(self, work: Any) -> Any:
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(5)

    # In the gateway's thread.

    async def serve_socket(self, peer: WebSocket) -> None:
        """One shopper's socket, from hello to its end."""
        await peer.accept(subprotocol="zhanggui.v1")
        talk = self.talks.get(peer.query_params.get("token", ""))
        hello = await peer.receive_json()
        self.frames.append(hello)
        if self.close_next:
            await peer.close(self.close_next.pop(0))
            return
        if talk is None:
            await peer.close(4401)
            return
        head = len(talk.entries)
        await peer.send_json({"t": "welcome", "conversation": talk.name, "seq": head, "holder": "bot", **self.welcome})
        if hello["since"] > head:
            await peer.send_json({"t": "reset", "seq": head})
        await peer.send_json(talk.holder)
        for entry in talk.entries[hello["since"] :]:
            await peer.send_json(entry)
        talk.sockets.add(peer)
        try:
            while True:
                frame = await peer.receive_json()
                self.frames.append(frame)
                await self._react(talk, peer, frame)
        except (WebSocketDisconnect, RuntimeError):
            talk.sockets.discard(peer)

    async def _react(self, talk: Talk, peer: WebSocket, frame: Frame) -> None:
        if frame["t"] == "ping" and not self.mute_pings:
            await peer.send_json({"t": "pong", "seq": len(talk.entries)})
        elif frame["t"] == "say" and self.refuse_says:
            await peer.send_json({"t": "error", "id": frame["id"], "message": "不行", **self.refuse_says.pop(0)})
        elif frame["t"] == "say" and self.hold_acks:
            self._held.append((talk, peer, frame))
        elif frame["t"] == "say":
            await self._take(talk, peer, frame)

    async def _take(self, talk: Talk, peer: WebSocket, frame: Frame) -> None:
        known = next((entry for entry in talk.entries if entry.get("id") == frame["id"]), None)
        if known is None and self.lose_acks:
            self.lose_acks -= 1
            talk.sockets.discard(peer)
            await self._append(talk, {"from": "shopper", "kind": "text", "text": frame["text"], "id": frame["id"]})
            await peer.close(1011)
            return
        entry = known or await self._append(
            talk, {"from": "shopper", "kind": "text", "text": frame["text"], "id": frame["id"]}
        )
        if peer in talk.sockets:
            await peer.send_json({"t": "ack", "id": frame["id"], "seq": entry["seq"]})
        reply = None if known else self.answer(frame["text"])
        if reply:
            await self._append(talk, {"from": "bot", "kind": "text", **reply})

    async def _append(self, talk: Talk, entry: Frame) -> Frame:
        seq = len(talk.entries) + 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry = {"t": "entry", "seq": seq, "at": at, "prev": seq - 1, **entry}
        talk.entries.append(entry)
        await self._tell(talk, entry)
        return entry

    async def _tell(self, talk: Talk, frame: Frame) -> None:
        for peer in list(talk.sockets):
            await peer.send_text(json.dumps(frame))

    def enter(self, body: Frame) -> Response:
        """`POST /api/shopper/sessions`."""
        self.session_requests.append(body)
        if self.sessions_answer and (status := self.sessions_answer.pop(0)) != 200:
            return JSONResponse({"code": "identity_expired"}, status, {"retry-after": "1"} if status == 503 else {})
        identity = body.get("identity")
        token = f"t-{identity or next(self._numbers)}"
        self.talks.setdefault(token, Talk(f"c-{token}"))
        return JSONResponse({"token": token, "conversation": f"c-{token}", "customer_known": bool(identity)})


def application(gateway: ScriptedGateway) -> FastAPI:
    """The routes over a scripted gateway."""
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.middleware("http")
    async def policy(request: Request, go_on: Any) -> Response:
        response: Response = await go_on(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/")
    async def shop() -> FileResponse:
        return FileResponse(STATIC / "shop" / "index.html")

    @app.get("/chat")
    async def chat() -> FileResponse:
        return FileResponse(STATIC / "chat.html")

    @app.get("/plain")
    async def plain() -> Response:
        return Response(
            "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>别家的店</title>"
            "<link rel='icon' href='/webchat/shop/icon.svg'><link rel='stylesheet' href='/hostile.css'>"
            "<main><h1>别家的店</h1><button id='ours'>联系客服</button></main>"
            "<script type='module' src='/webchat/widget.js'></script>"
            "<script type='module' src='/webchat/widget.js?again'></script></html>",
            media_type="text/html",
        )

    @app.get("/hostile.css")
    async def hostile() -> Response:
        return Response(
            "*{color:red!important;display:block!important;position:static!important;font-size:40px!important}",
            media_type="text/css",
        )

    @app.post("/csp-report")
    async def report(request: Request) -> Response:
        gateway.reports.append((await request.body()).decode())
        return Response(status_code=204)

    @app.post("/api/shopper/sessions")
    async def enter(request: Request) -> Response:
        return gateway.enter(await request.json())

    @app.websocket("/ws/shopper")
    async def shopper(peer: WebSocket) -> None:
        await gateway.serve_socket(peer)

    @app.get("/demo/products")
    async def products() -> list[Frame]:
        return PRODUCTS

    @app.get("/demo/customers")
    async def customers() -> list[Frame]:
        return CUSTOMERS

    @app.post("/demo/identity")
    async def identity(request: Request) -> Frame:
        return {"identity": f"jwt-{(await request.json())['customer']}"}

    app.mount("/webchat", StaticFiles(directory=STATIC))
    return app


def serve(app: Any, gateway: ScriptedGateway | None = None) -> tuple[str, Callable[[], None]]:
    """Run an application on a free port of 127.0.0.1 in a thread; returns its address and how to stop it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))

    def run() -> None:
        loop = asyncio.new_event_loop()
        if gateway:
            gateway.loop = loop
        loop.run_until_complete(server.serve(sockets=[listener]))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)

    def stop() -> None:
        server.should_exit = True
        thread.join(5)
        listener.close()

    return f"http://127.0.0.1:{listener.getsockname()[1]}", stop
