"""The peer: the gateway one writes first. FastAPI, the async ORM with a commit per row, TF-IDF by brute force."""

import csv
import sys
from pathlib import Path

import jieba
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from sklearn.feature_extraction.text import TfidfVectorizer
from sqlalchemy import Text, event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Declarative base."""


class Message(Base):
    """One message."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(Text, index=True)
    sender: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


def create(data: Path) -> FastAPI:
    """The application over the knowledge file of a benchmark shop."""
    with (data / "knowledge.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    matrix = vectorizer.fit_transform(row["question"] for row in rows)
    engine = create_async_engine(f"sqlite+aiosqlite:///{data / 'naive.db'}")

    @event.listens_for(engine.sync_engine, "connect")
    def _durable(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # the same promise on both sides

    sessions = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    @app.on_event("startup")
    async def _tables() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    async def keep(conversation: str, sender: str, text: str) -> int:
        async with sessions() as session:
            message = Message(conversation=conversation, sender=sender, text=text)
            session.add(message)
            await session.commit()
            return message.id

    @app.websocket("/ws/{conversation}")
    async def chat(socket: WebSocket, conversation: str) -> None:
        await socket.accept()
        try:
            while True:
                frame = await socket.receive_json()
                seq = await keep(conversation, "shopper", frame["text"])
                await socket.send_json({"t": "ack", "id": frame["id"], "seq": seq})
                scores = (matrix @ vectorizer.transform([frame["text"]]).T).toarray()
                answer = rows[int(scores.argmax())]["answer"]
                seq = await keep(conversation, "bot", answer)
                await socket.send_text(f'{{"t":"entry","seq":{seq},"from":"bot","text":"{answer}"}}')
        except WebSocketDisconnect:
            pass

    return app


class Server(uvicorn.Server):
    """Says when it answers."""

    async def startup(self, sockets=None) -> None:  # type: ignore[no-untyped-def]
        """Start, then say so."""
        await super().startup(sockets)
        print(f"ready http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)


if __name__ == "__main__":
    Server(uvicorn.Config(create(Path(sys.argv[1])), port=0, log_level="warning", access_log=False)).run()
