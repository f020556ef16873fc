"""Words of one group are the same word, on the shelf and in the query."""

import pytest

from knowledge_base.articles import Article
from knowledge_base.search import KnowledgeBase
from knowledge_base.synonyms import Synonyms, UnusableSynonyms
from nlp.embedding.embedder import HashEmbedder

GROUPS = [["运费", "邮费", "快递费"], ["丢件", "包裹丢了"], ["专柜", "ZG"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("邮费多少", "运费多少"),
        ("我的包裹丢了要快遞費吗", "我的丢件要运费吗"),
        ("ＺＧ有卖吗", "专柜有卖吗"),
        ("zgx有卖吗", "zgx有卖吗"),
        ("没有别的词 ", "没有别的词 "),
    ],
)
def test_each_surface_becomes_the_first_word(text, expected):
    assert Synonyms.of(GROUPS).apply(text) == expected


def test_a_word_in_two_groups_is_refused():
    with pytest.raises(UnusableSynonyms, match=r"第 2 组的「邮费」已经属于「运费」"):
        Synonyms.of([["运费", "邮费"], ["邮资", "邮费"]])


def test_a_file_as_people_write_it(tmp_path):
    path = tmp_path / "同义词.txt"
    path.write_text("# 物流\n运费 = 邮费；快递费  # 都一样\n\n单独\n丢件,包裹丢了", "utf-8-sig")
    assert Synonyms.read(path).apply("快递费和包裹丢了") == "运费和丢件"
    assert Synonyms.read(tmp_path / "没有").apply("邮费") == "邮费"
    path.write_bytes("运费 邮费".encode("gb18030"))
    with pytest.raises(UnusableSynonyms, match="不是 UTF-8"):
        Synonyms.read(path)


def test_the_lexicon_is_read_at_every_filling_and_a_bad_one_changes_nothing(tmp_path):
    lexicon, file = tmp_path / "同义词.txt", tmp_path / "shelf.npz"
    shop = [Article("1", "article", "丢件了怎么赔", "按价赔"), Article("2", "article", "包裹多久到", "三天")]
    base = KnowledgeBase(HashEmbedder(), file=file, lexicon=lexicon)
    base.fill(shop)
    assert base.search("包裹找不着了").hits[0].article.id == "2"
    lexicon.write_text("丢件 包裹找不着", "utf-8")
    base.fill(shop)
    assert base.search("包裹找不着了").hits[0].article.id == "1"
    lexicon.write_text("丢件 包裹\n到货 包裹", "utf-8")
    with pytest.raises(UnusableSynonyms):
        base.fill([])
    assert base.search("包裹找不着了").hits[0].article.id == "1"
