"""Pages and scripts, with the headers that keep them to themselves."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from webchat.settings import Settings

STATIC = Path(str(files("webchat"))) / "static"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self' ws: wss:; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; require-trusted-types-for 'script'; "
    "frame-ancestors {ancestors}"
)


def install(app: FastAPI, settings: Settings) -> None:
    """Serve the static files and put the security headers on every answer."""
    app.mount("/webchat", StaticFiles(directory=STATIC), name="webchat")
    ancestors = " ".join(["'self'", *settings.origins])

    @app.middleware("http")
    async def headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await go_on(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=ancestors))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.url.path.startswith("/webchat/"):
            # Asked again each time, answered 304 while unchanged: an upgrade reaches every shopper at once.
            response.headers["Cache-Control"] = "no-cache"
        return response


def staff_page(name: str) -> FileResponse:
    """A page for people at work: nobody may frame it, and it loads no picture from elsewhere."""
    policy = POLICY.format(ancestors="'none'").replace(" https:", "")
    return FileResponse(STATIC / name, headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"})


def router() -> APIRouter:
    """The page routes: the shop's page with the widget, and the widget alone."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/chat")
    async def chat() -> FileResponse:
        return FileResponse(STATIC / "chat.html")

    @routes.get("/knowledge")
    async def knowledge() -> FileResponse:
        return staff_page("knowledge/knowledge.html")

    @routes.get("/desk")
    async def desk() -> FileResponse:
        return staff_page("desk/index.html")

    @routes.get("/")
    async def shop() -> FileResponse:
        return FileResponse(STATIC / "shop" / "index.html")

    return routes
