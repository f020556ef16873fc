"""Everything one message tells, in one value."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading.emotion import NAMES
from nlp.reading.heads import NoHeads
from nlp.reading.reading import SHOP_ZONE, Reader

READER = Reader()
NOW = datetime(2026, 11, 24, 15, 30, tzinfo=SHOP_ZONE)


def test_a_reading_has_the_shape_that_the_contract_states() -> None:
    reading = READER.read("你家比兰蔻贵，有没有优惠？订单20261124001还没发，转人工", NOW).as_json()
    assert set(reading) == {
        "text", "intents", "emotion", "urgency", "price_cues", "competitors", "entities", "wants_human",
    }  # fmt: skip
    assert set(reading["intents"][0]) == {"name", "label", "p"}
    assert set(reading["emotion"]) == {"name", "polarity", "intensity"}
    assert set(reading["price_cues"][0]) == {"span", "text", "kind"}
    assert reading["competitors"] == [{"span": [3, 5], "brand": "兰蔻", "comparing": True}]
    assert reading["entities"][0]["kind"] == "order_id"
    assert reading["wants_human"] is True
    assert json.loads(json.dumps(reading)) == reading


def test_spans_are_offsets_of_the_given_text_whatever_folding_did() -> None:
    text = "  和ＳＫ２比，有沒有優惠\u200b？我要轉人工  "
    reading = READER.read(text, NOW)
    assert [text[cue.start : cue.end] for cue in reading.price_cues] == [cue.text for cue in reading.price_cues]
    assert [text[one.start : one.end] for one in reading.competitors] == ["ＳＫ２"]
    assert reading.wants_human


def test_days_are_those_of_the_shop_whose_zone_it_is() -> None:
    late = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # four in the morning of the next day in the shop
    (entity,) = READER.read("明天发", late).entities
    assert entity.value == "2026-11-26"


def test_the_shops_goods_are_named_by_their_number() -> None:
    reader = Reader([("LIP-01", "花期 丝绒哑光口红")])
    assert [(one.kind, one.value) for one in reader.read("丝绒哑光口红有货吗", NOW).entities] == [("product", "LIP-01")]


def test_without_trained_heads_the_word_lists_decide() -> None:
    reader = Reader(heads=NoHeads())
    reading = reader.read("气死我了，转人工！！！", NOW)
    assert (reading.emotion.name, reading.wants_human) == ("angry", True)
    assert "ask_human" in [intent.name for intent in reading.intents]


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "？", "😂", "[微笑]", "\ud83d", "a" * 2000, "！" * 2000, "转人工" * 600]
)
def test_odd_messages_are_read_like_any_other(text: str) -> None:
    reading = READER.read(text, NOW)
    assert reading.emotion.name in NAMES
    assert reading.urgency in ("low", "normal", "high")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="有没优惠券贵比别家兰蔻苹果转人工客服过敏丢明天周三块折！，。? ab1２", max_size=24))
def test_any_mix_of_telling_words_gives_spans_inside_the_text(text: str) -> None:
    reading = READER.read(text, NOW)
    for one in (*reading.price_cues, *reading.competitors, *reading.entities):
        assert 0 <= one.start < one.end <= len(text)
    assert -1 <= reading.emotion.polarity <= 1
    assert 0 <= reading.emotion.intensity <= 1


def test_several_threads_read_what_one_reads() -> None:
    texts = ["有没有优惠", "和兰蔻比呢", "快递丢了！！！", "谢谢亲", "明天能到吗 38码"] * 8
    alone = [READER.read(text, NOW) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: READER.read(text, NOW), texts)) == alone
