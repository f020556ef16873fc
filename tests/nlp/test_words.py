"""Folding, segmenting and terms of shop text."""

import threading

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import words
from nlp.words import SEGMENTER, add_words, fold, is_word, segment, terms


@pytest.mark.parametrize(
    ("given_text", "plain"),
    [
        ("ＳＫ－ＩＩ　５０％ＯＦＦ", "sk-ii 50%off"),
        ("這個還有優惠嗎？", "这个还有优惠吗?"),
        ("妳們幾點下班", "你们几点下班"),
        ("转\u200b人\u200b工", "转人工"),
        ("  在吗  在吗\n\n ", "在吗 在吗"),
        ("太慢了！！！！", "太慢了!!!!"),
        ("①号链接 ㎏", "1号链接 kg"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_a_text_is_folded_to_its_plain_form(given_text, plain):
    assert fold(given_text).text == plain


def test_a_span_of_the_folded_text_leads_back_to_the_given_text():
    given_text = "  亲，有　　没有\u200b優惠券 ㎏"
    folded = fold(given_text)
    start = folded.text.index("优惠券")
    first, last = folded.span(start, start + 3)
    assert given_text[first:last] == "優惠券"
    first, last = folded.span(len(folded.text) - 2, len(folded.text))
    assert given_text[first:last] == "㎏"


@given(st.text(max_size=40))
def test_every_folded_character_comes_from_somewhere_and_folding_again_changes_nothing(text):
    folded = fold(text)
    assert len(folded.origin) == len(folded.text) + 1
    assert list(folded.origin) == sorted(folded.origin)
    assert folded.origin[-1] == len(text)
    assert "  " not in folded.text


def test_the_shipped_table_agrees_with_opencc():
    converter = opencc.OpenCC("t2s")
    for character in "優惠換貨發貨質量問題麼還沒有訂單號碼運費險開發票嗎讓處理":
        assert fold(character).text == converter.convert(character)


def test_latin_and_digit_runs_stay_whole():
    assert segment("我要SK-II神仙水和iPhone15") == ["我要", "sk-ii", "神仙", "水", "和", "iphone15"]
    assert "jd-2023-1122" in segment("订单号JD-2023-1122到哪了")
    assert segment("这个T恤和U盘") == ["这个", "t恤", "和", "u盘"]


def test_spaces_and_punctuation_are_no_words_but_emoji_are():
    assert segment("明天， 谢谢！😂") == ["明天", "谢谢", "😂"]


def test_words_the_shop_adds_are_kept_whole():
    add_words(["雪绒花净肤露", "aj1低帮"])
    assert "雪绒花净肤露" in segment("雪绒花净肤露怎么用")
    assert segment("有AJ1低帮吗") == ["有", "aj1低帮", "吗"]


def test_the_dictionary_knows_common_words_and_no_invented_ones():
    assert is_word("羽绒服")
    assert not is_word("羽绒迪")


def test_words_may_be_added_while_others_are_cutting():
    failures = []

    def cut_on():
        try:
            for _ in range(300):
                segment("那个有白色吗，能不能便宜点啊" * 5)
        except BaseException as error:  # a panic of the extension is no Exception
            failures.append(error)

    readers = [threading.Thread(target=cut_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        add_words([f"新词条{number}"])
    for reader in readers:
        reader.join()
    assert not failures


def test_terms_are_characters_pairs_words_and_whole_runs():
    assert terms("白色T恤") == ["白", "色", "2白色", "w白色", "t", "恤"]
    assert terms("sk-ii 50ml😂") == ["sk-ii", "50ml", "😂"]
    assert terms("！？。") == []


def test_the_fingerprint_names_the_segmenter_and_the_rules():
    name, _, rules = SEGMENTER.partition("/")
    assert name.split("-")[0] in {"rjieba", "jieba"}
    assert rules == "terms-1"


def test_without_rjieba_the_slower_segmenter_cuts_the_same_words(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "rjieba", None)
    cut, knows, _ = words._new_cutter(["雪绒花净肤露"])
    assert list(cut("雪绒花净肤露怎么用")) == ["雪绒花净肤露", "怎么", "用"]
    assert knows("雪绒花净肤露")
    assert not knows("绒花净肤")
