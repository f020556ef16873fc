"""Times as people write them, seen from a Tuesday afternoon in November."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dates import when
from nlp.words import fold

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("今天发", "2026-11-24"),
        ("大后天到", "2026-11-27"),
        ("上周三买的", "2026-11-18"),
        ("下周一到货", "2026-11-30"),
        ("周日能到吗", "2026-11-29"),
        ("周日买的", "2026-11-22"),
        ("3月5号买的", "2026-03-05"),
        ("3月5号能到吗", "2027-03-05"),
        ("十二月十五号", "2026-12-15"),
        ("15号能到吗", "2026-12-15"),
        ("上个月15号买的", "2026-10-15"),
        ("2026-11-01的订单", "2026-11-01"),
        ("双11买的", "2026-11-11"),
        ("双十一有活动吗", "2027-11-11"),
        ("去年双11买的", "2025-11-11"),
        ("中秋", "2027-09-15"),
        ("母亲节送妈妈", "2027-05-09"),
        ("三天前下的单", "2026-11-21"),
    ],
)
def test_a_named_day_is_that_day(text: str, named: str) -> None:
    assert [moment.as_text() for moment in when(text, NOW)] == [named]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("48小时内给您回复", datetime(2026, 11, 26, 15, 30)),
        ("半小时内", datetime(2026, 11, 24, 16, 0)),
        ("一个半小时内", datetime(2026, 11, 24, 17, 0)),
        ("24h内", datetime(2026, 11, 25, 15, 30)),
        ("1-3天内", datetime(2026, 11, 27, 15, 30)),
        ("3个工作日内退款", datetime(2026, 11, 27, 18, 0)),
        ("四个工作日内", datetime(2026, 11, 30, 18, 0)),
        ("明天下班前", datetime(2026, 11, 25, 18, 0)),
        ("今天下班之前", datetime(2026, 11, 24, 18, 0)),
        ("今晚8点前", datetime(2026, 11, 24, 20, 0)),
        ("明天中午12点前", datetime(2026, 11, 25, 12, 0)),
        ("后天上午九点半之前", datetime(2026, 11, 26, 9, 30)),
        ("周五前能到吗", datetime(2026, 11, 27, 0, 0)),
        ("三点前到不了", datetime(2026, 11, 25, 15, 0)),
    ],
)
def test_a_deadline_runs_from_now(text: str, due: datetime) -> None:
    (moment,) = when(text, NOW)
    assert (moment.since, moment.until) == (NOW, due.replace(tzinfo=ZONE))


def test_an_hour_of_a_day_is_that_hour() -> None:
    (moment,) = when("昨晚九点签收的", NOW)
    assert (moment.since, moment.until - moment.since) == (
        datetime(2026, 11, 23, 21, tzinfo=ZONE),
        timedelta(hours=1),
    )


@pytest.mark.parametrize(
    "text", ["7天无理由", "m码", "前台", "第3天", "38码", "618元", "520块", "11.5元", "2月32号", "一点点", "十一点多"]
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert when(text, NOW) == ()


def test_the_span_covers_the_words() -> None:
    (moment,) = when("麻烦明天下班前发", NOW)
    assert (moment.start, moment.end) == (2, 7)


@given(st.text(alphabet="今明昨前后天上下个周一二三十日月号点半内前后小时0123456789-:双国庆", max_size=14))
def test_any_mix_of_such_words_is_read_without_an_error(text: str) -> None:
    for moment in when(fold(text).text, NOW):
        assert moment.since <= moment.until
        assert 0 <= moment.start < moment.end <= len(text)
