"""What wants an answer, and what is one."""

import pytest

from assistant.insights.session import sum_up
from tests.assistant.insights.talk import read


def waiting(reader, *said: str) -> list[int]:
    return [question.line for question in sum_up(read(reader, *said)).unanswered]


@pytest.mark.parametrize(
    "reply",
    [
        "您好",
        "亲，在的",
        "请稍等",
        "您好，请稍等一下哦",
        "正在帮您查询",
        "亲亲，请问有什么可以帮您的吗",
        "抱歉，我没有理解您的问题",
        "正在为您转接人工客服",
    ],
)
def test_courtesy_and_not_having_understood_are_no_answers(reader, reply: str) -> None:
    assert waiting(reader, "怎么退货", f"b:{reply}") == [1]


@pytest.mark.parametrize(
    "reply", ["有的", "可以", "在订单页点申请售后", "您好，7天内都可以退", "稍后给您退款，预计明天到账"]
)
def test_an_answer_settles_all_that_was_asked(reader, reply: str) -> None:
    assert waiting(reader, "能退吗", "多久到账", f"a:{reply}") == []


def test_what_was_asked_after_the_last_answer_waits(reader) -> None:
    assert waiting(reader, "有货吗", "b:有的", "几号能到") == [3]


def test_a_farewell_answers_nothing(reader) -> None:
    assert waiting(
        reader, "那差价什么时候退呢", "a:请问还有其他可以帮您的吗", "a:感谢您的支持，祝您生活愉快，再见!"
    ) == [1]


@pytest.mark.parametrize(
    "text", ["在吗", "你好", "谢谢", "好的呢", "没有了呢", "别的没有了", "[图片]", "转人工", "好的"]
)
def test_greetings_thanks_and_the_wish_for_a_person_are_no_questions(reader, text: str) -> None:
    assert waiting(reader, text) == []


def test_a_message_sent_twice_waits_once(reader) -> None:
    said = read(reader, "怎么退货", "怎么退货")
    assert [question.line for question in sum_up(said).unanswered] == [1, 2]  # a minute apart
