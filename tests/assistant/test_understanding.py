"""What one burst asks: fragments together, whole questions apart."""

import pytest

from assistant.understanding import split_questions


@pytest.mark.parametrize(
    ("burst", "questions"),
    [
        ("可以开发票吗\n满多少包邮", ["可以开发票吗", "满多少包邮"]),
        ("发什么快递\n可以开发票吗\n满多少包邮", ["发什么快递", "可以开发票吗", "满多少包邮"]),
        ("你们发什么快递？可以开发票吗？", ["你们发什么快递？", "可以开发票吗？"]),
        ("在吗\n快过生日了\n有啥福利没", ["在吗，快过生日了，有啥福利没"]),
        ("20天前买的加湿器\n能退吗", ["20天前买的加湿器，能退吗"]),
        ("宝宝16斤\n尿不湿\n穿啥码的", ["宝宝16斤，尿不湿，穿啥码的"]),
        ("可以开发票吗\n公司抬头", ["可以开发票吗，公司抬头"]),
        ("快递六天没动了！！！到底丢没丢", ["快递六天没动了！！！到底丢没丢"]),
        ("？？？", ["？？？"]),
        ("", [""]),
    ],
)
def test_a_burst_is_cut_where_a_question_ends(burst: str, questions: list[str]) -> None:
    assert split_questions(burst) == questions
