"""What an agent or the bot promises, and by when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nlp.reading.promises import AT_ONCE, LATER, SOON, promises_in

NOW = datetime(2026, 6, 10, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


@pytest.mark.parametrize(
    ("text", "topic", "due"),
    [
        ("好的，明天下班前给您回复", "reply", datetime(2026, 6, 11, 18)),
        ("我这边帮您核实，48小时内短信通知您", "reply", datetime(2026, 6, 12, 15)),
        ("3个工作日内专员会联系您", "reply", datetime(2026, 6, 15, 18)),
        ("今天给您安排发货", "dispatch", datetime(2026, 6, 11)),
        ("周五前一定发出", "dispatch", datetime(2026, 6, 12)),
    ],
)
def test_a_named_time_is_when_the_promise_falls_due(text, topic, due):
    (promise,) = promises_in(text, NOW)
    assert (promise.topic, promise.due, promise.exact) == (topic, due.replace(tzinfo=NOW.tzinfo), True)


@pytest.mark.parametrize(
    ("text", "topic", "after"),
    [
        ("稍后联系您哦", "reply", LATER),
        ("我们会尽快安排退款给您", "refund", SOON),
        ("小妹帮您催一下呢", "urge", SOON),
        ("马上给您补发一件", "compensate", AT_ONCE),
    ],
)
def test_a_vague_word_stands_for_a_usual_time(text, topic, after):
    (promise,) = promises_in(text, NOW)
    assert (promise.topic, promise.due, promise.exact) == (topic, NOW + after, False)


@pytest.mark.parametrize(
    "text",
    [
        "请您稍等，马上为您查询",
        "一般付款后48小时内发货",
        "如果您需要可以帮您申请退款",
        "有什么问题我可以帮您处理或解决呢?",
        "这边为您申请补发一件是否可以呢",
        "已经帮您拦截，您等待一下退款",
        "亲，您可以在线申请退款",
        "",
    ],
)
def test_waiting_rules_questions_and_what_is_done_promise_nothing(text):
    assert promises_in(text, NOW) == ()


def test_each_sentence_promises_once_and_its_span_lies_in_the_given_text():
    text = "不好意思让您久等了。　我帮您催仓库，今天一定发出！明天给您回电"
    first, second = promises_in(text, NOW)
    assert text[first.start : first.end] == first.text == "我帮您催仓库，今天一定发出！"
    assert (first.topic, second.topic) == ("dispatch", "reply")
    assert second.due - NOW == timedelta(hours=33)
