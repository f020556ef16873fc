"""The right article is found however it is asked for, and never one that does not hold."""

import threading
from datetime import datetime, timedelta

import numpy as np
import pytest

from knowledge_base.articles import Article, Scope, Source
from knowledge_base.index_faiss import FaissIndex
from knowledge_base.ingestion.validity import SHOP_ZONE
from knowledge_base.search import KnowledgeBase
from nlp.embedding.embedder import HashEmbedder

NOW = datetime(2026, 5, 20, 12, tzinfo=SHOP_ZONE)


def _article(title: str, text: str = "见详情", *similar: str, kind="article", **scope) -> Article:
    name = f"{title}/{scope}/{kind}"
    return Article(name, kind, title, text, similar, "", Scope(**scope), Source("faq.csv", "售后", 3))


SHOP = [
    _article("多久发货", "付款后四十八小时内发出", "什么时候发货", "几天能发"),
    _article("退货运费谁出", "质量问题店铺承担，其他买家承担"),
    _article("怎么开发票", "订单完成后在订单页申请电子发票"),
    _article("退换货政策 › 时限", "签收后七天内可以无理由退货，商品需要完好。", kind="passage"),
    _article("保湿面霜怎么用", "洁面后取适量涂抹"),
]


@pytest.fixture(scope="module")
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(params=["exact", "faiss"])
def shop(request, embedder) -> KnowledgeBase:
    base = KnowledgeBase(embedder, index=FaissIndex) if request.param == "faiss" else KnowledgeBase(embedder)
    base.fill(SHOP)
    return base


def _first(base: KnowledgeBase, query: str, **focus) -> str | None:
    hits = base.search(query, at=NOW, **focus).hits
    return hits[0].article.title if hits else None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("多久发货", "多久发货"),
        ("请问几天能发呀", "多久发货"),
        ("退貨運費誰出", "退货运费谁出"),
        ("ｆａｐｉａｏ？怎么开发票", "怎么开发票"),
        ("七天无理由退货", "退换货政策 › 时限"),
        ("面霜用法", "保湿面霜怎么用"),
    ],
)
def test_the_article_is_found(shop, query, expected):
    assert _first(shop, query) == expected


def test_scores_fall_and_stay_between_nothing_and_one(shop):
    scores = [hit.score for hit in shop.search("多久发货").hits]
    assert scores == sorted(scores, reverse=True)
    assert 0.85 < scores[0] <= 1
    assert scores[-1] >= 0


@pytest.mark.parametrize("query", ["", "   ", "？？？", "\u200b"])
def test_a_query_without_words_finds_nothing(shop, query):
    found = shop.search(query)
    assert (found.hits, found.verdict) == ((), "unsure")


def test_an_empty_shelf_is_unsure(embedder):
    base = KnowledgeBase(embedder)
    assert base.search("多久发货").verdict == "unsure"
    base.fill(SHOP)
    base.fill([])
    assert base.search("多久发货").hits == ()


def test_the_json_is_that_of_the_contract(shop):
    said = shop.search("多久发货", k=1).as_json()
    assert set(said) == {"query", "verdict", "confidence", "took_ms", "hits"}
    (hit,) = said["hits"]
    assert set(hit) == {"id", "kind", "title", "text", "score", "source"}
    assert hit["source"] == {"file": "faq.csv", "section": "售后", "page": 3}


def test_an_expired_rule_is_never_returned_and_an_order_is_judged_by_its_day(embedder):
    spring = datetime(2026, 3, 1, tzinfo=SHOP_ZONE)
    base = KnowledgeBase(embedder)
    base.fill(
        [
            _article("满多少包邮", "满 99 元包邮", valid_to=spring),
            _article("满多少包邮", "满 59 元包邮", valid_from=spring),
        ]
    )
    for day in range(-400, 400, 7):
        at = spring + timedelta(days=day)
        (hit,) = base.search("满多少包邮", at=at).hits
        assert hit.article.text == ("满 99 元包邮" if at < spring else "满 59 元包邮")


def test_the_product_in_focus_comes_before_the_general_rule_and_others_never(embedder):
    base = KnowledgeBase(embedder)
    base.fill(
        [
            _article("保质期多久", "一般三年"),
            _article("保质期多久", "A1 是两年", skus=("A1",)),
            _article("保质期多久", "B2 是一年", skus=("B2",)),
        ]
    )
    assert [hit.article.text for hit in base.search("保质期多久", at=NOW, sku="A1").hits] == ["A1 是两年", "一般三年"]
    assert [hit.article.text for hit in base.search("保质期多久", at=NOW, sku="C3").hits] == ["一般三年"]
    assert base.search("保质期多久", at=NOW).hits[0].article.text == "一般三年"


def test_members_and_platforms(embedder):
    base = KnowledgeBase(embedder)
    base.fill([_article("有赠品吗", "金卡有", tiers=("gold",)), _article("有赠品吗", "京东有", platforms=("jd",))])
    assert {hit.article.text for hit in base.search("有赠品吗", tier="gold", platform="jd").hits} == {
        "金卡有",
        "京东有",
    }
    assert [hit.article.text for hit in base.search("有赠品吗", platform="taobao").hits] == []


def test_a_written_answer_wins_a_tie_with_a_passage(embedder):
    base = KnowledgeBase(embedder)
    base.fill([_article("多久发货", "多久发货", kind="passage"), _article("多久发货", "多久发货")])
    assert base.search("多久发货").hits[0].article.kind == "article"


def test_the_heading_of_a_section_is_found_as_a_question_is(embedder):
    base = KnowledgeBase(embedder)
    manual = _article("会员手册 › 积分过期", "从获得那天起有效十八个月，期满当月最后一天清空。", kind="passage")
    base.fill([_article("积分怎么用", "一百积分抵一元，积分下单时勾选"), manual])
    hit = base.search("积分会过期不").hits[0]
    assert hit.article is manual
    assert hit.score > 0.5


def test_what_holds_is_found_behind_thousands_that_do_not(embedder):
    over = datetime(2026, 1, 1, tzinfo=SHOP_ZONE)
    expired = [_article(f"多久发货 {number}", valid_to=over) for number in range(3_000)]
    base = KnowledgeBase(embedder, index=FaissIndex)
    base.fill([*expired, _article("发货要等很久吗", "不久")])
    assert [hit.article.text for hit in base.search("多久发货", at=NOW).hits] == ["不久"]


def test_searches_while_the_shelf_is_replaced_see_one_shelf_or_the_other(embedder):
    shelves = [[_article(f"第{turn}版问题{number}", f"{turn}") for number in range(40)] for turn in range(6)]
    base = KnowledgeBase(embedder)
    base.fill(shelves[0])
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            hits = base.search("版问题", k=40).hits
            if len({hit.article.text for hit in hits}) != 1 or len(hits) != 40:
                wrong.append(hits)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        for shelf in shelves:
            base.fill(shelf)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


class _Counting(HashEmbedder):
    """Counts the texts that it was given to encode."""

    encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        return super().encode(texts)

    def encode_queries(self, texts):
        return super().encode(texts)


def test_only_changed_texts_are_encoded_again():
    embedder = _Counting()
    base = KnowledgeBase(embedder, index=FaissIndex)
    base.fill(SHOP)
    before = embedder.encoded
    base.fill([*SHOP[1:], _article("新问题", "新答案")])
    assert embedder.encoded - before == 2
    assert _first(base, "新问题") == "新问题"
    assert _first(base, "怎么开发票") == "怎么开发票"


def test_a_kept_shelf_is_loaded_and_gives_the_same(tmp_path):
    file = tmp_path / "shelf.npz"
    first = KnowledgeBase(HashEmbedder(), index=FaissIndex, file=file)
    first.fill(SHOP)
    embedder = _Counting()
    again = KnowledgeBase(embedder, index=FaissIndex, file=file)
    again.fill(SHOP)
    assert embedder.encoded == 0
    for query in ("多久发货", "面霜用法", "七天无理由退货"):
        assert [hit.score for hit in again.search(query).hits] == [hit.score for hit in first.search(query).hits]
    again.fill(SHOP[1:])
    assert embedder.encoded == 0, "the vectors of the kept shelf serve the next one too"


def test_a_shelf_of_other_articles_or_another_embedder_is_not_taken(tmp_path):
    file = tmp_path / "shelf.npz"
    KnowledgeBase(HashEmbedder(), file=file).fill(SHOP)
    other = _Counting()
    other.fingerprint = "another"
    KnowledgeBase(other, file=file).fill(SHOP)
    assert other.encoded > 0
    changed = _Counting()
    base = KnowledgeBase(changed, file=file)
    base.fill([*SHOP, _article("新问题")])
    assert base.size == len(SHOP) + 1


def test_a_damaged_file_is_set_aside_and_rebuilt(tmp_path):
    file = tmp_path / "shelf.npz"
    KnowledgeBase(HashEmbedder(), file=file).fill(SHOP)
    whole = file.read_bytes()
    dice = np.random.default_rng(3)
    for _ in range(40):
        content = bytearray(whole)
        for place in dice.integers(0, len(content), 4):
            content[place] ^= 1 << int(dice.integers(8))
        file.write_bytes(bytes(content)[: int(dice.integers(10, len(content) + 1))])
        base = KnowledgeBase(HashEmbedder(), file=file)
        base.fill(SHOP)
        assert _first(base, "多久发货") == "多久发货"
    assert file.with_name("shelf.npz.damaged").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"shelf.npz", "shelf.npz.damaged"}


@pytest.mark.parametrize("query", ["fapiao zenme kai", "发漂怎么开", "FAPIAO怎么开"])
def test_what_was_meant_is_found_when_what_was_typed_is_not(shop, query):
    assert _first(shop, query) == "怎么开发票"


def test_a_cut_decides_by_category_who_may_answer(embedder):
    base = KnowledgeBase(embedder)
    base.fill(SHOP)
    query = "多久发货呢"
    confidence = base.search(query).confidence
    assert 0 < confidence < 1
    base.use_cuts({"": confidence})
    assert base.search(query).verdict == "answer"
    base.use_cuts({"": confidence + 0.001})
    assert base.search(query).verdict == "unsure"


@pytest.mark.parametrize(
    ("query", "denies"),
    [
        ("发错的要寄回去不", False),
        ("不小心摔碎了赔不赔", False),
        ("发货没", False),
        ("两件有什么不一样", False),
        ("怎么还不发货", True),
        ("没收到货", True),
        ("不能退吗", True),
    ],
)
def test_a_question_at_the_end_is_no_denial(embedder, query, denies):
    base = KnowledgeBase(embedder)
    base.fill(
        [
            _article("发错的要寄回吗"),
            _article("摔碎了赔吗"),
            _article("发货了吗"),
            _article("收到货了吗"),
            _article("两件一样吗"),
        ]
    )
    found = base.examine(query)
    assert found is not None
    assert bool(found[1].negation) is denies


def test_a_shelf_beside_the_live_one_is_tried_and_the_live_one_stays():
    base = KnowledgeBase(HashEmbedder())
    base.fill([Article("a", "article", "满多少包邮", "满 59 元")])
    base.use_cuts({"": 0.0})
    other = base.beside([Article("a", "article", "满多少包邮", "满 99 元"), Article("b", "article", "能退吗", "能")])
    assert other.search("满多少包邮").hits[0].article.text == "满 99 元"
    assert other.search("能退吗").verdict == "answer"
    assert base.search("满多少包邮").hits[0].article.text == "满 59 元"
    assert (base.size, other.size) == (1, 2)
    assert other.cut_of("") == base.cut_of("任何") == 0.0
