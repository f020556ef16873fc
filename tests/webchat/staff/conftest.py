"""The tea shop with people at work in it, each under the same password."""

from collections.abc import Iterator

import httpx2
import pytest
from pwdlib import PasswordHash

from crm_core.desk import agents
from tests.journeys.conftest import Shop, render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record

PASSWORD = "a password of the tea shop"
PEOPLE = {"ann": "agent", "sam": "senior", "lea": "lead", "ada": "admin"}


class Person:
    """Somebody at work, signed in as a program would be."""

    def __init__(self, url: str, login: str, password: str = PASSWORD):
        self.url = url
        answer = httpx2.post(f"{url}/api/staff/login", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        self.bearer = {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **more: object) -> httpx2.Response:
        return httpx2.get(self.url + path, headers=self.bearer, **more)  # type: ignore[arg-type]

    def post(self, path: str, body: object = None) -> httpx2.Response:
        return httpx2.post(self.url + path, headers=self.bearer, json=body)

    def patch(self, path: str, body: object) -> httpx2.Response:
        return httpx2.patch(self.url + path, headers=self.bearer, json=body)


@pytest.fixture(scope="session")
def staffed_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The tea shop with four people at work, open."""
    data = tmp_path_factory.mktemp("staffed-shop")
    record = open_record(Settings(data=data))
    for kind, path in render(data):
        import_kind(record, kind, [path])
    stored = PasswordHash.recommended().hash(PASSWORD)
    with record.transaction() as tx:
        for login, role in PEOPLE.items():
            agents.hire(tx, login, login.title(), role, stored)
    record.close()
    shop = Shop(data)
    yield shop
    shop.close()
