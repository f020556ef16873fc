"""Two gateways over one PostgreSQL: a shopper may be on both, and every question is answered once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.test_doorbell import REDIS, redis_doorbell
from tests.journeys.conftest import Shop, Shopper, render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(params=["postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """PostgreSQL only."""
    from tests import conftest

    yield from conftest.database_at(request.param, request, tmp_path)


@pytest.fixture
def gateways(database_url: str, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    redis_doorbell()  # skips where there is no Redis
    shared = {"database_url": database_url, "live_url": REDIS, "secret_key": "shared by both gateways"}
    record = open_record(Settings(data=tmp_path, **shared))
    for kind, path in render(tmp_path):
        import_kind(record, kind, [path])
    record.close()
    both = Shop(tmp_path, **shared), Shop(tmp_path, **shared)
    yield both
    for gateway in both:
        gateway.close()


def test_a_tab_on_each_gateway_shows_the_same_and_each_question_is_answered_once(gateways: tuple[Shop, Shop]) -> None:
    here, there = gateways
    first = here.shopper("T001")
    second = Shopper(there.url, token=first.token)
    second.until(lambda frame: frame["t"] == "welcome")
    texts: list[list[tuple[int, str, str]]] = [[], []]
    for n in range(6):
        (first, second)[n % 2].say(("可以开发票吗", "发什么快递")[n % 2])
        for tab, seen in zip((first, second), texts, strict=True):
            while sum(who == "bot" for _, who, _ in seen) < n + 1:
                entry = tab.until(lambda frame: frame["t"] == "entry")
                seen.append((entry["seq"], entry["from"], entry["text"]))
    assert texts[0] == texts[1]
    assert [who for _, who, _ in texts[0]] == ["shopper", "bot"] * 6


def test_the_answer_comes_though_the_gateway_that_heard_is_gone(gateways: tuple[Shop, Shop]) -> None:
    here, there = gateways
    shopper = here.shopper()
    shopper.ask("发什么快递")
    here.close()
    again = Shopper(there.url, token=shopper.token, since=shopper.since)
    assert "电子普通发票" in again.ask("可以开发票吗")["text"]
