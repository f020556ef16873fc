"""A lead writes, tries, publishes and takes back knowledge over HTTP; golden cases stand in the way of harm."""

from collections.abc import Iterator

import pytest

from tests.journeys.at_work import new_word
from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person

QUESTION = "你们的茶叶可以冷泡吗"
ANSWER = "可以冷泡：3 克茶配 500 毫升凉白开，冷藏 6 小时。"


@pytest.fixture(scope="module")
def lead(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "lea")


@pytest.fixture
def article(lead: Person) -> Iterator[dict]:
    """A published article of its own for each test, gone afterwards."""
    word = new_word()
    made = lead.post("/api/knowledge", {"question": f"{QUESTION}{word}", "answer": ANSWER, "similar": [f"冷泡{word}"]})
    assert made.status_code == 201, made.text
    published = lead.post(f"/api/knowledge/drafts/{made.json()['draft']}/publish")
    assert published.status_code == 200, published.text
    yield published.json()
    newest = lead.get(f"/api/knowledge/{published.json()['id']}").json()
    lead.post(f"/api/knowledge/{newest['id']}/retire", {"version": newest["version"], "reason": "x", "override": True})


def golden(lead: Person, **more: object) -> str:
    made = lead.post("/api/knowledge/golden", more)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_what_is_published_is_told_to_shoppers_at_once(staffed_shop: Shop, lead: Person, article: dict) -> None:
    assert article["state"] == "published"
    shopper = staffed_shop.shopper()
    assert "冷藏 6 小时" in shopper.ask(article["question"])["text"]
    shopper.close()


def test_a_draft_is_not_told_before_it_is_published(lead: Person, article: dict) -> None:
    edited = lead.patch(f"/api/knowledge/{article['id']}", {"version": article["version"], "answer": "不可以冷泡。"})
    assert edited.json()["state"] == "draft"
    tried = lead.post(
        "/api/knowledge/try",
        {"question": article["question"], "id": article["id"], "edit": {"answer": "不可以冷泡。"}},
    ).json()
    assert tried["live"]["hits"][0]["text"] == ANSWER
    assert tried["draft"]["hits"][0]["text"] == "不可以冷泡。"
    assert lead.get(f"/api/knowledge/{article['id']}").json()["told"]["answer"] == ANSWER


def test_no_edit_loses_what_was_there(lead: Person, article: dict) -> None:
    path = f"/api/knowledge/{article['id']}"
    second = lead.patch(path, {"version": article["version"], "answer": "不可以冷泡。", "reason": "问过茶师"}).json()
    lead.post(f"/api/knowledge/drafts/{second['draft']}/publish")
    versions = lead.get(f"{path}/versions").json()["items"]
    assert [(one["number"], one["answer"]) for one in versions] == [(2, "不可以冷泡。"), (1, ANSWER)]
    assert (versions[0]["by"], versions[0]["reason"]) == ("lea", "问过茶师")
    (changed,) = versions[0]["changed"]
    assert changed["field"] == "answer"
    assert "".join(text for what, text in changed["parts"] if what in "=-") == ANSWER
    assert lead.get(f"{path}/versions/2/diff?against=1").json()["changed"] == [changed]
    restored = lead.post(f"{path}/restore", {"version": 2, "number": 1}).json()
    assert (restored["answer"], restored["state"], restored["version"]) == (ANSWER, "draft", 3)


def test_who_edits_what_somebody_else_has_changed_is_told(lead: Person, article: dict) -> None:
    path = f"/api/knowledge/{article['id']}"
    assert lead.patch(path, {"version": 1, "answer": "甲"}).status_code == 200
    late = lead.patch(path, {"version": 1, "answer": "乙"})
    assert late.status_code == 409
    assert (late.json()["code"], late.json()["version"]) == ("moved_on", 2)
    stale = lead.post(f"/api/knowledge/drafts/{article['id']}-1/publish")
    assert stale.json()["code"] == "moved_on"


