"""A passage is short, begins and ends at a sentence, and nothing of the section is lost."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.passages import LONGEST, split


def _bare(text: str) -> str:
    return "".join(text.split())


def test_a_short_section_is_one_passage_with_its_paragraphs():
    assert split(["七天无理由。", " ", "运费自理。"]) == ["七天无理由。\n运费自理。"]


def test_a_long_section_is_cut_after_sentences_into_even_parts():
    sentence = "签收后七天内可以退货，商品需要完好。"
    passages = split([sentence * 25])
    assert len(passages) == 2
    assert all(passage.endswith("。") and len(passage) <= LONGEST for passage in passages)
    assert min(map(len, passages)) > LONGEST / 2


def test_a_quotation_keeps_its_closing_mark():
    first = "他问：“可以退吗？”"
    assert all(not passage.startswith("”") for passage in split([first * 60]))


def test_a_number_is_not_torn_apart():
    passages = split(["甲" * 340 + "20261122334455667788" + "乙" * 300])
    assert any("20261122334455667788" in passage for passage in passages)


@given(st.lists(st.text(alphabet="退货。！ab1 ，\n", max_size=900), max_size=4))
def test_nothing_is_lost_and_nothing_is_too_long(paragraphs):
    passages = split(paragraphs)
    assert _bare("".join(passages)) == _bare("".join(paragraphs))
    assert all(0 < len(passage) <= LONGEST for passage in passages)
