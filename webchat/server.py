"""A gateway on a port, with its ready line."""

import socket
import sys

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from webchat.app import create_app
from webchat.frames import LARGEST_FRAME
from webchat.wiring import Gateway

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which leaves a handshake that cannot be parsed (an 8 KiB token) without any answer."""

    def data_received(self, data: bytes) -> None:
        """Take bytes; a broken handshake is answered and closed."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_complete:
            self.handshake_complete = True
            self.transport.write(TOO_LONG)
            self.transport.close()


class ReadyServer(uvicorn.Server):
    """Says `ready http://…` on stdout once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = "127.0.0.1" if self.config.host in ("0.0.0.0", "::") else self.config.host
            sys.stdout.write(f"ready http://{host}:{port}\n")
            sys.stdout.flush()


def server_for(gateway: Gateway, *, host: str, port: int, demo: bool = False, worker: bool = True) -> ReadyServer:
    """A server that is not running yet; `port` 0 takes a free one."""
    config = uvicorn.Config(
        create_app(gateway, demo=demo, worker=worker),
        host=host,
        port=port,
        ws=SocketProtocol,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,  # twice the memory of a socket, for texts of a few dozen bytes
        log_level="warning",
        access_log=False,  # a URL may carry a token
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return ReadyServer(config)