def test_publishing_that_breaks_a_golden_case_is_refused_with_what_would_change(lead: Person, article: dict) -> None:
    case = golden(lead, question=article["question"], expects="text", text="冷藏 6 小时")
    draft = lead.patch(f"/api/knowledge/{article['id']}", {"version": article["version"], "answer": "不可以冷泡。"})
    path = f"/api/knowledge/drafts/{draft.json()['draft']}/publish"
    refused = lead.post(path)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert told["code"] == "golden_cases_failed"
    (failing,) = told["failing"]
    assert failing["case"]["id"] == case
    assert failing["before"]["hits"][0]["text"] == ANSWER
    assert failing["after"]["hits"][0]["text"] == "不可以冷泡。"
    assert lead.get(f"/api/knowledge/{article['id']}").json()["told"]["answer"] == ANSWER
    assert lead.post(path, {"override": True}).json()["code"] == "reason_needed"
    overruled = lead.post(path, {"override": True, "reason": "茶师说不可以"})
    assert overruled.status_code == 200
    assert overruled.json()["overruled"][0]["case"] == case
    admin = Person(lead.url, "ada")
    deeds = admin.get("/api/staff/audit").json()
    assert any("golden_overruled" in str(one) for one in next(iter(deeds.values())))
    lead_deletes(lead, f"/api/knowledge/golden/{case}")


def test_an_answer_that_a_golden_case_needs_is_not_taken_away(lead: Person, article: dict) -> None:
    case = golden(lead, question=article["question"], expects="article", article_id=article["id"])
    path = f"/api/knowledge/{article['id']}/retire"
    assert lead.post(path, {"version": article["version"]}).json()["code"] == "golden_cases_failed"
    ran = lead.post("/api/knowledge/golden/run").json()
    assert [one["kept"] for one in ran["items"] if one["case"]["id"] == case] == [True]
    lead_deletes(lead, f"/api/knowledge/golden/{case}")
    assert lead.post(path, {"version": article["version"]}).json()["state"] == "retired"
    shown = lead.get(f"/api/knowledge/{article['id']}").json()
    assert (shown["live"], shown["told"]) == (False, None)


def test_a_question_that_must_stay_unanswered_keeps_a_new_article_out(lead: Person) -> None:
    word = new_word()
    question = f"周年抽奖{word}的名单公布了没有"
    case = golden(lead, question=question, expects="unanswered")
    draft = lead.post("/api/knowledge", {"question": question, "answer": "可以。"}).json()
    assert lead.post(f"/api/knowledge/drafts/{draft['draft']}/publish").json()["code"] == "golden_cases_failed"
    lead_deletes(lead, f"/api/knowledge/golden/{case}")
    lead_deletes(lead, f"/api/knowledge/drafts/{draft['draft']}")
    assert lead.get(f"/api/knowledge/{draft['id']}").status_code == 404


def test_lists_are_searched_filtered_and_paged(lead: Person, article: dict) -> None:
    found = lead.get("/api/knowledge", params={"q": article["question"]}).json()
    assert [one["id"] for one in found["items"]] == [article["id"]]
    first = lead.get("/api/knowledge", params={"limit": 3}).json()
    second = lead.get("/api/knowledge", params={"limit": 3, "cursor": first["next"]}).json()
    assert len({one["id"] for one in first["items"] + second["items"]}) == 6
    assert lead.get("/api/knowledge", params={"state": "draft"}).json()["total"] == 0
    assert lead.get("/api/knowledge", params={"q": "100%_没有的词"}).json()["items"] == []
    assert lead.get("/api/knowledge", params={"cursor": "?"}).json()["code"] == "invalid_request"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"question": " ", "answer": "有"}, "问题是空的"),
        ({"question": "甲", "answer": "乙", "valid_to": "下个月"}, "不是日期"),
        ({"question": "甲", "answer": "乙", "valid_from": "2026-02-02", "valid_to": "2026-01-01"}, "晚于"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(lead: Person, body: dict, words: str) -> None:
    refused = lead.post("/api/knowledge", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_article")
    assert words in refused.json()["detail"]


def test_the_knowledge_is_for_leads(staffed_shop: Shop, article: dict) -> None:
    agent = Person(staffed_shop.url, "ann")
    assert agent.get("/api/knowledge").status_code == 403
    assert agent.post("/api/knowledge", {"question": "甲", "answer": "乙"}).status_code == 403
    assert agent.post(f"/api/knowledge/{article['id']}/retire", {"version": 1}).status_code == 403


def lead_deletes(lead: Person, path: str) -> None:
    import httpx2

    answer = httpx2.delete(lead.url + path, headers=lead.bearer)
    assert answer.status_code == 204, answer.text
