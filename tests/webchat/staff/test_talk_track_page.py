"""A shop writes what its people say when another brand is named."""

import pytest

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person

PATH = "/api/desk/talk-tracks"


def put(person: Person, body: dict) -> tuple[int, dict]:
    import httpx2

    answer = httpx2.put(person.url + PATH, headers=person.bearer, json=body)
    return answer.status_code, answer.json()


def test_a_lead_writes_wordings_and_an_overtaken_version_is_refused(staffed_shop: Shop) -> None:
    lea, ann = Person(staffed_shop.url, "lea"), Person(staffed_shop.url, "ann")
    before = ann.get(PATH).json()
    wordings = {"天福茗茶": "我们的{商品}{特点}", "*": "我们家的好处是{特点}"}
    status, written = put(lea, {"talk_tracks": wordings, "version": before["version"]})
    assert (status, written["version"], written["by"]) == (200, before["version"] + 1, "lea")
    assert ann.get(PATH).json()["talk_tracks"] == wordings
    assert put(lea, {"talk_tracks": {}, "version": before["version"]})[1]["code"] == "overtaken"
    assert put(ann, {"talk_tracks": {}, "version": written["version"]})[0] == 403
    assert put(lea, {"talk_tracks": {}, "version": written["version"]})[0] == 200


@pytest.mark.parametrize("wordings", [{"": "x"}, {"茶": " "}, {"茶": "{价钱}"}, {"茶": "长" * 501}])
def test_a_wording_that_could_not_be_said_is_refused(staffed_shop: Shop, wordings: dict) -> None:
    status, answer = put(Person(staffed_shop.url, "lea"), {"talk_tracks": wordings, "version": 0})
    assert (status, answer["code"]) == (422, "invalid_request")
