"""A server of a language model that says what it is told to: the wire is real, the model is the test."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]


@dataclass
class Model:
    """What the server answers: `words` are streamed, `call` is the tool call it makes."""

    words: Callable[[Asked], Iterator[str]] = lambda asked: iter(())
    call: Callable[[Asked], tuple[str, str] | None] = lambda asked: None
    status: int = 200
    raw: bytes | None = None
    asked: list[Asked] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def model_server() -> Iterator[Model]:
    """The server on a free port."""
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._send(json.dumps({"object": "list", "data": [{"id": "tea-7b"}]}).encode())

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(asked)
            model.keys.append(self.headers.get("Authorization"))
            if model.raw is not None or model.status != 200:
                self._send(model.raw or b"{}", model.status)
            elif asked.get("stream"):
                self._stream(asked)
            else:
                called = model.call(asked)
                message: dict[str, Any] = {"role": "assistant", "content": None}
                if called is not None:
                    message["tool_calls"] = [
                        {"id": "1", "type": "function", "function": {"name": called[0], "arguments": called[1]}}
                    ]
                self._send(json.dumps({"choices": [{"index": 0, "message": message}]}).encode())

        def _send(self, body: bytes, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, asked: Asked) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                for piece in model.words(asked):
                    chunk = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                    self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                    self.wfile.flush()
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                pass  # the other side had enough

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield model
    server.shutdown()
    server.server_close()


def slowly(text: str, seconds: float) -> Iterator[str]:
    """A text character by character, each after a wait."""
    for character in text:
        time.sleep(seconds)
        yield character
