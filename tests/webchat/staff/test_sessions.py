"""Sessions listed by what is asked for, and one of them with the words that everything said of it rests on."""

from tests.journeys.conftest import Shop
from tests.webchat.staff.conftest import Person


def test_a_session_tells_what_was_said_and_which_words_each_signal_rests_on(staffed_shop: Shop) -> None:
    shopper = staffed_shop.shopper("T002")
    shopper.ask("发什么快递")
    shopper.ask("有点贵，能便宜点吗")
    ann = Person(staffed_shop.url, "ann")
    (row,) = ann.get("/api/sessions", params={"conversation": shopper.entrance["conversation"]}).json()["sessions"]
    assert (row["state"], row["customer"], row["owner"]) == ("bot", "T002", None)
    assert row["name"][1:] in ("*", "**", "***")
    one = ann.get(f"/api/sessions/{row['session']}").json()
    said = [(entry["from"], entry["kind"]) for entry in one["entries"] if entry["kind"] != "activity"]
    assert [who for who, _ in said] == ["shopper", "bot"] * 2
    before = 0
    for entry in one["entries"]:
        assert entry["prev"] == before
        before = entry["seq"]
    assert one["signals"]
    for signal in one["signals"]:
        assert signal["rule"]
        assert signal["version"] >= 1
        for evidence in signal["evidence"]:
            (entry,) = [entry for entry in one["entries"] if entry["seq"] == evidence["seq"]]
            assert entry["from"] == "shopper"
            if evidence["span"]:
                assert entry["text"][slice(*evidence["span"])] == signal["words"]
    assert [mood["seq"] for mood in one["emotion"]] == [
        entry["seq"] for entry in one["entries"] if entry["from"] == "shopper"
    ]


def test_a_long_list_is_read_page_by_page_without_holes_or_repeats(staffed_shop: Shop) -> None:
    for _ in range(5):
        staffed_shop.shopper().ask("发什么快递")
    ann = Person(staffed_shop.url, "ann")
    everything = [row["session"] for row in ann.get("/api/sessions?limit=200").json()["sessions"]]
    assert len(everything) >= 5
    pages, cursor = [], None
    while True:
        page = ann.get("/api/sessions", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        pages += [row["session"] for row in page["sessions"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == everything
    assert len(set(pages)) == len(pages)


def test_filters_choose_and_what_they_cannot_be_is_said(staffed_shop: Shop) -> None:
    staffed_shop.shopper("T001").ask("发什么快递")
    ann = Person(staffed_shop.url, "ann")
    assert ann.get("/api/sessions?customer=T001").json()["sessions"]
    assert ann.get("/api/sessions?customer=T001&state=open").json()["sessions"]
    assert ann.get("/api/sessions?customer=T001&state=closed").json()["sessions"] == []
    assert ann.get("/api/sessions?customer=T001&to=2020-01-01").json()["sessions"] == []
    assert ann.get("/api/sessions?customer=T001&from=2020-01-01").json()["sessions"]
    wrong = ann.get("/api/sessions?state=sleeping")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    assert "sleeping" in wrong.json()["detail"]
    assert ann.get("/api/sessions?cursor=here").status_code == 422
    for missing in ("nothing", "nothing:1", "nothing:99999999999999999999"):
        assert ann.get(f"/api/sessions/{missing}").status_code == 404
