"""The application: routes, background work, and an orderly end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from webchat import background, health, metrics, pages, problems, webhooks
from webchat.demo import pages as demo_pages
from webchat.shopper import sessions, socket
from webchat.staff import (
    accounts,
    customers,
    desk_socket,
    knowledge,
    knowledge_care,
    knowledge_files,
    knowledge_writing,
    searching,
    talk_track_page,
    work,
)
from webchat.staff import sessions as staff_sessions
from webchat.staff import sign_in as staff_sign_in
from webchat.staff.floor import Floor
from webchat.wiring import Gateway


def create_app(gateway: Gateway, *, demo: bool = False, worker: bool = True) -> FastAPI:
    """The web application over a wired gateway. With `demo`, anyone may sign in as any customer."""
    floor = Floor(gateway)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        # One wake-up of the loop settles a whole group of commits.
        gateway.assistant.record.wake = loop.call_soon_threadsafe
        working = [asyncio.ensure_future(work) for work in (*background.tasks(gateway, worker=worker), floor.run())]
        yield
        for task in working:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*working, return_exceptions=True)
        await gateway.turns.close()
        await gateway.doorbell.close()
        gateway.assistant.record.wake = lambda settle: settle()
        await asyncio.to_thread(gateway.assistant.record.close)

    app = FastAPI(title="Zhanggui 掌柜", lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    pages.install(app, gateway.settings)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(gateway.settings.origins),
        allow_methods=["POST"],
        allow_headers=["content-type"],
    )
    app.include_router(sessions.router(gateway))
    app.include_router(socket.router(gateway))
    app.include_router(staff_sign_in.router(gateway))
    app.include_router(desk_socket.router(floor))
    app.include_router(accounts.router(gateway))
    app.include_router(customers.router(gateway))
    app.include_router(staff_sessions.router(gateway))
    app.include_router(searching.router(gateway))
    app.include_router(talk_track_page.router(gateway))
    app.include_router(knowledge_care.router(gateway))
    app.include_router(knowledge_files.router(gateway))
    app.include_router(knowledge_writing.router(gateway))
    app.include_router(knowledge.router(gateway))
    for routes in work.routers(gateway):
        app.include_router(routes)
    app.include_router(webhooks.router(gateway))
    for channel in gateway.channels:
        app.include_router(channel.router())
    app.include_router(health.router(gateway))
    app.include_router(metrics.router())
    app.include_router(pages.router())
    app.include_router(demo_pages.router(gateway, sign_in=demo))
    return app
