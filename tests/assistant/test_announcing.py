"""Nobody is announced who does not come."""

import pytest

from assistant import phrases
from assistant.announcing import announces, honest
from crm_core.conversations.events import BotReplied
from crm_core.conversations.movements import Queued
from crm_core.conversations.timeline import AnnouncedNotDone, Thread, append
from crm_core.database import Database
from tests.assistant.desk.conftest import House, embedder, house, reader

__all__ = ["embedder", "house", "reader"]


@pytest.mark.parametrize(
    "text",
    [
        "已为您转接人工客服，请稍候。", "正在帮您转接人工。", "我马上给您转到专员那里", "这就为您接入人工客服",
        "我会安排专员联系您", "客服马上来。", "人工客服正在为您处理", "帮您转人工了",
    ],
)  # fmt: skip
def test_an_announcement_is_seen(text: str) -> None:
    assert announces(text)


@pytest.mark.parametrize(
    "text",
    [
        phrases.UNSURE, phrases.PROPOSE_PERSON, phrases.IF_BOT, phrases.PROPOSED, phrases.FAILED,
        "审核由客服在 1 到 3 个工作日内完成。", "联系客服开电子普通发票", "如果需要，可以为您转接人工客服",
        "人工费另算",
        "确认收货后30天内联系客服开电子普通发票，3个工作日内发到邮箱。",
    ],
)  # fmt: skip
def test_other_words_about_people_stay(text: str) -> None:
    assert not announces(text)


def test_an_answer_keeps_what_is_true_in_it() -> None:
    reply = honest(BotReplied("满59元包邮。已为您转接人工客服，请稍候。", 1, "answer"))
    assert reply.text == "满59元包邮。"


def test_a_reply_that_only_announces_says_that_it_is_not_known() -> None:
    reply = honest(BotReplied("正在为您转接人工客服", 1, "answer"))
    assert (reply.text, reply.decision) == (phrases.UNSURE + phrases.PROPOSE_PERSON, "unsure")


def test_the_record_takes_no_announcement_without_its_transition(database: Database, house: House) -> None:
    told = BotReplied("已为您转接人工客服", 1, "handoff")
    with pytest.raises(AnnouncedNotDone), database.transaction() as tx:
        append(tx, Thread("x"), [(told, None)], at=house.now)
    house.says("你好")
    with house.a.record.transaction() as tx:
        append(tx, house.thread, [(told, None), (Queued(), None)], at=house.now)
    assert house.session.state == "queued"
