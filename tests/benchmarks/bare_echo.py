"""The floor: a bare websockets server that acknowledges and answers, keeps nothing and thinks nothing."""

import asyncio
import json
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, serve


async def answer(socket: ServerConnection) -> None:
    """Acknowledge, echo, answer: the three frames of a turn."""
    async for text in socket:
        frame = json.loads(text)
        if frame["t"] == "say":
            await socket.send(json.dumps({"t": "ack", "id": frame["id"], "seq": 1}))
            await socket.send(json.dumps({"t": "entry", "seq": 1, "from": "shopper", "text": frame["text"]}))
            await socket.send('{"t":"entry","seq":2,"from":"bot","text":' + json.dumps(frame["text"]) + "}")


async def main() -> None:
    """Serve until killed."""
    async with serve(answer, "127.0.0.1", 0, compression=None) as server:
        print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
