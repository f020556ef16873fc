"""What an operator's Prometheus reads at /metrics: counts and durations, never a word of what was said."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

HEARD = Counter("zhanggui_messages_heard", "Messages of shoppers kept and acknowledged")
ANSWERED = Counter("zhanggui_answers", "Answers of the bot by what was decided", ["decision"])
REFUSED = Counter("zhanggui_frames_refused", "Frames not taken, by reason", ["code"])
TURN = Histogram(
    "zhanggui_turn_seconds",
    "From waking a turn to its answer on disk, waiting for the rest of a burst included",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS = Gauge("zhanggui_sockets", "Open shopper sockets")
DESKS = Gauge("zhanggui_desks", "Open desk sockets")


def router() -> APIRouter:
    """The route of the metrics."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes
