"""微信客服 as its documents describe it, on this machine: tokens that end, pages, states, limits, callbacks.

Documented: paths, fields, origins, the five states and which may follow which, five messages for each of the shopper's,
sending only in states 0 and 1, an id that is never sent twice, a short-lived token, error codes 40014 and 42001. Other
codes are this double's own: the channel does not look at them.
"""

import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from crm_core.privacy.wecom_crypt import WeComCrypt

CORP, SECRET, TOKEN = "ww0123456789", "a secret of kf", "callbackToken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw"
NEXT = {0: {1, 2, 3, 4}, 1: {1, 2, 3, 4}, 2: {2, 3, 4}, 3: {3, 4}, 4: set()}
PAGE = 2


class Refused(Exception):
    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


class WeComDouble:
    """The other side of the wire."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.log: list[dict[str, Any]] = []
        self.sent: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.states: dict[str, int] = {}
        self.budget: dict[str, int] = {}
        self.tokens: dict[str, float] = {}
        self.lasts = 7200.0
        self.asked: list[str] = []
        self.failing: list[int] = []  # errcodes of the next sends
        self.crypt = WeComCrypt(TOKEN, AES_KEY, CORP)
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

            def _answer(self, body: dict[str, Any]) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                try:
                    with double.lock:
                        said = {"errcode": 0, "errmsg": "ok", **double.call(parts.path, query, body)}
                except Refused as refused:
                    said = {"errcode": refused.code, "errmsg": str(refused)}
                text = json.dumps(said, ensure_ascii=False).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def call(self, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        name = path.removeprefix("/cgi-bin/")
        self.asked.append(name)
        if name == "gettoken":
            if (query.get("corpid"), query.get("corpsecret")) != (CORP, SECRET):
                raise Refused(40001, "invalid credential")
            token = uuid.uuid4().hex
            self.tokens[token] = time.monotonic() + self.lasts
            return {"access_token": token, "expires_in": int(self.lasts)}
        token = query.get("access_token", "")
        if token not in self.tokens:
            raise Refused(40014, "invalid access_token")
        if self.tokens[token] <= time.monotonic():
            raise Refused(42001, "access_token expired")
        return {"kf/sync_msg": self._sync, "kf/send_msg": self._send}.get(name, self._state)(body)

    def _sync(self, body: dict[str, Any]) -> dict[str, Any]:
        start = int(body.get("cursor") or 0)
        page = self.log[start : start + PAGE]
        upto = start + len(page)
        return {"next_cursor": str(upto), "has_more": int(upto < len(self.log)), "msg_list": page}

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.failing:
            raise Refused(self.failing.pop(0), "as it happens")
        person = body["touser"]
        if body["msgid"] in self.ids:
            raise Refused(90001, "msgid was sent before")
        if self.states.get(person, 4) not in (0, 1):
            raise Refused(90002, "not in this state")
        if self.budget.get(person, 0) <= 0:
            raise Refused(90003, "no message left")
        assert len(body["text"]["content"].encode()) <= 2048
        self.ids.add(body["msgid"])
        self.budget[person] -= 1
        self.sent.append((person, body["text"]["content"]))
        return {"msgid": body["msgid"]}

    def _state(self, body: dict[str, Any]) -> dict[str, Any]:
        person = body["external_userid"]
        state = self.states.get(person, 4)
        if "service_state" not in body:
            return {"service_state": state}
        if body["service_state"] not in NEXT[state]:
            raise Refused(90004, "no such transition")
        self.states[person] = body["service_state"]
        return {}

    # What people there do

    def writes(self, person: str, text: str, *, sent: float | None = None, **more: Any) -> str:
        """A shopper writes in WeChat."""
        with self.lock:
            name = uuid.uuid4().hex
            if self.states.get(person, 4) == 4:
                self.states[person] = 0
            self.budget[person] = 5
            message = {"msgid": name, "open_kfid": ACCOUNT, "external_userid": person, "origin": 3}
            message |= {"send_time": int(time.time() if sent is None else sent), "msgtype": "text"}
            self.log.append({**message, "text": {"content": text}, **more})
            return name

    def servicer_says(self, person: str, text: str) -> None:
        """A person at the shop answers in the client of 企业微信."""
        with self.lock:
            message = {"msgid": uuid.uuid4().hex, "open_kfid": ACCOUNT, "external_userid": person, "origin": 5}
            message |= {"send_time": int(time.time()), "msgtype": "text", "servicer_userid": "zhangsan"}
            self.log.append({**message, "text": {"content": text}})

    def calls_back(self, url: str, *, times: int = 1, token: str = TOKEN) -> list[httpx2.Response]:
        """Tell the gateway that something came, as often as it likes to."""
        inner = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>{int(time.time())}</CreateTime>"
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
            f"<Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR]]></Token>"
            f"<OpenKfId><![CDATA[{ACCOUNT}]]></OpenKfId></xml>"
        )
        sealed = self.crypt.seal(inner)
        nonce, now = uuid.uuid4().hex[:10], str(int(time.time()))
        signature = WeComCrypt(token, AES_KEY, CORP).signature(now, nonce, sealed)
        outer = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        query = {"msg_signature": signature, "timestamp": now, "nonce": nonce}
        return [httpx2.post(f"{url}/channels/wecom", params=query, content=outer.encode()) for _ in range(times)]

    def of(self, person: str) -> list[str]:
        with self.lock:
            return [text for to, text in self.sent if to == person]
