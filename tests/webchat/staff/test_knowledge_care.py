"""Golden cases, gaps, conflicts, budgets and files over HTTP, as a lead's page uses them."""

import csv
import io
from pathlib import Path

import httpx2
import pytest

from crm_core.knowledge import cuts
from knowledge_base.ingestion.files import read_articles
from tests.journeys.at_work import new_word
from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person


@pytest.fixture(scope="module")
def lead(staffed_shop: Shop) -> Person:
    return Person(staffed_shop.url, "lea")


def delete(lead: Person, path: str) -> httpx2.Response:
    return httpx2.delete(lead.url + path, headers=lead.bearer)


def put(lead: Person, path: str, body: object) -> httpx2.Response:
    return httpx2.put(lead.url + path, headers=lead.bearer, json=body)


def bring(lead: Person, name: str, text: str, **more: str) -> httpx2.Response:
    query = {"file": name, **more}
    return httpx2.post(f"{lead.url}/api/knowledge/import", params=query, content=text.encode(), headers=lead.bearer)


def test_a_golden_case_is_kept_changed_run_and_forgotten(lead: Person) -> None:
    made = lead.post("/api/knowledge/golden", {"question": "满多少包邮", "expects": "text", "text": "59元"}).json()
    path = f"/api/knowledge/golden/{made['id']}"
    ran = {one["case"]["id"]: one["kept"] for one in lead.post("/api/knowledge/golden/run").json()["items"]}
    assert ran[made["id"]] is True
    changed = {"question": "满多少包邮", "expects": "text", "text": "199元包邮不了", "version": 1}
    assert lead.patch(path, changed).json()["version"] == 2
    assert lead.patch(path, changed).json()["code"] == "moved_on"
    ran = {one["case"]["id"]: one["kept"] for one in lead.post("/api/knowledge/golden/run").json()["items"]}
    assert ran[made["id"]] is False
    assert delete(lead, path).status_code == 204
    assert delete(lead, path).status_code == 404


@pytest.mark.parametrize(
    "case",
    [
        {"question": "甲", "expects": "article"},
        {"question": "甲", "expects": "text", "text": " "},
        {"question": "甲", "expects": "article", "article_id": "gone"},
        {"question": "甲", "expects": "whatever"},
    ],
)
def test_a_golden_case_that_could_never_hold_is_refused(lead: Person, case: dict) -> None:
    assert lead.post("/api/knowledge/golden", case).status_code == 422


def test_a_question_the_bot_did_not_know_becomes_a_gap_a_draft_and_an_answer(staffed_shop: Shop, lead: Person) -> None:
    word = new_word()
    questions = [f"{word}牌茶宠能不能刻字", f"你们的{word}牌茶宠可以刻字吗"]
    for question in questions:
        shopper = staffed_shop.shopper()
        shopper.ask(question)
        shopper.close()
    assert lead.post("/api/knowledge/gaps/refresh").json()["gaps"] >= 1
    (gap,) = [one for one in lead.get("/api/knowledge/gaps").json()["items"] if word in one["title"]]
    shown = lead.get(f"/api/knowledge/gaps/{gap['id']}").json()
    assert {one["text"] for one in shown["asked"]} == set(questions)
    assert {one["why"] for one in shown["asked"]} == {"unsure"}
    ignored = lead.post(f"/api/knowledge/gaps/{gap['id']}/ignore", {"version": gap["version"], "reason": "不卖"}).json()
    assert (ignored["state"], ignored["decided_for"]) == ("ignored", "不卖")
    stale = lead.post(f"/api/knowledge/gaps/{gap['id']}/reopen", {"version": gap["version"]})
    assert stale.json()["code"] == "moved_on"
    opened = lead.post(f"/api/knowledge/gaps/{gap['id']}/reopen", {"version": ignored["version"]}).json()
    draft = lead.post(f"/api/knowledge/gaps/{gap['id']}/draft", {"version": opened["version"]}).json()
    assert (draft["state"], draft["question"]) == ("draft", gap["title"])
    written = lead.patch(f"/api/knowledge/{draft['id']}", {"version": 1, "answer": "可以刻字，十个字以内免费。"})
    published = lead.post(f"/api/knowledge/drafts/{written.json()['draft']}/publish")
    assert published.status_code == 200, published.text
    assert lead.get(f"/api/knowledge/gaps/{gap['id']}").json()["state"] == "published"
    shopper = staffed_shop.shopper()
    assert "十个字以内免费" in shopper.ask(questions[1])["text"]
    shopper.close()


def test_a_draft_without_an_answer_is_not_published(staffed_shop: Shop, lead: Person) -> None:
    word = new_word()
    shopper = staffed_shop.shopper()
    shopper.ask(f"{word}型除湿盒多久换一次")
    shopper.close()
    lead.post("/api/knowledge/gaps/refresh")
    (gap,) = [one for one in lead.get("/api/knowledge/gaps").json()["items"] if word in one["title"]]
    draft = lead.post(f"/api/knowledge/gaps/{gap['id']}/draft", {"version": gap["version"]}).json()
    refused = lead.post(f"/api/knowledge/drafts/{draft['draft']}/publish")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_article")
    assert delete(lead, f"/api/knowledge/drafts/{draft['draft']}").status_code == 204
    assert lead.get(f"/api/knowledge/gaps/{gap['id']}").json()["state"] == "open"


