"""Who comes in, who does not, and how an account ends."""

import time

import httpx2
import pytest

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import PASSWORD, Person

COOKIE = "zhanggui_staff"


def sign_in(shop: Shop, login: str, password: str) -> httpx2.Response:
    return httpx2.post(f"{shop.url}/api/staff/login", json={"login": login, "password": password})


def test_a_sign_in_gives_a_token_and_a_cookie_no_script_can_read(staffed_shop: Shop) -> None:
    answer = sign_in(staffed_shop, "sam", PASSWORD)
    assert answer.json()["role"] == "senior"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    for headers in ({"Authorization": f"Bearer {answer.json()['token']}"}, {"Cookie": cookie.split(";")[0]}):
        me = httpx2.get(f"{staffed_shop.url}/api/staff/me", headers=headers).json()
        assert (me["login"], me["can"]) == ("sam", ["reveal"])


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_in_the_same_time(staffed_shop: Shop) -> None:
    sign_in(staffed_shop, "nobody at first", "x")  # what is loaded once is loaded now
    took: dict[str, list[float]] = {"lea": [], "nobody": []}
    answers = set()
    for _ in range(4):
        for login, times in took.items():
            started = time.perf_counter()
            answer = sign_in(staffed_shop, login, "not the password")
            times.append(time.perf_counter() - started)
            answers.add((answer.status_code, answer.text))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert min(took["nobody"]) > min(took["lea"]) / 2
    assert min(took["lea"]) > min(took["nobody"]) / 2


def test_guessing_is_slowed_down_and_another_name_is_not(staffed_shop: Shop) -> None:
    answers = [sign_in(staffed_shop, "guessed", str(n)) for n in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json()["code"] == "rate_limited"
    assert sign_in(staffed_shop, "ann", PASSWORD).status_code == 200


def test_who_signs_in_often_is_not_slowed_down(staffed_shop: Shop) -> None:
    assert [sign_in(staffed_shop, "ann", PASSWORD).status_code for _ in range(10)] == [200] * 10


@pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Basic YTpi", "Bearer a.b.c", "x" * 5_000])
def test_what_is_no_token_of_ours_lets_nobody_in(staffed_shop: Shop, header: str) -> None:
    answer = httpx2.get(f"{staffed_shop.url}/api/staff/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")


def test_after_a_sign_out_the_token_is_dead_and_others_are_not(staffed_shop: Shop) -> None:
    here, there = Person(staffed_shop.url, "ann"), Person(staffed_shop.url, "ann")
    assert here.post("/api/staff/logout").status_code == 204
    assert here.get("/api/staff/me").status_code == 401
    assert there.get("/api/staff/me").status_code == 200


def test_a_page_of_another_origin_changes_nothing_by_the_cookie(staffed_shop: Shop) -> None:
    cookie = {"Cookie": f"{COOKIE}={Person(staffed_shop.url, 'ann').token}"}
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = httpx2.post(f"{staffed_shop.url}/api/staff/logout", headers={**cookie, **origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    own = {**cookie, "Origin": staffed_shop.url}
    assert httpx2.post(f"{staffed_shop.url}/api/staff/logout", headers=own).status_code == 204


def test_a_ticket_lives_a_minute_and_a_shoppers_token_opens_nothing_here(staffed_shop: Shop) -> None:
    ticket = Person(staffed_shop.url, "ann").get("/api/staff/me").json()["token"]
    as_ticket = {"Authorization": f"Bearer {ticket}"}
    assert httpx2.get(f"{staffed_shop.url}/api/staff/me", headers=as_ticket).status_code == 401
    shopper = {"Authorization": f"Bearer {staffed_shop.shopper().token}"}
    assert httpx2.get(f"{staffed_shop.url}/api/staff/me", headers=shopper).status_code == 401


def test_a_disabled_account_is_out_at_once_and_comes_back_when_it_is_enabled(staffed_shop: Shop) -> None:
    ada, sam = Person(staffed_shop.url, "ada"), Person(staffed_shop.url, "sam")
    assert ada.patch("/api/staff/agents/sam", {"disabled": True}).json()["disabled"] is True
    try:
        assert sam.get("/api/staff/me").status_code == 401
        assert sign_in(staffed_shop, "sam", PASSWORD).status_code == 401
    finally:
        ada.patch("/api/staff/agents/sam", {"disabled": False})
    assert sam.get("/api/staff/me").status_code == 401, "an old token does not come back to life"
    assert sign_in(staffed_shop, "sam", PASSWORD).status_code == 200


def test_nobody_locks_themselves_out_and_a_name_that_nobody_has_is_told(staffed_shop: Shop) -> None:
    ada = Person(staffed_shop.url, "ada")
    assert ada.patch("/api/staff/agents/ada", {"disabled": True}).json()["code"] == "not_possible"
    assert ada.patch("/api/staff/agents/nobody", {"disabled": True}).json()["code"] == "not_found"


def test_a_refused_role_and_a_failed_sign_in_can_be_read_later(staffed_shop: Shop) -> None:
    sign_in(staffed_shop, "lea", "wrong")
    assert Person(staffed_shop.url, "ann").get("/api/staff/audit").status_code == 403
    rows = Person(staffed_shop.url, "ada").get("/api/staff/audit").json()["rows"]
    deeds = [(row["who"], row["what"], row["about"]) for row in rows]
    assert ("ann", "refused", "/api/staff/audit") in deeds
    assert ("lea", "sign_in_failed", "lea") in deeds
    assert not any("nobody" in deed for deed in deeds), "a typed name that nobody has may be a password"
