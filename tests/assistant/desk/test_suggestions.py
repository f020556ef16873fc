"""What an agent is shown to send: the bot's own grounds, our own facts beside a rival, a canned reply that fits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import turns
from assistant.desk import suggestions
from assistant.desk.suggestions import Draft
from assistant.desk.talk_tracks import DOCUMENT
from assistant.parts import Assistant
from crm_core.conversations.events import ShopperSpoke
from crm_core.conversations.timeline import Thread
from crm_core.desk import desk_rules
from crm_core.desk.replies import Reply
from tests.journeys.conftest import render
from webchat.cli_data import import_kind
from webchat.settings import Settings
from webchat.wiring import open_record, wire

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data: Path = tmp_path_factory.mktemp("suggesting")
    record = open_record(Settings(data=data))
    for kind, path in render(data):
        import_kind(record, kind, [path])
    record.close()
    gateway = wire(Settings(data=data))
    yield gateway.assistant
    gateway.assistant.record.close()


def reply(title: str, text: str) -> Reply:
    return Reply(title, "shared", "", "", title, title, text, 1, NOW, "ann")


class Talk:
    """A shopper whom the bot answers, or not."""

    def __init__(self, a: Assistant, name: str, customer: str | None = None):
        self.a, self.thread, self.count = a, Thread(name, customer), 0

    def says(self, text: str, *, answered: bool = False) -> int:
        self.count += 1
        heard = turns.hear(self.a, self.thread, ShopperSpoke(text, f"m{self.count}")).result()
        if answered and (future := turns.take_turn(self.a, self.thread)) is not None:
            future.result()
        return heard.seq

    def drafts(self, *canned: Reply) -> tuple[int, list[Draft]]:
        dialogue = self.a.dialogues.of(self.a.record, self.thread.conversation)
        return suggestions.drafts(self.a, self.thread.customer, dialogue, canned)


def test_a_draft_says_what_the_bot_would_have_said_and_from_where(tea: Assistant) -> None:
    talk = Talk(tea, "a", "T001")
    seq = talk.says("可以开发票吗")
    answers, (draft, *_) = talk.drafts()
    assert answers == seq
    assert (draft.kind, draft.sources[0].kind) == ("answer", "article")
    assert "电子普通发票" in draft.text


def test_what_belongs_to_a_customer_is_drafted_for_that_customer_alone(tea: Assistant) -> None:
    for name, customer, wanted in (("b", "T001", True), ("c", None, False)):
        talk = Talk(tea, name, customer)
        talk.says("我的订单到哪了")
        found = [draft for draft in talk.drafts()[1] if any(source.kind == "order" for source in draft.sources)]
        assert bool(found) is wanted


def test_after_a_call_for_a_person_the_question_before_it_is_answered(tea: Assistant) -> None:
    talk = Talk(tea, "d")
    talk.says("可以开发票吗", answered=True)
    talk.says("转人工", answered=True)
    _, (draft, *_) = talk.drafts()
    assert "电子普通发票" in draft.text


def test_nothing_said_and_nothing_known_give_no_draft(tea: Assistant) -> None:
    talk = Talk(tea, "e")
    assert talk.drafts() == (0, [])
    talk.says("转人工", answered=True)
    assert talk.drafts()[1] == []


def test_beside_a_rival_stand_our_own_facts_and_not_a_word_about_the_other(tea: Assistant) -> None:
    talk = Talk(tea, "f")
    talk.says("八马的茶和你们的明前龙井哪个好")
    draft = talk.drafts()[1][0]
    assert draft.kind == "talk_track"
    assert [source.id for source in draft.sources] == ["TEA-01"]
    assert "杭州西湖" in draft.text
    assert "八马" not in draft.text


def test_the_shops_own_wording_goes_before_ours_and_is_filled_from_the_record(tea: Assistant) -> None:
    wordings = {"八马": "{商品}是{特点}的，{价格}", "*": "我们是产地直发的"}

    def put(version: int) -> int:
        return (
            tea.record.write(lambda tx: desk_rules.replace(tx, DOCUMENT, wordings, "lea", tea.clock(), version))
            .result()
            .version
        )

    put(0)
    talk = Talk(tea, "g")
    talk.says("八马的茶和你们的明前龙井哪个好")
    assert talk.drafts()[1][0].text == "明前龙井 50克罐装是产地杭州西湖；净含量50克；保质期18个月的，¥168.00"
    other = Talk(tea, "h")
    other.says("小罐茶的龙井比你们的明前龙井好吗")
    assert other.drafts()[1][0].text == "我们是产地直发的"


def test_a_canned_reply_is_shown_where_it_fits_and_only_there(tea: Assistant) -> None:
    canned = reply("少件补发", "非常抱歉给您少发了，请告诉我少的是哪一件"), reply("欢迎语", "您好，请问有什么可以帮您")
    talk = Talk(tea, "i")
    talk.says("少给我一件")
    assert [draft.title for draft in talk.drafts(*canned)[1] if draft.kind == "canned"] == ["少件补发"]
    other = Talk(tea, "j")
    other.says("龙井的保质期多久")
    assert [draft for draft in other.drafts(*canned)[1] if draft.kind == "canned"] == []


def test_there_are_three_drafts_at_most_and_none_says_what_another_says(tea: Assistant) -> None:
    for n, text in enumerate(("龙井的保质期多久，可以开发票吗", "发什么快递", "能退吗")):
        talk = Talk(tea, f"k{n}", "T001")
        talk.says(text)
        texts = [draft.text for draft in talk.drafts(reply("退货", "可以退"))[1]]
        assert len(texts) <= 3
        for place, one in enumerate(texts):
            assert not any(one in before for before in texts[:place])
