"""People at the desk who know only the contract."""

import json
import time
import uuid
from pathlib import Path
from typing import Any

import httpx2
from pwdlib import PasswordHash
from websockets.sync.client import connect

from crm_core.desk import agents
from tests.journeys.conftest import render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

PASSWORD = "a password of the tea shop"
_STORED = PasswordHash.recommended().hash(PASSWORD)


def new_word() -> str:
    """A word that nobody said before; of letters alone, for with digits in it one may be read as an order's number."""
    return uuid.uuid4().hex[:6].translate(str.maketrans("0123456789", "ghijklmnop"))


def staff_the_shop(data: Path, people: dict[str, tuple[str, list[str]]], **settings: Any) -> None:
    """Import the tea shop and hire people, each with a role and groups."""
    record = open_record(Settings(data=data, **settings))
    for kind, path in render(data):
        import_kind(record, kind, [path])
    with record.transaction() as tx:
        for login, (role, groups) in people.items():
            row = {"login": login, "name": login.title(), "role": role, "groups": groups}
            agents.engage(tx, [{**row, "password_hash": _STORED, "max_chats": 5}])
    record.close()


class AtWork:
    """Somebody at work, signed in, with the desk open."""

    def __init__(self, url: str, login: str, *, status: str | None = "online", open_desk: bool = True):
        self.url, self.login = url, login
        answer = httpx2.post(f"{url}/api/staff/login", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        self.bearer = {"Authorization": f"Bearer {self.token}"}
        self.frames: list[dict[str, Any]] = []
        if open_desk:
            self.open_desk(status)

    def open_desk(self, status: str | None = "online") -> None:
        address = f"{self.url.replace('http', 'ws', 1)}/ws/desk?token={self.token}"
        self._opened = connect(address, max_size=None)
        self.socket = self._opened.__enter__()
        self.welcome = self.until(lambda frame: frame["t"] == "welcome")
        self.sessions = self.until(lambda frame: frame["t"] == "sessions")["sessions"]
        if status is not None:
            assert self.do("status", status=status)["status"] == status

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return httpx2.get(self.url + path, headers=self.bearer, **more)

    def post(self, path: str, body: object = None) -> httpx2.Response:
        return httpx2.post(self.url + path, headers=self.bearer, json=body)

    def send(self, t: str, **frame: Any) -> str:
        ref = uuid.uuid4().hex[:8]
        self.socket.send(json.dumps({"t": t, "ref": ref, **frame}, ensure_ascii=False))
        return ref

    def until(self, wanted: Any, timeout: float = 10.0) -> dict[str, Any]:
        """The next frame that `wanted` accepts; those before it are kept in `frames`."""
        ends = time.monotonic() + timeout
        while True:
            frame = json.loads(self.socket.recv(timeout=max(0.01, ends - time.monotonic())))
            self.frames.append(frame)
            if wanted(frame):
                return frame

    def do(self, t: str, **frame: Any) -> dict[str, Any]:
        """Send a frame and wait for its answer: ok, ack, error or what it asked for."""
        ref = self.send(t, **frame)
        return self.until(lambda answer: answer.get("ref") == ref)

    def say(self, session: str, text: str) -> dict[str, Any]:
        return self.do("say", session=session, id=uuid.uuid4().hex, text=text)

    def seen(self, wanted: Any) -> dict[str, Any]:
        """A frame that `wanted` accepts: one that came already, else the next."""
        return next(filter(wanted, self.frames), None) or self.until(wanted)

    def entry(self, text: str) -> dict[str, Any]:
        """The entry that holds this text."""
        return self.until(lambda frame: frame["t"] == "entry" and text in frame["text"])

    def state(self, session: str, state: str) -> dict[str, Any]:
        """The session's row once it is in this state."""
        return self.until(lambda f: f["t"] == "state" and f["session"] == session and f["state"] == state)

    def close(self) -> None:
        self._opened.__exit__(None, None, None)
