"""No route for people at work answers a shopper, a stranger, or somebody whose role is too low."""

from collections.abc import Iterable, Iterator
from typing import Any

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from crm_core.desk.agents import ROLES
from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import PEOPLE, Person
from webchat.app import create_app
from webchat.staff.door import Needs

LOGIN_OF = {role: login for login, role in PEOPLE.items()}
# Whose own check it is: the shopper's entrance, the sign-in itself, and what the shop's systems reach with their key.
OTHERS = ("/api/shopper/", "/api/staff/login", "/api/events", "/api/orders", "/api/webhooks", "/api/me")


def needed(dependant: Dependant) -> Iterator[str]:
    for one in dependant.dependencies:
        if isinstance(one.call, Needs):
            yield one.call.role
        yield from needed(one)


def leaves(routes: Iterable[Any]) -> Iterator[Any]:
    """Every route, those of included routers too: newer versions of the framework keep them as they were."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from leaves(inner.routes)


@pytest.fixture(scope="module")
def routes(staffed_shop: Shop) -> list[tuple[str, str, str]]:
    """Every route of the staff's side: method, path, role."""
    found = []
    for route in leaves(create_app(staffed_shop.gateway).routes):
        if isinstance(route, APIRoute) and route.path.startswith("/api/") and not route.path.startswith(OTHERS):
            roles = list(needed(route.dependant))
            assert len(roles) == 1, f"{route.path} does not say who may use it"
            found += [(method, route.path, roles[0]) for method in sorted(route.methods)]
    return found


def call(shop: Shop, method: str, path: str, headers: dict[str, str]) -> httpx2.Response:
    filled = path
    while "{" in filled:
        filled = filled[: filled.index("{")] + "x" + filled[filled.index("}") + 1 :]
    return httpx2.request(method, shop.url + filled, headers=headers, json={} if method != "GET" else None)


def test_the_staffs_side_is_there(routes: list[tuple[str, str, str]]) -> None:
    paths = {path for _, path, _ in routes}
    assert {"/api/staff/me", "/api/customers/{customer}", "/api/sessions", "/api/desk/search"} <= paths


def test_a_shopper_and_a_stranger_get_nothing_from_any_route(
    staffed_shop: Shop, routes: list[tuple[str, str, str]]
) -> None:
    token = staffed_shop.shopper("T001").token
    for headers in ({}, {"Authorization": f"Bearer {token}"}, {"Cookie": f"zhanggui_staff={token}"}):
        for method, path, _ in routes:
            answer = call(staffed_shop, method, path, headers)
            assert answer.status_code in (401, 403), (method, path, answer.status_code)
            assert answer.json()["code"] in ("unauthorised", "forbidden")


def test_a_role_below_the_one_that_a_route_demands_is_refused(
    staffed_shop: Shop, routes: list[tuple[str, str, str]]
) -> None:
    for role in ROLES[:-1]:
        person = Person(staffed_shop.url, LOGIN_OF[role])
        for method, path, demanded in routes:
            if ROLES.index(role) < ROLES.index(demanded):
                answer = call(staffed_shop, method, path, person.bearer)
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (role, method, path)
