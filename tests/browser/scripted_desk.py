"""A desk's gateway on a string: it speaks the staff's frames, and fails on command where the real one cannot.

Several agents may sign in. Rows, entries and offers are told to it from the test's thread and live in memory.
"""

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from tests.browser.scripted_gateway import POLICY, STATIC, Frame, ScriptedGateway

DESK = Path(STATIC) / "desk" / "index.html"
SCRIPT: Frame = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
TEAM: dict[str, Frame] = {agent["login"]: agent for agent in SCRIPT["team"]}
CANNED: list[Frame] = SCRIPT["canned"]
PACKET: Frame = SCRIPT["packet"]
CUSTOMER: Frame = SCRIPT["customer"]


def iso(seconds_ago: float = 0) -> str:
    """A moment so many seconds ago, as the frames write it."""
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown(frame: Frame) -> str:
    """A frame as it travels: what is None is left out."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(each) for key, each in value.items() if each is not None}
        return [bare(each) for each in value] if isinstance(value, list) else value

    return json.dumps(bare(frame))


@dataclass
class Talk:
    """One session: its row, its log, and what comes with it."""

    row: Frame
    entries: list[Frame] = field(default_factory=list)
    packet: Frame | None = None
    summary: Frame | None = None
    customer: Frame | None = None
    suggestions: list[Frame] = field(default_factory=list)


class ScriptedDesk(ScriptedGateway):
    """Serves the desk's page, its socket and its endpoints; the fields below are its script."""

    def reset(self) -> None:
        """Forget every session and every instruction."""
        super().reset()
        self.talked: dict[str, Talk] = {}
        self.peers: dict[WebSocket, tuple[str, set[str]]] = {}
        self.team = {login: dict(agent) for login, agent in TEAM.items()}
        self.refuse: list[Frame] = []  # the next asked frames get these errors instead
        self.lose_next_ack = False
        self.deaf = False  # nobody can connect
        self.tickets: list[Frame] = []
        self.revealed: list[Frame] = []
        self.kept: list[Frame] = []  # canned replies
        self.promises: list[Frame] = CUSTOMER["promises"]
        self.settled: list[tuple[str, str]] = []  # promises
        self.numbers = itertools.count(1)

    # From the test's thread.

    def session(
        self, name: str, state: str = "queued", *, owner: str | None = None, waits: float | None = None, **rest: Any
    ) -> str:
        """A session in some state; returns its id."""
        number = next(self.numbers)
        session = f"c{number}:1"
        row = {
            **SCRIPT["row"],
            "session": session,
            "conversation": f"c{number}",
            "customer": rest.pop("customer_id", None),
            "name": name,
            "state": state,
            "owner": self._who(owner),
            "opened_at": iso(600),
            "queued_at": iso(waits or 0) if state == "queued" else None,
            "waiting_since": None if waits is None else iso(waits),
            "waiting_on": "shopper" if waits is None else "agent",
            "flags": [],
        }
        talk = Talk(
            row, customer=rest.pop("customer", None), packet=rest.pop("packet", None), summary=rest.pop("summary", None)
        )
        lines = rest.pop("lines", [])
        row.update(rest)
        self.talked[session] = talk
        for from_, text in lines:
            self._put(talk, {"from": from_, "kind": "text", "text": text})
        self._do(self._everyone(row))
        return session

    def add(self, session: str, from_: str, text: str, kind: str = "text", **rest: Any) -> int:
        """Append an entry and show it; returns its number."""
        return int(
            self._do(self._append_to(self.talked[session], {"from": from_, "kind": kind, "text": text, **rest}))["seq"]
        )

    def change(self, session: str, **what: Any) -> None:
        """Change a row and show it."""
        self.talked[session].row.update(what)
        self._do(self._everyone(self.talked[session].row))

    def offer(self, session: str, login: str = "wang", seconds: float = 20) -> None:
        """Offer a session to an agent."""
        talk = self.talked[session]
        talk.row.update(state="offered", offered_to=login)
        frame = {
            "t": "offer",
            "session": session,
            "expires_at": iso(-seconds),
            "warm": False,
            "packet": talk.packet,
            "row": talk.row,
        }
        self._do(self._to(login, frame))

    def show(self, login: str, frame: Frame) -> None:
        """Send a frame as it is to one agent."""
        self._do(self._to(login, frame))

    def found(self, words: str) -> Frame:
        """What a search finds."""
        people = [talk.row for talk in self.talked.values() if words in talk.row["name"] and talk.row["customer"]]
        said = [entry for talk in self.talked.values() for entry in talk.entries if words in entry["text"]]
        order = {"order": words, "customer": "C1001", "status": "shipped", "title": "润绒口红", "at": iso()}
        return {
            "customers": [{"customer": row["customer"], "name": row["name"], "phone": "138****5678"} for row in people],
            "orders": [order] if words.isdigit() else [],
            "messages": said,
        }

    def hang_up(self, code: int = 1011) -> None:
        """Close every desk's socket."""
        for peer in list(self.peers):
            self._do(peer.close(code))

    # In the gateway's thread.

    def _who(self, login: str | None) -> Frame | None:
        return {"login": login, "name": self.team[login]["name"]} if login else None

    async def _to(self, login: str, frame: Frame) -> None:
        for peer, (who, _) in list(self.peers.items()):
            if who == login:
                await peer.send_text(shown(frame))

    async def _everyone(self, frame: Frame) -> None:
        for peer in list(self.peers):
            await peer.send_text(shown(frame))

    def _put(self, talk: Talk, entry: Frame) -> Frame:
        """An entry takes the next number; a note stands after the last entry and has a number of its own."""
        session, row = talk.row["session"], talk.row
        frame: Frame = {"t": "entry", "session": session, "at": iso(), **entry}
        if frame["kind"] in ("note", "whisper"):
            frame |= {"seq": row["seq"], "note": next(self.numbers)}
        else:
            frame |= {"seq": row["seq"] + 1, "prev": row["seq"]}
            row["seq"] += 1
        if agent := entry.get("agent"):
            frame["name"] = self.team[agent]["name"]
        talk.entries.append(frame)
        if frame["kind"] == "text":
            row["last"] = {"from": frame["from"], "text": frame["text"][:80], "at": frame["at"], "seq": frame["seq"]}
        return frame

    async def _append_to(self, talk: Talk, entry: Frame) -> Frame:
        entry = self._put(talk, entry)
        for peer, (_, looks_at) in list(self.peers.items()):
            if talk.row["session"] in looks_at:
                await peer.send_text(shown(entry))
        await self._everyone(talk.row)
        return entry

    async def serve_desk(self, peer: WebSocket) -> None:
        """One agent's socket, from welcome to its end."""
        await peer.accept(subprotocol="zhanggui.v1")
        login = peer.query_params.get("token", "").removeprefix("ticket-")
        if self.deaf or login not in self.team:
            await peer.close(1012 if self.deaf else 4401)
            return
        me = {**self.team[login], "max_chats": self.team[login]["max"]}
        await peer.send_json(
            {
                "t": "welcome",
                "me": me,
                "agents": list(self.team.values()),
                "groups": ["售前组", "售后组", "金牌客服"],
                "now": iso(),
                "hb": 25,
            }
        )
        await peer.send_text(shown({"t": "sessions", "sessions": [talk.row for talk in self.talked.values()]}))
        self.peers[peer] = (login, set())
        try:
            while True:
                frame = await peer.receive_json()
                self.frames.append({**frame, "by": login})
                await self._answer(peer, login, frame)
        except (WebSocketDisconnect, RuntimeError):
            self.peers.pop(peer, None)

    async def _answer(self, peer: WebSocket, login: str, frame: Frame) -> None:
        kind, session = frame["t"], frame.get("session", "")
        same = {key: frame[key] for key in ("ref", "id") if key in frame}
        talk = self.talked.get(session)
        if self.refuse and (same or kind == "open"):
            await peer.send_json({"t": "error", "re": kind, "session": session, **same, **self.refuse.pop(0)})
        elif kind in ("open", "listen") and talk:
            self.peers[peer][1].add(session)
            await self._opened(peer, talk, frame.get("since", 0))
        elif kind == "summary" and talk and talk.summary:
            await peer.send_json({"t": "summary", "session": session, **talk.summary})
        elif kind == "leave":
            self.peers[peer][1].discard(session)
        elif kind in ("say", "note", "whisper") and talk:
            await self._written(peer, login, talk, frame)
        elif kind in ("accept", "takeover") and talk:
            await self._claimed(peer, login, talk, frame)
        elif kind == "status":
            self.team[login]["status"] = frame["status"]
            await peer.send_text(shown({"t": "ok", "re": kind, **same}))
            await self._everyone({"t": "presence", "agents": [self.team[login]]})
        elif kind in ("resolve", "transfer", "release", "hold", "unhold", "decline", "close") and talk:
            after = {
                "resolve": "closed",
                "transfer": "queued",
                "release": "bot",
                "hold": "on_hold",
                "unhold": "active",
                "close": "closed",
            }
            talk.row["state"] = after.get(kind, talk.row["state"])
            talk.row["hold_until"] = frame.get("until")
            if kind in ("transfer", "release"):
                talk.row["owner"] = None
            await peer.send_text(shown({"t": "ok", "re": kind, "session": session, "row": talk.row, **same}))
            await self._everyone(talk.row)

    async def _opened(self, peer: WebSocket, talk: Talk, since: int) -> None:
        session = talk.row["session"]
        opened = {
            "t": "opened",
            "session": session,
            "seq": talk.row["seq"],
            "first": 1,
            "row": talk.row,
            "packet": talk.packet,
            "summary": talk.summary,
        }
        await peer.send_text(shown(opened))
        for entry in talk.entries:
            if entry["seq"] > since or "note" in entry:
                await peer.send_text(shown(entry))
        await peer.send_json({"t": "caught_up", "session": session, "seq": talk.row["seq"]})
        await peer.send_json({"t": "customer", "session": session, "customer": talk.customer})
        await peer.send_json({"t": "suggestions", "session": session, "seq": 0, "items": talk.suggestions})

    async def _written(self, peer: WebSocket, login: str, talk: Talk, frame: Frame) -> None:
        known = next((entry for entry in talk.entries if entry.get("id") == frame["id"]), None)
        kind = "text" if frame["t"] == "say" else frame["t"]
        entry = {"from": "agent", "kind": kind, "text": frame["text"], "id": frame["id"], "agent": login}
        if self.lose_next_ack and not known:
            self.lose_next_ack = False
            self._put(talk, entry)
            self.peers.pop(peer)
            await peer.close(1011)
            return
        if frame["t"] == "say":
            talk.row.update(waiting_since=None, waiting_on="shopper")
        entry = known or await self._append_to(talk, entry)
        await peer.send_json({"t": "ack", "session": talk.row["session"], "id": frame["id"], "seq": entry["seq"]})

    async def _claimed(self, peer: WebSocket, login: str, talk: Talk, frame: Frame) -> None:
        owner = talk.row["owner"]
        same = {key: frame[key] for key in ("ref",) if key in frame}
        if owner and owner["login"] != login and not frame.get("force"):
            await peer.send_json(
                {"t": "error", "code": "conflict", "message": "已被别人接入", "re": frame["t"], "owner": owner, **same}
            )
            return
        talk.row.update(state="active", owner=self._who(login), offered_to=None, waiting_on="agent")
        await peer.send_text(
            shown({"t": "ok", "re": frame["t"], "session": talk.row["session"], "row": talk.row, **same})
        )
        await self._everyone(talk.row)