def test_conflicts_are_told_with_both_texts(lead: Person) -> None:
    word = new_word()
    question = f"{word}会员日几折"
    for file, answer in ((f"{word}a.csv", "会员日 9 折"), (f"{word}b.csv", "会员日 8 折")):
        assert bring(lead, file, f"问题,答案\n{question},{answer}\n").status_code == 200
    found = [one for one in lead.get("/api/knowledge/conflicts").json()["items"] if word in one["reason"]]
    assert [one["kind"] for one in found] == ["contradiction"]
    assert {one["answer"] for one in found[0]["articles"]} == {"会员日 9 折", "会员日 8 折"}


def test_a_budget_is_set_shown_and_taken_back(lead: Person) -> None:
    made = put(lead, "/api/knowledge/cuts", {"category": "物流", "budget": 0.05})
    assert made.status_code == 200, made.text
    (told,) = [one for one in made.json()["items"] if one["category"] == "物流"]
    assert (told["set"]["budget"], told["set"]["set_by"], told["set"]["version"]) == (0.05, "lea", 1)
    assert told["set"]["computed_at"] is not None
    assert {one["budget"] for one in told["offers"]} >= {0.02, 0.05}
    late = put(lead, "/api/knowledge/cuts", {"category": "物流", "budget": 0.1})
    assert late.json()["code"] == "moved_on"
    assert put(lead, "/api/knowledge/cuts", {"category": "物流", "budget": 0.9, "version": 1}).status_code == 422
    assert delete(lead, "/api/knowledge/cuts?category=物流").status_code == 200
    assert delete(lead, "/api/knowledge/cuts?category=物流").status_code == 404


def test_a_cut_in_force_silences_the_bot_at_once_and_its_removal_lets_it_speak(
    staffed_shop: Shop, lead: Person
) -> None:
    question = "一般多久发货"
    record = staffed_shop.gateway.assistant.record
    put(lead, "/api/knowledge/cuts", {"category": "物流", "budget": 0.05})
    drawn = {"cut": 1.01, "asked": 1, "answered": 1, "wrong": 0, "bound": 0.9, "labels": {}, "borrowed": False}
    now = staffed_shop.gateway.assistant.clock()
    record.write(lambda tx: cuts.draw(tx, {("物流", 0.05): drawn}, at=now)).result()
    staffed_shop.gateway.refill()
    tried = lead.post("/api/knowledge/try", {"question": question}).json()["live"]
    assert (tried["verdict"], tried["cut"]) == ("unsure", 1.01)
    shopper = staffed_shop.shopper()
    assert "24小时内" not in shopper.ask(question)["text"]
    delete(lead, "/api/knowledge/cuts?category=物流")
    assert "24小时内" in shopper.ask(f"请问{question}")["text"]
    shopper.close()


def test_what_is_exported_can_be_imported_and_says_the_same(lead: Person) -> None:
    word = new_word()
    text = (
        "问题,答案,相似问,分类,商品编码,生效时间,失效时间,会员等级,平台\n"
        f'{word}有赠品吗,"有，=1+1 份",送东西吗{word};赠品是啥{word},活动,LP-1;LP-2,2026-01-01,2026-12-31,金卡,京东\n'
    )
    assert bring(lead, f"{word}.csv", text).json()["changed"] == 1
    answer = lead.get("/api/knowledge/export")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = [one for one in rows if one["question"].startswith(word)]
    assert row == {
        "question": f"{word}有赠品吗",
        "answer": "有，=1+1 份",
        "similar": f"送东西吗{word};赠品是啥{word}",
        "category": "活动",
        "sku": "LP-1;LP-2",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "tier": "金卡",
        "platform": "jd",
    }


def test_the_workbook_of_the_knowledge_says_what_the_table_says(lead: Person, tmp_path: Path) -> None:
    said = []
    for form in ("csv", "xlsx"):
        path = tmp_path / f"knowledge.{form}"
        path.write_bytes(lead.get("/api/knowledge/export", params={"format": form}).content)
        said.append([(one.title, one.text, one.similar, one.scope) for one in read_articles(path).articles])
    assert said[0] == said[1]
    assert len(said[0]) >= 8


def test_an_import_that_breaks_a_golden_case_is_refused_and_changes_nothing(lead: Person) -> None:
    word = new_word()
    good, bad = f"问题,答案\n{word}能寄样吗,可以寄样\n", f"问题,答案\n{word}能寄样吗,不可以\n"
    assert bring(lead, f"{word}.csv", good).status_code == 200
    case = lead.post("/api/knowledge/golden", {"question": f"{word}能寄样吗", "expects": "text", "text": "可以寄样"})
    refused = bring(lead, f"{word}.csv", bad)
    assert refused.json()["code"] == "golden_cases_failed"
    found = lead.get("/api/knowledge", params={"q": f"{word}能寄样吗"}).json()["items"]
    assert [(one["answer"], one["version"]) for one in found] == [("可以寄样", 1)]
    assert bring(lead, f"{word}.csv", bad, override="true", reason="不寄了").json()["changed"] == 1
    delete(lead, f"/api/knowledge/golden/{case.json()['id']}")


@pytest.mark.parametrize(("name", "text"), [("a.exe", "MZ"), ("a.csv", "甲,乙\n1,2\n"), ("../../.env", "x")])
def test_a_file_that_is_no_knowledge_is_refused(lead: Person, name: str, text: str) -> None:
    refused = bring(lead, name, text)
    assert refused.status_code == 422
    assert refused.json()["detail"]