def desk_application(gateway: ScriptedDesk) -> FastAPI:
    """The routes over a scripted desk."""
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.middleware("http")
    async def policy(request: Request, go_on: Any) -> Response:
        response: Response = await go_on(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-cache"
        return response

    @app.get("/desk")
    async def page() -> FileResponse:
        return FileResponse(DESK)

    @app.post("/csp-report")
    async def report(request: Request) -> Response:
        gateway.reports.append((await request.body()).decode())
        return Response(status_code=204)

    @app.websocket("/ws/desk")
    async def desk(peer: WebSocket) -> None:
        await gateway.serve_desk(peer)

    _staff_routes(app, gateway)
    _desk_routes(app, gateway)
    _ticket_routes(app, gateway)
    app.mount("/webchat", StaticFiles(directory=STATIC))
    return app


def _staff_routes(app: FastAPI, gateway: ScriptedDesk) -> None:
    @app.post("/api/staff/login")
    async def login(request: Request) -> Response:
        body = await request.json()
        if body["login"] not in gateway.team or body["password"] != "right":
            return JSONResponse({"code": "sign_in_failed", "detail": "登录名或密码不对"}, 401)
        answer = JSONResponse({"token": "t", "role": gateway.team[body["login"]]["role"]})
        answer.set_cookie("zhanggui_staff", body["login"], httponly=True, samesite="strict")
        return answer

    @app.post("/api/staff/logout")
    async def logout() -> Response:
        answer = Response(status_code=204)
        answer.delete_cookie("zhanggui_staff")
        return answer

    @app.get("/api/staff/me")
    async def me(request: Request) -> Response:
        agent = gateway.team.get(request.cookies.get("zhanggui_staff", ""))
        if agent is None:
            return JSONResponse({"code": "unauthorised"}, 401)
        can = ["reveal"] if agent["role"] != "agent" else []
        return JSONResponse({**agent, "token": f"ticket-{agent['login']}", "can": can})


def _desk_routes(app: FastAPI, gateway: ScriptedDesk) -> None:
    @app.get("/api/desk/canned")
    async def canned(q: str = "") -> Frame:
        return {"canned": [each for each in CANNED if q in each["title"] or each["py"].startswith(q)]}

    @app.post("/api/desk/canned", status_code=201)
    async def keep(request: Request) -> Frame:
        gateway.kept.append(await request.json())
        return gateway.kept[-1]

    @app.get("/api/promises")
    async def promises() -> Frame:
        return {"promises": gateway.promises}

    @app.patch("/api/promises/{promise}")
    async def settle(promise: str, request: Request) -> Frame:
        gateway.settled.append((promise, (await request.json())["state"]))
        return {}

    @app.get("/api/desk/search")
    async def search(q: str) -> Frame:
        return gateway.found(q)

    @app.get("/api/sessions")
    async def sessions() -> Frame:
        return {
            "sessions": [talk.row for talk in gateway.talked.values() if talk.row["state"] == "closed"],
            "next": None,
        }

    @app.get("/api/customers/{customer}")
    async def customer(customer: str) -> Frame:
        return CUSTOMER

    @app.post("/api/customers/{customer}/reveal")
    async def reveal(customer: str, request: Request) -> Frame:
        gateway.revealed.append(await request.json())
        return {"field": "phone", "value": "13812345678"}


def _ticket_routes(app: FastAPI, gateway: ScriptedDesk) -> None:
    @app.get("/api/tickets")
    async def tickets(request: Request) -> Frame:
        asked = {key: value for key, value in request.query_params.items() if key != "limit"}
        found = [each for each in gateway.tickets if all(each.get(key) == value for key, value in asked.items())]
        return {"tickets": found}

    @app.post("/api/tickets")
    async def open_ticket(request: Request) -> Frame:
        ticket: Frame = {"id": f"T{len(gateway.tickets) + 1}", "state": "new", "group": "仓库组", "due_at": iso(-3600)}
        gateway.tickets.append({**ticket, **await request.json()})
        return gateway.tickets[-1]

    @app.patch("/api/tickets/{ticket}")
    async def move_ticket(ticket: str, request: Request) -> Frame:
        found = next(each for each in gateway.tickets if each["id"] == ticket)
        found.update(await request.json())
        return found
